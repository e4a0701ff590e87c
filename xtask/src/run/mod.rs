//! `cargo xtask run`: the studio with a local backend and demo data, and
//! nothing left running afterwards.

mod backend;
mod home;

use std::{env, process::Command};

use anyhow::{Result, bail};

use crate::{
    args::Args,
    child::{Interrupts, Running},
    place::Place,
    progress,
    setup::{self, Purpose},
    step, ui,
};
use backend::Backend;
use home::Home;

/// Where the studio appears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Screen {
    /// A window on this desktop.
    Window,
    /// A window nobody sees, for tests of the real thing.
    VirtualDisplay,
    /// The person's browser, on a machine without a display.
    Browser,
}

impl Screen {
    fn choose(virtual_display: bool, has_display: bool) -> Self {
        match (virtual_display, has_display) {
            (true, _) => Self::VirtualDisplay,
            (false, true) => Self::Window,
            (false, false) => Self::Browser,
        }
    }

    fn program(self) -> &'static str {
        match self {
            Self::Window | Self::VirtualDisplay => "stoa",
            Self::Browser => "stoa-devhost",
        }
    }
}

pub(crate) fn command(place: &Place, mut args: Args) -> Result<()> {
    let release = args.flag("--release");
    let screen = Screen::choose(args.flag("--virtual-display"), has_display());
    args.end()?;
    setup::packages(match screen {
        Screen::VirtualDisplay => Purpose::VirtualDisplay,
        Screen::Window | Screen::Browser => Purpose::Build,
    })?;
    ui::build(place, release)?;
    build(place, screen, release)?;
    let home = Home::open()?;
    let interrupts = Interrupts::listen()?;
    let backend = Backend::start(&place.binary(release, "stoa-server"), &home)?;
    backend.introduce();
    // Ended in this order: studio, display, backend.
    let binary = place.binary(release, screen.program());
    let mut studio = Command::new(binary);
    studio
        .env("STOA_DATA_DIR", home.studio())
        .env("STOA_LOCAL_SERVER", &backend.url)
        .env("STOA_LOCAL_EMAIL", &backend.email);
    let mut running = show(&mut studio, screen, &home, place)?;
    running.push(backend.program);
    wait(&interrupts, &mut running)
}

fn has_display() -> bool {
    let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

fn build(place: &Place, screen: Screen, release: bool) -> Result<()> {
    // The features of the whole workspace, so that running and testing share
    // every compiled crate.
    let mut cargo = step::command("cargo", &place.root);
    cargo.args(["build", "--workspace", "--bin", "stoa-server"]);
    cargo.args(["--bin", screen.program()]);
    if release {
        cargo.arg("--release");
    }
    let key = if release { "run-release" } else { "run" };
    progress::cargo(
        "Building the studio and the backend",
        key,
        place,
        &mut cargo,
    )
}

/// Starts the studio where it is to appear; it comes first in the answer.
fn show(studio: &mut Command, screen: Screen, home: &Home, place: &Place) -> Result<Vec<Running>> {
    match screen {
        Screen::Window => Ok(vec![Running::start("the studio", studio)?]),
        Screen::VirtualDisplay => {
            let (display, number) = virtual_display(home)?;
            studio
                .env("DISPLAY", format!(":{number}"))
                .env_remove("WAYLAND_DISPLAY");
            step::say(&format!("The studio is on the virtual display :{number}"));
            Ok(vec![Running::start("the studio", studio)?, display])
        }
        Screen::Browser => {
            studio.arg("--data").arg(home.studio());
            studio.arg("--ui").arg(place.dist());
            let log = home.log("studio");
            let (host, url) = Running::start_until("the studio", studio, &log, address)?;
            println!("\nOpen the studio in a browser on this machine:\n\n    {url}\n");
            Ok(vec![host])
        }
    }
}

fn virtual_display(home: &Home) -> Result<(Running, u32)> {
    let mut xvfb = Command::new("Xvfb");
    xvfb.args(["-displayfd", "1", "-screen", "0", "1440x900x24"]);
    let log = home.log("display");
    Running::start_until("the virtual display", &mut xvfb, &log, display_number)
}

/// The address in what the browser's host says.
fn address(line: &str) -> Option<String> {
    line.starts_with("http").then(|| line.trim().to_owned())
}

fn display_number(line: &str) -> Option<u32> {
    line.trim().parse().ok()
}

fn wait(interrupts: &Interrupts, running: &mut [Running]) -> Result<()> {
    step::say("Ctrl-C ends it");
    match interrupts.wait(running)? {
        None => Ok(()),
        // The window was closed.
        Some((0, status)) if status.success() => Ok(()),
        Some((index, status)) => bail!("{} ended with {status}", running[index].name()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_display_the_studio_goes_to_a_browser() {
        assert_eq!(Screen::choose(false, false), Screen::Browser);
        assert_eq!(Screen::choose(false, true), Screen::Window);
    }

    #[test]
    fn a_virtual_display_is_used_only_when_asked_for() {
        assert_eq!(Screen::choose(true, false), Screen::VirtualDisplay);
        assert_eq!(Screen::choose(true, true), Screen::VirtualDisplay);
    }
}
