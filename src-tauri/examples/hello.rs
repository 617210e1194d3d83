//! The smallest window Tauri can open: the yardstick for cold start and memory of the app (`make bench`).
//!
//! It shares nothing with Matchbook but the configuration file, so whatever the app takes more than this is ours.
fn main() -> Result<(), tauri::Error> {
    tauri::Builder::default().run(tauri::generate_context!())
}
