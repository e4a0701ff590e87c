//! Which toolchain compiles the window's code, and how to get one: the active
//! toolchain with its own wasm32 target where rustup can fetch it, otherwise
//! Debian's compiler with a std built once from Debian's source.
//!
//! The decision is a pure function over probed facts; the loop in [`ensure`]
//! carries it out and looks again.

use std::{env, fmt, path::Path, process::Command, time::Duration};

use anyhow::{Result, bail};

use super::{
    debian_std,
    system::{System, on_path},
};
use crate::{place::Place, step};

pub(crate) const TARGET: &str = "wasm32-unknown-unknown";
/// The name under which rustup knows Debian's compiler with our std.
pub(crate) const LINKED: &str = "stoa-wasm";
/// Long enough for a slow line, short enough not to look dead.
const FETCH_LIMIT: Duration = Duration::from_secs(180);

/// A toolchain that can compile for the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Toolchain {
    /// The one that is active anyway.
    Active,
    /// Debian's, linked as [`LINKED`].
    Debian,
}

impl Toolchain {
    /// A cargo of this toolchain, working in `folder`.
    pub(crate) fn cargo(self, folder: &Path) -> Command {
        match self {
            Self::Active => step::command("cargo", folder),
            Self::Debian => {
                let mut command = step::command("rustup", folder);
                command.args(["run", LINKED, "cargo"]);
                command
            }
        }
    }
}

impl fmt::Display for Toolchain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Active => "the active toolchain",
            Self::Debian => "Debian's compiler (toolchain `stoa-wasm`)",
        })
    }
}

/// Everything the decision depends on.
#[derive(Debug, Clone, Copy, Default)]
struct Facts {
    /// The active toolchain has a std for the target.
    active_has_target: bool,
    rustup: bool,
    /// Fetching the target was tried in this run and did not work.
    fetch_failed: bool,
    /// Packages can come from Debian.
    debian: bool,
    /// Debian's compiler, cargo, library source and linker are installed.
    debian_compiler: bool,
    /// The std in the cache was built by the compiler that is installed now.
    debian_std: bool,
    /// rustup knows the linked toolchain.
    linked: bool,
    /// `STOA_WASM_TOOLCHAIN` asks for one of the two.
    wanted: Option<Toolchain>,
}

#[derive(Debug, PartialEq, Eq)]
enum Next {
    Use(Toolchain),
    FetchTarget,
    InstallDebianCompiler,
    BuildDebianStd,
    Link,
    GiveUp,
}

fn next(facts: Facts) -> Next {
    let may = |toolchain| facts.wanted.is_none_or(|wanted| wanted == toolchain);
    let debian_ready = facts.debian_compiler && facts.debian_std && facts.linked;
    if may(Toolchain::Active) && facts.active_has_target {
        Next::Use(Toolchain::Active)
    } else if may(Toolchain::Debian) && debian_ready {
        Next::Use(Toolchain::Debian)
    } else if may(Toolchain::Active) && facts.rustup && !facts.fetch_failed {
        Next::FetchTarget
    } else if !may(Toolchain::Debian) || !facts.debian || !facts.rustup {
        Next::GiveUp
    } else if !facts.debian_compiler {
        Next::InstallDebianCompiler
    } else if !facts.debian_std {
        Next::BuildDebianStd
    } else {
        Next::Link
    }
}

/// Carries out one step after the other until a toolchain can be used.
pub(crate) fn ensure(place: &Place, system: &System) -> Result<Toolchain> {
    let mut fetch_failed = false;
    let mut previous = None;
    loop {
        let step = next(probe(place, system, fetch_failed)?);
        if previous.as_ref() == Some(&step) {
            bail!("{}", ADVICE.trim_end());
        }
        match step {
            Next::Use(toolchain) => return Ok(toolchain),
            Next::FetchTarget => fetch_failed = !fetch_target(place),
            Next::InstallDebianCompiler => {
                system.apt_install("A compiler for the browser", &debian_std::PACKAGES)?;
            }
            Next::BuildDebianStd => debian_std::build(place)?,
            Next::Link => debian_std::link(place)?,
            Next::GiveUp => bail!("{}", ADVICE.trim_end()),
        }
        previous = Some(step);
    }
}

const ADVICE: &str = "\
no compiler for wasm32-unknown-unknown. With a connection to rustup's server, type

    rustup target add wasm32-unknown-unknown

Without one, on Debian 12, type

    sudo apt-get install -y rustc-web cargo-web rust-web-src lld-22

and then the same again; the library is then built from Debian's source.
";

fn fetch_target(place: &Place) -> bool {
    let mut command = step::command("rustup", &place.root);
    command.args(["target", "add", TARGET]);
    match step::run_within(
        "Fetching the wasm32 target by rustup",
        &mut command,
        FETCH_LIMIT,
    ) {
        Ok(()) => true,
        Err(error) => {
            step::say(&format!("{error}; trying Debian's compiler instead"));
            false
        }
    }
}

fn probe(place: &Place, system: &System, fetch_failed: bool) -> Result<Facts> {
    let wanted = wanted(env::var("STOA_WASM_TOOLCHAIN").ok().as_deref())?;
    let active_has_target = active_has_target(place);
    let facts = Facts {
        active_has_target,
        rustup: on_path("rustup").is_some(),
        fetch_failed,
        wanted,
        ..Facts::default()
    };
    if active_has_target && wanted != Some(Toolchain::Debian) {
        return Ok(facts);
    }
    let compiler = debian_std::Compiler::find();
    Ok(Facts {
        debian: system.has_apt(),
        debian_std: compiler
            .as_ref()
            .is_some_and(|compiler| compiler.std_is_built(place)),
        debian_compiler: compiler.is_some(),
        linked: debian_std::is_linked(place),
        ..facts
    })
}

fn wanted(variable: Option<&str>) -> Result<Option<Toolchain>> {
    match variable {
        None | Some("") => Ok(None),
        Some("active") => Ok(Some(Toolchain::Active)),
        Some("debian") => Ok(Some(Toolchain::Debian)),
        Some(other) => bail!("STOA_WASM_TOOLCHAIN is `active` or `debian`, not `{other}`"),
    }
}

fn active_has_target(place: &Place) -> bool {
    let mut rustc = step::command("rustc", &place.root);
    let folder = step::probe(rustc.args(["--print", "target-libdir", "--target", TARGET]));
    folder.is_some_and(|folder| debian_std::has_libraries(Path::new(&folder)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRESH: Facts = Facts {
        active_has_target: false,
        rustup: true,
        fetch_failed: false,
        debian: true,
        debian_compiler: false,
        debian_std: false,
        linked: false,
        wanted: None,
    };
    const OFFLINE: Facts = Facts {
        fetch_failed: true,
        ..FRESH
    };

    #[test]
    fn a_toolchain_with_the_target_is_used_as_it_is() {
        let facts = Facts {
            active_has_target: true,
            ..FRESH
        };
        assert_eq!(next(facts), Next::Use(Toolchain::Active));
    }

    #[test]
    fn rustup_is_asked_first() {
        assert_eq!(next(FRESH), Next::FetchTarget);
    }

    #[test]
    fn without_rustups_server_debians_compiler_takes_three_steps() {
        let mut facts = OFFLINE;
        assert_eq!(next(facts), Next::InstallDebianCompiler);
        facts.debian_compiler = true;
        assert_eq!(next(facts), Next::BuildDebianStd);
        facts.debian_std = true;
        assert_eq!(next(facts), Next::Link);
        facts.linked = true;
        assert_eq!(next(facts), Next::Use(Toolchain::Debian));
    }

    #[test]
    fn once_debians_way_is_ready_the_network_is_not_asked_again() {
        let ready = Facts {
            debian_compiler: true,
            debian_std: true,
            linked: true,
            ..FRESH
        };
        assert_eq!(next(ready), Next::Use(Toolchain::Debian));
    }

    #[test]
    fn a_newer_compiler_makes_the_built_std_stale() {
        let upgraded = Facts {
            debian_compiler: true,
            linked: true,
            ..OFFLINE
        };
        assert_eq!(next(upgraded), Next::BuildDebianStd);
    }

    #[test]
    fn elsewhere_the_person_is_told_what_to_do() {
        let fedora = Facts {
            debian: false,
            ..OFFLINE
        };
        assert_eq!(next(fedora), Next::GiveUp);
    }

    #[test]
    fn a_wanted_toolchain_is_the_only_one_considered() {
        let debian = Facts {
            active_has_target: true,
            wanted: Some(Toolchain::Debian),
            ..FRESH
        };
        assert_eq!(next(debian), Next::InstallDebianCompiler);
        let active = Facts {
            wanted: Some(Toolchain::Active),
            ..OFFLINE
        };
        assert_eq!(next(active), Next::GiveUp);
    }

    #[test]
    fn the_variable_takes_two_words() {
        assert_eq!(wanted(None).unwrap(), None);
        assert_eq!(wanted(Some("active")).unwrap(), Some(Toolchain::Active));
        assert_eq!(wanted(Some("debian")).unwrap(), Some(Toolchain::Debian));
        assert!(wanted(Some("nightly")).is_err());
    }
}
