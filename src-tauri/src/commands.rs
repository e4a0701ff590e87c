//! The one command the page can send.

use stoa_ipc::Failure;
use tauri::AppHandle;

use crate::{actions, shell::Shell};

/// Carries out a command, with its request as JSON text, and answers with JSON text. What concerns
/// the window is done here, the rest by the studio.
#[tauri::command]
pub(crate) async fn rpc(app: AppHandle, name: String, payload: String) -> Result<String, Failure> {
    match actions::for_page(&app, &name, &payload).await {
        Some(reply) => reply,
        None => Shell::of(&app)?.studio().call(&name, &payload).await,
    }
}
