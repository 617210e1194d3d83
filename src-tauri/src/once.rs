//! One window for a data folder: a second start brings the first window to the front. The lock on the folder guards the
//! data; this is only for the person.

use std::path::Path;
use tauri::{Manager, Wry};

/// On Linux the name on the session bus holds a hash of the folder, so that two folders have two windows. Elsewhere a
/// second start shows a window that says who holds the folder.
#[cfg(target_os = "linux")]
pub fn plugin(home: &Path) -> Option<tauri::plugin::TauriPlugin<Wry>> {
    let folder = home.canonicalize().unwrap_or_else(|_| home.to_owned());
    let hash = blake3::hash(folder.as_os_str().as_encoded_bytes()).to_hex();
    let builder = tauri_plugin_single_instance::Builder::new().callback(|app, _, _| {
        if let Some(window) = app.get_webview_window("main") {
            // A window that cannot be raised is still there.
            let _ = window.unminimize().and_then(|()| window.set_focus());
        }
    });
    Some(builder.dbus_id(format!("app.matchbook.desktop.h{}", hash.get(..16).unwrap_or_default())).build())
}

/// See above.
#[cfg(not(target_os = "linux"))]
pub fn plugin(_home: &Path) -> Option<tauri::plugin::TauriPlugin<Wry>> {
    None
}
