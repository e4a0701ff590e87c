//! Making, unlocking and describing the profile.

use serde_json::json;
use stoa_ipc::{
    ConfirmRecovery, CreateProfile, Failure, GetState, ProfileInfo, ProfileKind, RecoveryKey, Stage,
};
use stoa_studio::Studio;

use crate::arguments::{Arguments, ProfileCommand};
use crate::exit::End;
use crate::open;
use crate::output::{Output, Problem};
use crate::secrets::first_line;

pub(super) async fn carry_out(
    studio: &Studio,
    arguments: &Arguments,
    command: &ProfileCommand,
    output: &Output,
) -> Result<End, Problem> {
    match command {
        ProfileCommand::New { name } => new(studio, arguments, name, output).await,
        ProfileCommand::Unlock => {
            open::unlock(studio, &arguments.key).await?;
            info(studio, output).await
        }
        ProfileCommand::Info => {
            // Whether it opens is part of the answer, not a failure.
            let _ = open::unlock(studio, &arguments.key).await;
            info(studio, output).await
        }
    }
}

/// The recovery key is shown on the terminal, so typing it back is not asked for.
async fn new(
    studio: &Studio,
    arguments: &Arguments,
    name: &str,
    output: &Output,
) -> Result<End, Problem> {
    let passphrase = match &arguments.key.passphrase_file {
        Some(path) => Some(first_line(path, "passphrase-file")?.to_string()),
        None => None,
    };
    let created = studio.run(CreateProfile {
        kind: ProfileKind::Local,
        name: name.to_owned(),
        passphrase,
    });
    let created = created.await?;
    let groups = created
        .recovery
        .map(|recovery: RecoveryKey| recovery.groups);
    let groups = groups.unwrap_or_default();
    let group = groups.first().cloned().unwrap_or_default();
    studio.run(ConfirmRecovery { index: 0, group }).await?;
    let recovery = groups.join("-");
    let value = json!({ "profile": created.profile, "recovery": recovery });
    output.answer(&value, |output| {
        vec![output.text("cli-recovery"), String::new(), recovery.clone()]
    });
    Ok(End::Done)
}

async fn info(studio: &Studio, output: &Output) -> Result<End, Problem> {
    let state = studio.run(GetState {}).await?;
    let Some(profile) = profile(&state.stage) else {
        return Err(Failure::field("profile", "no-profile").into());
    };
    let stage = stage_name(&state.stage);
    let value = json!({
        "profile": profile,
        "stage": state.stage,
        "sync": state.sync,
        "path": state.data_path,
    });
    output.answer(&value, |output| {
        let mut lines = vec![
            profile.name.clone(),
            state.data_path.clone(),
            output.text(&format!("cli-stage-{stage}")),
        ];
        let account = [&profile.server, &profile.email];
        lines.extend(account.into_iter().flatten().cloned());
        lines
    });
    Ok(End::Done)
}

fn profile(stage: &Stage) -> Option<&ProfileInfo> {
    match stage {
        Stage::FirstRun => None,
        Stage::ConfirmRecovery { profile }
        | Stage::Unlocking { profile }
        | Stage::Busy { profile }
        | Stage::Locked { profile, .. }
        | Stage::Open { profile }
        | Stage::ReadOnly { profile }
        | Stage::Wiped { profile, .. }
        | Stage::Broken { profile, .. } => Some(profile),
    }
}

fn stage_name(stage: &Stage) -> &'static str {
    match stage {
        Stage::Open { .. } => "open",
        Stage::ReadOnly { .. } => "read-only",
        Stage::Broken { .. } => "broken",
        Stage::Wiped { .. } => "wiped",
        Stage::FirstRun
        | Stage::ConfirmRecovery { .. }
        | Stage::Unlocking { .. }
        | Stage::Busy { .. }
        | Stage::Locked { .. } => "locked",
    }
}
