//! A studio with a server, over HTTPS.

use std::sync::Arc;

use stoa_domain::{Role, Timestamp, ZoneName};
use stoa_ipc::{
    Connection, CreateDraft, DeviceAccess, ErrorCode, GetSync, ListDevices, ListDrafts,
    ListHistory, OpenDraft, PauseSync, ProbeServer, ProfileKind, RevokeDevice, SavedState, SignIn,
    SignOut, Stage,
};
use stoa_protocol::account::Secret;
use stoa_server::admin::{NewUser, create_community, create_user};
use stoa_server::{Config, Rates, RunningServer};
use tokio::runtime::Runtime;

use crate::drafts::write;
use crate::support::{Computer, Program};

const EMAIL: &str = "lin@example.com";
pub(crate) const OTHER_EMAIL: &str = "wang@example.com";
pub(crate) const PASSWORD: &str = "correct horse battery";

/// A server with one community and two editors.
pub(crate) struct Backend {
    runtime: Runtime,
    config: Config,
    server: Option<RunningServer>,
    _dir: tempfile::TempDir,
}

impl Backend {
    pub(crate) fn start() -> Self {
        Self::start_with(Role::Editor, |_| {})
    }

    /// Whose members have another role.
    pub(crate) fn start_as(role: Role) -> Self {
        Self::start_with(role, |_| {})
    }

    /// With so many bytes for the community's files.
    pub(crate) fn with_quota(bytes: u64) -> Self {
        Self::start_with(Role::Editor, |config| config.files_quota = bytes)
    }

    fn start_with(role: Role, change: impl FnOnce(&mut Config)) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let runtime = Runtime::new().unwrap();
        let clock = Arc::new(|| Timestamp::from_millis(1_790_000_000_000));
        let mut config = Config::new(dir.path(), clock);
        config.rates = Rates::generous();
        change(&mut config);
        let server = runtime.block_on(async {
            create_community(&config, "知行社", "Asia/Shanghai")
                .await
                .unwrap();
            for email in [EMAIL, OTHER_EMAIL] {
                let user = NewUser {
                    community: "知行社".to_owned(),
                    email: email.to_owned(),
                    role,
                    name: "林".to_owned(),
                    password: Secret(PASSWORD.to_owned()),
                };
                create_user(&config, &user).await.unwrap();
            }
            stoa_server::start(config.clone()).await.unwrap()
        });
        config.listen = server.addr;
        Self {
            runtime,
            config,
            server: Some(server),
            _dir: dir,
        }
    }

    fn url(&self) -> String {
        format!("https://{}", self.config.listen)
    }

    pub(crate) fn sign_in(&self) -> SignIn {
        SignIn {
            url: self.url(),
            email: EMAIL.to_owned(),
            password: PASSWORD.to_owned(),
            trust: self.server.as_ref().and_then(|s| s.ca_fingerprint.clone()),
        }
    }

    /// The contents of attachments are gone from the disk behind the server's back.
    pub(crate) fn lose_files(&self) {
        let folder = self.config.data.join("blobs");
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if !path.ends_with("incoming") {
                std::fs::remove_dir_all(path).unwrap();
            }
        }
    }

    /// The network is gone, as far as the studios can tell.
    pub(crate) fn go_away(&mut self) {
        if let Some(server) = self.server.take() {
            self.runtime.block_on(server.stop());
        }
    }

    /// At the same address, with the same data.
    pub(crate) fn come_back(&mut self) {
        let server = stoa_server::start(self.config.clone());
        self.server = Some(self.runtime.block_on(server).unwrap());
    }
}

pub(crate) fn signed_in(computer: &Computer, backend: &Backend) -> Program {
    let program = computer.start();
    program.make_profile(None);
    program.run(backend.sign_in()).unwrap();
    program
}

pub(crate) fn synced(program: &Program) {
    program.until(|state| {
        state.sync.connection == Connection::Synced
            && state.sync.n_waiting == 0
            && state.sync.last_synced_at.is_some()
    });
}

pub(crate) fn titles(program: &Program) -> Vec<String> {
    let page = program.run(ListDrafts {
        limit: 50,
        ..ListDrafts::default()
    });
    page.unwrap().drafts.into_iter().map(|d| d.title).collect()
}

#[test]
fn signing_in_turns_a_local_profile_into_a_connected_one() {
    let backend = Backend::start();
    let computer = Computer::new();
    let program = computer.start();
    program.make_profile(None);
    let title = "登录前写的".to_owned();
    program.run(CreateDraft::article(title)).unwrap();
    let probe = program.run(ProbeServer { url: backend.url() }).unwrap();
    assert!(!probe.trusted);
    assert_eq!(probe.fingerprint, backend.sign_in().trust);
    let account = program.run(backend.sign_in()).unwrap();
    assert_eq!((account.name.as_str(), account.role), ("林", Role::Editor));
    synced(&program);
    let profile = program.state().profiles[0].clone();
    assert_eq!(profile.kind, ProfileKind::Connected);
    assert_eq!(profile.email.as_deref(), Some(EMAIL));
    let zone = profile.timezone.as_ref().map(ZoneName::as_str);
    assert_eq!(zone, Some("Asia/Shanghai"));
    assert!(
        program
            .run(ProbeServer { url: backend.url() })
            .unwrap()
            .trusted
    );
    let history = program.run(ListHistory { limit: 50 }).unwrap();
    assert!(history.iter().any(|entry| entry.kind == "signed_in"));
    assert!(history.iter().any(|entry| entry.kind == "pushed"));
}

#[test]
fn what_is_written_offline_survives_a_kill_and_reaches_the_second_device() {
    let mut backend = Backend::start();
    let (desk, laptop) = (Computer::new(), Computer::new());
    let program = signed_in(&desk, &backend);
    synced(&program);
    backend.go_away();
    let title = "火车上写的".to_owned();
    let id = program.run(CreateDraft::article(title)).unwrap().id;
    write(&program, id, "没有网络也能写。");
    program.kill();

    let program = desk.start();
    assert!(matches!(program.settled(), Stage::Open { .. }));
    assert_eq!(
        program.run(OpenDraft { id }).unwrap().markdown,
        "没有网络也能写。"
    );
    program.until(|state| state.sync.connection == Connection::Offline);
    assert!(program.run(GetSync {}).unwrap().n_waiting > 0);
    backend.come_back();
    program.run(stoa_ipc::SyncNow {}).unwrap();
    synced(&program);

    let second = signed_in(&laptop, &backend);
    synced(&second);
    second.until(|_| titles(&second) == ["火车上写的"]);
    let opened = second.run(OpenDraft { id }).unwrap();
    assert_eq!(opened.markdown, "没有网络也能写。");
    assert_eq!(opened.summary.saved, SavedState::Synced);
}

#[test]
fn a_change_on_one_device_shows_on_the_other_by_itself() {
    let backend = Backend::start();
    let (desk, laptop) = (Computer::new(), Computer::new());
    let first = signed_in(&desk, &backend);
    let second = signed_in(&laptop, &backend);
    synced(&first);
    synced(&second);
    let title = "现场".to_owned();
    first.run(CreateDraft::article(title)).unwrap();
    second.until(|_| titles(&second) == ["现场"]);
}

#[test]
fn a_wrong_password_and_a_wrong_fingerprint_change_nothing() {
    let backend = Backend::start();
    let computer = Computer::new();
    let program = computer.start();
    program.make_profile(None);
    let code = |request: SignIn| program.run(request).unwrap_err().code;
    let wrong = SignIn {
        password: "wrong password".to_owned(),
        ..backend.sign_in()
    };
    assert_eq!(code(wrong), ErrorCode::WrongPassword);
    let untrusted = SignIn {
        trust: None,
        ..backend.sign_in()
    };
    assert_eq!(code(untrusted), ErrorCode::UntrustedServer);
    let foreign = SignIn {
        trust: Some("0000 ".repeat(16)),
        ..backend.sign_in()
    };
    assert_eq!(code(foreign), ErrorCode::ServerChanged);
    let nobody = SignIn {
        url: "https://127.0.0.1:1".to_owned(),
        ..backend.sign_in()
    };
    assert_eq!(code(nobody), ErrorCode::Offline);
    let connection = program.run(GetSync {}).unwrap().connection;
    assert_eq!(connection, Connection::LocalOnly);
}

#[test]
fn signing_out_keeps_everything_and_signing_in_again_goes_on() {
    let backend = Backend::start();
    let computer = Computer::new();
    let program = signed_in(&computer, &backend);
    synced(&program);
    program.run(SignOut {}).unwrap();
    program.until(|state| state.sync.connection == Connection::WaitingForSignIn);
    assert_eq!(program.state().profiles[0].email, None);
    let title = "退出后写的".to_owned();
    program.run(CreateDraft::article(title)).unwrap();
    let request = SignIn {
        trust: None,
        ..backend.sign_in()
    };
    program.run(request).unwrap();
    synced(&program);
    assert_eq!(program.run(ListDevices {}).unwrap().len(), 1);
}

#[test]
fn a_device_that_was_removed_keeps_its_work() {
    let backend = Backend::start();
    let (desk, laptop) = (Computer::new(), Computer::new());
    let first = signed_in(&desk, &backend);
    let second = signed_in(&laptop, &backend);
    synced(&second);
    let devices = first.run(ListDevices {}).unwrap();
    let other = devices.iter().find(|device| !device.is_this).unwrap();
    let id = other.id;
    let password = PASSWORD.to_owned();
    let left = first.run(RevokeDevice { id, password }).unwrap();
    let access = left.iter().find(|device| device.id == id).unwrap().access;
    assert_eq!(access, DeviceAccess::Revoked);
    let title = "还在".to_owned();
    second.run(CreateDraft::article(title)).unwrap();
    second.until(|state| state.sync.connection == Connection::Revoked);
    assert_eq!(titles(&second), ["还在"]);
    second.run(backend.sign_in()).unwrap();
    synced(&second);
    first.until(|_| titles(&first) == ["还在"]);
}

#[test]
fn a_paused_studio_sends_nothing_until_it_goes_on() {
    let backend = Backend::start();
    let computer = Computer::new();
    let program = signed_in(&computer, &backend);
    synced(&program);
    program.run(PauseSync { paused: true }).unwrap();
    program.until(|state| state.sync.connection == Connection::Paused);
    program.run(CreateDraft::default()).unwrap();
    assert_eq!(program.run(GetSync {}).unwrap().n_waiting, 1);
    program.run(PauseSync { paused: false }).unwrap();
    synced(&program);
}
