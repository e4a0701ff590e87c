//! The studio behind its loopback address, for real browsers.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Result;

use crate::child::Running;
use crate::programs::{program, ui_dist};

/// `stoa-devhost` on a data folder.
pub struct Host {
    url: String,
    running: Running,
}

impl Host {
    /// Starts it; the environment is what keyring and profile need.
    pub fn start(data: &Path, env: &[(&str, String)]) -> Result<Self> {
        let (running, url) = Running::start_until(
            Command::new(program("stoa-devhost"))
                .arg("--data")
                .arg(data)
                .arg("--ui")
                .arg(ui_dist())
                .args(["--listen", "127.0.0.1:0"])
                .envs(env.iter().map(|(name, value)| (*name, value.as_str())))
                .stderr(Stdio::null()),
            |line| line.find("http://").map(|at| line[at..].trim().to_owned()),
        )?;
        Ok(Self { url, running })
    }

    /// The address with its token.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Ends the studio without warning.
    pub fn kill(&mut self) {
        self.running.kill();
    }
}
