//! Times of the store beside bare SQLite in the same run: `cargo run -p record-store --example figures [RECORDS]`.

use anyhow::Result;
use record_store::{CollectionId, Meta, NewCollection, NewSource, Priority, Query, Sort, Store, StoreError};
use rusqlite::Connection;
use std::path::Path;
use std::time::{Duration, Instant};
use sync_engine::{
    Base, Body, Change, Edit, Grade, LocalKey, MergePolicy, Record, RemoteId, Rules, SourceId, State,
    Timestamp, Validator,
};

const TABLES: &str = include_str!("../src/migrations/0001_first.sql");

/// Records of one page of a pull.
const PAGE: usize = 500;

struct Item {
    id: RemoteId,
    base: Base,
    title: String,
    text: String,
}

/// Records of about 1 KB with words in them.
fn items(count: usize) -> Result<Vec<Item>> {
    const WORDS: [&str; 12] = [
        "river", "stone", "meadow", "copper", "lantern", "harbour", "winter", "orchard", "signal", "cotton",
        "marble", "engine",
    ];
    let word = |n: usize| WORDS.iter().copied().cycle().nth(n % WORDS.len()).unwrap_or_default();
    (0..count)
        .map(|n| {
            let title = format!("{} {} {n}", word(n), word(n / 12 + 5));
            let mut text = title.clone();
            for k in 0..110 {
                text.push(' ');
                text.push_str(word(n * 7 + k * k + n / (k + 1)));
                if k % 10 == 0 {
                    text.push_str(&(n * 31 + k).to_string());
                }
            }
            let json = format!("{{\"title\":\"{title}\",\"number\":{n},\"text\":\"{text}\"}}");
            let base = Base {
                body: Body::json(json.into_bytes()),
                validator: Some(Validator::new(format!("\"{n}-1\""))?),
                seen_at: Timestamp(1),
            };
            Ok(Item { id: RemoteId(format!("record-{n:08}")), base, title, text })
        })
        .collect()
}

fn meta(item: &Item) -> Meta {
    Meta {
        title: item.title.clone(),
        changed_at: Timestamp(1),
        search_text: Some(item.text.clone()),
        now: Timestamp(1),
    }
}

fn main() -> Result<()> {
    let count: usize = std::env::args().nth(1).map_or(Ok(10_000), |n| n.parse())?;
    let folder = tempfile::tempdir()?;
    let items = items(count)?;
    let mut bare_times = Vec::new();
    let mut store_times = Vec::new();
    for round in 0..3 {
        bare_times.push(bare(&folder.path().join(format!("bare-{round}.db")), &items)?);
        let home = folder.path().join(format!("home-{round}"));
        let (store, at) = new_store(&home)?;
        store_times.push(first_pull(&store, at, &items)?);
        if round == 2 {
            figures(&store, at, &items)?;
            drop(store);
            let began = Instant::now();
            let store = Store::open(&home)?;
            store.read_blocking(|r| r.waiting(64)).map_err(|e: StoreError| e)?;
            row("open and read the queue", began.elapsed(), None);
        }
    }
    let best_of = |times: &[(Duration, Duration)]| {
        let (clock, processor): (Vec<_>, Vec<_>) = times.iter().copied().unzip();
        (best(&clock), best(&processor))
    };
    let (bare, ours) = (best_of(&bare_times), best_of(&store_times));
    row(&format!("first pull of {count}"), ours.0, Some(bare.0));
    row("the same, time of the processor", ours.1, Some(bare.1));
    commits(folder.path())
}

/// Time of the processor used by this process so far, where the system tells: steadier than the clock beside others.
fn processor() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit(')').next().unwrap_or_default();
    let ticks: u64 = after.split_whitespace().skip(11).take(2).filter_map(|t| t.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

fn best(times: &[Duration]) -> Duration {
    times.iter().copied().min().unwrap_or_default()
}

fn row(what: &str, time: Duration, limit: Option<Duration>) {
    let millis = |d: Duration| d.as_secs_f64() * 1e3;
    match limit {
        Some(limit) => println!(
            "{what:<44} {:>10.3} ms   bare {:>10.3} ms   {:.2}x",
            millis(time),
            millis(limit),
            time.as_secs_f64() / limit.as_secs_f64()
        ),
        None => println!("{what:<44} {:>10.3} ms", millis(time)),
    }
}

/// The same rows into the same tables, page by page, with nothing around them.
fn bare(path: &Path, items: &[Item]) -> Result<(Duration, Duration)> {
    let c = Connection::open(path)?;
    c.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16000; PRAGMA foreign_keys = ON")?;
    c.execute_batch(TABLES)?;
    c.execute_batch(
        "INSERT INTO source (name, url, family, headers, policy, allow_unprotected, demo)
             VALUES ('a', 'http://a/', 'rest', '[]', 'review', 0, 0);
         INSERT INTO collection (source_id, name, title, noun, rules, may_send) VALUES (1, 'a', 'a', 'a', '{}', 1)",
    )?;
    let (began, used) = (Instant::now(), processor());
    for page in items.chunks(PAGE) {
        c.execute_batch("BEGIN IMMEDIATE")?;
        let mut record = c.prepare_cached(
            "INSERT INTO record (source_id, collection_id, remote_id, id_is_ours, rev, answered, versions, title,
                 sort_key, state, changed_at, text_hash) VALUES (1, 1, ?1, 0, 0, 0, 1, ?2, ?3, 'synced', ?4, 0)",
        )?;
        let mut base = c.prepare_cached(
            "INSERT INTO base (key, body, media_type, validator, seen_at, version, in_history) VALUES (?1, ?2, ?3, ?4, ?5, 1, 0)",
        )?;
        let mut text = c.prepare_cached("INSERT INTO record_text (rowid, text) VALUES (?1, ?2)")?;
        for item in page {
            let key = record.insert((&item.id.0, &item.title, item.title.to_lowercase(), 1))?;
            base.execute((
                key,
                &*item.base.body.bytes,
                &*item.base.body.media_type,
                item.base.validator.as_ref().map(Validator::as_str),
                1,
            ))?;
            text.execute((key, &item.text))?;
        }
        c.execute_batch("COMMIT")?;
    }
    Ok((began.elapsed(), processor() - used))
}

type Place = (SourceId, CollectionId);

fn new_store(home: &Path) -> Result<(Store, Place)> {
    let store = Store::open(home)?;
    let at = store.write_blocking::<_, StoreError, _>(Priority::Person, |tx| {
        let source = tx.add_source(&NewSource {
            name: "a".to_owned(),
            url: "http://a/".to_owned(),
            family: "rest".to_owned(),
            user: None,
            headers: Vec::new(),
            profile: None,
            policy: MergePolicy::Review,
            allow_unprotected: false,
            demo: false,
        })?;
        let collection = tx.add_collection(&NewCollection {
            source,
            name: "a".to_owned(),
            title: "A".to_owned(),
            noun: "a".to_owned(),
            schema: None,
            rules: Rules { grade: Grade::Protected, ..Rules::default() },
        })?;
        Ok((source, collection))
    })?;
    Ok((store, at))
}

fn pull(store: &Store, at: Place, items: &[Item]) -> Result<()> {
    let began = store.next_seq();
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    for page in items.chunks(PAGE) {
        let page: Vec<_> = page.iter().map(|i| (i.id.clone(), i.base.clone(), meta(i))).collect();
        runtime.block_on(store.write_relaxed(move |tx| {
            for (id, base, meta) in page {
                tx.pull(at, &id, &base, began, || meta)?;
            }
            Ok(())
        }))?;
    }
    Ok(())
}

fn first_pull(store: &Store, at: Place, items: &[Item]) -> Result<(Duration, Duration)> {
    let (began, used) = (Instant::now(), processor());
    pull(store, at, items)?;
    Ok((began.elapsed(), processor() - used))
}

fn figures(store: &Store, at: Place, items: &[Item]) -> Result<()> {
    let began = Instant::now();
    pull(store, at, items)?;
    row("the same again, nothing changed", began.elapsed(), None);
    let all = items.len();
    let collection = Some(at.1);
    let queries = [
        ("list: first 50", Query { collection, limit: Some(50), ..Query::default() }),
        ("list: middle", Query { collection, offset: all / 2, limit: Some(50), ..Query::default() }),
        ("list: end", Query { collection, offset: all - 50, limit: Some(50), ..Query::default() }),
        ("list: all sources, middle", Query { offset: all / 2, limit: Some(50), ..Query::default() }),
        ("list: by state", Query { collection, sort: Sort::State, limit: Some(50), ..Query::default() }),
        (
            "list: by change, middle",
            Query { sort: Sort::Changed, offset: all / 2, limit: Some(50), ..Query::default() },
        ),
        (
            "list: first 50, 3 columns",
            Query {
                collection,
                limit: Some(50),
                columns: vec!["/number".to_owned(), "/title".to_owned(), "/none".to_owned()],
                ..Query::default()
            },
        ),
        (
            "list: by a column",
            Query {
                collection,
                sort: Sort::Column("/number".to_owned()),
                limit: Some(50),
                ..Query::default()
            },
        ),
        (
            "search: one record",
            Query { collection, text: (all / 2 * 31).to_string(), limit: Some(50), ..Query::default() },
        ),
        (
            "search: every record",
            Query { collection, text: "river".to_owned(), limit: Some(50), ..Query::default() },
        ),
        (
            "search: every record, one letter",
            Query { text: "r".to_owned(), limit: Some(50), ..Query::default() },
        ),
        (
            "search: every record, middle",
            Query { text: "river".to_owned(), offset: all / 2, limit: Some(50), ..Query::default() },
        ),
    ];
    for (what, query) in queries {
        let mut times = Vec::new();
        let mut total = 0;
        for _ in 0..15 {
            let query = query.clone();
            let began = Instant::now();
            total = store.read_blocking(move |r| r.list(&query)).map_err(|e: StoreError| e)?.total;
            times.push(began.elapsed());
        }
        row(&format!("{what} (of {total})"), best(&times), None);
    }
    let began = Instant::now();
    store.read_blocking(|r| r.counts(None)).map_err(|e: StoreError| e)?;
    row("counts", began.elapsed(), None);
    edits(store, at, items)
}

fn edits(store: &Store, at: Place, items: &[Item]) -> Result<()> {
    let edited: Vec<RemoteId> = items.iter().take(1000).map(|i| i.id.clone()).collect();
    let began = Instant::now();
    store.write_blocking::<_, StoreError, _>(Priority::Person, move |tx| {
        for id in edited {
            let Some(key) = tx.find(at.0, "a", &id)? else { continue };
            let Some(before) = tx.load(key)? else { continue };
            save_edit(tx, &before)?;
        }
        Ok(())
    })?;
    row("load and save 1,000 edits at once", began.elapsed(), None);
    let mut times = Vec::new();
    for _ in 0..20 {
        let began = Instant::now();
        store.read_blocking(|r| r.waiting(64)).map_err(|e: StoreError| e)?;
        times.push(began.elapsed());
    }
    row("the queue with 1,000 waiting", best(&times), None);
    let began = Instant::now();
    let rows = store.read_blocking(|r| r.outbox(&[State::Edited], 10_000)).map_err(|e: StoreError| e)?;
    row(&format!("the outbox of {}", rows.len()), began.elapsed(), None);
    Ok(())
}

fn save_edit(tx: &mut record_store::Tx<'_>, before: &Record) -> Result<(), StoreError> {
    let mut after = before.clone();
    after.rev = after.rev.next();
    let change = Change::Replace(Body::json(format!("{{\"rev\":{}}}", after.rev).into_bytes()));
    after.edit = Some(Edit::untried(change, after.base.as_ref(), Timestamp(after.rev.0)));
    let step = sync_engine::Step {
        record: Some(after),
        history: Vec::new(),
        copies: Vec::new(),
        effects: Vec::new(),
    };
    let meta = Meta {
        title: "An edited title".to_owned(),
        changed_at: Timestamp(2),
        search_text: Some(format!("an edited title {}", before.rev)),
        now: Timestamp(2),
    };
    tx.save(before, &step, &meta, &[])?;
    Ok(())
}

/// Durable commits, one by one: an edit saved again and again beside one bare row.
fn commits(folder: &Path) -> Result<()> {
    let home = folder.join("commits");
    let (store, at) = new_store(&home)?;
    let items = items(100)?;
    first_pull(&store, at, &items)?;
    let c = Connection::open(folder.join("commits.db"))?;
    c.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (a INTEGER PRIMARY KEY, b)",
    )?;
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for n in 0..400_i64 {
        let began = Instant::now();
        c.execute("INSERT OR REPLACE INTO t VALUES (?1, ?2)", (n % 50, "x".repeat(300)))?;
        bare.push(began.elapsed());
        let began = Instant::now();
        store.write_blocking::<_, StoreError, _>(Priority::Person, move |tx| {
            match tx.load(LocalKey(n % 100 + 1))? {
                Some(before) => save_edit(tx, &before),
                None => Ok(()),
            }
        })?;
        ours.push(began.elapsed());
    }
    ours.sort();
    bare.sort();
    for (name, at) in [("p50", 200), ("p99", 396)] {
        let pick = |times: &[Duration]| times.get(at).copied().unwrap_or_default();
        row(&format!("one durable edit, {name}"), pick(&ours), Some(pick(&bare)));
    }
    Ok(())
}
