//! The one window: made hidden in the colours of the theme, shown with its first frame.

use std::time::Duration;

use stoa_ipc::Preferences;
use tauri::{
    App, AppHandle, DragDropEvent, Manager, WebviewWindow, WebviewWindowBuilder, WindowEvent,
    async_runtime,
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
        WindowEvent::DragDrop(DragDropEvent::Drop { paths, .. }) => {
            open_files::open(&app, paths.clone());
        }
        _ => {}
    }
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
