//! Getting work back through the studio: while it is open, and when it does not open.

use std::fs;

use stoa_domain::Splice;
use stoa_ipc::{
    BackUpNow, BackupKind, CreateDraft, EditDraft, ErrorCode, Event, ListBackups, ListDrafts,
    OpenDraft, RestoreBackup, RestoreFrom, Salvage, Stage,
};

use crate::support::{Computer, Program};

fn write(program: &Program, text: &str) {
    let draft = program.run(CreateDraft::default()).unwrap();
    let opened = program.run(OpenDraft { id: draft.id }).unwrap();
    let edit = EditDraft {
        session: opened.session,
        applied: None,
        splices: vec![Splice {
            at: 0,
            delete: 0,
            insert: text.to_owned(),
        }],
    };
    program.run(edit).unwrap();
}

fn n_drafts(program: &Program) -> u64 {
    let all = ListDrafts {
        limit: 10,
        ..ListDrafts::default()
    };
    program.run(all).unwrap().n_total
}

fn stages_told(events: &mut tokio::sync::broadcast::Receiver<Event>) -> Vec<Stage> {
    let mut told = Vec::new();
    while let Ok(event) = events.try_recv() {
        if let Event::State(state) = event {
            told.push(state.stage);
        }
    }
    told
}

#[test]
fn a_backup_is_restored_while_the_profile_is_open_and_nothing_unsent_is_lost() {
    let computer = Computer::new();
    let program = computer.start();
    program.make_profile(None);
    write(&program, "备份前");
    program.run(BackUpNow {}).unwrap();
    write(&program, "备份后");
    let backups = program.run(ListBackups {}).unwrap();
    assert_eq!(backups.len(), 1);
    assert_eq!(backups[0].kind, BackupKind::Rolling);
    let name = backups[0].name.clone();
    let from = RestoreFrom::Backup { name };
    let mut events = program.studio.events();
    let restored = program.run(RestoreBackup { from }).unwrap();
    assert!(matches!(restored.state.stage, Stage::Open { .. }));
    let told = stages_told(&mut events);
    assert!(
        told.iter()
            .all(|stage| matches!(stage, Stage::Busy { .. } | Stage::Open { .. })),
        "nobody is asked for a key: {told:?}"
    );
    assert!(fs::metadata(format!("{}/studio.db", restored.set_aside)).is_ok());
    assert_eq!(n_drafts(&program), 2);
    program.stop();
}

#[test]
fn a_damaged_profile_is_read_out_and_restored_without_leaving_the_program() {
    let computer = Computer::new();
    let program = computer.start();
    program.make_profile(None);
    write(&program, "正文");
    program.run(BackUpNow {}).unwrap();
    program.stop();
    let path = computer.profile_dir().join("studio.db");
    let mut bytes = fs::read(&path).unwrap();
    bytes[100] ^= 1;
    fs::write(&path, &bytes).unwrap();
    let program = computer.start();
    assert!(matches!(
        program.settled(),
        Stage::Broken {
            reason: ErrorCode::StoreDamaged,
            ..
        }
    ));
    let out = tempfile::tempdir().unwrap();
    let folder = Some(out.path().to_string_lossy().into_owned());
    let mut events = program.studio.events();
    let salvaged = program.run(Salvage { folder }).unwrap();
    assert_eq!((salvaged.n_drafts, salvaged.n_damaged_pages), (1, 1));
    assert!(fs::read(&path).unwrap() == bytes);
    assert!(matches!(program.settled(), Stage::Broken { .. }));
    let told = stages_told(&mut events);
    assert!(
        told.iter()
            .all(|stage| matches!(stage, Stage::Broken { .. })),
        "the page that says what was read stays: {told:?}"
    );
    let missing = RestoreFrom::Backup {
        name: "studio-none.db".to_owned(),
    };
    let refused = program.run(RestoreBackup { from: missing }).unwrap_err();
    assert_eq!(refused.code, ErrorCode::NotFound);
    let name = program.run(ListBackups {}).unwrap()[0].name.clone();
    let from = RestoreFrom::Backup { name };
    let restored = program.run(RestoreBackup { from }).unwrap();
    assert!(matches!(restored.state.stage, Stage::Open { .. }));
    assert_eq!(n_drafts(&program), 1);
    program.stop();
}

#[test]
fn without_a_backup_one_begins_empty_with_what_was_never_sent() {
    let computer = Computer::new();
    let program = computer.start();
    program.make_profile(None);
    write(&program, "从没发送");
    program.stop();
    fs::remove_file(computer.profile_dir().join("studio.db")).unwrap();
    let program = computer.start();
    assert!(matches!(program.settled(), Stage::Broken { .. }));
    assert_eq!(program.run(ListBackups {}).unwrap(), []);
    let from = RestoreFrom::Nothing;
    let restored = program.run(RestoreBackup { from }).unwrap();
    assert!(matches!(restored.state.stage, Stage::Open { .. }));
    assert_eq!(n_drafts(&program), 1);
    program.stop();
}

#[test]
fn without_a_key_nothing_is_listed_restored_or_read() {
    let computer = Computer::new();
    let program = computer.start();
    program.make_profile(None);
    program.stop();
    computer.keychain.forget_all();
    let program = computer.start();
    assert!(matches!(program.settled(), Stage::Locked { .. }));
    let listed = program.run(ListBackups {}).unwrap_err();
    let salvaged = program.run(Salvage::default()).unwrap_err();
    let from = RestoreFrom::Nothing;
    let restored = program.run(RestoreBackup { from }).unwrap_err();
    for failure in [listed, salvaged, restored] {
        assert_eq!(failure.code, ErrorCode::Locked);
    }
    program.stop();
}
