//! Devices of an account, with a real server: names, revoking, wiping, and the lock of a computer
//! that has been away.

use stoa_domain::DeviceId;
use stoa_ipc::{
    AppState, CloseWiped, Connection, CreateDraft, DeviceAccess, DeviceInfo, ErrorCode,
    GetAwayLock, ListDevices, ListDrafts, RenameDevice, RevokeDevice, RevokeOtherDevices,
    SetAwayLock, SignIn, Stage, SyncNow, Unlock, UnlockWith, WipeDevice,
};

use crate::support::{Computer, Program};
use crate::syncing::{Backend, PASSWORD, signed_in, synced, titles};

fn password() -> String {
    PASSWORD.to_owned()
}

fn devices(program: &Program) -> Vec<DeviceInfo> {
    program.run(ListDevices {}).unwrap()
}

fn other(program: &Program) -> DeviceInfo {
    let devices = devices(program);
    assert!(devices[0].is_this, "this computer comes first");
    devices.into_iter().find(|device| !device.is_this).unwrap()
}

fn access_of(program: &Program, id: DeviceId) -> DeviceAccess {
    let devices = devices(program);
    devices.iter().find(|one| one.id == id).unwrap().access
}

fn is_wiped(state: &AppState, told: bool) -> bool {
    matches!(&state.stage, Stage::Wiped { is_told, .. } if *is_told == told)
}

#[test]
fn devices_are_renamed_here_and_elsewhere() {
    let backend = Backend::start();
    let (desk, laptop) = (Computer::new(), Computer::new());
    let program = signed_in(&desk, &backend);
    let second = signed_in(&laptop, &backend);
    let id = other(&program).id;
    let name = " 客厅的电脑 ".to_owned();
    program.run(RenameDevice { id, name }).unwrap();
    assert_eq!(devices(&second)[0].name, "客厅的电脑");
    let id = devices(&program)[0].id;
    let name = "书房".to_owned();
    let renamed = program.run(RenameDevice { id, name }).unwrap();
    assert_eq!(renamed[0].name, "书房");
    let empty = RenameDevice {
        id,
        name: " ".to_owned(),
    };
    let failure = program.run(empty).unwrap_err();
    assert_eq!(failure.fields[0].reason, "required");
}

#[test]
fn throwing_a_device_out_takes_the_password_and_never_hits_this_one() {
    let backend = Backend::start();
    let (desk, laptop) = (Computer::new(), Computer::new());
    let program = signed_in(&desk, &backend);
    let second = signed_in(&laptop, &backend);
    synced(&second);
    let (this, id) = (devices(&program)[0].id, other(&program).id);
    let guessed = || "guessed wrongly".to_owned();
    let wrong = |code: Result<Vec<DeviceInfo>, _>| {
        let failure: stoa_ipc::Failure = code.unwrap_err();
        assert_eq!(failure.code, ErrorCode::WrongPassword);
    };
    wrong(program.run(RevokeDevice {
        id,
        password: guessed(),
    }));
    wrong(program.run(RevokeOtherDevices {
        password: guessed(),
    }));
    wrong(program.run(WipeDevice {
        id,
        password: guessed(),
    }));
    for failure in [
        program.run(RevokeDevice {
            id: this,
            password: password(),
        }),
        program.run(WipeDevice {
            id: this,
            password: password(),
        }),
    ] {
        assert_eq!(failure.unwrap_err().fields[0].reason, "this-device");
    }
    assert_eq!(access_of(&program, id), DeviceAccess::Active);
    program
        .run(RevokeOtherDevices {
            password: password(),
        })
        .unwrap();
    second.until(|state| state.sync.connection == Connection::Revoked);
    assert_eq!(access_of(&program, id), DeviceAccess::Revoked);
    assert_eq!(access_of(&program, this), DeviceAccess::Active);
}

#[test]
fn a_lost_computer_wipes_itself_and_says_so() {
    let backend = Backend::start();
    let (desk, laptop) = (Computer::new(), Computer::new());
    let program = signed_in(&desk, &backend);
    let lost = signed_in(&laptop, &backend);
    synced(&lost);
    let dir = laptop.profile_dir();
    let id = other(&program).id;
    let ordered = program
        .run(WipeDevice {
            id,
            password: password(),
        })
        .unwrap();
    let access = ordered.iter().find(|one| one.id == id).unwrap().access;
    assert!(
        matches!(access, DeviceAccess::WipeOrdered { .. }),
        "{access:?}"
    );

    lost.until(|state| is_wiped(state, true));
    assert!(matches!(
        access_of(&program, id),
        DeviceAccess::Wiped { .. }
    ));
    let left: Vec<_> = std::fs::read_dir(&dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left, ["wipe.toml"]);
    assert!(laptop.keychain.is_empty(), "the keychain's entry is gone");
    let refused = lost.run(any_drafts()).unwrap_err();
    assert_eq!(refused.code, ErrorCode::Wiped);

    lost.stop();
    let lost = laptop.start();
    let state = lost.until(|state| is_wiped(state, true));
    let Stage::Wiped { profile, .. } = state.stage else {
        panic!("it is wiped");
    };
    assert_eq!(profile.name, "知行社");
    let closed = lost.run(CloseWiped { id: profile.id }).unwrap();
    assert_eq!(closed.stage, Stage::FirstRun);
    assert!(!dir.exists());
}

#[test]
fn a_computer_that_was_away_wipes_itself_at_its_next_contact_and_hands_in_nothing() {
    let backend = Backend::start();
    let (desk, laptop) = (Computer::new(), Computer::new());
    let program = signed_in(&desk, &backend);
    let lost = signed_in(&laptop, &backend);
    synced(&lost);
    lost.run(stoa_ipc::PauseSync { paused: true }).unwrap();
    let title = "没有发出的".to_owned();
    lost.run(CreateDraft::article(title)).unwrap();
    lost.kill();
    let id = other(&program).id;
    program
        .run(WipeDevice {
            id,
            password: password(),
        })
        .unwrap();
    let lost = laptop.start();
    lost.until(|state| is_wiped(state, true));
    synced(&program);
    assert_eq!(titles(&program).len(), 0);
}

#[test]
fn a_wipe_that_was_only_begun_is_finished_by_the_next_start() {
    let backend = Backend::start();
    let laptop = Computer::new();
    let program = signed_in(&laptop, &backend);
    synced(&program);
    program.kill();
    let dir = laptop.profile_dir();
    let report = stoa_store::WipeReport {
        server_url: "https://127.0.0.1:1".to_owned(),
        ca_pem: None,
        device: DeviceId::from_bytes([1; 16]),
        nonce: "ab".repeat(32),
        signature: "cd".repeat(64),
    };
    let now = stoa_domain::Timestamp::from_millis(1_790_000_000_000);
    stoa_store::Wipe::begin(&dir, "知行社", report, now).unwrap();

    let program = laptop.start();
    let state = program.until(|state| is_wiped(state, false));
    assert_eq!(state.profiles, [], "it is no profile any more");
    let id = match state.stage {
        Stage::Wiped { profile, .. } => profile.id,
        stage => panic!("{stage:?}"),
    };
    program.until(|_| laptop.keychain.is_empty() && std::fs::read_dir(&dir).unwrap().count() == 1);
    program.run(CloseWiped { id }).unwrap();
    assert!(
        dir.join("wipe.toml").exists(),
        "the server is still to be told"
    );
    program.stop();
    let program = laptop.start();
    assert_eq!(program.settled(), Stage::FirstRun, "it was shown before");
}

/// Signed in with a passphrase; locks after a week.
fn locking(computer: &Computer, backend: &Backend) -> Program {
    let program = computer.start();
    program.make_profile(Some("八个字的口令也行"));
    program.run(backend.sign_in()).unwrap();
    synced(&program);
    let title = "锁住的".to_owned();
    program.run(CreateDraft::article(title)).unwrap();
    let set = program.run(SetAwayLock { days: 7 }).unwrap();
    assert_eq!((set.days, set.has_passphrase), (7, true));
    synced(&program);
    program
}

/// Asks for what is never shown behind a closed door.
fn any_drafts() -> ListDrafts {
    ListDrafts {
        limit: 5,
        ..ListDrafts::default()
    }
}

#[track_caller]
fn locked(program: &Program) {
    match program.settled() {
        Stage::Locked { reason, .. } => assert_eq!(reason, ErrorCode::AwayTooLong),
        stage => panic!("{stage:?}"),
    }
    let refused = program.run(any_drafts()).unwrap_err();
    assert_eq!(refused.code, ErrorCode::AwayTooLong);
}

#[test]
fn a_computer_that_was_away_too_long_opens_for_a_person_and_not_for_the_keychain() {
    let mut backend = Backend::start();
    let computer = Computer::new();
    locking(&computer, &backend).stop();
    backend.go_away();
    computer.clock.pass_days(6);
    let program = computer.start();
    assert!(matches!(program.settled(), Stage::Open { .. }));
    program.stop();

    computer.clock.pass_days(2);
    let program = computer.start();
    locked(&program);
    let with = UnlockWith::Keychain;
    let refused = program.run(Unlock { with }).unwrap_err();
    assert_eq!(refused.code, ErrorCode::AwayTooLong);
    let with = UnlockWith::Passphrase("ganz falsch!".to_owned());
    let refused = program.run(Unlock { with }).unwrap_err();
    assert_eq!(refused.code, ErrorCode::WrongPassphrase);
    program.stop();

    computer.clock.pass_days(-7);
    let program = computer.start();
    locked(&program);
    let with = UnlockWith::Passphrase("八个字的口令也行".to_owned());
    program.run(Unlock { with }).unwrap();
    assert_eq!(titles(&program), ["锁住的"]);
    program.stop();
    let program = computer.start();
    assert!(matches!(program.settled(), Stage::Open { .. }));
    assert_eq!(program.run(GetAwayLock {}).unwrap().days, 7);
}

#[test]
fn a_clock_ten_years_ahead_locks_and_the_next_contact_opens() {
    let mut backend = Backend::start();
    let computer = Computer::new();
    locking(&computer, &backend).stop();
    backend.go_away();
    computer.clock.pass_days(3_652);
    let program = computer.start();
    locked(&program);
    backend.come_back();
    program
        .run(SyncNow {})
        .expect_err("nothing is done behind the door");
    let with = UnlockWith::Keychain;
    // Asking again tries the server at once.
    let _ = program.run(Unlock { with });
    program.until(|state| matches!(state.stage, Stage::Open { .. }));
    assert_eq!(titles(&program), ["锁住的"]);
    program.stop();
    computer.clock.pass_days(-3_652);
    backend.go_away();
    let program = computer.start();
    locked(&program);
    backend.come_back();
    let with = UnlockWith::Keychain;
    let _ = program.run(Unlock { with });
    program.until(|state| matches!(state.stage, Stage::Open { .. }));
    assert_eq!(titles(&program), ["锁住的"]);
}

#[test]
fn a_profile_without_a_server_is_never_locked_for_being_away() {
    let computer = Computer::new();
    let program = computer.start();
    program.make_profile(None);
    let refused = program.run(SetAwayLock { days: 30 }).unwrap_err();
    assert_eq!(refused.code, ErrorCode::SignInAgain);
    let refused = program.run(SetAwayLock { days: 8 }).unwrap_err();
    assert_eq!(refused.fields[0].field, "days");
    assert_eq!(program.run(GetAwayLock {}).unwrap().days, 0);
    program.stop();
    computer.clock.pass_days(3_652);
    assert!(matches!(computer.start().settled(), Stage::Open { .. }));
}

#[test]
fn signing_in_on_the_lost_computer_wipes_it() {
    let backend = Backend::start();
    let (desk, laptop) = (Computer::new(), Computer::new());
    let program = signed_in(&desk, &backend);
    let lost = signed_in(&laptop, &backend);
    synced(&lost);
    lost.run(stoa_ipc::SignOut {}).unwrap();
    let id = other(&program).id;
    program
        .run(WipeDevice {
            id,
            password: password(),
        })
        .unwrap();
    let request = SignIn {
        trust: None,
        ..backend.sign_in()
    };
    assert_eq!(lost.run(request).unwrap_err().code, ErrorCode::Wiped);
    lost.until(|state| is_wiped(state, true));
}
