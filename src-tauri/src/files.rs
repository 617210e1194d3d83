//! The system's own dialog for the place of a new file. The page never names a file by itself.

use ipc_types::{AskForFile, ChosenFile, ErrorCode, ErrorReply};
use tauri::{AppHandle, Manager};
use tauri_plugin_dialog::DialogExt;
use tokio::sync::oneshot;

/// Asks the person where to write a file; `None` if they close the dialog.
pub async fn ask(handle: &AppHandle, wanted: &AskForFile) -> Result<ChosenFile, ErrorReply> {
    let (answer, answered) = oneshot::channel();
    let mut dialog = handle.dialog().file().set_file_name(&wanted.name);
    if let Some(extension) = wanted.name.rsplit_once('.').map(|(_, extension)| extension) {
        dialog = dialog.add_filter(extension.to_uppercase(), &[extension]);
    }
    if let Ok(folder) = handle.path().download_dir() {
        dialog = dialog.set_directory(folder);
    }
    if let Some(window) = handle.get_webview_window("main") {
        dialog = dialog.set_parent(&window);
    }
    dialog.save_file(move |chosen| drop(answer.send(chosen)));
    let Ok(Some(chosen)) = answered.await else { return Ok(ChosenFile::default()) };
    let path = chosen.into_path().map_err(|error| ErrorReply {
        code: ErrorCode::BadInput,
        words: format!("Nothing can be written there: {error}. Choose another place."),
        pointer: None,
        value: None,
    })?;
    Ok(ChosenFile { path: Some(path.display().to_string()) })
}
