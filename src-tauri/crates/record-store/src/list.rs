//! Lists of records: filtered, sorted, paged, always by index.

use crate::columns::Columns;
use crate::record::{BRIEF, BRIEF_JOIN, brief};
use crate::{Brief, CollectionId, Reader, Result, text};
use rusqlite::types::Value;
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
    /// Words that must all begin words of the record; empty = all.
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

/// Keys and number of what a query finds.
pub type Found = (Vec<i64>, usize);

/// A condition and its parameters.
#[derive(Default)]
struct Filter {
    sql: String,
    values: Vec<Value>,
}

impl Filter {
    fn and(&mut self, condition: &str, value: impl Into<Value>) {
        self.sql.push_str(if self.sql.is_empty() { " WHERE " } else { " AND " });
        self.sql.push_str(condition);
        self.values.push(value.into());
    }

    fn of(query: &Query) -> Self {
        let mut filter = Self::default();
        if let Some(collection) = query.collection {
            filter.and("r.collection_id = ?", collection.0);
        }
        if let Some(source) = query.source {
            filter.and("r.source_id = ?", source.0);
        }
        if let Some(state) = query.state {
            filter.and("r.state = ?", state.name().to_owned());
            if state != State::Synced {
                filter.sql.push_str(" AND r.state <> 'synced'");
            }
        }
        filter
    }
}

/// States in the order of a list: what needs a person first.
const RANK: &str = "CASE r.state WHEN 'needs_you' THEN 0 WHEN 'rejected' THEN 1 WHEN 'uncertain' THEN 2
    WHEN 'contested' THEN 3 WHEN 'sending' THEN 4 WHEN 'edited' THEN 5 ELSE 6 END";

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

    fn find_keys(&self, query: &Query) -> Result<Found> {
        let filter = Filter::of(query);
        match text::query(&query.text) {
            Some(words) => self.find_text(query, filter, &words),
            None => {
                let total = self.count(&filter)?;
                Ok((self.keys(query, &filter, total)?, total))
            }
        }
    }

    fn count(&self, filter: &Filter) -> Result<usize> {
        let sql = format!("SELECT count(*) FROM record r{}", filter.sql);
        Ok(self.value(&sql, rusqlite::params_from_iter(&filter.values))?.unwrap_or(0))
    }

    /// Keys of one page. Near the end of a long list it is read from the other end.
    fn keys(&self, query: &Query, filter: &Filter, total: usize) -> Result<Vec<i64>> {
        if query.sort == Sort::State && query.state.is_none() {
            return self.keys_by_state(query, filter, total);
        }
        let limit = query.limit.unwrap_or(total).min(total.saturating_sub(query.offset));
        let from_end = total - limit.min(total) - query.offset.min(total - limit.min(total));
        let backwards = from_end < query.offset;
        let offset = if backwards { from_end } else { query.offset };
        let order = order(&query.sort, query.descending != backwards);
        let sql = format!(
            "SELECT r.key FROM record r{}{} {order} LIMIT {limit} OFFSET {offset}",
            joined(query),
            filter.sql
        );
        let mut keys =
            self.rows(&sql, rusqlite::params_from_iter(&filter.values), |row| Ok(row.get::<_, i64>(0)?))?;
        if backwards {
            keys.reverse();
        }
        Ok(keys)
    }

    /// By state: the few that are not synced by their own index, the rest by title.
    fn keys_by_state(&self, query: &Query, filter: &Filter, total: usize) -> Result<Vec<i64>> {
        let and = if filter.sql.is_empty() { " WHERE " } else { " AND " };
        let way = if query.descending { "DESC" } else { "ASC" };
        let unsynced = self.rows(
            &format!(
                "SELECT r.key FROM record r{}{and}r.state <> 'synced' ORDER BY {RANK} {way}, r.sort_key {way}, r.key {way}",
                filter.sql
            ),
            rusqlite::params_from_iter(&filter.values),
            |row| Ok(row.get::<_, i64>(0)?),
        )?;
        let limit = query.limit.unwrap_or(total);
        let synced_total = total.saturating_sub(unsynced.len());
        let first_part = if query.descending { synced_total } else { unsynced.len() };
        let in_first = first_part.saturating_sub(query.offset).min(limit);
        let into_second = query.offset.saturating_sub(first_part);
        let synced = |offset: usize, limit: usize| {
            let query = Query {
                state: Some(State::Synced),
                sort: Sort::Title,
                offset,
                limit: Some(limit),
                text: String::new(),
                columns: Vec::new(),
                ..query.clone()
            };
            self.keys(&query, &Filter::of(&query), synced_total)
        };
        let part = |offset: usize, limit: usize| {
            unsynced.iter().copied().skip(offset).take(limit).collect::<Vec<_>>()
        };
        let (mut keys, rest) = if query.descending {
            (synced(query.offset, in_first)?, part(into_second, limit - in_first))
        } else {
            (part(query.offset, in_first), synced(into_second, limit - in_first)?)
        };
        keys.extend(rest);
        Ok(keys)
    }

    /// With words: matches come from the full-text index and are filtered and sorted by the record.
    fn find_text(&self, query: &Query, mut filter: Filter, words: &str) -> Result<Found> {
        filter.and("r.key IN (SELECT rowid FROM record_text WHERE record_text MATCH ?)", words.to_owned());
        let total = self.count(&filter)?;
        let limit = query.limit.unwrap_or(total);
        let order = order(&query.sort, query.descending);
        let sql = format!(
            "SELECT r.key FROM record r{}{} {order} LIMIT {limit} OFFSET {}",
            joined(query),
            filter.sql,
            query.offset
        );
        let keys =
            self.rows(&sql, rusqlite::params_from_iter(&filter.values), |row| Ok(row.get::<_, i64>(0)?))?;
        Ok((keys, total))
    }
}

/// Bodies are needed only to sort by a member.
fn joined(query: &Query) -> &'static str {
    match query.sort {
        Sort::Column(_) => " LEFT JOIN edit e ON e.key = r.key LEFT JOIN base b ON b.key = r.key",
        _ => "",
    }
}

fn order(sort: &Sort, descending: bool) -> String {
    let way = if descending { "DESC" } else { "ASC" };
    match sort {
        Sort::Title => format!("ORDER BY r.sort_key {way}, r.key {way}"),
        Sort::Changed => format!("ORDER BY r.changed_at {way}, r.key {way}"),
        Sort::State => format!("ORDER BY {RANK} {way}, r.sort_key {way}, r.key {way}"),
        Sort::Column(pointer) => {
            format!("ORDER BY {} COLLATE NOCASE {way}, r.key {way}", cell(pointer, "->>"))
        }
    }
}

/// SQL for the member at a JSON pointer of what the person sees; NULL if it is not there or the body is not JSON.
fn cell(pointer: &str, arrow: &str) -> String {
    let mut path = String::from("$");
    for step in pointer.split('/').skip(1) {
        let step = step.replace("~1", "/").replace("~0", "~");
        path.push_str(&format!(".\"{step}\""));
    }
    let body = "CAST(coalesce(e.body, b.body) AS TEXT)";
    format!("iif(json_valid({body}), {body} {arrow} '{}', NULL)", path.replace('\'', "''"))
}
