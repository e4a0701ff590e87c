//! Files of drafts that are written to the disk: the page says which, the user says where, outside of
//! the page.

use std::path::{Path, PathBuf};

use stoa_ipc::{AttachedFile, Command, ErrorCode, Failure, SaveFile, ShowFile};
use stoa_l10n::Texts;
use tauri::AppHandle;
use tauri_plugin_dialog::DialogExt;

use crate::{boot, shell::Shell};

/// Answers the name it was saved under, or nothing where nobody chose a place.
pub(crate) async fn save(app: &AppHandle, payload: &str) -> Result<String, Failure> {
    let request: ShowFile = serde_json::from_str(payload)
        .map_err(|_| Failure::new(ErrorCode::InvalidInput, "not a request"))?;
    let b3 = request.b3;
    let file: AttachedFile = asked(app, &request).await?;
    let Some(path) = choose(app, &suggested(&file.name)).await? else {
        return Ok("null".to_owned());
    };
    let written = path
        .to_str()
        .ok_or_else(|| Failure::new(ErrorCode::InvalidInput, "the name is not Unicode"))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = serde_json::Value::from(&*name).to_string();
    let request = SaveFile {
        b3,
        path: written.to_owned(),
        // The dialog has asked.
        replaces: true,
    };
    asked::<SaveFile>(app, &request).await?;
    Ok(name)
}

async fn asked<C: Command>(app: &AppHandle, request: &C) -> Result<C::Reply, Failure> {
    let internal = |error: serde_json::Error| Failure::new(ErrorCode::Internal, error.to_string());
    let payload = serde_json::to_string(request).map_err(internal)?;
    let reply = Shell::of(app)?.studio().call(C::NAME, &payload).await?;
    serde_json::from_str(&reply).map_err(internal)
}

async fn choose(app: &AppHandle, name: &str) -> Result<Option<PathBuf>, Failure> {
    let preferences = Shell::of(app)?.studio().preferences_now();
    let title = Texts::new(boot::language(&preferences).tag())
        .get("file-save")
        .into_owned();
    let (answer, answered) = tokio::sync::oneshot::channel();
    app.dialog()
        .file()
        .set_title(title)
        .set_file_name(name)
        // Nobody waits any more only when the program is ending.
        .save_file(move |chosen| drop(answer.send(chosen)));
    let chosen = answered.await.unwrap_or_default();
    Ok(chosen.and_then(|chosen| chosen.into_path().ok()))
}

/// The name a file came with, from whatever system: the last part of it, without what no system shows
/// or takes.
fn suggested(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let is_taken = |c: &char| !c.is_control() && !r#"<>:"|?*"#.contains(*c) && !turns(*c);
    let kept: String = last.chars().filter(is_taken).collect();
    let kept = kept.trim().trim_start_matches('.').trim_end_matches('.');
    match Path::new(kept).file_name() {
        Some(_) => kept.to_owned(),
        None => "file".to_owned(),
    }
}

/// Whether a sign changes the direction of what follows, which makes `exe.pdf` of `fdp.exe`.
fn turns(c: char) -> bool {
    matches!(c, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suggested_name_is_only_a_name() {
        for (came, is_suggested) in [
            ("讲义 1.pdf", "讲义 1.pdf"),
            ("../../.bashrc", "bashrc"),
            ("C:\\Windows\\a.txt", "a.txt"),
            ("a\u{202e}fdp.exe", "afdp.exe"),
            ("a:b?.md", "ab.md"),
            ("a/", "file"),
            ("..", "file"),
            ("", "file"),
        ] {
            assert_eq!(suggested(came), is_suggested, "{came}");
        }
    }
}
