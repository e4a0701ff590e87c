//! A message bus with a keychain of its own (gnome-keyring), apart from the person's.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// What keychain there is on the bus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyringState {
    /// Nobody answers for secrets.
    Absent,
    Unlocked,
    /// There, locked, and nobody to ask for the password.
    Locked,
}

/// A message bus that ends with this value.
pub struct PrivateBus {
    home: TempDir,
    address: String,
    daemon: Child,
    keyring: Option<Child>,
}

const CONFIG: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

impl PrivateBus {
    /// Starts a bus with a keychain in this state; `None` where the programs are not installed.
    pub fn start(state: KeyringState) -> Option<Self> {
        let home = tempfile::tempdir().expect("a folder for temporary files");
        let config = home.path().join("bus.conf");
        std::fs::write(&config, CONFIG).expect("a written file");
        let mut daemon = Command::new("dbus-daemon")
            .arg(format!("--config-file={}", config.display()))
            .args(["--nofork", "--print-address"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let stdout = daemon.stdout.take().expect("the output was piped");
        let mut address = String::new();
        BufReader::new(stdout)
            .read_line(&mut address)
            .expect("the bus tells its address");
        let mut bus = Self {
            home,
            address: address.trim().to_owned(),
            daemon,
            keyring: None,
        };
        if state == KeyringState::Locked {
            // A collection that exists, and a keyring that was not told its password.
            bus.change(KeyringState::Unlocked).then_some(())?;
        }
        bus.change(state).then_some(bus)
    }

    /// Ends the keychain and starts it again in another state, over the same entries; whether it
    /// could be started.
    pub fn change(&mut self, state: KeyringState) -> bool {
        self.stop_keyring();
        match state {
            KeyringState::Absent => true,
            KeyringState::Unlocked => self.start_keyring(true),
            KeyringState::Locked => self.start_keyring(false),
        }
    }

    /// Takes the keychain's entries away and starts it empty; whether it could be started.
    pub fn reset(&mut self) -> bool {
        self.stop_keyring();
        let entries = self.home.path().join("data");
        std::fs::remove_dir_all(entries).expect("a folder of the keyring's");
        self.start_keyring(true)
    }

    /// Where the bus listens.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// What a process needs in its environment to be on this bus and on no other.
    pub fn env(&self) -> Vec<(&'static str, String)> {
        let home = self.home.path().display().to_string();
        vec![
            ("DBUS_SESSION_BUS_ADDRESS", self.address.clone()),
            ("XDG_DATA_HOME", format!("{home}/data")),
            ("XDG_RUNTIME_DIR", format!("{home}/run")),
            ("HOME", home),
        ]
    }

    /// The environment of a process for which there is no bus at all.
    pub fn no_bus() -> Vec<(&'static str, String)> {
        vec![(
            "DBUS_SESSION_BUS_ADDRESS",
            "unix:path=/nonexistent/bus".to_owned(),
        )]
    }

    /// Freezes or thaws the keychain; a frozen one takes calls and never answers.
    pub fn freeze(&self, is_frozen: bool) {
        let signal = if is_frozen { "-STOP" } else { "-CONT" };
        if let Some(keyring) = &self.keyring {
            let id = keyring.id().to_string();
            let status = Command::new("kill").args([signal, &id]).status();
            assert!(
                status.is_ok_and(|status| status.success()),
                "the keyring takes signals"
            );
        }
    }

    fn start_keyring(&mut self, is_unlocked: bool) -> bool {
        for folder in ["data", "run"] {
            let folder = self.home.path().join(folder);
            std::fs::create_dir_all(folder).expect("a new folder");
        }
        let mut command = Command::new("gnome-keyring-daemon");
        command.args(["--foreground", "--components=secrets"]);
        if is_unlocked {
            command.arg("--unlock");
        }
        let keyring = command
            .envs(self.env())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let Ok(mut keyring) = keyring else {
            return false;
        };
        let mut stdin = keyring.stdin.take().expect("the input was piped");
        stdin.write_all(b"password").expect("the keyring reads");
        drop(stdin);
        self.keyring = Some(keyring);
        self.wait_for_secrets()
    }

    /// Asks the bus itself until somebody answers for secrets.
    fn wait_for_secrets(&self) -> bool {
        for _ in 0..200 {
            let answer = Command::new("dbus-send")
                .args([
                    "--session",
                    "--print-reply",
                    "--dest=org.freedesktop.DBus",
                    "/",
                ])
                .args([
                    "org.freedesktop.DBus.NameHasOwner",
                    "string:org.freedesktop.secrets",
                ])
                .envs(self.env())
                .output();
            let Ok(answer) = answer else {
                return false;
            };
            if String::from_utf8_lossy(&answer.stdout).contains("boolean true") {
                return true;
            }
            std::thread::sleep(std::time::Duration::from_millis(25));
        }
        false
    }

    fn stop_keyring(&mut self) {
        if let Some(mut keyring) = self.keyring.take() {
            // It may have ended by itself.
            let _ = keyring.kill();
            let _ = keyring.wait();
        }
    }
}

impl Drop for PrivateBus {
    fn drop(&mut self) {
        self.stop_keyring();
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}
