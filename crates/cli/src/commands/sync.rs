//! The server: signing in, signing out, syncing.

use std::path::Path;

use stoa_ipc::{
    Connection, ErrorCode, Event, Failure, FilesTrouble, GetFiles, GetSync, ProbeServer, SignIn,
    SignOut, SyncNow, SyncStatus,
};
use stoa_studio::{Studio, fingerprint_of};

use crate::arguments;
use crate::exit::End;
use crate::open;
use crate::output::{Output, Problem};
use crate::secrets::first_line;

pub(super) async fn sign_in(
    studio: &Studio,
    request: &arguments::SignIn,
    output: &Output,
) -> Result<End, Problem> {
    let trust = match &request.ca {
        Some(file) => Some(fingerprint(file)?),
        None => request.trust.clone(),
    };
    let account = studio.run(SignIn {
        url: request.server.clone(),
        email: request.email.clone(),
        password: first_line(&request.password_file, "password-file")?.to_string(),
        trust,
    });
    let account = match account.await {
        Ok(account) => account,
        Err(failure) => return Err(with_fingerprint(studio, request, failure).await),
    };
    output.answer(&account, |output| {
        let values = [
            ("name", account.name.clone().into()),
            ("community", account.community.clone().into()),
        ];
        vec![output.text_with("cli-signed-in", &values)]
    });
    Ok(End::Done)
}

/// A server that is not trusted shows its fingerprint, so that it can be compared.
async fn with_fingerprint(
    studio: &Studio,
    request: &arguments::SignIn,
    failure: Failure,
) -> Problem {
    if failure.code != ErrorCode::UntrustedServer {
        return failure.into();
    }
    let url = request.server.clone();
    let seen = studio.run(ProbeServer { url }).await;
    Problem::with_fingerprint(failure, seen.ok().and_then(|server| server.fingerprint))
}

fn fingerprint(ca: &Path) -> Result<String, Failure> {
    let pem = std::fs::read_to_string(ca).map_err(|_| Failure::field("ca", "unreadable"))?;
    fingerprint_of(&pem).ok_or_else(|| Failure::field("ca", "invalid"))
}

pub(super) async fn sign_out(studio: &Studio, output: &Output) -> Result<End, Problem> {
    studio.run(SignOut {}).await?;
    output.answer(&(), |output| vec![output.text("cli-signed-out")]);
    Ok(End::Done)
}

/// Until both sides agree, or what keeps them apart.
pub(super) async fn once(studio: &Studio, output: &Output) -> Result<End, Problem> {
    let mut events = studio.events();
    studio.run(SyncNow {}).await?;
    let mut status = studio.run(GetSync {}).await?;
    loop {
        if let Some(code) = files_stop(&status) {
            return Err(not_sent(studio, code).await);
        }
        if let Some(end) = outcome(&status)? {
            output.answer(&status, |output| vec![line(&status, output)]);
            return Ok(end);
        }
        status = match events.recv().await {
            Ok(Event::Sync(status)) => status,
            _ => match studio.run(GetSync {}).await {
                Err(failure) if failure.code == ErrorCode::Wiped => {
                    open::told(studio).await;
                    return Err(failure.into());
                }
                answered => answered?,
            },
        };
    }
}

/// Files that do not travel end a sync when all else is through; they would be waited for in vain.
fn files_stop(status: &SyncStatus) -> Option<ErrorCode> {
    let is_all = status.connection == Connection::FilesHeld
        && status.last_synced_at.is_some()
        && status.n_moving == 0;
    match status.files_held.filter(|_| is_all)? {
        // Whoever paused them wants that.
        FilesTrouble::Paused => None,
        FilesTrouble::NoRoom | FilesTrouble::OverQuota => Some(ErrorCode::NoRoom),
        FilesTrouble::Offline => Some(ErrorCode::Offline),
        FilesTrouble::Lost | FilesTrouble::Refused => Some(ErrorCode::NotAllowed),
        FilesTrouble::Disk => Some(ErrorCode::DiskFailed),
    }
}

/// What is not on the server, and why.
async fn not_sent(studio: &Studio, code: ErrorCode) -> Problem {
    let failure = Failure::new(code, "files are not sent");
    match studio.run(GetFiles {}).await {
        Ok(status) => {
            let outgoing = status.stuck.into_iter().filter(|file| file.is_outgoing);
            Problem::with_files(failure, outgoing.collect())
        }
        Err(_) => failure.into(),
    }
}

/// How a sync ended; `None` while it goes on.
fn outcome(status: &SyncStatus) -> Result<Option<End>, Failure> {
    let stopped = |code| Err(Failure::new(code, "sync stopped"));
    match status.connection {
        // Before the first answer of the server nothing is known.
        // What is held for a moment is waited for; what somebody keeps back is not.
        Connection::Synced | Connection::FilesHeld
            if status.last_synced_at.is_some() && status.n_moving == 0 =>
        {
            Ok(Some(End::Done))
        }
        Connection::Rejected | Connection::Conflict if status.n_moving == 0 => {
            Ok(Some(End::Refused))
        }
        Connection::Synced
        | Connection::FilesHeld
        | Connection::Syncing
        | Connection::Rejected
        | Connection::Conflict
        | Connection::Wiping
        | Connection::Paused => Ok(None),
        Connection::Offline => stopped(ErrorCode::Offline),
        Connection::LocalOnly | Connection::Demo | Connection::WaitingForSignIn => {
            stopped(ErrorCode::SignInAgain)
        }
        Connection::UpdateNeeded => stopped(ErrorCode::UpdateNeeded),
        Connection::ServerChanged => stopped(ErrorCode::ServerChanged),
        Connection::OtherServer => stopped(ErrorCode::OtherServer),
        Connection::RemovalHeld => stopped(ErrorCode::RemovalHeld),
        Connection::NotAMember => stopped(ErrorCode::NotAllowed),
        Connection::Revoked => stopped(ErrorCode::DeviceRevoked),
        Connection::ServerTrouble | Connection::TooManyResets => stopped(ErrorCode::ServerTrouble),
    }
}

/// Until it is interrupted.
pub(super) async fn watch(studio: &Studio, output: &Output) -> Result<End, Problem> {
    let mut events = studio.events();
    let mut shown = None;
    let mut interrupted = std::pin::pin!(tokio::signal::ctrl_c());
    loop {
        let status = studio.run(GetSync {}).await?;
        if shown.as_ref() != Some(&status) {
            output.answer(&status, |output| vec![line(&status, output)]);
            shown = Some(status);
        }
        tokio::select! {
            _ = events.recv() => {}
            _ = &mut interrupted => return Ok(End::Done),
        }
    }
}

fn line(status: &SyncStatus, output: &Output) -> String {
    let name = match status.connection {
        Connection::LocalOnly | Connection::Demo => "local",
        Connection::Synced => "synced",
        Connection::Syncing => "syncing",
        Connection::Offline => "offline",
        Connection::WaitingForSignIn => "signed-out",
        Connection::Paused => "paused",
        Connection::UpdateNeeded => "update-needed",
        Connection::ServerChanged => "server-changed",
        Connection::OtherServer => "other-server",
        Connection::RemovalHeld => "removal-held",
        Connection::NotAMember => "not-a-member",
        Connection::Revoked => "revoked",
        Connection::Wiping => "wiping",
        Connection::ServerTrouble => "server-trouble",
        Connection::TooManyResets => "too-many-resets",
        Connection::FilesHeld => "files-held",
        Connection::Rejected => "rejected",
        Connection::Conflict => "conflict",
    };
    let values = [
        ("waiting", status.n_waiting.into()),
        ("failed", status.n_failed.into()),
        ("conflicts", status.n_conflicts.into()),
    ];
    let counts = output.text_with("cli-counts", &values);
    format!(
        "{}\t{counts}",
        output.text(&format!("cli-connection-{name}"))
    )
}
