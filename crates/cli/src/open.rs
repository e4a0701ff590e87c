//! Opening the profile.

use std::sync::Arc;

use stoa_ipc::{ErrorCode, Event, Failure, GetState, Stage, Unlock, UnlockWith};
use stoa_studio::{BuildKind, Clock, Studio, StudioOptions};

use crate::arguments::{Arguments, Key};
use crate::secrets::{NoKeychain, first_line, whole};

/// Starts a studio on the profile's folder. Nothing is asked of the keychain when something else
/// opens the profile, unless a new one is made or the keychain is to get its key back.
pub(crate) fn start(arguments: &Arguments, clock: Arc<dyn Clock>, may_ask: bool) -> Studio {
    let dir = std::path::absolute(&arguments.profile).unwrap_or(arguments.profile.clone());
    let mut options = StudioOptions::new(dir, BuildKind::of_this_build(), clock);
    options.system_language = arguments.language().tag().to_owned();
    if arguments.key.no_keychain || (arguments.key.passphrase_file.is_some() && !may_ask) {
        options.secrets = Arc::new(NoKeychain);
    }
    Studio::start_on_profile(options)
}

/// Unlocks with what was given, else waits for the keychain.
pub(crate) async fn unlock(studio: &Studio, key: &Key) -> Result<(), Failure> {
    let Some(with) = given(key)? else {
        return settled(studio).await;
    };
    let stage = studio.run(GetState {}).await?.stage;
    match stage {
        Stage::Unlocking { .. } | Stage::Locked { .. } => {
            studio.run(Unlock { with }).await.map(drop)
        }
        stage => outcome(&stage),
    }
}

/// Whether the profile has its key and does not open all the same.
pub(crate) async fn is_broken(studio: &Studio) -> bool {
    let state = studio.run(GetState {}).await;
    state.is_ok_and(|state| matches!(state.stage, Stage::Broken { .. }))
}

fn given(key: &Key) -> Result<Option<UnlockWith>, Failure> {
    if let Some(path) = &key.recovery_file {
        let text = whole(path, "recovery-file")?;
        return Ok(Some(UnlockWith::RecoveryKey(text.to_string())));
    }
    let Some(path) = &key.passphrase_file else {
        return Ok(None);
    };
    let text = first_line(path, "passphrase-file")?;
    Ok(Some(UnlockWith::Passphrase(text.to_string())))
}

/// Waits until the profile is open, or why not.
async fn settled(studio: &Studio) -> Result<(), Failure> {
    let mut events = studio.events();
    let mut stage = studio.run(GetState {}).await?.stage;
    while matches!(stage, Stage::Unlocking { .. }) {
        stage = match events.recv().await {
            Ok(Event::State(state)) => state.stage,
            _ => studio.run(GetState {}).await?.stage,
        };
    }
    outcome(&stage)
}

fn outcome(stage: &Stage) -> Result<(), Failure> {
    match stage {
        Stage::Open { .. } | Stage::ReadOnly { .. } => Ok(()),
        Stage::Unlocking { .. } => Err(Failure::new(ErrorCode::Locked, "not open yet")),
        Stage::Locked { reason, .. } | Stage::Broken { reason, .. } => {
            Err(Failure::new(*reason, "the profile stays shut"))
        }
        Stage::FirstRun | Stage::ConfirmRecovery { .. } => {
            Err(Failure::field("profile", "no-profile"))
        }
    }
}
