//! Nothing that somebody wrote and no secret reaches the log.

use std::io::Write;
use std::sync::{Arc, Mutex};

use stoa_domain::Splice;
use stoa_ipc::{
    AddPassphrase, CreateDraft, EditDraft, ImportFiles, OpenDraft, RenameDraft, SignIn, Unlock,
    UnlockWith,
};
use tracing_subscriber::fmt::MakeWriter;

use crate::support::{Computer, Program};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

const CANARY: &str = "CANARY";

fn secret(what: &str) -> String {
    format!("{CANARY}-{what}-金丝雀")
}

/// The log of everything from here on, of every thread. Only this test sets one.
fn listen() -> Log {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .with_ansi(false)
        .finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();
    log
}

/// Writes, and tries what is refused.
fn write(program: &Program) {
    let title = secret("title");
    let id = program.run(CreateDraft::article(title)).unwrap().id;
    let session = program.run(OpenDraft { id }).unwrap().session;
    let edit = |at| EditDraft {
        session,
        applied: None,
        splices: vec![Splice {
            at,
            delete: 0,
            insert: secret("text"),
        }],
    };
    program.run(edit(0)).unwrap();
    program.run(edit(9_999)).unwrap_err();
    let title = secret("title").repeat(20);
    program.run(RenameDraft { id, title }).unwrap_err();
    let paths = vec![format!("/nowhere/{}.md", secret("path"))];
    program.run(ImportFiles { paths }).unwrap();
}

/// Sends what cannot be read.
fn send_nonsense(program: &Program) {
    let object = format!(r#"{{"title":{{"{}":1}}}}"#, secret("payload"));
    program.call("draft.create", &object).unwrap_err();
    let text = format!(r#"{{"session":"{}"}}"#, secret("payload"));
    program.call("draft.close", &text).unwrap_err();
    program.call(&secret("command"), "{}").unwrap_err();
}

fn use_secrets(program: &Program) {
    let sign_in = SignIn {
        url: "https://127.0.0.1:1".to_owned(),
        email: "lin@example.com".to_owned(),
        password: secret("password"),
        trust: None,
    };
    program.run(sign_in).unwrap_err();
    let passphrase = secret("passphrase2");
    program.run(AddPassphrase { passphrase }).unwrap();
}

fn unlock(program: &Program, recovery: &[String]) {
    for with in [
        UnlockWith::Passphrase(secret("wrong")),
        UnlockWith::RecoveryKey(secret("wrong")),
    ] {
        program.run(Unlock { with }).unwrap_err();
    }
    let with = UnlockWith::RecoveryKey(recovery.join(" "));
    program.run(Unlock { with }).unwrap();
}

#[test]
fn the_log_holds_no_contents_and_no_secrets() {
    let log = listen();
    let computer = Computer::new();
    let program = computer.start();
    let recovery = program.make_profile(Some(&secret("passphrase"))).groups;
    write(&program);
    send_nonsense(&program);
    use_secrets(&program);
    program.stop();
    computer.keychain.forget_all();
    let program = computer.start();
    program.settled();
    unlock(&program, &recovery);
    program.stop();

    let said = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(said.contains("refused"), "the log is written at all");
    for line in said.lines() {
        assert!(!line.to_lowercase().contains("canary"), "{line}");
        let n_groups = recovery
            .iter()
            .filter(|g| line.contains(g.as_str()))
            .count();
        assert!(n_groups < 2, "{line}");
    }
}
