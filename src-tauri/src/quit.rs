//! Leaving: the page hands over what it has not yet sent, the studio writes it down, the program
//! ends. Closing the window, choosing Quit and the system's request to end all come here.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use stoa_ipc::Event;
use tauri::{AppHandle, async_runtime};
use tauri_plugin_window_state::AppHandleExt;
use tokio::{sync::Notify, time::timeout};

use crate::{events, shell::Shell, window};

/// How long a page that hangs may hold the program back; one that works answers in a few
/// milliseconds. Giving up sooner would risk the last second of typing on a busy computer.
const PAGE: Duration = Duration::from_secs(1);
/// The same for the studio, which has everything on disk already and says goodbye to the server.
const STUDIO: Duration = Duration::from_millis(300);

#[derive(Default)]
pub(crate) struct Quitting {
    is_asked: AtomicBool,
    page_is_done: Notify,
}

/// Starts leaving; a second request changes nothing.
pub(crate) fn quit(app: &AppHandle) {
    let Ok(shell) = Shell::of(app) else {
        return app.exit(0);
    };
    if shell.quitting.is_asked.swap(true, Ordering::SeqCst) {
        return;
    }
    if let Err(error) = app.save_window_state(window::REMEMBERED) {
        tracing::warn!(%error, "the window's size and place were not kept");
    }
    async_runtime::spawn(leave(app.clone()));
}

/// The page asked to quit, or answers that it has handed everything over.
pub(crate) fn page_is_done(app: &AppHandle) {
    if let Ok(shell) = Shell::of(app) {
        shell.quitting.page_is_done.notify_one();
    }
    quit(app);
}

async fn leave(app: AppHandle) {
    if let Ok(shell) = Shell::of(&app) {
        if shell.is_page_ready() {
            events::send(&app, &Event::Command("app.quit".to_owned()));
            if timeout(PAGE, shell.quitting.page_is_done.notified())
                .await
                .is_err()
            {
                tracing::warn!("the page did not answer before quitting");
            }
        }
        if timeout(STUDIO, shell.studio().stop()).await.is_err() {
            tracing::warn!("the studio was still busy when the program ended");
        }
    }
    tracing::info!("quit");
    app.exit(0);
}

/// Ends in the same orderly way when the system asks.
#[cfg(unix)]
pub(crate) fn on_signals(app: &AppHandle) {
    use tokio::signal::unix::{SignalKind, signal};
    for kind in [
        SignalKind::terminate(),
        SignalKind::interrupt(),
        SignalKind::hangup(),
    ] {
        let app = app.clone();
        async_runtime::spawn(async move {
            match signal(kind) {
                Ok(mut signals) => {
                    signals.recv().await;
                    quit(&app);
                }
                Err(error) => tracing::warn!(%error, "a signal cannot be heard"),
            }
        });
    }
}
