//! Lists of records: filtered, sorted, paged, always by index.

use crate::columns::Columns;
use crate::record::{BRIEF, BRIEF_JOIN, brief};
use crate::{Brief, CollectionId, Reader, Result};
use sync_engine::{SourceId, State};

/// What a list is sorted by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Title, without regard to case, numbers by value.
    #[default]
    Title,
    /// State, what needs a person first; then title.
    State,
    /// Last change known.
    Changed,
    /// The value at this JSON pointer of what the person sees; not by index.
    Column(String),
}

/// Which records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Only of this source.
    pub source: Option<SourceId>,
    /// Only of this collection.
    pub collection: Option<CollectionId>,
    /// Only in this state.
    pub state: Option<State>,
    /// Words that must all begin words of the record (one letter alone: its title); empty = all.
    pub text: String,
    /// Order.
    pub sort: Sort,
    /// Downwards.
    pub descending: bool,
    /// First row.
    pub offset: usize,
    /// Rows wanted; `None` = all.
    pub limit: Option<usize>,
    /// JSON pointers of members to return with each row.
    pub columns: Vec<String>,
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// All rows of the query.
    pub total: usize,
    /// The rows.
    pub rows: Vec<Listed>,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The record.
    pub record: Brief,
    /// The members asked for, as JSON text spelled as in the record; `None` = not there.
    pub cells: Vec<Option<String>>,
}

impl Reader<'_> {
    /// One page of a list.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn list(&self, query: &Query) -> Result<Page> {
        let (keys, total) = self.find_keys(query)?;
        let mut rows = Vec::with_capacity(keys.len());
        let cells: String =
            query.columns.iter().map(|pointer| format!(", {}", cell(pointer, "->"))).collect();
        let sql = format!("SELECT {BRIEF}{cells} FROM record r {BRIEF_JOIN} WHERE r.key = ?1");
        for key in keys {
            let row = self.row(&sql, [key], |row| {
                let mut columns = Columns::new(row, "record", key);
                let record = brief(&mut columns)?;
                let cells = query.columns.iter().map(|_| columns.take()).collect::<Result<_>>()?;
                Ok(Listed { record, cells })
            })?;
            rows.extend(row);
        }
        Ok(Page { total, rows })
    }
}

/// SQL for the member at a JSON pointer of what the person sees; NULL if it is not there or the body is not JSON.
pub(crate) fn cell(pointer: &str, arrow: &str) -> String {
    let mut path = String::from("$");
    for step in pointer.split('/').skip(1) {
        let step = step.replace("~1", "/").replace("~0", "~");
        path.push_str(&format!(".\"{step}\""));
    }
    let body = "CAST(coalesce(e.body, b.body) AS TEXT)";
    format!("iif(json_valid({body}), {body} {arrow} '{}', NULL)", path.replace('\'', "''"))
}
