//! The state of the connection: a shape and a word for each.

use stoa_ipc::Connection;
use yew::prelude::*;

use crate::view::SyncTab;

#[derive(Properties, PartialEq)]
pub(crate) struct ConnectionDotProps {
    pub(crate) connection: Connection,
}

#[component]
pub(crate) fn ConnectionDot(props: &ConnectionDotProps) -> Html {
    html! { <span class={classes!("dot", shape(props.connection))} aria-hidden="true"></span> }
}

/// A shape of its own for each, so that none depends on its colour.
fn shape(connection: Connection) -> &'static str {
    match connection {
        Connection::Synced => "full",
        Connection::Syncing => "half",
        Connection::Offline => "ring",
        Connection::LocalOnly => "square",
        Connection::Demo => "dashed",
        Connection::Paused => "bars",
        Connection::WaitingForSignIn => "diamond",
        Connection::UpdateNeeded => "up",
        Connection::TooManyResets => "hourglass",
        Connection::ServerTrouble => "down",
        Connection::ServerChanged => "cross",
        Connection::OtherServer => "hollow",
        Connection::Revoked => "slash",
        Connection::Wiping => "fade",
        Connection::NotAMember => "minus",
        Connection::RemovalHeld => "hole",
        Connection::FilesHeld => "clip",
        Connection::Rejected => "stop",
        Connection::Conflict => "bow",
    }
}

/// The tab of the sync centre where something can be done about it.
pub(crate) fn tab(connection: Connection) -> SyncTab {
    match connection {
        Connection::Conflict => SyncTab::Conflicts,
        Connection::Rejected => SyncTab::Failed,
        Connection::FilesHeld => SyncTab::Storage,
        _ => SyncTab::Waiting,
    }
}

/// The name of a state in the keys of its texts.
pub(crate) fn name(connection: Connection) -> &'static str {
    match connection {
        Connection::LocalOnly => "local-only",
        Connection::Demo => "demo",
        Connection::Synced => "synced",
        Connection::Syncing => "syncing",
        Connection::Offline => "offline",
        Connection::WaitingForSignIn => "waiting-for-sign-in",
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
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::Words;

    const ALL: [Connection; 19] = [
        Connection::LocalOnly,
        Connection::Demo,
        Connection::Synced,
        Connection::Syncing,
        Connection::Offline,
        Connection::WaitingForSignIn,
        Connection::Paused,
        Connection::UpdateNeeded,
        Connection::ServerChanged,
        Connection::OtherServer,
        Connection::Revoked,
        Connection::Wiping,
        Connection::NotAMember,
        Connection::RemovalHeld,
        Connection::ServerTrouble,
        Connection::TooManyResets,
        Connection::FilesHeld,
        Connection::Rejected,
        Connection::Conflict,
    ];

    #[test]
    fn no_two_states_have_the_same_shape() {
        let mut shapes: Vec<&str> = ALL.into_iter().map(shape).collect();
        shapes.sort_unstable();
        shapes.dedup();
        assert_eq!(shapes.len(), ALL.len());
    }

    #[test]
    fn every_state_has_a_label_and_an_explanation() {
        for language in ["zh-CN", "en"] {
            let words = Words::new(language);
            for connection in ALL {
                let label = format!("connection-{}", name(connection));
                assert!(words.has(&label), "{language} {label}");
                assert!(
                    words.has(&format!("{label}-more")),
                    "{language} {label}-more"
                );
            }
        }
    }
}
