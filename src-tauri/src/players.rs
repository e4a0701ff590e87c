//! Sounds and films on Linux, where the webview plays nothing from a scheme of the program: they
//! come over an address of this computer instead.

use stoa_playback::Listening;
use stoa_studio::Studio;
use tauri::async_runtime;

/// The origin of the page.
const PAGE: &str = "tauri://localhost";

/// An address to be served; without one nothing plays, and the window says so at each recording.
pub(crate) fn listen() -> Option<Listening> {
    match Listening::begin() {
        Ok(listening) => Some(listening),
        Err(error) => {
            tracing::error!(%error, "nothing can be played");
            None
        }
    }
}

/// Serves until the program ends.
pub(crate) fn serve(listening: Option<Listening>, studio: &Studio) {
    let Some(listening) = listening else { return };
    let studio = studio.clone();
    async_runtime::spawn(async move {
        if let Err(error) = listening.serve(studio, PAGE).await {
            tracing::error!(%error, "nothing can be played any more");
        }
    });
}
