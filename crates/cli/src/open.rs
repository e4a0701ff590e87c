//! Opening the profile.

use std::sync::Arc;
use std::time::Duration;

use stoa_ipc::{ErrorCode, Event, Failure, GetState, Stage, Unlock, UnlockWith};
use stoa_studio::{BuildKind, Clock, Studio, StudioOptions};

use crate::arguments::{Arguments, Key};
use crate::secrets::{NoKeychain, first_line, whole};

/// How long is waited for a server that is to be told of a wipe.
const TELLS_WITHIN: Duration = Duration::from_secs(10);

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
    let stage = studio.run(GetState {}).await?.stage;
    if matches!(stage, Stage::Wiped { .. }) {
        told(studio).await;
        return outcome(&stage);
    }
    let Some(with) = given(key)? else {
        return settled(studio).await;
    };
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

/// Waits a while for the server to learn that the profile was wiped, if it does not know yet.
pub(crate) async fn told(studio: &Studio) {
    let told = async {
        let mut events = studio.events();
        while let Ok(state) = studio.run(GetState {}).await
            && matches!(state.stage, Stage::Wiped { is_told: false, .. })
        {
            // One that was missed is made up for by the next look.
            let _ = events.recv().await;
        }
    };
    let _ = tokio::time::timeout(TELLS_WITHIN, told).await;
}

/// Waits until the profile is open, or why not.
async fn settled(studio: &Studio) -> Result<(), Failure> {
    let mut events = studio.events();
    let mut stage = studio.run(GetState {}).await?.stage;
    while matches!(stage, Stage::Unlocking { .. } | Stage::Busy { .. }) {
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
        Stage::Unlocking { .. } | Stage::Busy { .. } => {
            Err(Failure::new(ErrorCode::Locked, "not open yet"))
        }
        Stage::Locked { reason, .. } | Stage::Broken { reason, .. } => {
            Err(Failure::new(*reason, "the profile stays shut"))
        }
        Stage::Wiped { .. } => Err(Failure::new(ErrorCode::Wiped, "the profile was wiped")),
        Stage::FirstRun | Stage::ConfirmRecovery { .. } => {
            Err(Failure::field("profile", "no-profile"))
        }
    }
}
