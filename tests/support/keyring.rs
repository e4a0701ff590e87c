//! A session bus of our own, with or without a keyring.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};

use crate::child::Running;

/// A private session bus. Nothing on it touches the user's own keyring.
pub struct Bus {
    address: String,
    home: PathBuf,
    _daemon: Running,
    keyring: Option<Running>,
}

impl Bus {
    /// A bus without a keyring; `home` is where a keyring keeps its files.
    pub fn without_keyring(home: &Path) -> Result<Self> {
        std::fs::create_dir_all(home)?;
        let config = home.join("bus.conf");
        // Its socket goes with the folder.
        std::fs::write(&config, CONFIG.replace("HOME", &home.display().to_string()))?;
        let (daemon, address) = Running::start_until(
            Command::new("dbus-daemon")
                .arg(format!("--config-file={}", config.display()))
                .args(["--print-address", "--nofork"]),
            |line| line.contains("unix:").then(|| line.trim().to_owned()),
        )?;
        Ok(Self {
            address,
            home: home.to_owned(),
            _daemon: daemon,
            keyring: None,
        })
    }

    /// A bus with an unlocked keyring.
    pub fn with_keyring(home: &Path) -> Result<Self> {
        let mut bus = Self::without_keyring(home)?;
        bus.start_keyring()?;
        Ok(bus)
    }

    fn start_keyring(&mut self) -> Result<()> {
        let mut child = Command::new("gnome-keyring-daemon")
            .args(["--foreground", "--unlock", "--components=secrets"])
            .envs(self.env())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("start gnome-keyring-daemon")?;
        child
            .stdin
            .take()
            .context("the input is piped")?
            .write_all(b"test")?;
        self.keyring = Some(Running::adopt(child, "gnome-keyring-daemon"));
        for _ in 0..100 {
            if self.has_owner("org.freedesktop.secrets")? {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        anyhow::bail!("the keyring did not appear on the bus")
    }

    fn has_owner(&self, name: &str) -> Result<bool> {
        let output = Command::new("dbus-send")
            .args(["--session", "--print-reply", "--dest=org.freedesktop.DBus"])
            .args(["/org/freedesktop/DBus", "org.freedesktop.DBus.NameHasOwner"])
            .arg(format!("string:{name}"))
            .envs(self.env())
            .output()
            .context("ask the bus")?;
        Ok(String::from_utf8_lossy(&output.stdout).contains("boolean true"))
    }

    /// The environment of a program that shall use this bus.
    pub fn env(&self) -> Vec<(&'static str, String)> {
        vec![
            ("DBUS_SESSION_BUS_ADDRESS", self.address.clone()),
            ("HOME", self.home.display().to_string()),
            (
                "XDG_DATA_HOME",
                self.home.join("share").display().to_string(),
            ),
            (
                "XDG_CACHE_HOME",
                self.home.join("cache").display().to_string(),
            ),
            (
                "XDG_CONFIG_HOME",
                self.home.join("config").display().to_string(),
            ),
            ("XDG_RUNTIME_DIR", self.home.display().to_string()),
        ]
    }
}

const CONFIG: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir=HOME</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;
