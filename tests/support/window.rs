//! The real window.

use std::path::Path;

use anyhow::Result;
use serde_json::json;

use crate::display::Display;
use crate::driver::Driver;
use crate::page::Page;
use crate::programs::program;

/// The shell, driven through its web view.
pub struct Window {
    pub page: Page,
    _driver: Driver,
}

impl Window {
    /// Opens the studio on a data folder.
    pub async fn open(display: &Display, data: &Path, env: &[(&str, String)]) -> Result<Self> {
        Self::open_with(Self::driver(display, data, env).await?).await
    }

    /// What opens the studio on a data folder, when it is time.
    pub async fn driver(display: &Display, data: &Path, env: &[(&str, String)]) -> Result<Driver> {
        let mut env = env.to_vec();
        env.push(("STOA_DATA_DIR", data.display().to_string()));
        Driver::webkit(display.name(), &env).await
    }

    /// Opens the studio.
    pub async fn open_with(driver: Driver) -> Result<Self> {
        let client = driver
            .session(json!({
                "webkitgtk:browserOptions": { "binary": program("stoa") },
            }))
            .await?;
        Ok(Self {
            page: Page::new(client),
            _driver: driver,
        })
    }
}
