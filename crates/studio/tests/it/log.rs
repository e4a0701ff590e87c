//! Nothing that somebody wrote and no secret reaches the log.

use std::io::Write;
use std::sync::{Arc, Mutex};

use stoa_domain::Splice;
use stoa_ipc::{
    AddPassphrase, CreateDraft, EditDraft, ImportFiles, OpenDraft, RenameDraft, SignIn, Unlock,
    UnlockWith,
};
use tracing_subscriber::fmt::MakeWriter;

use crate::support::Computer;

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

#[test]
fn the_log_holds_no_contents_and_no_secrets() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .with_ansi(false)
        .finish();
    // The only test that sets one, so that what other threads say is heard too.
    tracing::subscriber::set_global_default(subscriber).unwrap();

    let secret = |what: &str| format!("{CANARY}-{what}-金丝雀");
    let computer = Computer::new();
    let program = computer.start();
    let recovery = program.make_profile(Some(&secret("passphrase")));
    let title = secret("title");
    let id = program.run(CreateDraft { title }).unwrap().id;
    let session = program.run(OpenDraft { id }).unwrap().session;
    let splice = |at| EditDraft {
        session,
        applied: None,
        splices: vec![Splice {
            at,
            delete: 0,
            insert: secret("text"),
        }],
    };
    program.run(splice(0)).unwrap();
    program.run(splice(9_999)).unwrap_err();
    let title = secret("title").repeat(20);
    program.run(RenameDraft { id, title }).unwrap_err();
    let paths = vec![format!("/nowhere/{}.md", secret("path"))];
    program.run(ImportFiles { paths }).unwrap();
    let payload = format!(r#"{{"title":{{"{}":1}}}}"#, secret("payload"));
    program.call("draft.create", &payload).unwrap_err();
    let wrong_type = format!(r#"{{"session":"{}"}}"#, secret("payload"));
    program.call("draft.close", &wrong_type).unwrap_err();
    program.call(&secret("command"), "{}").unwrap_err();
    let sign_in = SignIn {
        url: "https://127.0.0.1:1".to_owned(),
        email: "lin@example.com".to_owned(),
        password: secret("password"),
        trust: None,
    };
    program.run(sign_in).unwrap_err();
    let passphrase = secret("passphrase2");
    program.run(AddPassphrase { passphrase }).unwrap();
    program.stop();
    computer.keychain.forget_all();
    let program = computer.start();
    program.settled();
    for with in [
        UnlockWith::Passphrase(secret("wrong")),
        UnlockWith::RecoveryKey(secret("wrong")),
    ] {
        program.run(Unlock { with }).unwrap_err();
    }
    let with = UnlockWith::RecoveryKey(recovery.groups.join(" "));
    program.run(Unlock { with }).unwrap();
    program.stop();

    let said = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(said.contains("refused"), "the log is written at all");
    for line in said.lines() {
        let lower = line.to_lowercase();
        assert!(!lower.contains(&CANARY.to_lowercase()), "{line}");
        assert!(
            !recovery.groups[1..].iter().any(|group| {
                line.contains(&recovery.groups[0]) && line.contains(group.as_str())
            })
        );
    }
}
