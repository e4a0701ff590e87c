//! The one command the page can send.

use serde_json::Value;
use stoa_ipc::Failure;
use tauri::AppHandle;

use crate::{actions, shell::Shell};

/// Carries out a command and answers with JSON text. What concerns the window is done here, the
/// rest by the studio.
#[tauri::command]
pub(crate) async fn rpc(app: AppHandle, name: String, payload: Value) -> Result<String, Failure> {
    if let Some(reply) = actions::for_page(&app, &name, &payload).await {
        return reply;
    }
    let payload = match payload {
        Value::String(text) => text,
        other => other.to_string(),
    };
    Shell::of(&app)?.studio().call(&name, &payload).await
}
