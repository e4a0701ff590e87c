//! The state of the connection: a shape and a word for each.

use stoa_ipc::Connection;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct ConnectionDotProps {
    pub(crate) connection: Connection,
}

#[component]
pub(crate) fn ConnectionDot(props: &ConnectionDotProps) -> Html {
    html! { <span class={classes!("dot", shape(props.connection))} aria-hidden="true"></span> }
}

fn shape(connection: Connection) -> &'static str {
    match connection {
        Connection::Synced => "full",
        Connection::Syncing => "half",
        Connection::Offline => "ring",
        Connection::LocalOnly | Connection::Demo => "square",
        Connection::Paused => "bars",
        Connection::ServerTrouble => "ring",
        Connection::WaitingForSignIn | Connection::UpdateNeeded | Connection::TooManyResets => {
            "diamond"
        }
        Connection::ServerChanged
        | Connection::OtherServer
        | Connection::Revoked
        | Connection::Rejected => "cross",
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
        Connection::Revoked => "revoked",
        Connection::ServerTrouble => "server-trouble",
        Connection::TooManyResets => "too-many-resets",
        Connection::Rejected => "rejected",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::Words;

    const ALL: [Connection; 14] = [
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
        Connection::ServerTrouble,
        Connection::TooManyResets,
        Connection::Rejected,
    ];

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
