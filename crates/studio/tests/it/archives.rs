//! Switching the account or the server puts a profile aside and deletes nothing.

use stoa_ipc::{
    ArchiveProfile, CreateDraft, ErrorCode, ExportArchive, ListArchives, ListDevices, PauseSync,
    ProfileKind, PutBackArchive, SignIn, Stage, WipeDevice,
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
    program.run(CreateDraft::article(title)).unwrap();
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
fn a_wipe_takes_archives_of_the_same_account_and_no_other() {
    let backend = Backend::start();
    let (desk, laptop) = (Computer::new(), Computer::new());
    let lost = signed_in(&laptop, &backend);
    synced(&lost);
    lost.run(ArchiveProfile {}).unwrap();
    lost.make_profile(None);
    let others = SignIn {
        email: OTHER_EMAIL.to_owned(),
        ..backend.sign_in()
    };
    lost.run(others).unwrap();
    synced(&lost);
    lost.run(ArchiveProfile {}).unwrap();
    assert_eq!(lost.run(ListArchives {}).unwrap().len(), 2);
    lost.make_profile(None);
    lost.run(backend.sign_in()).unwrap();
    synced(&lost);

    let program = signed_in(&desk, &backend);
    let devices = lost.run(ListDevices {}).unwrap();
    let id = devices.iter().find(|one| one.is_this).unwrap().id;
    let password = backend.sign_in().password;
    program.run(WipeDevice { id, password }).unwrap();
    lost.until(|state| matches!(state.stage, Stage::Wiped { is_told: true, .. }));
    let left = lost.run(ListArchives {}).unwrap();
    assert_eq!(
        left.len(),
        1,
        "the other account's work is not this account's to take"
    );
    assert_eq!(left[0].email.as_deref(), Some(OTHER_EMAIL));
    assert!(
        std::path::Path::new(&left[0].path)
            .join("vault.toml")
            .exists()
    );
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
