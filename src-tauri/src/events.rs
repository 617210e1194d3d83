//! Events of the engine on their way to the window.

use sync_runtime::SyncHandle;
use tauri::{AppHandle, Emitter};
use tokio::sync::broadcast::error::RecvError;

/// Name of the window's event.
const NAME: &str = "matchbook";

/// Tells the window every change until the engine stops. A missed event shows as a gap in the numbers, and the window
/// reads again.
pub fn forward(app: AppHandle, engine: &SyncHandle) {
    let mut events = engine.subscribe();
    tauri::async_runtime::spawn(async move {
        loop {
            match events.recv().await {
                Ok(event) => {
                    // The window may be closing.
                    let _ = app.emit(NAME, event);
                }
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            }
        }
    });
}
