//! The one window: made hidden in the colours of the theme, shown with its first frame.

use std::path::PathBuf;
use std::time::Duration;

use stoa_ipc::Preferences;
use tauri::{
    App, AppHandle, DragDropEvent, Manager, PhysicalPosition, WebviewWindow, WebviewWindowBuilder,
    WindowEvent, async_runtime,
    webview::{NewWindowResponse, PermissionKind, PermissionResponse},
};
use tauri_plugin_window_state::StateFlags;

use crate::{boot, folders::Folders, links, open_files, quit, shell::Shell};

pub(crate) const LABEL: &str = "main";

/// What the window remembers. Not whether it was visible: it is shown with its first frame.
pub(crate) const REMEMBERED: StateFlags = StateFlags::SIZE
    .union(StateFlags::POSITION)
    .union(StateFlags::MAXIMIZED)
    .union(StateFlags::FULLSCREEN);

/// When the page says nothing (some systems paint no hidden page), the window is shown anyway.
const PATIENCE: Duration = Duration::from_millis(1_200);

/// Makes the window.
pub(crate) fn open(app: &App, folders: &Folders, preferences: &Preferences) -> anyhow::Result<()> {
    let config = app
        .config()
        .app
        .windows
        .iter()
        .find(|window| window.label == LABEL);
    let config = config.ok_or_else(|| anyhow::anyhow!("there is no window to open"))?;
    let system = system_theme();
    let window = WebviewWindowBuilder::from_config(app, config)?
        .theme(boot::frame(preferences.theme))
        .background_color(boot::background(preferences.theme, system))
        .initialization_script(boot::script(preferences, boot::language(preferences)))
        .data_directory(folders.engine())
        // The page puts formatted copies of drafts on the clipboard. It has no script but our own.
        .enable_clipboard_access()
        .on_navigation(|url| {
            let is_own = links::is_own_page(url);
            if !is_own {
                tracing::warn!(scheme = url.scheme(), "the page was kept from leaving");
            }
            is_own
        })
        .on_new_window(|url, _| {
            links::open(&url);
            NewWindowResponse::Deny
        })
        .on_download(|_, _| false)
        .on_permission_request(|_, kind| permission(kind))
        .build()?;
    follow(app.handle(), preferences);
    #[cfg(target_os = "linux")]
    crate::linux::prepare(&window)?;
    window.on_window_event(on_event(app.handle().clone()));
    show_after(app.handle().clone());
    Ok(())
}

/// Before there is a window only a guess is possible; it is put right when the window exists.
fn system_theme() -> tauri::Theme {
    #[cfg(target_os = "linux")]
    return crate::linux::system_theme();
    #[cfg(not(target_os = "linux"))]
    tauri::Theme::Light
}

/// The page needs no camera, no microphone and no place; pasting is the engine's own affair.
fn permission(kind: PermissionKind) -> PermissionResponse {
    match kind {
        PermissionKind::ClipboardRead => PermissionResponse::Default,
        _ => PermissionResponse::Deny,
    }
}

fn on_event(app: AppHandle) -> impl Fn(&WindowEvent) + Send + 'static {
    move |event| match event {
        WindowEvent::CloseRequested { api, .. } => {
            api.prevent_close();
            quit::quit(&app);
        }
        WindowEvent::DragDrop(DragDropEvent::Drop { paths, position }) => {
            dropped(&app, paths.clone(), *position);
        }
        _ => {}
    }
}

/// While a profile is open the page decides what becomes of files; before that they wait to become
/// drafts.
fn dropped(app: &AppHandle, paths: Vec<PathBuf>, position: PhysicalPosition<f64>) {
    match Shell::of(app) {
        Ok(shell) if shell.is_open() => {
            let zoom = f64::from(shell.studio().preferences_now().zoom) / 100.0;
            let scale = window_scale(app) * zoom;
            shell.studio().drop_files(paths, in_page(position, scale));
        }
        _ => open_files::open(app, paths),
    }
}

/// How many of the system's pixels a drop counts for one of the window's: only Windows tells it in
/// those of the screen.
fn window_scale(app: &AppHandle) -> f64 {
    let window = app
        .get_webview_window(LABEL)
        .filter(|_| cfg!(target_os = "windows"));
    window
        .and_then(|window| window.scale_factor().ok())
        .unwrap_or(1.0)
}

/// A point of the window in the page's own pixels.
fn in_page(position: PhysicalPosition<f64>, scale: f64) -> (i32, i32) {
    #[allow(
        clippy::cast_possible_truncation,
        reason = "a cast keeps to the range, and no screen is that large"
    )]
    let in_page = |at: f64| (at / scale.max(0.1)).round() as i32;
    (in_page(position.x), in_page(position.y))
}

/// The page has painted its first frame.
pub(crate) fn page_is_ready(app: &AppHandle) {
    if let Ok(shell) = Shell::of(app) {
        shell.page_is_ready();
    }
    show(app, "first frame");
}

fn show_after(app: AppHandle) {
    async_runtime::spawn(async move {
        tokio::time::sleep(PATIENCE).await;
        show(&app, "patience");
    });
}

fn show(app: &AppHandle, why: &str) {
    let Ok(shell) = Shell::of(app) else { return };
    let Some(window) = app.get_webview_window(LABEL) else {
        return;
    };
    if !shell.claim_showing() {
        return;
    }
    if let Err(error) = window.show().and_then(|()| window.set_focus()) {
        tracing::error!(%error, "the window cannot be shown");
    }
    tracing::info!(why, "window shown");
}

/// Brings the window before the user, when the program is started again.
pub(crate) fn bring_forward(app: &AppHandle) {
    let Some(window) = app.get_webview_window(LABEL) else {
        return;
    };
    let forward = window
        .unminimize()
        .and_then(|()| window.show())
        .and_then(|()| window.set_focus());
    if let Err(error) = forward {
        tracing::warn!(%error, "the window stayed behind");
    }
}

/// Takes over theme and zoom.
pub(crate) fn follow(app: &AppHandle, preferences: &Preferences) {
    let Some(window) = app.get_webview_window(LABEL) else {
        return;
    };
    if let Err(error) = take_over(&window, preferences) {
        tracing::warn!(%error, "the window did not take over the preferences");
    }
}

fn take_over(window: &WebviewWindow, preferences: &Preferences) -> tauri::Result<()> {
    window.set_theme(boot::frame(preferences.theme))?;
    let colour = boot::background(preferences.theme, window.theme()?);
    window.set_background_color(Some(colour))?;
    window.set_zoom(f64::from(preferences.zoom) / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drop_lands_where_the_page_sees_it_whatever_the_zoom() {
        let at = PhysicalPosition::new(300.0, 150.0);
        assert_eq!(in_page(at, 1.0), (300, 150));
        assert_eq!(in_page(at, 1.5), (200, 100));
        assert_eq!(in_page(at, 0.0), (3_000, 1_500));
    }
}
