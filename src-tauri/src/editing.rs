//! Undo and redo: in a plain field that field's own, elsewhere what the page makes of it. Not every
//! engine knows these keys in its fields, and a menu item never reaches them.

use stoa_ipc::Event;
use tauri::{AppHandle, Manager};

use crate::{events, window};

/// Answers whether a plain field has the focus, and if so carries the command out in it.
const SCRIPT: &str = r#"
(() => {
  const at = document.activeElement;
  const writing = !!at && at.matches("textarea, input");
  if (writing) document.execCommand("__COMMAND__");
  return writing;
})()
"#;

/// Carries out `edit.undo` or `edit.redo`. False for all others.
pub(crate) fn carry_out(app: &AppHandle, id: &str) -> bool {
    let (id, command) = match id {
        "edit.undo" => ("edit.undo", "undo"),
        "edit.redo" => ("edit.redo", "redo"),
        _ => return false,
    };
    let Some(window) = app.get_webview_window(window::LABEL) else {
        return true;
    };
    let app = app.clone();
    let done = window.eval_with_callback(SCRIPT.replace("__COMMAND__", command), move |writing| {
        if writing != "true" {
            events::send(&app, &Event::Command(id.to_owned()));
        }
    });
    if let Err(error) = done {
        tracing::warn!(%error, "the page was not asked to undo");
    }
    true
}
