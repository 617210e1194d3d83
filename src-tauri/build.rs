//! Reads `tauri.conf.json`; embeds the icon and, for a build with its own pages (`custom-protocol`), the built UI.
//! Runs with the repository root as working folder, which is also the Tauri folder, so every default path fits.

use std::path::Path;

fn main() {
    let pages = Path::new("ui/dist");
    let embeds_pages = std::env::var_os("CARGO_FEATURE_CUSTOM_PROTOCOL").is_some();
    if embeds_pages && !pages.join("index.html").is_file() {
        println!(
            "cargo::error=The pages of the window are not built yet: run `npm ci && npm run build -w ui` (or `make run`)."
        );
        return;
    }
    if embeds_pages {
        // Tauri tracks only the files it found the last time; a new file of the UI must be seen as well.
        println!("cargo::rerun-if-changed={}", pages.display());
    }
    tauri_build::build();
}
