//! The smallest window Tauri can open, of the same size: the yardstick for start and memory of the app
//! (`make bench`). Whatever the app takes more than this is ours.

fn main() -> Result<(), tauri::Error> {
    tauri::Builder::default().run(tauri::generate_context!("src-tauri/examples/hello/tauri.conf.json"))
}
