//! The state as a whole, preferences, export.

use std::path::PathBuf;

use stoa_ipc::{
    AppState, Event, ExportEverything, Exported, Failure, GetState, HOLD_SECONDS, Preferences,
    SetPreferences,
};

use crate::export::new_folder;
use crate::failure::OrFailure;
use crate::studio::{Studio, blocking};

pub(super) async fn app_state(studio: &Studio, _: GetState) -> Result<AppState, Failure> {
    Ok(studio.state().await)
}

pub(super) async fn set_preferences(
    studio: &Studio,
    request: SetPreferences,
) -> Result<Preferences, Failure> {
    if request.zoom.is_some_and(|zoom| !(50..=300).contains(&zoom)) {
        return Err(Failure::field("zoom", "out-of-range"));
    }
    if request
        .hold_seconds
        .is_some_and(|seconds| !HOLD_SECONDS.contains(&seconds))
    {
        return Err(Failure::field("hold_seconds", "out-of-range"));
    }
    studio.change_settings(|settings| merge(&mut settings.preferences, &request))?;
    if let Ok(open) = studio.profile() {
        open.store.set_hold(studio.hold());
    }
    let preferences = studio.preferences_now();
    studio.emit(Event::Preferences(preferences.clone()));
    Ok(preferences)
}

fn merge(into: &mut Preferences, from: &SetPreferences) {
    into.language = from.language.or(into.language);
    into.theme = from.theme.unwrap_or(into.theme);
    into.density = from.density.unwrap_or(into.density);
    into.letter_keys = from.letter_keys.unwrap_or(into.letter_keys);
    into.sidebar_shown = from.sidebar_shown.unwrap_or(into.sidebar_shown);
    into.zoom = from.zoom.unwrap_or(into.zoom);
    into.source_mode = from.source_mode.unwrap_or(into.source_mode);
    into.hold_seconds = from.hold_seconds.unwrap_or(into.hold_seconds);
}

pub(super) async fn export_everything(
    studio: &Studio,
    request: ExportEverything,
) -> Result<Exported, Failure> {
    let store = studio.profile()?.store.clone();
    let parent = export_parent(studio, request.folder)?;
    let now = studio.now();
    blocking(move || {
        let folder = new_folder(&parent, now).or_failure()?;
        let n_drafts = store.export(&folder).or_failure()?;
        let path = folder.display().to_string();
        Ok(Exported { path, n_drafts })
    })
    .await?
}

pub(super) fn export_parent(studio: &Studio, chosen: Option<String>) -> Result<PathBuf, Failure> {
    let options = &studio.inner.options;
    match chosen.map(PathBuf::from) {
        Some(folder) if folder.is_dir() => Ok(folder),
        Some(_) => Err(Failure::field("folder", "not-a-folder")),
        None => Ok(options
            .documents_dir
            .clone()
            .unwrap_or(options.data_dir.clone())),
    }
}
