//! Where a journey takes place: the real window, or a browser on the loopback host. The studio
//! behind it can be killed and started again on the same data.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use stoa_tests::display::Display;
use stoa_tests::driver::{Driver, chromium_capabilities, minibrowser_capabilities, with_proxy};
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
    proxy: Option<String>,
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
            proxy: None,
            open: None,
        })
    }

    /// What is asked of other computers goes through a proxy.
    pub(crate) fn behind(mut self, proxy: String) -> Self {
        self.proxy = Some(proxy);
        self
    }

    /// What programs are told of keyring and proxy.
    fn env(&self) -> Vec<(&'static str, String)> {
        let proxy = self.proxy.iter();
        let by_proxy = proxy.flat_map(|proxy| through(proxy));
        self.bus.env().into_iter().chain(by_proxy).collect()
    }

    /// Starts the studio.
    pub(crate) async fn start(&mut self) -> Result<&Page> {
        let data = self.folder.join("data");
        let env = self.env();
        self.open = Some(match self.kind {
            Kind::Window => Open::Window(Window::open(&self.display, &data, &env).await?),
            Kind::Chromium => {
                let driver = Driver::chromium().await?;
                let capabilities = chromium_capabilities(&self.folder.join("browser"));
                let capabilities = match &self.proxy {
                    Some(proxy) => with_proxy(capabilities, proxy),
                    None => capabilities,
                };
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

/// The variables by which programs that have no setting for it find a proxy. What is on this
/// computer, a driver's own way to its window among it, is asked for directly.
pub(crate) fn through(proxy: &str) -> [(&'static str, String); 6] {
    let local = "127.0.0.1,localhost";
    [
        ("http_proxy", proxy),
        ("https_proxy", proxy),
        ("HTTP_PROXY", proxy),
        ("HTTPS_PROXY", proxy),
        ("no_proxy", local),
        ("NO_PROXY", local),
    ]
    .map(|(name, value)| (name, value.to_owned()))
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
