//! `serve`: the reference server.

use super::secret;
use crate::args;
use crate::exit::Exit;
use crate::output::{Output, say};
use demo_server::Options;
use serde::Serialize;

#[derive(Serialize)]
struct Started {
    base: String,
}

/// Runs until the program is told to stop (Ctrl+C, SIGTERM).
pub async fn serve(args: args::Serve, out: &mut Output) -> anyhow::Result<Exit> {
    let user = args.user.map(|name| Ok::<_, anyhow::Error>((name, required_secret()?))).transpose()?;
    let options =
        Options { port: args.port, data: args.data, sample: args.sample, user, ..Options::default() };
    // Before the address is printed: whoever reads it may stop the server at once.
    let stop = stop_signal()?;
    let server = demo_server::start(options).await?;
    let base = server.base_url();
    if out.json() {
        out.object(&Started { base })?;
    } else {
        out.line(&format!("base={base}"))?;
    }
    out.flush()?;
    stop.await;
    say("stopping");
    server.stop().await;
    Ok(Exit::Done)
}

/// From standard input, else from the environment.
fn required_secret() -> anyhow::Result<String> {
    use std::io::IsTerminal;
    match secret::from_environment() {
        Some(secret) if std::io::stdin().is_terminal() => Ok(secret),
        Some(secret) => Ok(secret::from_stdin().unwrap_or(secret)),
        None => secret::from_stdin(),
    }
}

#[cfg(unix)]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Without a handler nobody could stop it in order: then it runs until it is ended.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
