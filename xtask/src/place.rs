//! Where things are: the repository, cargo's output and the cache folder that
//! outlives both.

use std::{env, path::PathBuf};

use anyhow::{Context, Result};

/// The folders every command works with.
pub(crate) struct Place {
    /// The repository.
    pub(crate) root: PathBuf,
    /// Cargo's output for this machine.
    pub(crate) target: PathBuf,
    /// Cargo's output for the window's wasm: separate, because its compiler may differ.
    pub(crate) wasm_target: PathBuf,
    /// What is worth keeping between clones: the built std, last durations.
    pub(crate) cache: PathBuf,
}

impl Place {
    pub(crate) fn find() -> Result<Self> {
        // Asked when it runs: clones that share a target folder share this program too.
        let crate_folder =
            folder_named_by("CARGO_MANIFEST_DIR").context("start this through `cargo xtask`")?;
        let root = crate_folder
            .parent()
            .context("the xtask crate has lost its repository")?
            .to_path_buf();
        let target = folder_named_by("CARGO_TARGET_DIR").unwrap_or_else(|| root.join("target"));
        let wasm_target =
            folder_named_by("STOA_WASM_TARGET_DIR").unwrap_or_else(|| target.join("ui"));
        let cache = cache_folder(&|name| env::var_os(name).map(PathBuf::from))
            .context("neither STOA_CACHE nor a home folder is set")?;
        Ok(Self {
            root,
            target,
            wasm_target,
            cache,
        })
    }

    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("ui/dist")
    }

    pub(crate) fn editor(&self) -> PathBuf {
        self.root.join("web/editor")
    }

    /// Where cargo puts the programs of this profile.
    pub(crate) fn binaries(&self, release: bool) -> PathBuf {
        self.target.join(if release { "release" } else { "debug" })
    }

    /// The built program `name` of this profile.
    pub(crate) fn binary(&self, release: bool, name: &str) -> PathBuf {
        self.binaries(release)
            .join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }
}

fn folder_named_by(variable: &str) -> Option<PathBuf> {
    let value = PathBuf::from(env::var_os(variable).filter(|value| !value.is_empty())?);
    std::path::absolute(value).ok()
}

/// `STOA_CACHE`, or the system's place for caches.
fn cache_folder(variable: &dyn Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    let system = || {
        if cfg!(target_os = "windows") {
            variable("LOCALAPPDATA").map(|folder| folder.join("stoa-build"))
        } else if cfg!(target_os = "macos") {
            variable("HOME").map(|home| home.join("Library/Caches/stoa-build"))
        } else {
            variable("XDG_CACHE_HOME")
                .or_else(|| variable("HOME").map(|home| home.join(".cache")))
                .map(|folder| folder.join("stoa"))
        }
    };
    variable("STOA_CACHE").or_else(system)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cache_can_be_moved_by_one_variable() {
        let named = |name: &str| (name == "STOA_CACHE").then(|| PathBuf::from("/elsewhere"));
        assert_eq!(cache_folder(&named), Some(PathBuf::from("/elsewhere")));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn without_it_the_cache_is_in_the_users_home() {
        let named = |name: &str| (name == "HOME").then(|| PathBuf::from("/home/lin"));
        assert_eq!(
            cache_folder(&named),
            Some(PathBuf::from("/home/lin/.cache/stoa"))
        );
        assert_eq!(cache_folder(&|_| None), None);
    }
}
