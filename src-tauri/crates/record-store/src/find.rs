//! Which records a list shows, in which order: keys only, by index.

use crate::list::cell;
use crate::text::{self, Typed};
use crate::{CollectionId, Query, Reader, Result, Sort};
use rusqlite::params_from_iter;
use rusqlite::types::Value;
use sync_engine::{LocalKey, State};

/// Up to this many matches are sorted; more are picked while walking the sorted index.
const FEW: usize = 2_000;

/// A condition on `record r` and its parameters.
#[derive(Clone, Default)]
struct Filter {
    sql: String,
    values: Vec<Value>,
}

impl Filter {
    fn and(&mut self, condition: &str, value: impl Into<Value>) {
        self.also(condition);
        self.values.push(value.into());
    }

    fn also(&mut self, condition: &str) {
        self.sql.push_str(if self.sql.is_empty() { " WHERE " } else { " AND " });
        self.sql.push_str(condition);
    }

    /// What the query says about columns of the record.
    fn of(query: &Query) -> Self {
        let mut filter = Self::default();
        match (query.collection, query.source) {
            // The index of titles knows no source: a collection has one.
            (Some(collection), Some(source)) => {
                filter.and("r.collection_id = (SELECT id FROM collection WHERE id = ?", collection.0);
                filter.and("source_id = ?)", source.0);
            }
            (Some(collection), None) => filter.and("r.collection_id = ?", collection.0),
            (None, Some(source)) => filter.and("r.source_id = ?", source.0),
            (None, None) => {}
        }
        if let Some(state) = query.state {
            filter.and("r.state = ?", state.name().to_owned());
            if state != State::Synced {
                filter.also("r.state <> 'synced'");
            }
        }
        filter
    }
}

/// A set of keys.
struct Keys {
    words: Vec<u64>,
    count: usize,
}

impl Keys {
    fn insert(&mut self, key: i64) {
        let Ok(key) = usize::try_from(key) else { return };
        if self.words.len() <= key / 64 {
            self.words.resize(key / 64 + 1, 0);
        }
        if let Some(word) = self.words.get_mut(key / 64) {
            *word |= 1 << (key % 64);
            self.count += 1;
        }
    }

    fn contains(&self, key: i64) -> bool {
        let Ok(key) = usize::try_from(key) else { return false };
        self.words.get(key / 64).is_some_and(|word| word & (1 << (key % 64)) != 0)
    }
}

/// States in the order of a list: what needs a person first.
const RANK: &str = "CASE r.state WHEN 'needs_you' THEN 0 WHEN 'rejected' THEN 1 WHEN 'uncertain' THEN 2
    WHEN 'contested' THEN 3 WHEN 'sending' THEN 4 WHEN 'edited' THEN 5 ELSE 6 END";

impl Reader<'_> {
    /// The first records of a collection by title, without counting the others.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn first(&self, collection: CollectionId, limit: usize) -> Result<Vec<LocalKey>> {
        let sql = "SELECT key FROM record INDEXED BY record_by_title WHERE collection_id = ?1
                   ORDER BY sort_key, key LIMIT ?2";
        self.rows(sql, (collection.0, limit), |row| Ok(LocalKey(row.get(0)?)))
    }

    /// Where a record is in a list; `None` if the query does not find it. `offset` and `limit` do not matter.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn position(&self, query: &Query, key: LocalKey) -> Result<Option<usize>> {
        let (keys, _) = self.find_keys(&Query { offset: 0, limit: None, ..query.clone() })?;
        Ok(keys.into_iter().position(|found| found == key.0))
    }

    /// The keys of a page, and how many records the query finds.
    pub(crate) fn find_keys(&self, query: &Query) -> Result<(Vec<i64>, usize)> {
        if query.sort == Sort::State && query.state.is_some() {
            return self.find_keys(&Query { sort: Sort::Title, ..query.clone() });
        }
        let mut filter = Filter::of(query);
        match Typed::read(&query.text) {
            Typed::Nothing => {}
            Typed::Letter(letter) => {
                filter.and("r.sort_key >= ?", letter.to_string());
                filter.and(
                    "r.sort_key < ?",
                    char::from_u32(u32::from(letter) + 1).unwrap_or(letter).to_string(),
                );
            }
            Typed::Words(words) => return self.find_words(query, filter, &words),
        }
        let total = self.count(&filter)?;
        let keys = match query.sort {
            Sort::State => self.keys_by_state(query, &filter, None, total)?,
            _ => self.keys(query, &filter, total)?,
        };
        Ok((keys, total))
    }

    fn count(&self, filter: &Filter) -> Result<usize> {
        let sql = format!("SELECT count(*) FROM record r{}", filter.sql);
        Ok(self.value(&sql, params_from_iter(&filter.values))?.unwrap_or(0))
    }

    /// Keys of one page. Near the end of a long list it is read from the other end.
    fn keys(&self, query: &Query, filter: &Filter, total: usize) -> Result<Vec<i64>> {
        let limit = query.limit.unwrap_or(total).min(total.saturating_sub(query.offset));
        let from_end = total.saturating_sub(query.offset + limit);
        let backwards = from_end < query.offset;
        let offset = if backwards { from_end } else { query.offset };
        let sql =
            format!("{} LIMIT {limit} OFFSET {offset}", sorted(query, filter, query.descending != backwards));
        let mut keys = self.rows(&sql, params_from_iter(&filter.values), |row| Ok(row.get::<_, i64>(0)?))?;
        if backwards {
            keys.reverse();
        }
        Ok(keys)
    }

    /// By state: the few that are not synced by their own index, the rest by title.
    fn keys_by_state(
        &self,
        query: &Query,
        filter: &Filter,
        only: Option<&Keys>,
        total: usize,
    ) -> Result<Vec<i64>> {
        let way = if query.descending { "DESC" } else { "ASC" };
        let mut not_synced = filter.clone();
        not_synced.also("r.state <> 'synced'");
        let sql = format!(
            "SELECT r.key FROM record r{} ORDER BY {RANK} {way}, r.sort_key {way}, r.key {way}",
            not_synced.sql
        );
        let mut unsynced = Vec::new();
        self.each(&sql, params_from_iter(&not_synced.values), |row| {
            let key = row.get(0)?;
            if only.is_none_or(|only| only.contains(key)) {
                unsynced.push(key);
            }
            Ok(())
        })?;
        let limit = query.limit.unwrap_or(total);
        let synced_total = total.saturating_sub(unsynced.len());
        let first_part = if query.descending { synced_total } else { unsynced.len() };
        let in_first = first_part.saturating_sub(query.offset).min(limit);
        let into_second = query.offset.saturating_sub(first_part);
        let mut synced_filter = filter.clone();
        synced_filter.also("r.state = 'synced'");
        let synced = |offset: usize, limit: usize| {
            let query = Query { sort: Sort::Title, offset, limit: Some(limit), ..query.clone() };
            match only {
                Some(only) => self.walk(&query, &synced_filter, only, synced_total),
                None => self.keys(&query, &synced_filter, synced_total),
            }
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

    /// With words: few matches are sorted, many are picked while walking the sorted index.
    fn find_words(&self, query: &Query, filter: Filter, words: &str) -> Result<(Vec<i64>, usize)> {
        let mut expression = words.to_owned();
        if let Some(source) = query.source {
            expression.push_str(&format!(" AND {}", text::source_word(source)));
        }
        if let Some(collection) = query.collection {
            expression.push_str(&format!(" AND {}", text::collection_word(collection)));
        }
        let mut found = Keys { words: Vec::new(), count: 0 };
        let sql = "SELECT rowid FROM record_text WHERE record_text MATCH ?1";
        self.each(sql, [&expression], |row| {
            found.insert(row.get(0)?);
            Ok(())
        })?;
        if found.count <= FEW || matches!(query.sort, Sort::Column(_)) {
            return self.sort_words(query, filter, expression, found.count);
        }
        let mut total = found.count;
        if query.state.is_some() {
            total = 0;
            let sql = format!("SELECT r.key FROM record r{}", filter.sql);
            self.each(&sql, params_from_iter(&filter.values), |row| {
                total += usize::from(found.contains(row.get(0)?));
                Ok(())
            })?;
        }
        let keys = match query.sort {
            Sort::State => self.keys_by_state(query, &filter, Some(&found), total)?,
            _ => self.walk(query, &filter, &found, total)?,
        };
        Ok((keys, total))
    }

    /// Looks each match up and sorts them.
    fn sort_words(
        &self,
        query: &Query,
        mut filter: Filter,
        expression: String,
        matches: usize,
    ) -> Result<(Vec<i64>, usize)> {
        filter.and("w.record_text MATCH ?", expression);
        // Else the sorted index is walked from its beginning for a handful of rows.
        let from = "FROM record_text w CROSS JOIN record r ON r.key = w.rowid";
        let total = if query.state.is_some() {
            let sql = format!("SELECT count(*) {from}{}", filter.sql);
            self.value(&sql, params_from_iter(&filter.values))?.unwrap_or(0)
        } else {
            matches
        };
        let sql = format!(
            "SELECT r.key {from}{}{} {} LIMIT {} OFFSET {}",
            joined(query),
            filter.sql,
            order(&query.sort, query.descending),
            query.limit.unwrap_or(total),
            query.offset
        );
        let keys = self.rows(&sql, params_from_iter(&filter.values), |row| Ok(row.get::<_, i64>(0)?))?;
        Ok((keys, total))
    }

    /// Keys of one page among `only`, `total` of which pass the filter; walked from the nearer end.
    fn walk(&self, query: &Query, filter: &Filter, only: &Keys, total: usize) -> Result<Vec<i64>> {
        let limit = query.limit.unwrap_or(total).min(total.saturating_sub(query.offset));
        let from_end = total.saturating_sub(query.offset + limit);
        let backwards = from_end < query.offset;
        let mut skip = if backwards { from_end } else { query.offset };
        let sql = sorted(query, filter, query.descending != backwards);
        let mut keys = Vec::with_capacity(limit);
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query(params_from_iter(&filter.values))?;
        while keys.len() < limit {
            let Some(row) = rows.next()? else { break };
            let key = row.get(0)?;
            if !only.contains(key) {
                continue;
            }
            if skip > 0 {
                skip -= 1;
            } else {
                keys.push(key);
            }
        }
        if backwards {
            keys.reverse();
        }
        Ok(keys)
    }
}

/// Keys that pass the filter, in order.
fn sorted(query: &Query, filter: &Filter, descending: bool) -> String {
    let index = match (&query.sort, query.state, query.collection) {
        (Sort::Column(_), ..) => "",
        (_, Some(state), _) if state != State::Synced => " INDEXED BY record_unsynced",
        (Sort::Changed, ..) => " INDEXED BY record_by_change",
        (_, _, Some(_)) => " INDEXED BY record_by_title",
        (_, _, None) => " INDEXED BY record_by_title_all",
    };
    format!(
        "SELECT r.key FROM record r{index}{}{} {}",
        joined(query),
        filter.sql,
        order(&query.sort, descending)
    )
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CollectionId, Store, StoreError};
    use sync_engine::SourceId;

    /// What makes a list of 100,000 quick: no row outside an index is read, nothing is sorted.
    #[test]
    fn lists_go_by_index_alone() {
        let home = tempfile::tempdir().unwrap();
        let store = Store::open(home.path()).unwrap();
        for source in [None, Some(SourceId(1))] {
            for collection in [None, Some(CollectionId(1))] {
                for state in [None, Some(State::Synced), Some(State::Edited)] {
                    for sort in [Sort::Title, Sort::Changed] {
                        let query = Query { source, collection, state, sort, ..Query::default() };
                        let plan = plan(&store, &query);
                        // Few are not synced: they are looked up and sorted.
                        let few = query.sort == Sort::Changed && state == Some(State::Edited);
                        assert!(plan.contains("INDEX") && !plan.contains("SCAN r;"), "{query:?}: {plan}");
                        assert_eq!(!plan.contains("COVERING INDEX"), few, "{query:?}: {plan}");
                        assert_eq!(plan.contains("TEMP B-TREE"), few, "{query:?}: {plan}");
                    }
                }
            }
        }
    }

    fn plan(store: &Store, query: &Query) -> String {
        let filter = Filter::of(query);
        let sql = format!("EXPLAIN QUERY PLAN {}", sorted(query, &filter, false));
        let lines = store.read_blocking(move |r| {
            r.rows(&sql, params_from_iter(&filter.values), |row| Ok(row.get::<_, String>(3)?))
        });
        lines.map_err(|e: StoreError| e).unwrap().join("; ")
    }
}
