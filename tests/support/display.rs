//! A virtual display.

use std::process::{Command, Stdio};

use anyhow::Result;

use crate::child::Running;

/// An X server without a screen, on a display number of its own choice.
pub struct Display {
    name: String,
    _server: Running,
}

impl Display {
    /// Starts one of 1440×900.
    pub fn start() -> Result<Self> {
        Self::with_size(1440, 900)
    }

    /// Starts one of a given size in pixels.
    pub fn with_size(width: u32, height: u32) -> Result<Self> {
        let screen = format!("{width}x{height}x24");
        let (server, number) = Running::start_until(
            Command::new("Xvfb")
                .args([
                    "-displayfd",
                    "1",
                    "-screen",
                    "0",
                    &screen,
                    "-nolisten",
                    "tcp",
                ])
                .stderr(Stdio::null()),
            |line| line.trim().parse::<u32>().ok(),
        )?;
        Ok(Self {
            name: format!(":{number}"),
            _server: server,
        })
    }

    /// What `DISPLAY` has to be.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Writes what is on the display as a PNG.
    pub fn screenshot(&self, path: &std::path::Path) -> Result<()> {
        let status = Command::new("import")
            .args(["-display", &self.name, "-window", "root"])
            .arg(path)
            .status()?;
        anyhow::ensure!(status.success(), "import failed");
        Ok(())
    }
}
