//! How things stand, why, and the one thing to do about it.

use stoa_ipc::{Connection, ErrorCode, ProfileKind, SyncStatus};
use yew::prelude::*;

use super::held::Held;
use super::transfer::FilesRemedy;
use crate::commands::use_commands;
use crate::failures::action_key;
use crate::format::{relative, time_of_day};
use crate::host::{use_app, use_now, use_standing};
use crate::parts::{Button, ButtonKind};
use crate::shell::{ConnectionDot, connection_label, connection_name};
use crate::t;
use crate::texts::use_words;

/// How things stand, why, and the one thing to do about it.
#[component]
pub(crate) fn NowCard() -> Html {
    let words = use_words();
    let standing = use_standing();
    let connected = use_app().kind() == Some(ProfileKind::Connected);
    let explained = match standing.files_held {
        Some(why) if standing.connection == Connection::FilesHeld => {
            words.get(&format!("files-{}", why.as_str()))
        }
        _ => words.get(&format!(
            "connection-{}-more",
            connection_name(standing.connection)
        )),
    };
    html! {
        <div class="sync-now" data-testid="sync-now-card">
            <ConnectionDot connection={standing.connection} />
            <div>
                <h2>{ connection_label(&words, &standing) }</h2>
                <p>{ explained }{ " " }<NextTry standing={standing.clone()} /></p>
            </div>
            <div class="buttons">
                if let Some(held) = standing.held.clone() { <Held {held} /> }
                if standing.connection == Connection::FilesHeld {
                    <FilesRemedy why={standing.files_held} />
                } else {
                    <Remedy connection={standing.connection} {connected} />
                }
            </div>
            if standing.connection == Connection::Syncing && standing.n_total > 0 {
                <progress max={standing.n_total.to_string()} value={standing.n_done.to_string()} aria-label={t!(words, "connection-syncing")}></progress>
            }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct NextTryProps {
    standing: SyncStatus,
}

#[component]
fn NextTry(props: &NextTryProps) -> Html {
    let words = use_words();
    let now = use_now();
    if let Some(at) = props.standing.next_try_at {
        return html! { { t!(words, "next-try", when = time_of_day(words.tag(), at)) } };
    }
    match props.standing.last_synced_at {
        Some(at) => html! { { t!(words, "last-sync", when = relative(words.tag(), now, at)) } },
        None => Html::default(),
    }
}

#[derive(Properties, PartialEq)]
struct RemedyProps {
    connection: Connection,
    connected: bool,
}

#[component]
fn Remedy(props: &RemedyProps) -> Html {
    let words = use_words();
    let commands = use_commands();
    let run = |id: &'static str| {
        let commands = commands.clone();
        Callback::from(move |_: MouseEvent| {
            commands.run(id);
        })
    };
    let paused = props.connection == Connection::Paused;
    let (pause_icon, pause_label) = if paused {
        ("play", t!(words, "sync-resume"))
    } else {
        ("pause", t!(words, "sync-pause"))
    };
    match props.connection {
        Connection::LocalOnly => {
            html! { <Button label={t!(words, "connect-title")} onclick={run("account.connect")} testid="connect" /> }
        }
        Connection::Demo | Connection::Wiping => Html::default(),
        Connection::WaitingForSignIn => html! {
            <Button kind={ButtonKind::Main} label={words.get(&action_key(ErrorCode::SignInAgain))} onclick={run("account.connect")} testid="sign-in-again" />
        },
        Connection::NotAMember => html! {
            <Button kind={ButtonKind::Main} label={t!(words, "export")} onclick={run("app.export")} testid="export-work" />
        },
        // The device can come back under a new name only by signing in; first the work is put safe.
        Connection::Revoked => html! {
            <>
                <Button label={t!(words, "export")} onclick={run("app.export")} testid="export-work" />
                <Button kind={ButtonKind::Main} label={words.get(&action_key(ErrorCode::SignInAgain))} onclick={run("account.connect")} testid="sign-in-again" />
            </>
        },
        Connection::ServerChanged => html! {
            <Button label={words.get(&action_key(ErrorCode::ServerChanged))} onclick={run("account.connect")} testid="connect-again" />
        },
        _ => html! {
            <>
                <Button kind={ButtonKind::Quiet} icon={Some(pause_icon)} label={pause_label} onclick={run("sync.pause")} testid="sync-pause" />
                // What waits for a decision is not fetched sooner by asking again.
                if !paused && props.connected && props.connection != Connection::RemovalHeld {
                    <Button icon="refresh-cw" label={t!(words, "sync-now")} onclick={run("sync.now")} testid="sync-now" />
                }
            </>
        },
    }
}
