//! The packages of the system: what each is for, how its presence is seen
//! without asking the package manager, and what to type where we cannot install.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Result, bail};

use super::system::{Family, System, on_path};
use crate::step;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Compiling the studio, the backend and the window's content.
    Build,
    /// A real window on a machine without a display.
    VirtualDisplay,
    /// Every test.
    Test,
}

/// How one sees that a package is there.
enum Sign {
    Program(&'static str),
    PkgConfig(&'static str),
    File(&'static str),
    /// Node 18 or newer, and npm beside it.
    Node,
    /// PostgreSQL's `initdb`, which is not on the path.
    Postgres,
}

struct Package {
    apt: &'static str,
    sign: Sign,
    purpose: Purpose,
}

const fn package(purpose: Purpose, apt: &'static str, sign: Sign) -> Package {
    Package { apt, sign, purpose }
}

const CJK_FONT: &str = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";

const PACKAGES: &[Package] = {
    use Purpose::{Build, Test, VirtualDisplay};
    use Sign::{File, Node, PkgConfig, Postgres, Program};
    &[
        package(Build, "build-essential", Program("cc")),
        package(Build, "pkg-config", Program("pkg-config")),
        package(Build, "libwebkit2gtk-4.1-dev", PkgConfig("webkit2gtk-4.1")),
        package(Build, "librsvg2-dev", PkgConfig("librsvg-2.0")),
        package(
            Build,
            "libayatana-appindicator3-dev",
            PkgConfig("ayatana-appindicator3-0.1"),
        ),
        package(Build, "libssl-dev", PkgConfig("openssl")),
        package(Build, "nodejs npm", Node),
        package(VirtualDisplay, "xvfb", Program("Xvfb")),
        package(VirtualDisplay, "fonts-noto-cjk", File(CJK_FONT)),
        package(Test, "webkit2gtk-driver", Program("WebKitWebDriver")),
        package(Test, "dbus", Program("dbus-daemon")),
        package(Test, "dbus-x11", Program("dbus-launch")),
        package(Test, "gnome-keyring", Program("gnome-keyring-daemon")),
        package(Test, "libsecret-tools", Program("secret-tool")),
        package(Test, "imagemagick", Program("import")),
        package(Test, "chromium", Program("chromium")),
        package(Test, "chromium-driver", Program("chromedriver")),
        package(Test, "postgresql", Postgres),
        package(Test, "strace", Program("strace")),
    ]
};

/// What to type where we do not install ourselves.
const FEDORA: &str = "sudo dnf install gcc gcc-c++ make pkgconf webkit2gtk4.1-devel librsvg2-devel libayatana-appindicator-gtk3-devel openssl-devel nodejs npm";
const ARCH: &str = "sudo pacman -S --needed base-devel webkit2gtk-4.1 librsvg libayatana-appindicator openssl nodejs npm";
const MACOS: &str = "xcode-select --install; brew install node";
const WINDOWS: &str = "winget install Microsoft.VisualStudio.2022.BuildTools Microsoft.EdgeWebView2Runtime OpenJS.NodeJS.LTS StrawberryPerl.StrawberryPerl";

/// Installs what `purpose` needs and is not there, or ends with the line to type.
pub(crate) fn ensure(purpose: Purpose, system: &System) -> Result<()> {
    if system.has_apt() {
        return ensure_by_apt(purpose, system);
    }
    if let Some(advice) = missing_tool(system.family) {
        bail!("{advice}");
    }
    Ok(())
}

fn ensure_by_apt(purpose: Purpose, system: &System) -> Result<()> {
    let missing = missing(purpose, system.family, &is_present);
    if missing.is_empty() {
        return Ok(());
    }
    system.apt_install("Packages for this system", &missing)?;
    let still: Vec<&str> = self::missing(purpose, system.family, &is_present);
    if still.contains(&"nodejs") {
        bail!("this system's Node is older than 18; install a newer one, then type the same again");
    }
    Ok(())
}

/// The apt names of what is missing for `purpose`.
fn missing(purpose: Purpose, family: Family, present: &dyn Fn(&Sign) -> bool) -> Vec<&'static str> {
    PACKAGES
        .iter()
        .filter(|package| serves(package.purpose, purpose) && !present(&package.sign))
        .flat_map(|package| apt_name(package.apt, family).split(' '))
        .collect()
}

fn serves(package: Purpose, purpose: Purpose) -> bool {
    match purpose {
        Purpose::Build => package == Purpose::Build,
        Purpose::VirtualDisplay => package != Purpose::Test,
        Purpose::Test => true,
    }
}

/// Ubuntu calls its browser differently; everything else has Debian's name.
fn apt_name(name: &'static str, family: Family) -> &'static str {
    match (family, name) {
        (Family::Ubuntu, "chromium") => "chromium-browser",
        (Family::Ubuntu, "chromium-driver") => "chromium-chromedriver",
        _ => name,
    }
}

fn is_present(sign: &Sign) -> bool {
    match sign {
        Sign::Program("chromium") => {
            on_path("chromium").is_some() || on_path("chromium-browser").is_some()
        }
        Sign::Program(name) => on_path(name).is_some(),
        Sign::PkgConfig(name) => has_pkg_config(name),
        Sign::File(path) => Path::new(path).is_file(),
        Sign::Node => has_node(),
        Sign::Postgres => has_postgres(),
    }
}

/// Looks for the `.pc` file itself: a look costs nothing, `pkg-config` a process.
fn has_pkg_config(name: &str) -> bool {
    let file = format!("{name}.pc");
    let fixed = ["/usr/lib", "/usr/lib64", "/usr/share", "/usr/local/lib"];
    let multiarch = format!("/usr/lib/{}-linux-gnu", env::consts::ARCH);
    let own = env::var_os("PKG_CONFIG_PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = env::split_paths(&own).collect();
    folders.extend(fixed.map(|folder| Path::new(folder).join("pkgconfig")));
    folders.push(Path::new(&multiarch).join("pkgconfig"));
    folders.iter().any(|folder| folder.join(&file).is_file())
}

fn has_node() -> bool {
    let version = step::probe(Command::new("node").arg("--version"));
    let major = version.as_deref().and_then(node_major);
    major.is_some_and(|major| major >= 18) && on_path("npm").is_some()
}

/// `v20.20.2` → 20.
fn node_major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

fn has_postgres() -> bool {
    let clusters = fs::read_dir("/usr/lib/postgresql");
    on_path("initdb").is_some()
        || clusters.is_ok_and(|mut versions| {
            versions.any(|version| {
                version.is_ok_and(|version| version.path().join("bin/initdb").is_file())
            })
        })
}

/// On systems where the person installs: the line, when a tool is missing.
fn missing_tool(family: Family) -> Option<String> {
    let line = match family {
        Family::Fedora => FEDORA,
        Family::Arch => ARCH,
        Family::Macos => MACOS,
        Family::Windows => WINDOWS,
        Family::Debian | Family::Ubuntu | Family::Other => "",
    };
    let webkit_missing = cfg!(target_os = "linux") && !has_pkg_config("webkit2gtk-4.1");
    if has_node() && !webkit_missing {
        return None;
    }
    Some(if line.is_empty() {
        "install a C compiler, pkg-config, WebKitGTK 4.1, librsvg, libayatana-appindicator, OpenSSL (each with headers) and Node 18 with npm, then type the same again".to_owned()
    } else {
        format!("some tools are missing; type\n\n    {line}\n\nand then the same again")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_installed_when_everything_is_there() {
        assert!(missing(Purpose::Test, Family::Debian, &|_| true).is_empty());
    }

    #[test]
    fn building_asks_for_no_test_package() {
        let names = missing(Purpose::Build, Family::Debian, &|_| false);
        assert!(names.contains(&"libwebkit2gtk-4.1-dev"));
        assert!(!names.contains(&"xvfb"));
        assert!(!names.contains(&"postgresql"));
    }

    #[test]
    fn testing_asks_for_everything() {
        let names = missing(Purpose::Test, Family::Debian, &|_| false);
        for name in ["build-essential", "xvfb", "postgresql", "chromium"] {
            assert!(names.contains(&name), "{name} is not in {names:?}");
        }
    }

    #[test]
    fn only_what_is_missing_is_named() {
        let all_but_driver = |sign: &Sign| !matches!(sign, Sign::Program("WebKitWebDriver"));
        assert_eq!(
            missing(Purpose::Test, Family::Debian, &all_but_driver),
            ["webkit2gtk-driver"]
        );
    }

    #[test]
    fn node_without_its_package_manager_counts_as_missing_both() {
        let no_node = |sign: &Sign| !matches!(sign, Sign::Node);
        let names = missing(Purpose::Build, Family::Debian, &no_node);
        assert_eq!(names, ["nodejs", "npm"]);
    }

    #[test]
    fn ubuntu_has_its_own_name_for_the_browser() {
        let names = missing(Purpose::Test, Family::Ubuntu, &|_| false);
        assert!(names.contains(&"chromium-browser"));
        assert!(!names.contains(&"chromium"));
    }

    #[test]
    fn node_versions_are_understood() {
        assert_eq!(node_major("v20.20.2"), Some(20));
        assert_eq!(node_major("v8.1"), Some(8));
        assert_eq!(node_major("nonsense"), None);
    }
}
