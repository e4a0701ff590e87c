//! Publications that wait or were refused: how long they are held, what has changed since, and
//! another in their place.

use stoa_domain::{Access, ContentValues};
use stoa_ipc::{
    Change, ChangedSince, CompareRefused, Connection, CreateDraft, DraftSummary, ErrorCode,
    GetPublication, ListChanges, PublishPost, ReleaseChange, Republish, SetPreferences,
};

use crate::centre::{apart, put, text_of};
use crate::support::{Computer, Program};
use crate::syncing::{Backend, signed_in, synced};

fn changes(program: &Program, failed: bool) -> Vec<Change> {
    program.run(ListChanges { failed, limit: 10 }).unwrap()
}

/// A draft that is on the server, and a server that is away.
fn written(program: &Program, backend: &mut Backend) -> DraftSummary {
    let title = "会员定价".to_owned();
    let draft = program.run(CreateDraft::article(title)).unwrap();
    put(program, &draft, "第一段");
    synced(program);
    backend.go_away();
    program.until(|state| state.sync.connection == Connection::Offline);
    draft
}

fn publish(program: &Program, draft: &DraftSummary) {
    let publish = PublishPost {
        id: draft.id,
        live_at: None,
        unless_after: None,
    };
    program.run(publish).unwrap();
}

#[test]
fn a_publication_that_waits_gets_another_time_and_audience() {
    let computer = Computer::new();
    let mut backend = Backend::start();
    let program = signed_in(&computer, &backend);
    let draft = written(&program, &mut backend);
    publish(&program, &draft);
    let waiting = changes(&program, false);
    assert_eq!((waiting.len(), waiting[0].can_republish), (1, true));
    let lid = waiting[0].lid;
    let found = program.run(GetPublication { lid }).unwrap();
    assert_eq!(
        (found.draft, found.live_at, found.is_refused),
        (draft.id, None, false)
    );
    let live_at = Some(draft.edited_at.plus_millis(86_400_000_000));
    let values = ContentValues {
        access: Some(Access::Public),
        ..ContentValues::default()
    };
    let republish = Republish {
        lid,
        values,
        live_at,
        unless_after: None,
    };
    let past = Republish {
        unless_after: Some(draft.edited_at.plus_millis(-1)),
        ..republish.clone()
    };
    let refused = program.run(past).unwrap_err();
    assert_eq!(refused.fields[0].field, "unless_after");
    let after = program.run(republish.clone()).unwrap();
    assert_eq!(after.content.access, Access::Public);
    let waiting = changes(&program, false);
    let publications: Vec<&Change> = waiting
        .iter()
        .filter(|change| change.text.kind == "publish")
        .collect();
    assert_eq!(publications.len(), 1);
    assert_eq!(publications[0].live_at, live_at);
    let gone = program.run(republish).unwrap_err();
    assert_eq!(gone.code, ErrorCode::NotFound);
}

#[test]
fn what_is_held_says_for_how_long_and_is_sent_at_once_when_asked() {
    let computer = Computer::new();
    let mut backend = Backend::start();
    let program = signed_in(&computer, &backend);
    let draft = written(&program, &mut backend);
    let hold = |seconds| SetPreferences {
        hold_seconds: Some(seconds),
        ..SetPreferences::default()
    };
    let odd = program.run(hold(7)).unwrap_err();
    assert_eq!(odd.fields[0].field, "hold_seconds");
    program.run(hold(30)).unwrap();
    publish(&program, &draft);
    let held = changes(&program, false).remove(0);
    assert!((1..=30).contains(&held.held_seconds.unwrap()), "{held:?}");
    backend.come_back();
    program.run(stoa_ipc::SyncNow {}).unwrap();
    program.run(ReleaseChange { lid: held.lid }).unwrap();
    synced(&program);
    let gone = program.run(ReleaseChange { lid: held.lid });
    assert_eq!(gone.unwrap_err().code, ErrorCode::NotFound);
    // With no moment at all it goes by itself, also after a restart.
    program.run(hold(0)).unwrap();
    program.stop();
    let program = computer.start();
    program.settled();
    program
        .run(stoa_ipc::WithdrawPost { id: draft.id })
        .unwrap();
    let waiting = changes(&program, false);
    assert!(waiting.iter().all(|change| change.held_seconds.is_none()));
    synced(&program);
}

#[test]
fn a_refused_publication_shows_without_a_network_what_changed() {
    let computers = (Computer::new(), Computer::new());
    let mut apart = apart("定价", "第一段", (&computers.0, &computers.1));
    for program in [&apart.first, &apart.second] {
        let seconds = SetPreferences {
            hold_seconds: Some(0),
            ..SetPreferences::default()
        };
        program.run(seconds).unwrap();
    }
    put(&apart.first, &apart.draft, "第一段，又改了。");
    publish(&apart.second, &apart.draft);
    apart.backend.come_back();
    apart.first.run(stoa_ipc::SyncNow {}).unwrap();
    synced(&apart.first);
    apart.second.run(stoa_ipc::SyncNow {}).unwrap();
    apart.second.until(|state| state.sync.n_failed == 1);
    apart
        .second
        .until(|_| text_of(&apart.second, &apart.draft).contains("又改"));
    apart.backend.go_away();
    apart
        .second
        .until(|state| state.sync.connection == Connection::Offline);
    let failed = changes(&apart.second, true).remove(0);
    assert!(failed.can_republish, "{failed:?}");
    let lid = failed.lid;
    let seen = apart.second.run(CompareRefused { lid }).unwrap();
    assert_eq!(seen.changed, [ChangedSince::Text]);
    let rows = seen.text.unwrap().rows;
    assert!(
        rows.iter().any(|row| row
            .new
            .iter()
            .any(|span| span.differs && span.text.contains("又改"))),
        "{rows:?}"
    );
    let again = Republish {
        lid,
        values: ContentValues::default(),
        live_at: None,
        unless_after: None,
    };
    apart.second.run(again).unwrap();
    assert_eq!(changes(&apart.second, true), []);
    apart.backend.come_back();
    apart.second.run(stoa_ipc::SyncNow {}).unwrap();
    synced(&apart.second);
}
