//! Every screen × theme × language in the real window, as PNG files: to look at, and to compare.

#![allow(
    clippy::print_stdout,
    reason = "a program for the terminal: the folder it wrote to is its answer"
)]

mod aside;
mod centre;
mod connected;
mod studio;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail, ensure};
use serde_json::json;
use stoa_tests::display::Display;
use stoa_tests::keyring::Bus;
use stoa_tests::screens::{LOOKS, dress, painted};
use stoa_tests::window::Window;

const SIZE: (u32, u32) = (1440, 900);

/// A part of the album, for who looks at that only.
const PARTS: [&str; 4] = ["centre", "studio", "connected", "aside"];

fn main() -> Result<()> {
    let mut words: Vec<String> = std::env::args().skip(1).collect();
    let first = words.first().cloned();
    let part = first.filter(|word| PARTS.contains(&word.as_str()));
    if part.is_some() {
        words.remove(0);
    }
    let out = folder_from(words.into_iter())?;
    std::fs::create_dir_all(&out)?;
    tokio::runtime::Runtime::new()?.block_on(take_all(&out, part.as_deref()))?;
    println!("{}", out.display());
    Ok(())
}

/// `--out DIR`, or a folder beside the built programs.
fn folder_from(mut words: impl Iterator<Item = String>) -> Result<PathBuf> {
    match (words.next().as_deref(), words.next(), words.next()) {
        (None, ..) => {
            let program = std::env::current_exe()?;
            let target = program.ancestors().nth(2).unwrap_or(Path::new("target"));
            Ok(target.join("screenshots"))
        }
        (Some("--out"), Some(folder), None) => Ok(folder.into()),
        _ => bail!("usage: screenshots [{}] [--out DIR]", PARTS.join(" | ")),
    }
}

async fn take_all(out: &Path, part: Option<&str>) -> Result<()> {
    let folder = tempfile::tempdir()?;
    for name in PARTS
        .iter()
        .filter(|name| part.is_none_or(|part| part == **name))
    {
        let mut album = Album::new(out, &folder.path().join(name))?;
        let server = folder.path().join(format!("{name}-server"));
        match *name {
            "centre" => centre::take(&mut album, &server).await?,
            "studio" => studio::take(&mut album).await?,
            "aside" => aside::take(&album, &server).await?,
            _ => connected::take(&mut album, &server).await?,
        }
    }
    Ok(())
}

/// A computer with a window that is photographed.
struct Album {
    out: PathBuf,
    data: PathBuf,
    home: PathBuf,
    display: Display,
    bus: Bus,
}

impl Album {
    fn new(out: &Path, folder: &Path) -> Result<Self> {
        let (data, home) = (folder.join("data"), folder.join("home"));
        std::fs::create_dir_all(&data)?;
        std::fs::create_dir_all(&home)?;
        let (width, height) = SIZE;
        // The window stands where a person has left it: here, over the whole display.
        let place = json!({ "main": {
            "width": width, "height": height, "x": 0, "y": 0, "prev_x": 0, "prev_y": 0,
            "maximized": false, "visible": true, "decorated": true, "fullscreen": false,
        } });
        std::fs::write(data.join("window.json"), place.to_string())?;
        Ok(Self {
            out: out.to_owned(),
            data,
            // Twice as high: the pointer, in the middle of the display, is not over the window.
            display: Display::with_size(width, 2 * height + 100)?,
            bus: Bus::with_keyring(&home)?,
            home,
        })
    }

    async fn open(&self) -> Result<Window> {
        Window::open(&self.display, &self.data, &self.bus.env()).await
    }

    /// The same computer without its keyring.
    fn lose_keyring(&mut self) -> Result<()> {
        self.bus = Bus::without_keyring(&self.home)?;
        Ok(())
    }

    /// One screen as it is, in every look.
    async fn every_look(&self, window: &Window, screen: &str) -> Result<()> {
        for (theme, language) in LOOKS {
            dress(&window.page, theme, language).await?;
            self.take(window, screen, theme, language).await?;
        }
        Ok(())
    }

    async fn take(&self, window: &Window, screen: &str, theme: &str, language: &str) -> Result<()> {
        painted(&window.page).await?;
        // The page is drawn; scroll bars and the blinking of focus fade on the display after it.
        tokio::time::sleep(std::time::Duration::from_millis(900)).await;
        let path = self.out.join(format!("{screen}-{theme}-{language}.png"));
        self.display.screenshot(&path)?;
        let (width, height) = SIZE;
        let status = Command::new("mogrify")
            .args([
                "-crop",
                &format!("{width}x{height}+0+0"),
                "+repage",
                "-strip",
            ])
            .arg(&path)
            .status()?;
        ensure!(status.success(), "{} could not be cut", path.display());
        Ok(())
    }
}
