//! Files from outside: dropped on the window, named on the command line, opened with Stoa, or
//! chosen in the dialog. They become drafts as soon as a profile is open.
//!
//! The page never names a file: what is read was pointed at by the user, outside the page.

use std::{
    mem,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use stoa_ipc::{Command, ErrorCode, Failure, ImportFiles, ImportReply};
use stoa_l10n::Texts;
use tauri::{AppHandle, Manager, Url, async_runtime};
use tauri_plugin_dialog::DialogExt;

use crate::{boot, shell::Shell};

/// How files with exports of other programs end.
const EXPORTS: [&str; 9] = [
    "zip", "json", "xml", "docx", "html", "htm", "md", "markdown", "txt",
];

/// Files that wait for an open profile.
#[derive(Default)]
pub(crate) struct Waiting(Mutex<Vec<PathBuf>>);

impl Waiting {
    pub(crate) fn add(&self, paths: Vec<PathBuf>) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend(paths);
    }

    fn take(&self) -> Vec<PathBuf> {
        mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The files among a program's arguments, the first of which is the program itself.
pub(crate) fn among(arguments: &[String], folder: &Path) -> Vec<PathBuf> {
    arguments
        .iter()
        .skip(1)
        .filter(|word| !word.starts_with('-') && !word.is_empty())
        .map(|word| match Url::parse(word) {
            Ok(url) if url.scheme() == "file" => {
                url.to_file_path().unwrap_or_else(|()| folder.join(word))
            }
            _ => folder.join(word),
        })
        .collect()
}

/// Makes drafts of files, now or when a profile is open.
pub(crate) fn open(app: &AppHandle, paths: Vec<PathBuf>) {
    if paths.is_empty() {
        return;
    }
    app.state::<Waiting>().add(paths);
    let app = app.clone();
    async_runtime::spawn(async move { import_waiting(&app).await });
}

/// Imports what waits, if a profile is open.
pub(crate) async fn import_waiting(app: &AppHandle) {
    if !Shell::of(app).is_ok_and(|shell| shell.is_open()) {
        return;
    }
    let paths = app.state::<Waiting>().take();
    if paths.is_empty() {
        return;
    }
    if let Ok(shell) = Shell::of(app) {
        shell.studio().open_files(paths).await;
    }
}

async fn import(app: &AppHandle, paths: Vec<PathBuf>) -> Result<ImportReply, Failure> {
    let paths = paths
        .iter()
        .map(|path| path.to_string_lossy().into_owned())
        .collect();
    let payload = serde_json::to_string(&ImportFiles { paths }).map_err(unreadable)?;
    let reply = Shell::of(app)?
        .studio()
        .call(ImportFiles::NAME, &payload)
        .await?;
    serde_json::from_str(&reply).map_err(unreadable)
}

#[allow(
    clippy::needless_pass_by_value,
    reason = "the shape that map_err calls"
)]
fn unreadable(error: serde_json::Error) -> Failure {
    Failure::new(ErrorCode::Internal, error.to_string())
}

/// Lets the user choose files and imports them; an empty reply when nothing was chosen.
pub(crate) async fn choose(app: &AppHandle) -> Result<ImportReply, Failure> {
    let paths = ask(app).await?;
    if paths.is_empty() {
        return Ok(ImportReply {
            drafts: Vec::new(),
            failures: Vec::new(),
        });
    }
    import(app, paths).await
}

/// Lets the user choose a folder or a file with an export.
pub(crate) async fn choose_export(
    app: &AppHandle,
    is_folder: bool,
) -> Result<Option<PathBuf>, Failure> {
    let preferences = Shell::of(app)?.studio().preferences_now();
    let title = Texts::new(boot::language(&preferences).tag())
        .get("import-title")
        .into_owned();
    let (answer, answered) = tokio::sync::oneshot::channel();
    let dialog = app.dialog().file().set_title(title);
    // Nobody waits any more only when the program is ending.
    if is_folder {
        dialog.pick_folder(move |chosen| drop(answer.send(chosen)));
    } else {
        dialog
            .add_filter("Export", &EXPORTS)
            .pick_file(move |chosen| drop(answer.send(chosen)));
    }
    let chosen = answered.await.unwrap_or_default();
    Ok(chosen.and_then(|chosen| chosen.into_path().ok()))
}

async fn ask(app: &AppHandle) -> Result<Vec<PathBuf>, Failure> {
    let preferences = Shell::of(app)?.studio().preferences_now();
    let title = Texts::new(boot::language(&preferences).tag())
        .get("command-draft-import")
        .into_owned();
    let (answer, answered) = tokio::sync::oneshot::channel();
    app.dialog()
        .file()
        .set_title(title)
        .add_filter("Markdown", &["md", "markdown", "txt"])
        .pick_files(move |files| {
            // Nobody waits any more only when the program is ending.
            answer.send(files.unwrap_or_default()).ok();
        });
    let files = answered.await.unwrap_or_default();
    Ok(files
        .into_iter()
        .filter_map(|file| file.into_path().ok())
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_among_the_arguments() {
        let words = [
            "stoa",
            "--flag",
            "笔记.md",
            "/tmp/a b.md",
            "file:///tmp/c%20d.md",
            "",
        ];
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let found = among(&words, Path::new("/home/x"));
        let expected = ["/home/x/笔记.md", "/tmp/a b.md", "/tmp/c d.md"];
        assert_eq!(found, expected.map(PathBuf::from));
    }
}
