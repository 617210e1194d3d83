//! `matchbookctl`: the engine of Matchbook without a window.

mod args;
mod commands;
mod exit;
mod output;

use clap::Parser;
use exit::Exit;
use output::{Output, say};
use std::process::ExitCode;
use std::time::Duration;

fn main() -> ExitCode {
    let cli = match args::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help goes to standard output, wrong usage to standard error; nobody may be reading.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    start_log();
    let mut out = Output::new(cli.json);
    let ended = run(cli, &mut out).and_then(|exit| out.flush().map(|()| exit));
    let exit = ended.unwrap_or_else(|error| {
        // What was written before the error still counts.
        let _ = out.flush();
        say(&exit::words(&error));
        Exit::of(&error)
    });
    ExitCode::from(exit.code())
}

fn run(cli: args::Cli, out: &mut Output) -> anyhow::Result<Exit> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let ended = runtime.block_on(commands::run(cli, out));
    // Nothing that still hangs (a keychain that asks, say) may keep the program from ending.
    runtime.shutdown_timeout(Duration::from_secs(2));
    ended
}

/// What the engine logs, on standard error: errors, or what `MATCHBOOK_LOG` asks for.
fn start_log() {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_from_env("MATCHBOOK_LOG").unwrap_or_else(|_| EnvFilter::new("error"));
    let started = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
    if let Err(error) = started {
        say(&format!("no log: {error}"));
    }
}
