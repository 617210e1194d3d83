//! Matchbook: edit records of an HTTP server offline, and merge what others changed.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod app;
mod commands;
mod demo;
mod events;
mod paths;
mod tour;

use tauri::Manager;

fn main() -> Result<(), tauri::Error> {
    let app = tauri::Builder::default()
        .invoke_handler(commands::handler())
        .setup(|handle| {
            let home = paths::home()?;
            let app = tauri::async_runtime::block_on(app::App::open(home));
            if let Ok(engine) = app.engine() {
                events::forward(handle.handle().clone(), engine);
            }
            handle.manage(app);
            Ok(())
        })
        .build(tauri::generate_context!())?;
    app.run(|handle, event| {
        if let tauri::RunEvent::Exit = event {
            if let Some(app) = handle.try_state::<app::App>() {
                tauri::async_runtime::block_on(app.close());
            }
        }
    });
    Ok(())
}
