//! Where a journey takes place: the real window, or a browser on the loopback host. The studio
//! behind it can be killed and started again on the same data.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use stoa_tests::display::Display;
use stoa_tests::driver::{Driver, chromium_capabilities, minibrowser_capabilities};
use stoa_tests::host::Host;
use stoa_tests::keyring::Bus;
use stoa_tests::page::Page;
use stoa_tests::programs::program;
use stoa_tests::window::Window;

/// The kind of surface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Window,
    Chromium,
    WebKit,
}

/// A computer: a display, a keyring and a data folder, with or without a studio running on it.
pub(crate) struct Computer {
    kind: Kind,
    folder: PathBuf,
    display: Display,
    bus: Bus,
    open: Option<Open>,
}

enum Open {
    Window(Window),
    Browser {
        page: Page,
        host: Host,
        _driver: Driver,
    },
}

impl Computer {
    /// A computer with nothing of Stoa on it.
    pub(crate) fn new(kind: Kind, folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        Ok(Self {
            kind,
            folder: folder.to_owned(),
            display: Display::start()?,
            bus: Bus::with_keyring(&folder.join("home"))?,
            open: None,
        })
    }

    /// Starts the studio.
    pub(crate) async fn start(&mut self) -> Result<&Page> {
        let data = self.folder.join("data");
        let env = self.bus.env();
        self.open = Some(match self.kind {
            Kind::Window => Open::Window(Window::open(&self.display, &data, &env).await?),
            Kind::Chromium => {
                let driver = Driver::chromium().await?;
                let capabilities = chromium_capabilities(&self.folder.join("browser"));
                Self::browse(driver, capabilities, Host::start(&data, &env)?).await?
            }
            Kind::WebKit => {
                let driver = Driver::webkit(self.display.name(), &[]).await?;
                Self::browse(
                    driver,
                    minibrowser_capabilities(),
                    Host::start(&data, &env)?,
                )
                .await?
            }
        });
        self.page()
    }

    async fn browse(driver: Driver, capabilities: serde_json::Value, host: Host) -> Result<Open> {
        let client = driver.session(capabilities).await?;
        client.goto(host.url()).await?;
        Ok(Open::Browser {
            page: Page::new(client),
            host,
            _driver: driver,
        })
    }

    /// Opens a file or folder with the program a second time, as a double click does: the window
    /// that is open takes it over, and the second program ends.
    pub(crate) fn open_with(&self, path: &Path) -> Result<()> {
        let status = std::process::Command::new(program("stoa"))
            .arg(path)
            .env("DISPLAY", self.display.name())
            .env("STOA_DATA_DIR", self.folder.join("data"))
            .env_remove("WAYLAND_DISPLAY")
            .envs(self.bus.env())
            .status()?;
        anyhow::ensure!(status.success(), "a second start: {status}");
        Ok(())
    }

    /// What is to be seen.
    pub(crate) fn page(&self) -> Result<&Page> {
        match self.open.as_ref().context("the studio runs")? {
            Open::Window(window) => Ok(&window.page),
            Open::Browser { page, .. } => Ok(page),
        }
    }

    /// Kills the studio as `kill -9` does, then takes its window away.
    pub(crate) async fn kill(&mut self) -> Result<()> {
        match self.open.take().context("the studio runs")? {
            Open::Window(window) => {
                kill_program(&program("stoa"), &self.folder)?;
                // The session ends with an error: its window is gone, as intended.
                let _ = window.page.close().await;
            }
            Open::Browser { page, mut host, .. } => {
                host.kill();
                page.close().await?;
            }
        }
        Ok(())
    }

    /// Keeps a picture of what a failed journey saw, and says where it is.
    pub(crate) async fn keep_evidence(&self, name: &str) -> Result<PathBuf> {
        let path = std::env::temp_dir().join(format!("stoa-journey-{name}.png"));
        match self.open.as_ref() {
            Some(Open::Browser { page, .. }) => {
                std::fs::write(&path, page.client().screenshot().await?)?;
            }
            _ => self.display.screenshot(&path)?,
        }
        Ok(path)
    }
}

/// Kills the process of a program whose environment names this folder.
fn kill_program(program: &Path, folder: &Path) -> Result<()> {
    let wanted = program.canonicalize()?;
    let folder = folder.display().to_string();
    for entry in std::fs::read_dir("/proc")? {
        let path = entry?.path();
        let is_it = std::fs::read_link(path.join("exe")).is_ok_and(|exe| exe == wanted)
            && std::fs::read(path.join("environ"))
                .is_ok_and(|env| String::from_utf8_lossy(&env).contains(&folder));
        if is_it && let Some(id) = path.file_name().and_then(|name| name.to_str()) {
            let status = std::process::Command::new("kill")
                .args(["-9", id])
                .status()?;
            anyhow::ensure!(status.success(), "kill -9 {id} failed");
            return Ok(());
        }
    }
    anyhow::bail!("{} does not run", program.display())
}
