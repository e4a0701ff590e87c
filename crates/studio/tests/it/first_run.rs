//! From nothing to an open profile.

use stoa_ipc::{
    ClearDemo, ConfirmRecovery, Connection, CreateDraft, CreateProfile, ErrorCode, GetSync,
    Language, ListDrafts, ProfileKind, SetPreferences, SignIn, Stage, Theme, Unlock, UnlockWith,
};
use stoa_store::SecretError;

use crate::support::{Computer, Program};

fn create(program: &Program, kind: ProfileKind) -> stoa_ipc::ProfileCreated {
    let name = "我的社群".to_owned();
    let passphrase = None;
    program
        .run(CreateProfile {
            kind,
            name,
            passphrase,
        })
        .unwrap()
}

fn all() -> ListDrafts {
    ListDrafts {
        limit: 50,
        ..ListDrafts::default()
    }
}

#[test]
fn the_demo_opens_at_once_with_drafts_in_both_languages() {
    let computer = Computer::new();
    let program = computer.start();
    assert_eq!(program.state().stage, Stage::FirstRun);
    computer
        .keychain
        .fail_with(SecretError::Unavailable(String::new()));
    let created = create(&program, ProfileKind::Demo);
    assert!(created.recovery.is_none());
    assert!(matches!(created.state.stage, Stage::Open { .. }));
    assert_eq!(created.profile.name, "知行社");
    let page = program.run(all()).unwrap();
    assert_eq!(page.n_total, 12);
    assert_eq!(page.drafts[0].title, "欢迎来到知行社");
    assert!(
        page.drafts
            .iter()
            .any(|d| d.title == "Why I write on trains")
    );
    let sync = program.run(GetSync {}).unwrap();
    assert_eq!(sync.connection, Connection::Demo);
}

#[test]
fn clearing_the_demo_removes_it_and_nothing_else() {
    let computer = Computer::new();
    let program = computer.start();
    program.make_profile(None);
    let own = program.state().profiles[0].id.clone();
    let refused = program.run(ClearDemo {}).unwrap_err();
    assert_eq!(refused.code, ErrorCode::NotFound);
    let demo = CreateProfile {
        kind: ProfileKind::Demo,
        name: String::new(),
        passphrase: None,
    };
    program.run(demo).unwrap();
    assert_eq!(program.state().profiles.len(), 2);
    program.run(ClearDemo {}).unwrap();
    let stage = program.settled();
    assert!(matches!(stage, Stage::Open { profile } if profile.id == own));
    let left: Vec<_> = program.state().profiles.into_iter().map(|p| p.id).collect();
    assert_eq!(left, [own]);
}

#[test]
fn the_demo_opens_again_and_is_never_connected() {
    let computer = Computer::new();
    let program = computer.start();
    create(&program, ProfileKind::Demo);
    program.stop();
    let program = computer.start();
    assert!(matches!(program.settled(), Stage::Open { .. }));
    let refused = program.run(SignIn {
        url: "https://127.0.0.1:1".to_owned(),
        email: "lin@example.com".to_owned(),
        password: "secret".to_owned(),
        trust: None,
    });
    assert_eq!(refused.unwrap_err().fields[0].reason, "demo");
}

#[test]
fn a_profile_opens_only_after_its_recovery_key_was_typed_back() {
    let computer = Computer::new();
    let program = computer.start();
    let created = create(&program, ProfileKind::Local);
    let groups = created.recovery.unwrap().groups;
    assert!(matches!(created.state.stage, Stage::ConfirmRecovery { .. }));
    let locked = program.run(CreateDraft::default()).unwrap_err();
    assert_eq!(locked.code, ErrorCode::Locked);
    let group = groups[1].clone();
    let wrong = program.run(ConfirmRecovery { index: 2, group });
    assert_eq!(wrong.unwrap_err().fields[0].reason, "does-not-match");
    let group = format!(" {} ", groups[2].to_lowercase());
    let state = program.run(ConfirmRecovery { index: 2, group }).unwrap();
    assert!(matches!(state.stage, Stage::Open { .. }));
    program.run(CreateDraft::default()).unwrap();
}

#[test]
fn a_profile_that_was_never_confirmed_does_not_stand_in_the_way() {
    let computer = Computer::new();
    let program = computer.start();
    create(&program, ProfileKind::Local);
    program.kill();
    let program = computer.start();
    let state = program.state();
    assert_eq!(state.stage, Stage::FirstRun);
    assert_eq!(state.profiles, []);
}

#[test]
fn drafts_and_preferences_survive_a_restart() {
    let computer = Computer::new();
    let program = computer.start();
    program.make_profile(None);
    let title = "离线也能写".to_owned();
    program.run(CreateDraft::article(title)).unwrap();
    let preferences = SetPreferences {
        language: Some(Language::Chinese),
        theme: Some(Theme::Dark),
        ..SetPreferences::default()
    };
    program.run(preferences).unwrap();
    program.kill();
    let program = computer.start();
    assert_eq!(program.studio.preferences_now().theme, Theme::Dark);
    assert!(matches!(program.settled(), Stage::Open { .. }));
    let page = program.run(all()).unwrap();
    assert_eq!(page.drafts[0].title, "离线也能写");
    let sync = program.run(GetSync {}).unwrap();
    assert_eq!(sync.connection, Connection::LocalOnly);
}

#[test]
fn without_a_keychain_a_passphrase_is_asked_for_and_enough() {
    let computer = Computer::new();
    computer
        .keychain
        .fail_with(SecretError::Unavailable(String::new()));
    let program = computer.start();
    let refused = program.run(CreateProfile {
        kind: ProfileKind::Local,
        name: "知行社".to_owned(),
        passphrase: None,
    });
    assert_eq!(refused.err().unwrap().code, ErrorCode::KeychainUnavailable);
    program.make_profile(Some("一个足够长的口令"));
    program.stop();
    let program = computer.start();
    assert!(matches!(
        program.settled(),
        Stage::Locked {
            has_passphrase: true,
            ..
        }
    ));
    let with = UnlockWith::Passphrase("一个足够长的口令".to_owned());
    let state = program.run(Unlock { with }).unwrap();
    assert!(matches!(state.stage, Stage::Open { .. }));
}

#[test]
fn a_form_is_refused_field_by_field() {
    let computer = Computer::new();
    let program = computer.start();
    let create = |name: &str, passphrase: Option<&str>| {
        let failure = program.run(CreateProfile {
            kind: ProfileKind::Local,
            name: name.to_owned(),
            passphrase: passphrase.map(str::to_owned),
        });
        failure.err().unwrap().fields[0].clone()
    };
    assert_eq!(create("  ", None).field, "name");
    assert_eq!(create("知行社", Some("short")).field, "passphrase");
    let zoom = SetPreferences {
        zoom: Some(20),
        ..SetPreferences::default()
    };
    assert_eq!(program.run(zoom).unwrap_err().fields[0].field, "zoom");
}
