//! A profile that does not open: why, and what opens it.

use std::fs;

use stoa_ipc::{
    AddPassphrase, CreateDraft, ErrorCode, ListDrafts, OpenProfile, Stage, Unlock, UnlockWith,
};
use stoa_store::SecretError;

use crate::support::{Computer, Program};

const PASSPHRASE: &str = "山有木兮木有枝，心悦君兮";

/// A computer with a profile that holds one draft, the program stopped.
fn computer(passphrase: Option<&str>) -> (Computer, String) {
    let computer = Computer::new();
    let program = computer.start();
    let recovery = program.make_profile(passphrase);
    program.run(CreateDraft::default()).unwrap();
    program.stop();
    (computer, recovery.groups.join(" "))
}

#[track_caller]
fn locked(program: &Program) -> ErrorCode {
    match program.settled() {
        Stage::Locked { reason, .. } => reason,
        stage => panic!("not locked: {stage:?}"),
    }
}

#[track_caller]
fn broken(program: &Program) -> ErrorCode {
    match program.settled() {
        Stage::Broken { reason, .. } => reason,
        stage => panic!("not broken: {stage:?}"),
    }
}

#[track_caller]
fn unlock(program: &Program, with: UnlockWith) -> Result<(), ErrorCode> {
    let state = program.run(Unlock { with }).map_err(|f| f.code)?;
    assert!(matches!(state.stage, Stage::Open { .. }));
    let all = ListDrafts {
        limit: 10,
        ..ListDrafts::default()
    };
    assert_eq!(program.run(all).unwrap().n_total, 1);
    Ok(())
}

#[test]
fn each_trouble_with_the_keychain_has_its_own_reason() {
    let cases = [
        (SecretError::Refused, ErrorCode::KeychainRefused),
        (SecretError::Timeout, ErrorCode::KeychainTimeout),
        (
            SecretError::Unavailable(String::new()),
            ErrorCode::KeychainUnavailable,
        ),
        (SecretError::NoEntry, ErrorCode::KeyMissing),
    ];
    let (computer, _) = computer(None);
    for (trouble, reason) in cases {
        computer.keychain.fail_with(trouble);
        let program = computer.start();
        assert_eq!(locked(&program), reason);
        computer.keychain.recover();
        unlock(&program, UnlockWith::Keychain).unwrap();
        program.stop();
    }
}

#[test]
fn a_wrong_key_is_told_from_a_missing_one() {
    let (computer, _) = computer(None);
    computer.keychain.spoil_all();
    assert_eq!(locked(&computer.start()), ErrorCode::WrongKey);
    computer.keychain.forget_all();
    assert_eq!(locked(&computer.start()), ErrorCode::KeyMissing);
}

#[test]
fn the_recovery_key_opens_and_gives_the_keychain_its_key_again() {
    let (computer, recovery) = computer(None);
    computer.keychain.forget_all();
    let program = computer.start();
    assert_eq!(locked(&program), ErrorCode::KeyMissing);
    let typed = UnlockWith::RecoveryKey(recovery.to_lowercase());
    unlock(&program, typed).unwrap();
    program.stop();
    let program = computer.start();
    assert!(matches!(program.settled(), Stage::Open { .. }));
}

#[test]
fn wrong_secrets_leave_the_profile_as_it_is() {
    let (computer, _) = computer(Some(PASSPHRASE));
    let (_, recovery_of_another) = self::computer(None);
    computer.keychain.forget_all();
    let program = computer.start();
    assert_eq!(locked(&program), ErrorCode::KeyMissing);
    let wrong = UnlockWith::Passphrase("不是这个口令啊".to_owned());
    assert_eq!(unlock(&program, wrong), Err(ErrorCode::WrongPassphrase));
    let foreign = UnlockWith::RecoveryKey(recovery_of_another);
    assert_eq!(unlock(&program, foreign), Err(ErrorCode::WrongRecoveryKey));
    let nonsense = UnlockWith::RecoveryKey("abc".to_owned());
    assert_eq!(unlock(&program, nonsense), Err(ErrorCode::InvalidInput));
    assert_eq!(locked(&program), ErrorCode::KeyMissing);
    unlock(&program, UnlockWith::Passphrase(PASSPHRASE.to_owned())).unwrap();
}

#[test]
fn a_passphrase_can_be_added_later() {
    let (computer, _) = computer(None);
    let program = computer.start();
    program.settled();
    let passphrase = PASSPHRASE.to_owned();
    program.run(AddPassphrase { passphrase }).unwrap();
    program.stop();
    computer.keychain.fail_with(SecretError::Timeout);
    let program = computer.start();
    program.settled();
    unlock(&program, UnlockWith::Passphrase(PASSPHRASE.to_owned())).unwrap();
}

#[test]
fn a_missing_database_is_never_made_anew() {
    let (computer, _) = computer(None);
    let database = computer.profile_dir().join("studio.db");
    fs::remove_file(&database).unwrap();
    assert_eq!(broken(&computer.start()), ErrorCode::StoreMissing);
    assert!(!database.exists());
}

#[test]
fn another_profiles_database_is_told_from_a_damaged_one() {
    let (computer, _) = computer(None);
    let (other, _) = self::computer(None);
    let database = |computer: &Computer| computer.profile_dir().join("studio.db");
    fs::write(database(&computer), fs::read(database(&other)).unwrap()).unwrap();
    let _ = fs::remove_file(computer.profile_dir().join("studio.db-wal"));
    assert_eq!(broken(&computer.start()), ErrorCode::ForeignDatabase);
}

#[test]
fn a_missing_manifest_is_not_a_new_installation() {
    let (computer, _) = computer(None);
    for name in ["vault.toml", "vault.toml.copy"] {
        let _ = fs::remove_file(computer.profile_dir().join(name));
    }
    assert_eq!(broken(&computer.start()), ErrorCode::StoreMissing);
}

#[test]
fn a_manifest_of_a_newer_program_is_left_alone() {
    let (computer, _) = computer(None);
    for name in ["vault.toml", "vault.toml.copy"] {
        let path = computer.profile_dir().join(name);
        let text = fs::read_to_string(&path).unwrap();
        let (_, body) = text.split_once('\n').unwrap();
        let newer = body.replace("version = 1", "version = 99");
        let checksum = blake3::hash(newer.as_bytes());
        fs::write(&path, format!("checksum = \"{checksum}\"\n{newer}")).unwrap();
    }
    assert_eq!(broken(&computer.start()), ErrorCode::StoreTooNew);
}

#[test]
fn a_profile_that_is_open_elsewhere_waits_until_it_is_closed() {
    let (computer, _) = computer(None);
    let first = computer.start();
    assert!(matches!(first.settled(), Stage::Open { .. }));
    let second = computer.start();
    assert_eq!(broken(&second), ErrorCode::InUse);
    first.stop();
    let id = second.state().profiles[0].id.clone();
    second.run(OpenProfile { id }).unwrap();
    assert!(matches!(second.settled(), Stage::Open { .. }));
}

#[test]
fn several_profiles_are_opened_one_at_a_time() {
    let computer = Computer::new();
    let program = computer.start();
    program.make_profile(None);
    let first = program.state().profiles[0].id.clone();
    program.make_profile(None);
    assert_eq!(program.state().profiles.len(), 2);
    let id = first.clone();
    program.run(OpenProfile { id }).unwrap();
    let stage = program.settled();
    assert!(matches!(stage, Stage::Open { profile } if profile.id == first));
    let id = "../../etc".to_owned();
    let unknown = program.run(OpenProfile { id }).unwrap_err();
    assert_eq!(unknown.code, ErrorCode::NotFound);
}
