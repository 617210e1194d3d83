//! The demo: the reference server inside the app, and the colleague of the tour who really writes to it.

use ipc_types::{AddSource, ErrorCode, ErrorReply};
use std::path::Path;
use sync_runtime::{Answered, Fault, SyncHandle};

/// Name of the demo source.
pub const NAME: &str = "Demo garden";
/// The file that keeps the port, so that the address stays the same from start to start.
const PORT: &str = "demo-port";

/// Starts the embedded server, on the port of last time if that is free.
pub async fn start(home: &Path) -> Result<demo_server::Server, ErrorReply> {
    let folder = home.join("demo");
    let kept = std::fs::read_to_string(home.join(PORT)).ok().and_then(|text| text.trim().parse::<u16>().ok());
    let options =
        |port| demo_server::Options { port, data: Some(folder.clone()), sample: true, ..Default::default() };
    let started = match demo_server::start(options(kept.unwrap_or(0))).await {
        Err(_) if kept.is_some() => demo_server::start(options(0)).await,
        other => other,
    };
    let server =
        started.map_err(|error| failed(format!("The demo server could not be started: {error}.")))?;
    if let Some(port) = server.base_url().rsplit(':').next() {
        // Without the file the next start takes another port, and the source follows it.
        let _ = std::fs::write(home.join(PORT), port.trim_end_matches('/'));
    }
    Ok(server)
}

/// The demo source, made if it is not there; it follows the server's address.
pub async fn connect(engine: &SyncHandle, server: &demo_server::Server) -> Answered<()> {
    let address = server.base_url();
    match engine.sources().await?.into_iter().find(|source| source.demo) {
        Some(source) if source.url.trim_end_matches('/') == address.trim_end_matches('/') => Ok(()),
        Some(source) => engine.move_source(&source.name, &address).await,
        None => {
            engine
                .add_demo_source(AddSource {
                    name: NAME.to_owned(),
                    url: address,
                    family: "rest".to_owned(),
                    collections: Vec::new(),
                    user: None,
                    secret: None,
                    profile: None,
                    headers: Vec::new(),
                })
                .await
        }
    }
}

/// An error of the demo in words.
pub fn failed(words: impl Into<String>) -> ErrorReply {
    Fault::new(ErrorCode::Internal, words).0
}
