//! One command, from the arguments to the answer.

mod attachment;
mod backup;
mod conflicts;
mod course;
mod device;
mod draft;
mod import;
mod outbox;
mod preview;
mod profile;
mod rescue;
mod review;
mod sync;
mod undo;
mod version;

use std::sync::Arc;

use stoa_studio::{Clock, Studio};

use crate::arguments::{Arguments, Command, ProfileCommand};
use crate::exit::End;
use crate::open;
use crate::output::{Output, Problem};

/// Carries out the command; the profile is closed again, however it ends.
pub(crate) async fn carry_out(
    arguments: &Arguments,
    output: &Output,
    clock: Arc<dyn Clock>,
) -> Result<End, Problem> {
    if let Command::Profile(command) = &arguments.command {
        let may_ask = matches!(command, ProfileCommand::New { .. });
        let studio = open::start(arguments, clock, may_ask);
        let ended = profile::carry_out(&studio, arguments, command, output).await;
        studio.stop().await;
        return ended;
    }
    let studio = open::start(arguments, clock, false);
    let ended = on_open(&studio, arguments, output).await;
    studio.stop().await;
    ended
}

/// Whether a command works on a profile that does not open, as long as its key is known.
fn rescues(command: &Command) -> bool {
    matches!(
        command,
        Command::Backup(_)
            | Command::Export {
                salvage: Some(_),
                ..
            }
    )
}

async fn on_open(studio: &Studio, arguments: &Arguments, output: &Output) -> Result<End, Problem> {
    match open::unlock(studio, &arguments.key).await {
        Err(_) if rescues(&arguments.command) && open::is_broken(studio).await => {}
        unlocked => unlocked?,
    }
    match &arguments.command {
        // Needs no open profile and was carried out before.
        Command::Profile(_) => Ok(End::Done),
        Command::SignIn(request) => sync::sign_in(studio, request, output).await,
        Command::SignOut => sync::sign_out(studio, output).await,
        Command::Device(command) => device::carry_out(studio, command, output).await,
        Command::Draft(command) => draft::carry_out(studio, command, output).await,
        Command::Course(command) => course::carry_out(studio, command, output).await,
        Command::Review(command) => review::carry_out(studio, command, output).await,
        Command::Attachment(command) => attachment::carry_out(studio, command, output).await,
        Command::Search { words, limit } => draft::search(studio, words, *limit, output).await,
        Command::Sync { watch: true } => sync::watch(studio, output).await,
        Command::Sync { watch: false } => sync::once(studio, output).await,
        Command::Outbox(command) => outbox::carry_out(studio, command, output).await,
        Command::Conflicts(command) => conflicts::carry_out(studio, command, output).await,
        Command::Undo => undo::undo(studio, output).await,
        Command::Redo => undo::redo(studio, output).await,
        Command::Import(request) => import::carry_out(studio, request, output).await,
        Command::Export {
            salvage: Some(folder),
            ..
        } => rescue::salvage(studio, folder, output).await,
        Command::Export { folder, .. } => rescue::export(studio, folder, output).await,
        Command::Backup(command) => backup::carry_out(studio, command, output).await,
        Command::Verify => rescue::verify(studio, output).await,
    }
}
