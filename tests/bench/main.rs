//! `cargo bench -p matchbook-tests --bench sync`: syncing at 10,000 records on the reference server, each figure beside
//! the limit client (`limit/mod.rs`) on the same server in the same run.
//!
//! ```text
//! --quick             1,000 records once or twice, to check the bench itself (also MATCHBOOK_BENCH_QUICK=1)
//! --records N         records of the collection, default 10000
//! --repetitions N     how often each is done, 1 to 5, default 3
//! --only PART         merging, first-pull, reading, sending, needing, deciding, editing, search, start, memory or none; may be
//!                     repeated
//! --keep FOLDER       leaves a data folder with everything read there, to open a window on
//! --out FILE          the figures as JSON too
//! ```
//!
//! The server runs in a process of its own (this program with `--serve FOLDER`), the memory of the engine is measured in
//! one of its own (`--pull URL HOME`). Both sides take turns, so that both see the same machine.

mod data;
mod jobs;
mod limit;
mod machine;
mod matchbook;
mod report;
mod server;

use anyhow::{Context as _, Result, bail, ensure};
use std::path::PathBuf;

/// What was asked for.
struct Wanted {
    records: usize,
    repetitions: usize,
    only: Vec<String>,
    keep: Option<PathBuf>,
    out: Option<PathBuf>,
}

enum Mode {
    Measure(Wanted),
    Serve(PathBuf),
    Pull { url: String, home: PathBuf },
}

fn read() -> Result<Mode> {
    let quick = std::env::var("MATCHBOOK_BENCH_QUICK").is_ok_and(|v| !v.is_empty() && v != "0");
    let mut wanted = Wanted { records: 10_000, repetitions: 3, only: Vec::new(), keep: None, out: None };
    let shorten = |wanted: &mut Wanted| (wanted.records, wanted.repetitions) = (1_000, 2);
    if quick {
        shorten(&mut wanted);
    }
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut value = || args.next().with_context(|| format!("{arg} needs a value"));
        match arg.as_str() {
            "--serve" => return Ok(Mode::Serve(value()?.into())),
            "--pull" => return Ok(Mode::Pull { url: value()?, home: value()?.into() }),
            "--quick" => shorten(&mut wanted),
            "--records" => wanted.records = value()?.parse().context("--records needs a number")?,
            "--repetitions" => {
                wanted.repetitions = value()?.parse().context("--repetitions needs a number")?
            }
            "--only" => wanted.only.push(value()?),
            "--keep" => wanted.keep = Some(value()?.into()),
            "--out" => wanted.out = Some(value()?.into()),
            // Cargo adds it.
            "--bench" => {}
            other => bail!("{other} is not known; the beginning of tests/bench/main.rs says what is"),
        }
    }
    ensure!(wanted.records >= 1_000, "fewer than 1,000 records say nothing");
    ensure!((1..=5).contains(&wanted.repetitions), "from 1 to 5 repetitions");
    let known = |part: &String| part == "none" || jobs::PARTS.contains(&part.as_str());
    ensure!(wanted.only.iter().all(known), "--only takes {} or none", jobs::PARTS.join(", "));
    Ok(Mode::Measure(wanted))
}

#[tokio::main]
async fn main() -> Result<()> {
    match read()? {
        Mode::Serve(folder) => server::serve(folder).await,
        Mode::Pull { url, home } => jobs::memory::pull(&url, &home).await,
        Mode::Measure(wanted) => measure(wanted).await,
    }
}

async fn measure(wanted: Wanted) -> Result<()> {
    let Wanted { records, repetitions, only, keep, out } = wanted;
    // Beside the build, on a real disk: a folder in memory would flush for nothing.
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let mut stage = jobs::Stage::set(folder.path(), records, repetitions).await?;
    let rows = stage.run(&only).await?;
    if let Some(home) = keep {
        stage.keep(&home).await?;
    }
    if rows.is_empty() {
        return Ok(());
    }
    let edits = stage.edits();
    println!("{records} records of {} bytes, {edits} edits, median of {repetitions}\n", data::body(1).len());
    report::print(&rows);
    if let Some(file) = out {
        report::write(&file, &report::Report { records, edits, repetitions, rows: &rows })?;
    }
    Ok(())
}
