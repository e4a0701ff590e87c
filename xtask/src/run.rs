//! `cargo xtask run`: the studio with a local backend and demo data, and
//! nothing left running afterwards.

use std::{
    env, fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::{
    args::Args,
    child::{Interrupts, Running},
    place::Place,
    progress,
    setup::{self, Purpose},
    step, ui,
};

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
    let server = start_server(place, release, &home)?;
    // Ended in this order: studio, display, server.
    let mut running = Vec::new();
    let studio = studio(place, release, screen, &home, &server)?;
    running.extend(studio);
    running.push(server.program);
    wait(&interrupts, &mut running)
}

fn has_display() -> bool {
    let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

fn build(place: &Place, screen: Screen, release: bool) -> Result<()> {
    let mut cargo = step::command("cargo", &place.root);
    cargo.args(["build", "--package", "stoa-server"]);
    cargo.args(["--package", screen.program()]);
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

/// The folder of the development data, kept between runs.
struct Home {
    folder: PathBuf,
}

impl Home {
    fn open() -> Result<Self> {
        let folder = data_folder(&|name| env::var_os(name).map(PathBuf::from))
            .context("neither STOA_DEV_DATA nor a home folder is set")?;
        for inner in ["server", "studio"] {
            fs::create_dir_all(folder.join(inner))
                .with_context(|| format!("cannot create {}", folder.display()))?;
        }
        Ok(Self { folder })
    }

    fn server(&self) -> PathBuf {
        self.folder.join("server")
    }

    fn studio(&self) -> PathBuf {
        self.folder.join("studio")
    }

    fn seeded(&self) -> PathBuf {
        self.folder.join("seeded")
    }

    /// The port of the last run: a profile remembers its server's address.
    fn port_file(&self) -> PathBuf {
        self.folder.join("port")
    }

    fn port(&self) -> Result<u16> {
        let written = fs::read_to_string(self.port_file()).unwrap_or_default();
        let Ok(port) = written.trim().parse() else {
            return Ok(0);
        };
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return Ok(port);
        }
        bail!(
            "port {port} of the local backend is taken, perhaps by another `cargo xtask run`; \
             end that, or choose anew by removing {}",
            self.port_file().display()
        )
    }
}

/// `STOA_DEV_DATA`, or `stoa-dev` in the system's place for data.
fn data_folder(variable: &dyn Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    let system = || {
        if cfg!(target_os = "windows") {
            variable("APPDATA")
        } else if cfg!(target_os = "macos") {
            variable("HOME").map(|home| home.join("Library/Application Support"))
        } else {
            variable("XDG_DATA_HOME")
                .or_else(|| variable("HOME").map(|home| home.join(".local/share")))
        }
    };
    variable("STOA_DEV_DATA").or_else(|| Some(system()?.join("stoa-dev")))
}

struct Server {
    program: Running,
    url: String,
}

fn start_server(place: &Place, release: bool, home: &Home) -> Result<Server> {
    let binary = place.binary(release, "stoa-server");
    seed(&binary, home)?;
    let port = home.port()?;
    let mut serve = Command::new(&binary);
    serve
        .args(["serve", "--data"])
        .arg(home.server())
        .args(["--listen", &format!("127.0.0.1:{port}")]);
    step::say("Starting the local backend");
    let log = home.folder.join("server.log");
    let (program, url) = Running::start_until("the backend", &mut serve, &log, address)?;
    if let Some(port) = url.rsplit_once(':').map(|(_, port)| port) {
        fs::write(home.port_file(), port.trim_end_matches('/'))?;
    }
    step::say(&format!(
        "The backend is at {url}, its log in {}",
        log.display()
    ));
    Ok(Server { program, url })
}

/// The demo community, once; the marker is written only after it succeeded.
fn seed(binary: &Path, home: &Home) -> Result<()> {
    if home.seeded().is_file() {
        return Ok(());
    }
    let mut seed = Command::new(binary);
    seed.args(["seed-demo", "--data"]).arg(home.server());
    step::run("Making the demo community", &mut seed)?;
    fs::write(home.seeded(), "")?;
    Ok(())
}

/// The address in a line of the backend's.
fn address(line: &str) -> Option<String> {
    let start = line.find("https://").or_else(|| line.find("http://"))?;
    let ends = |c: char| c.is_whitespace() || c == '"' || c == ',';
    line[start..].split(ends).next().map(str::to_owned)
}

/// Starts what shows the studio; the studio itself comes first.
fn studio(
    place: &Place,
    release: bool,
    screen: Screen,
    home: &Home,
    server: &Server,
) -> Result<Vec<Running>> {
    let mut studio = Command::new(place.binary(release, screen.program()));
    studio
        .env("STOA_DATA_DIR", home.studio())
        .env("STOA_LOCAL_SERVER", &server.url)
        .env("STOA_UI_DIST", place.dist());
    match screen {
        Screen::Window => Ok(vec![Running::start("the studio", &mut studio)?]),
        Screen::VirtualDisplay => {
            let log = home.folder.join("display.log");
            let mut xvfb = Command::new("Xvfb");
            xvfb.args(["-displayfd", "1", "-screen", "0", "1440x900x24"]);
            let (display, number) =
                Running::start_until("the virtual display", &mut xvfb, &log, display_number)?;
            studio
                .env("DISPLAY", format!(":{number}"))
                .env_remove("WAYLAND_DISPLAY");
            step::say(&format!(
                "Opening the studio on the virtual display :{number}"
            ));
            Ok(vec![Running::start("the studio", &mut studio)?, display])
        }
        Screen::Browser => {
            let log = home.folder.join("studio.log");
            let (host, url) = Running::start_until("the studio", &mut studio, &log, address)?;
            println!("\nOpen the studio in a browser on this machine:\n\n    {url}\n");
            Ok(vec![host])
        }
    }
}

fn display_number(line: &str) -> Option<u32> {
    line.trim().parse().ok()
}

fn wait(interrupts: &Interrupts, running: &mut [Running]) -> Result<()> {
    step::say("Ctrl-C ends it");
    match interrupts.wait(running)? {
        // The window was closed, or Ctrl-C.
        Some(0) | None => Ok(()),
        Some(other) => bail!("{} ended by itself", running[other].name()),
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

    #[test]
    fn the_address_is_found_in_a_sentence_and_in_json() {
        let url = Some("https://127.0.0.1:4433".to_owned());
        assert_eq!(address("listening on https://127.0.0.1:4433 (tls)"), url);
        assert_eq!(address(r#"{"url":"https://127.0.0.1:4433","x":1}"#), url);
        assert_eq!(address("starting"), None);
    }

    #[test]
    fn development_data_can_be_moved_by_one_variable() {
        let named = |name: &str| (name == "STOA_DEV_DATA").then(|| PathBuf::from("/dev-data"));
        assert_eq!(data_folder(&named), Some(PathBuf::from("/dev-data")));
    }

    #[test]
    fn a_taken_port_is_explained() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home {
            folder: folder.path().to_path_buf(),
        };
        assert_eq!(home.port().unwrap(), 0);
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = taken.local_addr().unwrap().port();
        fs::write(home.port_file(), port.to_string()).unwrap();
        let error = home.port().unwrap_err().to_string();
        assert!(error.contains(&port.to_string()), "{error}");
        drop(taken);
        assert_eq!(home.port().unwrap(), port);
    }
}
