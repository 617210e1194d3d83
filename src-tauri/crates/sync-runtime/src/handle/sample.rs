//! One merge as a file: exported for support, read again to look at and try (M54, M58).

use super::deciding::{decided, off_thread};
use super::records::{context, place, view_fault};
use super::{SyncHandle, key};
use crate::fault::{Answered, Fault};
use crate::files::write_whole;
use crate::view::{self, Known, Redactor, Sample, SampleError, SampleFile};
use ipc_types::{ErrorCode, ExportConflict, ExportedConflict, SampleMerge, TrySample};
use std::sync::{Arc, Mutex, PoisonError};

/// The key a sample has for the window; no record is called so.
const KEY: &str = "sample";

/// The file for support that was shown last: what a person looked through is what is written.
#[derive(Debug, Default)]
pub(crate) struct Exported(Mutex<Option<(String, bool, String)>>);

impl Exported {
    fn keep(&self, key: &str, redacted: bool, text: &str) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) =
            Some((key.to_owned(), redacted, text.to_owned()));
    }

    fn text(&self, key: &str, redacted: bool) -> Option<String> {
        let shown = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        shown.as_ref().filter(|(k, r, _)| k == key && *r == redacted).map(|(_, _, text)| text.clone())
    }
}

impl SyncHandle {
    /// One merge as a file for support: shown, or written to the file named as it was shown last.
    ///
    /// # Errors
    /// The record has no merge; the file cannot be written.
    pub async fn export_conflict(&self, wanted: ExportConflict) -> Answered<ExportedConflict> {
        let record = self.load(key(&wanted.key)?).await?;
        let sources = self.inner.sources();
        let run = self.inner.store.run();
        let inner = Arc::clone(&self.inner);
        let seen = wanted.file.as_ref().and_then(|_| self.inner.exported.text(&wanted.key, wanted.redact));
        off_thread(move || {
            if let (Some(path), Some(text)) = (&wanted.file, seen) {
                write(path, &text)?;
                return Ok(ExportedConflict { text, file: wanted.file });
            }
            let (live, coll) = place(&sources, &record)?;
            let ctx = context(live, coll, run);
            let schema = coll.row.settings.schema.as_deref();
            // A secret of this moment, kept nowhere: the same words of two files cannot be matched.
            let secret = *blake3::hash(
                &[uuid::Uuid::new_v4().into_bytes(), uuid::Uuid::new_v4().into_bytes()].concat(),
            )
            .as_bytes();
            let redactor = wanted.redact.then(|| Redactor::new(secret));
            let file = SampleFile::of(&ctx, &record, schema, redactor)
                .ok_or_else(|| view_fault(view::ViewError::NotInMerge))?;
            let text = file.text().map_err(sample_fault)?;
            match &wanted.file {
                Some(path) => write(path, &text)?,
                None => inner.exported.keep(&wanted.key, wanted.redact, &text),
            }
            Ok(ExportedConflict { text, file: wanted.file })
        })
        .await
    }

    /// A merge to look at and try: an exported file, or the sample of the app. It is stored nowhere and cannot be sent.
    ///
    /// # Errors
    /// A file that is no export; a choice the row does not offer.
    pub async fn try_sample(&self, wanted: TrySample) -> Answered<SampleMerge> {
        off_thread(move || {
            let text = wanted.text.as_deref().unwrap_or(view::SAMPLE);
            let mut sample = Sample::read(text).map_err(sample_fault)?;
            if let Some(decide) = wanted.decide {
                let decisions = decided(&sample.context(), &sample.record, &decide)?;
                sample.decide(decisions);
            }
            let mut shown =
                view::merge_view(&sample.context(), &sample.record, &Known::default()).map_err(view_fault)?;
            shown.key = KEY.to_owned();
            Ok(SampleMerge { text: sample.file.text().map_err(sample_fault)?, view: shown })
        })
        .await
    }
}

fn write(path: &str, text: &str) -> Answered<()> {
    let words = |error| format!("{path} could not be written: {error}. Choose another place.");
    write_whole(std::path::Path::new(path), text.as_bytes())
        .map_err(|error| Fault::new(ErrorCode::Disk, words(error)))
}

fn sample_fault(error: SampleError) -> Fault {
    Fault::bad(error.to_string())
}
