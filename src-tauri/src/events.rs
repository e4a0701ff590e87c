//! What the studio tells, passed on to the page and followed by window and menus.

use stoa_ipc::{Event, Preferences, Stage};
use tauri::{AppHandle, Emitter, async_runtime};
use tokio::sync::broadcast::{Receiver, error::RecvError};

use crate::{menu, open_files, shell::Shell, window};

/// The name under which the page hears every [`Event`].
const NAME: &str = "stoa-event";

/// Tells the page.
pub(crate) fn send(app: &AppHandle, event: &Event) {
    if let Err(error) = app.emit_to(window::LABEL, NAME, event) {
        tracing::warn!(%error, "the page was not told");
    }
}

/// Follows the studio from now until it stops.
pub(crate) fn follow(app: &AppHandle, mut events: Receiver<Event>) {
    let app = app.clone();
    async_runtime::spawn(async move {
        enter_present_stage(&app).await;
        loop {
            match events.recv().await {
                Ok(event) => pass_on(&app, &event).await,
                Err(RecvError::Lagged(n)) => {
                    tracing::warn!(n, "events were lost; the page starts afresh");
                    send(&app, &Event::Drafts(Vec::new()));
                    enter_present_stage(&app).await;
                }
                Err(RecvError::Closed) => break,
            }
        }
    });
}

/// The stage may have been entered before anybody listened.
async fn enter_present_stage(app: &AppHandle) {
    let Ok(shell) = Shell::of(app) else { return };
    let state = shell.studio().state().await;
    pass_on(app, &Event::State(Box::new(state))).await;
}

async fn pass_on(app: &AppHandle, event: &Event) {
    match event {
        Event::State(state) => {
            follow_preferences(app, &state.preferences);
            enter(app, &state.stage).await;
        }
        Event::Preferences(preferences) => follow_preferences(app, preferences),
        Event::Sync(_)
        | Event::Undo(_)
        | Event::Drafts(_)
        | Event::Files
        | Event::Transfer(_)
        | Event::Adding(_)
        | Event::TagProgress(_)
        | Event::Imported(_)
        | Event::Import(_)
        | Event::Dropped(_)
        | Event::Command(_) => {}
    }
    send(app, event);
}

async fn enter(app: &AppHandle, stage: &Stage) {
    let Ok(shell) = Shell::of(app) else { return };
    shell.enter(stage);
    menu::enter(app, stage);
    open_files::import_waiting(app).await;
}

fn follow_preferences(app: &AppHandle, preferences: &Preferences) {
    window::follow(app, preferences);
    menu::follow(app, preferences);
}
