//! WebDriver programs and their sessions.

use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};
use tokio::time::timeout;

use crate::child::{Running, free_port};

/// How long a program may take until it can be driven.
const SESSION: Duration = Duration::from_mins(1);

/// A WebDriver program on a port of its own.
pub struct Driver {
    port: u16,
    running: Running,
}

impl Driver {
    /// WebKitGTK's, for the real window and for MiniBrowser.
    pub async fn webkit(display: &str, env: &[(&str, String)]) -> Result<Self> {
        let port = free_port()?;
        let mut command = Command::new("WebKitWebDriver");
        command
            .arg(format!("--port={port}"))
            .env("DISPLAY", display)
            .env("TAURI_AUTOMATION", "true")
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("WEBKIT_DISABLE_COMPOSITING_MODE", "1")
            .env_remove("WAYLAND_DISPLAY")
            .envs(env.iter().map(|(name, value)| (*name, value.as_str())))
            .stderr(Stdio::null());
        Self::ready(port, Running::start(&mut command)?).await
    }

    /// Chromium's.
    pub async fn chromium() -> Result<Self> {
        let port = free_port()?;
        let mut command = Command::new("chromedriver");
        command.arg(format!("--port={port}")).stderr(Stdio::null());
        Self::ready(port, Running::start(&mut command)?).await
    }

    async fn ready(port: u16, running: Running) -> Result<Self> {
        for _ in 0..300 {
            if tokio::net::TcpStream::connect(("127.0.0.1", port))
                .await
                .is_ok()
            {
                return Ok(Self { port, running });
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        anyhow::bail!("the WebDriver on port {port} did not come up")
    }

    /// Opens a session with these capabilities.
    pub async fn session(&self, capabilities: Value) -> Result<Client> {
        let Value::Object(capabilities) = capabilities else {
            anyhow::bail!("capabilities are an object")
        };
        let url = format!("http://127.0.0.1:{}", self.port);
        let mut builder = ClientBuilder::new(HttpConnector::new());
        // A program that ends at once leaves its driver waiting for ever.
        timeout(SESSION, builder.capabilities(capabilities).connect(&url))
            .await
            .context("no WebDriver session within a minute")?
            .context("open a WebDriver session")
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.running.kill_children();
    }
}

/// What starts a headless Chromium that talks to nobody but the page.
pub fn chromium_capabilities(profile: &std::path::Path) -> Value {
    json!({
        "goog:chromeOptions": {
            "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic",
                "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--window-size=1440,900",
                // Nothing is caught half way between two colours.
                "--force-prefers-reduced-motion",
                format!("--user-data-dir={}", profile.display()),
            ],
        },
    })
}

/// The same, with what is asked of other computers going through a proxy.
pub fn with_proxy(mut capabilities: Value, proxy: &str) -> Value {
    if let Some(args) = capabilities["goog:chromeOptions"]["args"].as_array_mut() {
        args.push(json!(format!("--proxy-server={proxy}")));
    }
    capabilities
}

/// What starts WebKitGTK's MiniBrowser.
pub fn minibrowser_capabilities() -> Value {
    let binary = [
        "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
        "/usr/lib/aarch64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
    ]
    .into_iter()
    .find(|path| std::path::Path::new(path).exists())
    .unwrap_or("MiniBrowser");
    Value::Object(Map::from_iter([(
        "webkitgtk:browserOptions".to_owned(),
        json!({ "binary": binary, "args": ["--automation"] }),
    )]))
}
