//! After sleep, or when the network comes and goes, sync looks at once.

use gloo_timers::callback::Interval;
use stoa_ipc::{Connection, SyncNow};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::format::now;
use crate::host::{use_host, use_standing};

/// How often the clock is looked at, in milliseconds.
const LOOK_MS: u32 = 1_000;
/// A second that took longer than this was slept through.
const SLEPT_MS: i64 = 10_000;

/// Asks the studio to look again when this computer wakes up or its network changes.
#[hook]
pub(crate) fn use_wake() {
    let host = use_host();
    let standing = use_standing();
    let sends = !matches!(
        standing.connection,
        Connection::Demo | Connection::LocalOnly | Connection::Paused
    );
    use_effect_with(sends, move |sends| {
        let parts = sends.then(|| {
            let look = Callback::from(move |()| {
                let host = host.clone();
                // What comes of it is told by the status.
                spawn_local(async move { drop(host.call(SyncNow {}).await) });
            });
            watch(look)
        });
        move || drop(parts)
    });
}

fn watch(look: Callback<()>) -> Interval {
    let mut before = (now(), has_network());
    Interval::new(LOOK_MS, move || {
        let here = (now(), has_network());
        if slept(here.0.millis_since(before.0)) || here.1 != before.1 {
            look.emit(());
        }
        before = here;
    })
}

/// What the system says of its network.
fn has_network() -> bool {
    web_sys::window().is_none_or(|window| window.navigator().on_line())
}

fn slept(millis: i64) -> bool {
    millis > SLEPT_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_second_is_no_sleep() {
        assert!(!slept(3_000) && slept(60_000));
    }
}
