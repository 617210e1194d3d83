//! The commands of the window, made from the command map of `ipc-types`: each hands its argument to the engine.

use crate::app::App;
use ipc_types::*;
use tauri::State;

macro_rules! commands {
    ($($name:ident: ($($argument:ty)?) -> $reply:ty),+ $(,)?) => {
        $( command!($name ($($argument)?) $reply); )+

        /// Hands every command of the map to its function.
        pub fn handler() -> impl Fn(tauri::ipc::Invoke<tauri::Wry>) -> bool + Send + Sync + 'static {
            tauri::generate_handler![$($name),+]
        }
    };
}

macro_rules! command {
    (tour () $reply:ty) => {
        #[tauri::command]
        async fn tour(app: State<'_, App>) -> Result<$reply, ErrorReply> {
            app.tour().await
        }
    };
    (tour_step ($argument:ty) $reply:ty) => {
        #[tauri::command]
        async fn tour_step(app: State<'_, App>, argument: $argument) -> Result<$reply, ErrorReply> {
            app.tour_step(argument.action).await
        }
    };
    (ask_for_file ($argument:ty) $reply:ty) => {
        #[tauri::command]
        async fn ask_for_file(handle: tauri::AppHandle, argument: $argument) -> Result<$reply, ErrorReply> {
            crate::files::ask(&handle, &argument).await
        }
    };
    ($name:ident () $reply:ty) => {
        #[tauri::command]
        async fn $name(app: State<'_, App>) -> Result<$reply, ErrorReply> {
            app.engine()?.$name().await.map_err(|fault| fault.0)
        }
    };
    ($name:ident ($argument:ty) $reply:ty) => {
        #[tauri::command]
        async fn $name(app: State<'_, App>, argument: $argument) -> Result<$reply, ErrorReply> {
            app.engine()?.$name(argument).await.map_err(|fault| fault.0)
        }
    };
}

ipc_types::for_each_command!(commands);
