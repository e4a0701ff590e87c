//! The commands of the registry that only the shell can carry out.

use std::path::Path;

use serde_json::Value;
use stoa_ipc::{
    ArchiveInfo, Command, ErrorCode, Event, Failure, ListArchives, LookAtImport, SetPreferences,
};
use tauri::{AppHandle, Manager, async_runtime};

use crate::{events, menu, open_files, quit, save_files, shell::Shell, window};

/// Percent, as browsers step.
const ZOOM_STEPS: [u16; 13] = [50, 67, 75, 80, 90, 100, 110, 125, 150, 175, 200, 250, 300];

/// Carries out what the page asks of the shell. `None` when it is for the studio.
///
/// - `window.ready {}`: the first frame is painted, or would be if the window were visible.
/// - `window.command { id }`: a command of the registry that is the shell's. `app.quit` says at the
///   same time that the page has handed over all it held.
/// - `window.commands { ids }`: what can be chosen just now, for the menus.
/// - `window.show_archive { id }`: shows the folder of an archive.
/// - `window.save_file { b3 }`: asks where a file of a draft is to be written, and writes it.
/// - `file.add`, `file.save`: not for pages, which hand images over as bytes.
/// - `import.look`: the same, of one export.
/// - `draft.import`: the shell asks for the files; those that the page names are not looked at.
pub(crate) async fn for_page(
    app: &AppHandle,
    name: &str,
    payload: &str,
) -> Option<Result<String, Failure>> {
    match name {
        "window.ready" => window::page_is_ready(app),
        "window.command" => return Some(command(app, payload)),
        "window.commands" => return Some(enable(app, payload)),
        "window.show_archive" => return Some(show_archive(app, payload).await),
        "window.save_file" => return Some(save_files::save(app, payload).await),
        "draft.import" => return Some(import(app).await),
        "import.look" => return Some(look(app, payload).await),
        "file.add" | "file.save" => return Some(Err(not_for_pages())),
        _ => return None,
    }
    Some(Ok(null()))
}

fn command(app: &AppHandle, payload: &str) -> Result<String, Failure> {
    let payload: Value = serde_json::from_str(payload).unwrap_or_default();
    let id = payload["id"].as_str().unwrap_or_default();
    if id == "app.quit" {
        quit::page_is_done(app);
    } else if !carry_out(app, id) {
        return Err(Failure::new(
            ErrorCode::NotFound,
            "no command of the window",
        ));
    }
    Ok(null())
}

fn enable(app: &AppHandle, payload: &str) -> Result<String, Failure> {
    let mut payload: Value = serde_json::from_str(payload).unwrap_or_default();
    let ids = serde_json::from_value(payload["ids"].take());
    menu::enable(app, ids.map_err(|_| Failure::field("ids", "not-a-list"))?)?;
    Ok(null())
}

/// The page names an archive; where it lies is asked of the studio.
async fn show_archive(app: &AppHandle, payload: &str) -> Result<String, Failure> {
    let payload: Value = serde_json::from_str(payload).unwrap_or_default();
    let listed = Shell::of(app)?
        .studio()
        .call(ListArchives::NAME, "{}")
        .await?;
    let archives: Vec<ArchiveInfo> = serde_json::from_str(&listed)
        .map_err(|error| Failure::new(ErrorCode::Internal, error.to_string()))?;
    let asked = payload["id"].as_str().unwrap_or_default();
    let archive = archives.iter().find(|archive| archive.id == asked);
    let missing = || Failure::new(ErrorCode::NotFound, "there is no such archive");
    open_folder(Path::new(&archive.ok_or_else(missing)?.path));
    Ok(null())
}

fn not_for_pages() -> Failure {
    Failure::new(ErrorCode::NotAllowed, "a page names no files")
}

fn null() -> String {
    "null".to_owned()
}

async fn import(app: &AppHandle) -> Result<String, Failure> {
    let reply = open_files::choose(app).await?;
    serde_json::to_string(&reply)
        .map_err(|error| Failure::new(ErrorCode::Internal, error.to_string()))
}

async fn look(app: &AppHandle, payload: &str) -> Result<String, Failure> {
    let asked: LookAtImport = serde_json::from_str(payload)
        .map_err(|_| Failure::new(ErrorCode::InvalidInput, "not a request"))?;
    let Some(path) = open_files::choose_export(app, asked.is_folder).await? else {
        return Ok(null());
    };
    let chosen = LookAtImport {
        path: Some(path.to_string_lossy().into_owned()),
        ..asked
    };
    let payload = serde_json::to_string(&chosen)
        .map_err(|error| Failure::new(ErrorCode::Internal, error.to_string()))?;
    Shell::of(app)?
        .studio()
        .call(LookAtImport::NAME, &payload)
        .await
}

/// Carries out a command by its id. False when it is none of the shell's.
pub(crate) fn carry_out(app: &AppHandle, id: &str) -> bool {
    match id {
        "app.quit" | "window.close" => quit::quit(app),
        "window.minimize" => on_window(app, tauri::WebviewWindow::minimize),
        "window.fullscreen" => on_window(app, |window| {
            window.set_fullscreen(!window.is_fullscreen()?)
        }),
        "view.zoom_in" => zoom(app, larger),
        "view.zoom_out" => zoom(app, smaller),
        "view.zoom_reset" => zoom(app, |_| 100),
        "help.data_folder" => open_data_folder(app),
        "draft.import" => import_by_menu(app),
        _ => return false,
    }
    true
}

fn on_window(app: &AppHandle, act: impl FnOnce(&tauri::WebviewWindow) -> tauri::Result<()>) {
    let Some(window) = app.get_webview_window(window::LABEL) else {
        return;
    };
    if let Err(error) = act(&window) {
        tracing::warn!(%error, "the window did not obey");
    }
}

fn open_data_folder(app: &AppHandle) {
    if let Ok(shell) = Shell::of(app) {
        open_folder(&shell.folders.data);
    }
}

fn open_folder(folder: &Path) {
    if let Err(error) = tauri_plugin_opener::open_path(folder, None::<&str>) {
        tracing::warn!(%error, "a folder could not be shown");
    }
}

fn import_by_menu(app: &AppHandle) {
    let app = app.clone();
    async_runtime::spawn(async move {
        match open_files::choose(&app).await {
            Ok(reply) => events::send(&app, &Event::Imported(reply)),
            Err(failure) => tracing::warn!(%failure, "files were not imported"),
        }
    });
}

/// Changes the preference; the window follows when the studio says that it changed.
fn zoom(app: &AppHandle, step: impl FnOnce(u16) -> u16) {
    let Ok(shell) = Shell::of(app) else { return };
    let zoom = Some(step(shell.studio().preferences_now().zoom));
    let change = SetPreferences {
        zoom,
        ..SetPreferences::default()
    };
    let Ok(payload) = serde_json::to_string(&change) else {
        return;
    };
    let app = app.clone();
    async_runtime::spawn(async move {
        let Ok(shell) = Shell::of(&app) else { return };
        if let Err(failure) = shell.studio().call(SetPreferences::NAME, &payload).await {
            tracing::warn!(%failure, "the zoom was not kept");
        }
    });
}

fn larger(zoom: u16) -> u16 {
    ZOOM_STEPS
        .into_iter()
        .find(|step| *step > zoom)
        .unwrap_or(300)
}

fn smaller(zoom: u16) -> u16 {
    ZOOM_STEPS
        .into_iter()
        .rev()
        .find(|step| *step < zoom)
        .unwrap_or(50)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zoom_goes_step_by_step_and_stops_at_the_ends() {
        assert_eq!((larger(100), smaller(100)), (110, 90));
        assert_eq!((larger(103), smaller(103)), (110, 100));
        assert_eq!((larger(300), smaller(50)), (300, 50));
    }
}
