//! Matchbook: edit records of an HTTP server offline, and merge what others changed.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod app;
mod commands;
mod demo;
mod events;
mod files;
mod once;
mod stay;
mod tour;

use tauri::Manager;

const NO_HOME: &str =
    "There is no home folder to keep records in. Set MATCHBOOK_HOME to a folder on this computer.";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .with_writer(std::io::stderr)
        .init();
    let home = sync_runtime::default_home().ok_or(NO_HOME)?;
    let demo = std::env::args().any(|argument| argument == "--demo");
    let mut builder = tauri::Builder::default();
    if let Some(once) = once::plugin(&home) {
        builder = builder.plugin(once);
    }
    let app = builder
        .plugin(stay::plugin())
        .plugin(tauri_plugin_dialog::init())
        .invoke_handler(commands::handler())
        .setup(move |handle| {
            let app = tauri::async_runtime::block_on(app::App::open(home, demo));
            if let Ok(engine) = app.engine() {
                events::forward(handle.handle().clone(), engine);
            }
            handle.manage(app);
            Ok(())
        })
        .build(tauri::generate_context!())?;
    app.run(|handle, event| {
        if let tauri::RunEvent::Exit = event
            && let Some(app) = handle.try_state::<app::App>()
        {
            tauri::async_runtime::block_on(app.close());
        }
    });
    Ok(())
}
