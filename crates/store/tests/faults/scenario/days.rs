//! The scenarios: which steps in which order.

use super::{
    Before, Scenario, answer, backup, begin_empty, bin, change_passphrase, close_text, create,
    discard, duplicate, edit, fetch_parts, fill, go_back, import, import_much, import_posts,
    link_up, make_store, make_vault, meanwhile_elsewhere, open_text, paste, pull, record, rename,
    shut, start_again, take, take_out_of_bin,
};

/// A new profile, and all that is done in one afternoon.
pub(crate) const AFTERNOON: Scenario = Scenario {
    name: "afternoon",
    before: Before::Nothing,
    steps: &[
        make_vault,
        make_store,
        create,
        open_text,
        edit,
        edit,
        edit,
        paste,
        edit,
        close_text,
        create,
        rename,
        bin,
        take_out_of_bin,
        duplicate,
        import,
        backup,
        discard,
        record,
        start_again,
        change_passphrase,
        create,
        open_text,
        edit,
        edit,
        backup,
        edit,
        close_text,
        change_passphrase,
        start_again,
        import,
        import_posts,
        rename,
        bin,
        backup,
    ],
};

/// Two devices and a server.
pub(crate) const EXCHANGE: Scenario = Scenario {
    name: "exchange",
    before: Before::Profile,
    steps: &[
        start_again,
        create,
        open_text,
        edit,
        link_up,
        take,
        edit,
        answer,
        pull,
        edit,
        close_text,
        meanwhile_elsewhere,
        pull,
        rename,
        import,
        take,
        start_again,
        take,
        answer,
        meanwhile_elsewhere,
        pull,
        bin,
        take,
        answer,
        pull,
    ],
};

/// Texts so large that the log is written back in the midst of work.
pub(crate) const LARGE: Scenario = Scenario {
    name: "large",
    before: Before::Profile,
    steps: &[
        start_again,
        create,
        open_text,
        import_much,
        edit,
        import_much,
        edit,
        import_much,
        edit,
        close_text,
        backup,
        start_again,
    ],
};

/// A community arrives as a snapshot while somebody writes.
pub(crate) const ARRIVAL: Scenario = Scenario {
    name: "arrival",
    before: Before::Profile,
    steps: &[
        start_again,
        create,
        open_text,
        link_up,
        fetch_parts,
        edit,
        fill,
        edit,
        close_text,
        start_again,
    ],
};

/// Back to a backup, and to an empty database; nothing of what was written is sent. What is seen is
/// the same before and after.
pub(crate) const RESTORE: Scenario = Scenario {
    name: "restore",
    before: Before::Profile,
    steps: &[
        start_again,
        create,
        open_text,
        edit,
        close_text,
        backup,
        open_text,
        paste,
        close_text,
        bin,
        take_out_of_bin,
        create,
        go_back,
        open_text,
        edit,
        close_text,
        begin_empty,
        create,
    ],
};

/// The program starts on what it finds, and ends.
pub(crate) const START: Scenario = Scenario {
    name: "start",
    before: Before::Profile,
    steps: &[start_again, shut],
};

/// The program starts on what an older one left, brings it to today's schema, and goes on.
pub(crate) fn migrate(version: u32) -> Scenario {
    Scenario {
        name: format!("migrate-{version}").leak(),
        before: Before::Golden(version),
        steps: &[start_again, create],
    }
}
