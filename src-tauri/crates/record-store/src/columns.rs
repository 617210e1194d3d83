//! Small tools to read and write columns.

use crate::{Result, StoreError};
use rusqlite::Row;
use rusqlite::types::FromSql;
use serde::de::DeserializeOwned;
use serde::de::value::{Error as NameError, StrDeserializer};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use sync_engine::{Body, Validator};

/// Reads the columns of a row one after the other.
pub(crate) struct Columns<'r, 's> {
    row: &'r Row<'s>,
    next: usize,
    table: &'static str,
    id: i64,
}

impl<'r, 's> Columns<'r, 's> {
    pub(crate) fn new(row: &'r Row<'s>, table: &'static str, id: i64) -> Self {
        Self { row, next: 0, table, id }
    }

    /// From now on columns of this table.
    pub(crate) fn of(&mut self, table: &'static str) {
        self.table = table;
    }

    pub(crate) fn set_id(&mut self, id: i64) {
        self.id = id;
    }

    /// The next column.
    pub(crate) fn take<T: FromSql>(&mut self) -> Result<T> {
        let at = self.next;
        self.next += 1;
        self.row.get(at).map_err(|error| match error.sqlite_error_code() {
            Some(_) => error.into(),
            None => StoreError::row(self.table, self.id, error),
        })
    }

    pub(crate) fn skip(&mut self, columns: usize) {
        self.next += columns;
    }

    pub(crate) fn wrong(&self, words: impl std::fmt::Display) -> StoreError {
        StoreError::row(self.table, self.id, words)
    }

    /// Two columns: bytes and media type.
    pub(crate) fn body(&mut self) -> Result<Option<Body>> {
        let at = self.next;
        self.next += 2;
        let bytes = self.row.get_ref(at)?;
        let bytes = bytes.as_blob_or_null().map_err(|e| self.wrong(e))?;
        let media_type = self.row.get_ref(at + 1)?;
        let media_type = media_type.as_str_or_null().map_err(|e| self.wrong(e))?;
        match (bytes, media_type) {
            (None, None) => Ok(None),
            (Some(bytes), Some(media_type)) => Ok(Some(Body::new(bytes, Arc::<str>::from(media_type)))),
            _ => Err(self.wrong("a representation without its media type")),
        }
    }

    pub(crate) fn validator(&mut self) -> Result<Option<Validator>> {
        let text: Option<String> = self.take()?;
        text.map(|t| Validator::new(t).map_err(|e| self.wrong(e))).transpose()
    }

    /// A word of an enumeration.
    pub(crate) fn name<T: DeserializeOwned>(&mut self) -> Result<T> {
        let text: String = self.take()?;
        from_name(&text).map_err(|e| self.wrong(e))
    }

    /// A word of an enumeration, or NULL.
    pub(crate) fn name_or_null<T: DeserializeOwned>(&mut self) -> Result<Option<T>> {
        let text: Option<String> = self.take()?;
        text.map(|t| from_name(&t).map_err(|e| self.wrong(e))).transpose()
    }

    /// JSON text.
    pub(crate) fn json<T: DeserializeOwned>(&mut self) -> Result<T> {
        let text: String = self.take()?;
        serde_json::from_str(&text).map_err(|e| self.wrong(e))
    }
}

pub(crate) fn from_name<'a, T: Deserialize<'a>>(name: &'a str) -> Result<T, NameError> {
    T::deserialize(StrDeserializer::<NameError>::new(name))
}

/// The stable word of a unit variant, as serde names it.
pub(crate) fn to_name<T: Serialize>(value: &T) -> Result<String> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => Ok(name),
        _ => Err(StoreError::row("record", 0, "a value without a name")),
    }
}

/// JSON text.
pub(crate) fn to_json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|e| StoreError::row("record", 0, e))
}

/// Bytes of a representation, or NULL.
pub(crate) fn bytes(body: Option<&Body>) -> Option<&[u8]> {
    body.map(|b| &*b.bytes)
}

/// Media type of a representation, or NULL.
pub(crate) fn media_type(body: Option<&Body>) -> Option<&str> {
    body.map(|b| &*b.media_type)
}

/// Text of a validator, or NULL.
pub(crate) fn validator(validator: Option<&Validator>) -> Option<&str> {
    validator.map(Validator::as_str)
}
