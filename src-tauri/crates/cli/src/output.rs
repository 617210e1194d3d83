//! What is written to standard output and standard error. A reader that goes away is no error, and never a panic.

use anyhow::Context;
use serde::Serialize;
use std::io::{self, ErrorKind, Write};

/// Widest column of a table, in characters; the last column is as wide as it likes.
const WIDEST: usize = 60;

/// Standard output: JSON Lines for programs, short text for people.
pub struct Output {
    json: bool,
    stream: Box<dyn Write>,
    closed: bool,
}

impl Output {
    /// On standard output.
    pub fn new(json: bool) -> Self {
        Self { json, stream: Box::new(io::BufWriter::with_capacity(64 * 1024, io::stdout())), closed: false }
    }

    /// JSON Lines are wanted.
    pub fn json(&self) -> bool {
        self.json
    }

    /// Nobody reads any more: the rest need not be made.
    pub fn closed(&self) -> bool {
        self.closed
    }

    /// One object on a line of its own.
    ///
    /// # Errors
    /// Standard output cannot be written: a full disk, say.
    pub fn object(&mut self, object: &impl Serialize) -> anyhow::Result<()> {
        let mut line = serde_json::to_vec(object)?;
        line.push(b'\n');
        self.bytes(&line)
    }

    /// One line for people.
    ///
    /// # Errors
    /// As [`Output::object`].
    pub fn line(&mut self, text: &str) -> anyhow::Result<()> {
        self.bytes(format!("{text}\n").as_bytes())
    }

    /// Bytes as they are.
    ///
    /// # Errors
    /// As [`Output::object`].
    pub fn bytes(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        if self.closed {
            return Ok(());
        }
        let written = self.stream.write_all(bytes);
        self.judge(written)
    }

    /// Rows for people, in aligned columns.
    ///
    /// # Errors
    /// As [`Output::object`].
    pub fn table(&mut self, rows: &[Vec<String>]) -> anyhow::Result<()> {
        let rows: Vec<Vec<String>> =
            rows.iter().map(|row| row.iter().map(|cell| printable(cell)).collect()).collect();
        let mut widths: Vec<usize> = Vec::new();
        for row in &rows {
            for (at, cell) in row.iter().enumerate() {
                let width = cell.chars().count().min(WIDEST);
                match widths.get_mut(at) {
                    Some(widest) => *widest = (*widest).max(width),
                    None => widths.push(width),
                }
            }
        }
        for row in &rows {
            let mut line = String::new();
            for (at, cell) in row.iter().enumerate() {
                if at > 0 {
                    line.push_str("  ");
                }
                line.push_str(cell);
                let width = widths.get(at).copied().unwrap_or(0);
                if at + 1 < row.len() {
                    line.extend(std::iter::repeat_n(' ', width.saturating_sub(cell.chars().count())));
                }
            }
            self.line(line.trim_end())?;
        }
        Ok(())
    }

    /// Everything written so far reaches the reader.
    ///
    /// # Errors
    /// As [`Output::object`].
    pub fn flush(&mut self) -> anyhow::Result<()> {
        if self.closed {
            return Ok(());
        }
        let flushed = self.stream.flush();
        self.judge(flushed)
    }

    fn judge(&mut self, result: io::Result<()>) -> anyhow::Result<()> {
        match result {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(())
            }
            other => other.context("standard output cannot be written"),
        }
    }
}

/// Text of others on a terminal: no control characters, which could move the cursor or change colours.
pub fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c) { ' ' } else { c })
        .collect()
}

/// A message for people, on standard error. If nobody hears it, that is no error.
pub fn say(words: &str) {
    let _ = writeln!(io::stderr(), "matchbookctl: {words}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    struct Broken(ErrorKind);

    impl Write for Broken {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Err(self.0.into())
        }
    }

    #[test]
    fn a_reader_that_goes_away_is_no_error_a_full_disk_is() {
        for (kind, fine) in [(ErrorKind::BrokenPipe, true), (ErrorKind::StorageFull, false)] {
            let mut out = Output { json: true, stream: Box::new(Broken(kind)), closed: false };
            assert_eq!(out.object(&1).is_ok(), fine);
            assert_eq!(out.closed(), fine);
            assert_eq!(out.flush().is_ok(), fine);
        }
    }

    #[test]
    fn tables_are_aligned_and_show_no_control_characters() {
        let kept = Kept::default();
        let mut out = Output { json: false, stream: Box::new(kept.clone()), closed: false };
        let rows = [["ä", "two", "x"], ["long", "b\u{1b}[31m", ""]];
        out.table(&rows.map(|row| row.map(str::to_owned).to_vec())).unwrap();
        let text = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
        assert_eq!(text, "ä     two     x\nlong  b [31m\n");
    }
}
