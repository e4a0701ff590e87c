//! Which system this is, as far as installing packages goes, and whether we may.

use std::{env, fs, path::PathBuf, process::Command};

use anyhow::{Result, bail};

use crate::step;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    Debian,
    Ubuntu,
    Fedora,
    Arch,
    Macos,
    Windows,
    Other,
}

/// How packages come onto this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rights {
    /// We are root: apt directly.
    Root,
    /// `sudo` exists and may ask for a password.
    Sudo,
    /// Only the person can do it.
    None,
}

pub(crate) struct System {
    pub(crate) family: Family,
    pub(crate) rights: Rights,
}

impl System {
    pub(crate) fn detect() -> Self {
        let family = if cfg!(target_os = "macos") {
            Family::Macos
        } else if cfg!(target_os = "windows") {
            Family::Windows
        } else {
            family_of(&fs::read_to_string("/etc/os-release").unwrap_or_default())
        };
        Self {
            family,
            rights: rights(),
        }
    }

    /// Whether packages come by apt.
    pub(crate) fn has_apt(&self) -> bool {
        matches!(self.family, Family::Debian | Family::Ubuntu)
    }

    /// Installs `names` by apt, after saying so; without the rights it ends
    /// with the line to type.
    pub(crate) fn apt_install(&self, what: &str, names: &[&str]) -> Result<()> {
        let by_hand = format!("sudo apt-get install -y {}", names.join(" "));
        if self.rights == Rights::None {
            bail!("{what}: these packages are missing; type\n\n    {by_hand}\n");
        }
        step::say(&format!("{what}: installing {}", names.join(" ")));
        // The lists may be absent on a fresh machine and stale on an old one.
        let updated = step::run_quietly("Reading the package lists", &mut self.apt(&["update"]));
        let mut install = self.apt(&["install", "-y"]);
        install.args(names);
        step::run_quietly("Installing", &mut install)
            .map_err(|error| updated.err().unwrap_or(error))
    }

    fn apt(&self, words: &[&str]) -> Command {
        let mut command = match self.rights {
            Rights::Sudo => {
                let mut sudo = Command::new("sudo");
                sudo.args(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
                sudo
            }
            Rights::Root | Rights::None => Command::new("apt-get"),
        };
        command
            .env("DEBIAN_FRONTEND", "noninteractive")
            .args(["-q", "-o", "DPkg::Lock::Timeout=300"])
            .args(words);
        command
    }
}

/// Where the program `name` is, if it is on the path.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let with_suffix = format!("{name}{}", env::consts::EXE_SUFFIX);
    let script = format!("{name}.cmd");
    env::split_paths(&env::var_os("PATH")?)
        .flat_map(|folder| [folder.join(&with_suffix), folder.join(&script)])
        .find(|file| file.is_file())
}

/// The family named by the text of `/etc/os-release`.
fn family_of(os_release: &str) -> Family {
    let value = |key: &str| {
        os_release
            .lines()
            .find_map(|line| line.strip_prefix(key)?.strip_prefix('='))
            .map(|value| value.trim_matches('"').to_owned())
            .unwrap_or_default()
    };
    let names = format!("{} {}", value("ID"), value("ID_LIKE"));
    let known = names.split_whitespace().find_map(|name| match name {
        "ubuntu" => Some(Family::Ubuntu),
        "debian" => Some(Family::Debian),
        "fedora" | "rhel" => Some(Family::Fedora),
        "arch" => Some(Family::Arch),
        _ => None,
    });
    known.unwrap_or(Family::Other)
}

fn rights() -> Rights {
    let id = step::probe(Command::new("id").arg("-u"));
    if id.as_deref() == Some("0") {
        Rights::Root
    } else if on_path("sudo").is_some() {
        Rights::Sudo
    } else {
        Rights::None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(os_release: &str, expected: Family) {
        assert_eq!(family_of(os_release), expected, "{os_release}");
    }

    #[test]
    fn systems_are_known_by_their_release_file() {
        check("ID=debian\nVERSION_ID=\"12\"", Family::Debian);
        check("NAME=\"Ubuntu\"\nID=ubuntu\nID_LIKE=debian", Family::Ubuntu);
        check("ID=linuxmint\nID_LIKE=\"ubuntu debian\"", Family::Ubuntu);
        check(
            "ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"",
            Family::Fedora,
        );
        check("ID=manjaro\nID_LIKE=arch", Family::Arch);
        check("ID=nixos", Family::Other);
        check("", Family::Other);
    }

    #[test]
    fn without_rights_the_line_to_type_is_the_answer() {
        let system = System {
            family: Family::Debian,
            rights: Rights::None,
        };
        let error = system.apt_install("Test", &["xvfb", "dbus"]).unwrap_err();
        let expected = "\n    sudo apt-get install -y xvfb dbus\n";
        assert!(error.to_string().contains(expected), "{error}");
    }
}
