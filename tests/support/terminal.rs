//! A device without a window: the terminal, signed in to a backend.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::backend::{Backend, EMAIL, PASSWORD};
use crate::programs::program;

/// A computer that is only used through `stoa-cli`.
pub struct Terminal {
    folder: PathBuf,
}

impl Terminal {
    /// Makes a profile and signs in as the owner.
    pub fn sign_in(folder: PathBuf, backend: &Backend) -> Result<Self> {
        Self::sign_in_as(EMAIL, folder, backend)
    }

    /// Makes a profile that has no server.
    pub fn alone(folder: PathBuf) -> Result<Self> {
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join("passphrase.txt"), "a passphrase for elsewhere")?;
        let terminal = Self { folder };
        terminal.run(&["profile", "new", "--name", "别处"])?;
        Ok(terminal)
    }

    /// Makes a profile and signs in with another address and the same password.
    pub fn sign_in_as(email: &str, folder: PathBuf, backend: &Backend) -> Result<Self> {
        let terminal = Self::alone(folder)?;
        let password = terminal.folder.join("password.txt");
        std::fs::write(&password, PASSWORD)?;
        let (url, ca) = (backend.url(), backend.ca_file());
        terminal.run(&[
            "sign-in",
            "--server",
            &url,
            "--email",
            email,
            "--password-file",
            text(&password)?,
            "--ca",
            text(&ca)?,
        ])?;
        Ok(terminal)
    }

    /// Runs a command; its answer.
    pub fn run(&self, args: &[&str]) -> Result<Value> {
        let output = Command::new(program("stoa-cli"))
            .arg("--profile")
            .arg(self.folder.join("profile"))
            .arg("--json")
            .arg("--passphrase-file")
            .arg(self.folder.join("passphrase.txt"))
            .args(args)
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .output()?;
        ensure!(
            output.status.success(),
            "stoa-cli {args:?}: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(serde_json::from_slice(&output.stdout).unwrap_or(Value::Null))
    }

    /// A new draft; its id.
    pub fn write_new(&self, title: &str, body: &str) -> Result<String> {
        let file = self.file(body)?;
        let draft = self.run(&[
            "draft",
            "new",
            "--title",
            title,
            "--body-file",
            text(&file)?,
        ])?;
        let id = draft["id"].as_str().context("a draft has an id")?;
        Ok(id.to_owned())
    }

    /// Replaces a draft's text.
    pub fn rewrite(&self, draft: &str, body: &str) -> Result<()> {
        let file = self.file(body)?;
        self.run(&["draft", "edit", draft, "--body-file", text(&file)?])?;
        Ok(())
    }

    fn file(&self, body: &str) -> Result<PathBuf> {
        let file = self.folder.join("body.md");
        std::fs::write(&file, body)?;
        Ok(file)
    }
}

fn text(path: &Path) -> Result<&str> {
    path.to_str().context("a path that can be read")
}
