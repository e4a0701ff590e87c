//! Switching the account or the server puts a profile aside and deletes nothing.

use stoa_ipc::{
    ArchiveProfile, CreateDraft, ErrorCode, ExportArchive, ListArchives, PauseSync, ProfileKind,
    PutBackArchive, SignIn, Stage,
};

use crate::support::Computer;
use crate::syncing::{Backend, OTHER_EMAIL, signed_in, synced, titles};

#[test]
fn another_account_begins_a_profile_of_its_own_and_the_old_one_is_kept() {
    let backend = Backend::start();
    let computer = Computer::new();
    let program = signed_in(&computer, &backend);
    synced(&program);
    program.run(PauseSync { paused: true }).unwrap();
    let title = "没有发出的".to_owned();
    program.run(CreateDraft { title }).unwrap();
    let others = || SignIn {
        email: OTHER_EMAIL.to_owned(),
        ..backend.sign_in()
    };
    let refused = program.run(others()).unwrap_err();
    assert_eq!(refused.fields[0].reason, "other-account");
    assert_eq!(titles(&program), ["没有发出的"], "nothing has changed");

    let state = program.run(ArchiveProfile {}).unwrap();
    assert_eq!(state.stage, Stage::FirstRun);
    let archive = program.run(ListArchives {}).unwrap().remove(0);
    assert_eq!((archive.name.as_str(), archive.n_unsent), ("知行社", 1));
    assert_eq!(archive.email.as_deref(), Some("lin@example.com"));

    program.make_profile(None);
    program.run(others()).unwrap();
    synced(&program);
    assert_eq!(titles(&program).len(), 0);
    let id = archive.id.clone();
    let exported = program.run(ExportArchive { id }).unwrap();
    assert_eq!(exported.n_drafts, 1);
    let everything = std::path::Path::new(&exported.path).join("everything.json");
    let everything = std::fs::read_to_string(everything).unwrap();
    assert!(everything.contains("没有发出的"));

    program.run(PutBackArchive { id: archive.id }).unwrap();
    assert!(matches!(program.settled(), Stage::Open { .. }));
    assert_eq!(titles(&program), ["没有发出的"]);
    assert_eq!(program.run(ListArchives {}).unwrap(), []);
    assert_eq!(program.state().profiles.len(), 2, "both are there");
}

#[test]
fn an_archive_survives_restarts_and_does_not_open_by_itself() {
    let backend = Backend::start();
    let computer = Computer::new();
    let program = signed_in(&computer, &backend);
    synced(&program);
    program.run(ArchiveProfile {}).unwrap();
    program.kill();
    let program = computer.start();
    assert_eq!(program.settled(), Stage::FirstRun);
    let archive = program.run(ListArchives {}).unwrap().remove(0);
    program.run(PutBackArchive { id: archive.id }).unwrap();
    assert!(matches!(program.settled(), Stage::Open { .. }));
    synced(&program);
}

#[test]
fn the_demo_is_not_archived_and_what_is_none_is_not_put_back() {
    let computer = Computer::new();
    let program = computer.start();
    program
        .run(stoa_ipc::CreateProfile {
            kind: ProfileKind::Demo,
            name: String::new(),
            passphrase: None,
        })
        .unwrap();
    let refused = program.run(ArchiveProfile {}).unwrap_err();
    assert_eq!(refused.fields[0].reason, "demo");
    for id in ["", "..", "../profiles"] {
        let id = id.to_owned();
        let export = program.run(ExportArchive { id: id.clone() }).unwrap_err();
        let back = program.run(PutBackArchive { id }).unwrap_err();
        assert_eq!(
            (export.code, back.code),
            (ErrorCode::NotFound, ErrorCode::NotFound)
        );
    }
}
