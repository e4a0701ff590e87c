//! Where everything lies.

use std::{
    env,
    hash::{DefaultHasher, Hash, Hasher},
    path::PathBuf,
};

use anyhow::{Context, Result};

/// Development builds keep to themselves, so that trying something out never touches real work.
const NAME: &str = if cfg!(debug_assertions) {
    "stoa-dev"
} else {
    "stoa"
};

/// The data folder.
#[derive(Debug, Clone)]
pub(crate) struct Folders {
    /// Preferences, profiles, logs and what the window remembers.
    pub(crate) data: PathBuf,
    /// Whether somebody asked for this very folder.
    is_chosen: bool,
}

impl Folders {
    /// `STOA_DATA_DIR`, or this user's folder for application data.
    pub(crate) fn find() -> Result<Self> {
        if let Some(chosen) = env::var_os("STOA_DATA_DIR").filter(|path| !path.is_empty()) {
            let data = std::path::absolute(PathBuf::from(chosen))
                .context("STOA_DATA_DIR is not a path")?;
            return Ok(Self {
                data,
                is_chosen: true,
            });
        }
        let base = dirs::data_dir().context("this system has no folder for application data")?;
        Ok(Self {
            data: base.join(NAME),
            is_chosen: false,
        })
    }

    pub(crate) fn logs(&self) -> PathBuf {
        self.data.join("logs")
    }

    /// What the web engine keeps: caches, nothing of the user's.
    pub(crate) fn engine(&self) -> PathBuf {
        self.data.join("webview")
    }

    /// Size and place of the window.
    pub(crate) fn window_state(&self) -> PathBuf {
        self.data.join("window.json")
    }

    /// The name under which running programs of the same data folder find each other.
    pub(crate) fn instance_name(&self, identifier: &str) -> String {
        if self.is_chosen {
            let mut hasher = DefaultHasher::new();
            self.data.hash(&mut hasher);
            return format!("{identifier}.at{:016x}", hasher.finish());
        }
        format!("{identifier}.{}", NAME.replace('-', "_"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(path: &str) -> Folders {
        Folders {
            data: path.into(),
            is_chosen: true,
        }
    }

    #[test]
    fn programs_of_different_folders_do_not_find_each_other() {
        let name = |folders: &Folders| folders.instance_name("dev.stoa.studio");
        assert_eq!(name(&chosen("/a")), name(&chosen("/a")));
        assert_ne!(name(&chosen("/a")), name(&chosen("/b")));
        let usual = Folders {
            data: "/a".into(),
            is_chosen: false,
        };
        assert_ne!(name(&usual), name(&chosen("/a")));
    }
}
