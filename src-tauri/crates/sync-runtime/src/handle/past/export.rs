//! The history as one file: JSON or CSV, written as it is read, so that a long one needs no more memory than a short one.

use super::export_csv;
use super::weave_bodies;
use crate::clock;
use crate::fault::{Answered, Fault};
use crate::handle::records::context;
use crate::handle::{SyncHandle, key};
use crate::view;
use base64::Engine as _;
use ipc_types::{Clock, ErrorCode, ExportFormat, ExportHistory, Exported, HistoryEntry, Provenance};
use serde::Serialize;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use sync_engine::{Body, LocalKey};

/// Records whose keys are read at once.
const PAGE: usize = 500;

/// One line of an export.
#[derive(Debug, Serialize)]
pub(super) struct Line<'a> {
    /// Number; 0 = only in the server's log.
    pub version: u32,
    /// When, RFC 3339 in UTC.
    pub at: String,
    /// Whose clock `at` is.
    pub clock: Clock,
    /// When this computer saw it, where `at` is the server's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen_at: Option<String>,
    pub what: &'a str,
    pub by: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validator: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_validator: Option<&'a str>,
    pub changed: &'a [String],
    /// Why each field of a merge is as it is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub why: Vec<Why<'a>>,
    /// The version brought back or undone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of_version: Option<u32>,
    /// The server's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_type: Option<&'a str>,
    /// `base64` where the content is no text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<&'static str>,
    /// The content, byte for byte.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
}

/// Why a field of a merged version is as it is.
#[derive(Debug, Serialize)]
pub(super) struct Why<'a> {
    pub field: &'a str,
    pub from: Provenance,
    pub by_you: bool,
    pub words: &'a str,
}

impl<'a> Line<'a> {
    pub(super) fn of(entry: &'a HistoryEntry, body: Option<&'a Body>) -> Self {
        let reasons = entry.merge.iter().flat_map(|merge| &merge.rows);
        let why = reasons.map(|r| Why { field: &r.label, from: r.from, by_you: r.by_you, words: &r.words });
        let text = body.map(|body| match std::str::from_utf8(&body.bytes) {
            Ok(text) => (None, text.to_owned()),
            Err(_) => (Some("base64"), base64::engine::general_purpose::STANDARD.encode(&body.bytes)),
        });
        let (encoding, body_text) = text.map_or((None, None), |(encoding, text)| (encoding, Some(text)));
        Self {
            version: entry.version,
            at: clock::rfc3339(entry.at),
            clock: entry.clock,
            seen_at: entry.seen_at.map(clock::rfc3339),
            what: &entry.what,
            by: &entry.by,
            device: entry.device.as_deref(),
            validator: entry.validator.as_deref(),
            from_validator: entry.from_validator.as_deref(),
            changed: &entry.changed,
            why: why.collect(),
            of_version: entry.of_version,
            words: entry.words.as_deref(),
            request_id: entry.request_id.as_deref(),
            media_type: body.map(|body| &*body.media_type),
            encoding,
            body: body_text,
        }
    }
}

/// A file that is being written beside the one it will replace.
struct Writer {
    file: BufWriter<File>,
    partial: PathBuf,
    format: ExportFormat,
    records: u32,
    versions: u32,
    /// Lines of the record at hand.
    of_record: u32,
    failed: Option<io::Error>,
}

impl SyncHandle {
    /// Writes the history of one record, a collection, a source or all of them to a file. An existing file is replaced
    /// only once the new one is complete.
    ///
    /// # Errors
    /// No such record, source or collection; the file cannot be written.
    pub async fn export_history(&self, wanted: ExportHistory) -> Answered<Exported> {
        let path = PathBuf::from(&wanted.path);
        if path.file_name().is_none() {
            return Err(Fault::bad("Name the file to write."));
        }
        let mut writer = Writer::begin(&path, wanted.format).map_err(|e| unwritten(&path, &e))?;
        let partial = writer.partial.clone();
        let done = self.export_all(&wanted, &mut writer).await;
        let done = match done {
            Ok(()) => writer.end(&path).map_err(|e| unwritten(&path, &e)),
            Err(fault) => Err(fault),
        };
        if done.is_err() {
            let _ = std::fs::remove_file(&partial);
        }
        done
    }

    async fn export_all(&self, wanted: &ExportHistory, writer: &mut Writer) -> Answered<()> {
        if let Some(one) = &wanted.key {
            let key = key(one)?;
            let place = self.place_of(key).await?;
            self.read_log(&place, key).await;
            return self.export_one(key, wanted, writer).await;
        }
        let live = wanted.source.as_deref().map(|name| self.inner.named(name)).transpose()?;
        let collection = match (&live, &wanted.collection) {
            (Some(live), Some(name)) => Some(live.coll(name)?.id()),
            (None, Some(_)) => return Err(Fault::bad("A collection needs its source.")),
            _ => None,
        };
        let source = live.map(|live| live.id);
        let mut after = LocalKey(0);
        loop {
            let keys =
                self.inner.store.read(move |r| r.keys_with_history(after, source, collection, PAGE)).await?;
            let Some(last) = keys.last() else { return Ok(()) };
            after = *last;
            for key in keys {
                self.export_one(key, wanted, writer).await?;
            }
        }
    }

    async fn export_one(&self, key: LocalKey, wanted: &ExportHistory, writer: &mut Writer) -> Answered<()> {
        let place = match self.place_of(key).await {
            Ok(place) => place,
            // Went meanwhile, with all its versions.
            Err(fault) if fault.code() == ErrorCode::NotFound && wanted.key.is_none() => return Ok(()),
            Err(fault) => return Err(fault),
        };
        let address = place.address(key);
        let run = self.inner.store.run();
        let path = PathBuf::from(&wanted.path);
        // The writer goes to the thread that reads, and comes back.
        let mut at_work = writer.hand_over().map_err(|e| unwritten(&path, &e))?;
        let back = self.inner.store.read(move |r| {
            let ctx = context(&place.live, &place.coll, run);
            at_work.record(&address, &place.title);
            weave_bodies(r, &ctx, key, |entry, body| {
                at_work.line(&address, &place.title, &Line::of(&entry, body));
                Ok(())
            })?;
            at_work.record_ends();
            Ok(at_work)
        });
        *writer = back.await?;
        match writer.failed.take() {
            Some(error) => Err(unwritten(&path, &error)),
            None => Ok(()),
        }
    }
}

impl super::Place {
    /// `source/collection/id` as the command line takes it.
    fn address(&self, key: LocalKey) -> String {
        let record = sync_engine::Record::new(key, self.live.id, self.coll.name(), self.id.clone());
        view::address(self.live.name(), &record)
    }
}

fn unwritten(path: &Path, error: &io::Error) -> Fault {
    let name = path.display();
    Fault::new(ErrorCode::Disk, format!("{name} could not be written: {error}. Choose another place."))
}

impl Writer {
    fn begin(path: &Path, format: ExportFormat) -> io::Result<Self> {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(".partial");
        let partial = path.with_file_name(name);
        let file = BufWriter::with_capacity(1 << 16, File::create(&partial)?);
        let mut writer = Self { file, partial, format, records: 0, versions: 0, of_record: 0, failed: None };
        let head = match format {
            ExportFormat::Json => format!(
                "{{\"matchbook_history\":1,\"exported_at\":\"{}\",\"records\":[",
                clock::rfc3339(clock::now().0)
            ),
            ExportFormat::Csv => export_csv::HEAD.to_owned(),
        };
        writer.file.write_all(head.as_bytes())?;
        Ok(writer)
    }

    /// This writer as a value of its own; what is left here must not be used before it comes back.
    fn hand_over(&mut self) -> io::Result<Self> {
        self.file.flush()?;
        let file = BufWriter::with_capacity(1 << 16, self.file.get_ref().try_clone()?);
        Ok(Self { file, partial: self.partial.clone(), failed: None, of_record: 0, ..*self })
    }

    fn put(&mut self, write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) {
        if self.failed.is_none() {
            self.failed = write(&mut self.file).err();
        }
    }

    fn record(&mut self, address: &str, title: &str) {
        self.of_record = 0;
        if self.format == ExportFormat::Json {
            let comma = if self.records > 0 { ",\n" } else { "\n" };
            self.put(|file| {
                file.write_all(comma.as_bytes())?;
                file.write_all(b"{\"record\":")?;
                serde_json::to_writer(&mut *file, address)?;
                file.write_all(b",\"title\":")?;
                serde_json::to_writer(&mut *file, title)?;
                file.write_all(b",\"versions\":[")
            });
        }
        self.records += 1;
    }

    fn line(&mut self, address: &str, title: &str, line: &Line<'_>) {
        let first = self.of_record == 0;
        let format = self.format;
        self.put(|file| match format {
            ExportFormat::Json => {
                file.write_all(if first { b"\n" } else { b",\n" })?;
                Ok(serde_json::to_writer(&mut *file, line)?)
            }
            ExportFormat::Csv => export_csv::line(file, address, title, line),
        });
        self.of_record += 1;
        self.versions += 1;
    }

    fn record_ends(&mut self) {
        if self.format == ExportFormat::Json {
            self.put(|file| file.write_all(b"]}"));
        }
        self.put(Write::flush);
    }

    fn end(mut self, path: &Path) -> io::Result<Exported> {
        if self.format == ExportFormat::Json {
            self.file.write_all(b"\n]}\n")?;
        }
        self.file.flush()?;
        let file = self.file.get_ref();
        file.sync_all()?;
        #[allow(clippy::cast_precision_loss)]
        let bytes = file.metadata()?.len() as f64;
        std::fs::rename(&self.partial, path)?;
        Ok(Exported {
            path: path.display().to_string(),
            records: self.records,
            versions: self.versions,
            bytes,
        })
    }
}
