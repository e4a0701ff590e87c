//! The folder of the development data, kept between runs.

use std::{env, fs, net::TcpListener, path::PathBuf};

use anyhow::{Context, Result, bail};

/// The folder of the development data, kept between runs.
pub(super) struct Home {
    folder: PathBuf,
}

impl Home {
    pub(super) fn open() -> Result<Self> {
        let folder = data_folder(&|name| env::var_os(name).map(PathBuf::from))
            .context("neither STOA_DEV_DATA nor a home folder is set")?;
        for inner in ["server", "studio"] {
            fs::create_dir_all(folder.join(inner))
                .with_context(|| format!("cannot create {}", folder.display()))?;
        }
        Ok(Self { folder })
    }

    pub(super) fn server(&self) -> PathBuf {
        self.folder.join("server")
    }

    pub(super) fn studio(&self) -> PathBuf {
        self.folder.join("studio")
    }

    pub(super) fn seeded(&self) -> PathBuf {
        self.folder.join("seeded")
    }

    pub(super) fn log(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.log"))
    }

    pub(super) fn keep_port(&self, port: &str) -> Result<()> {
        Ok(fs::write(self.port_file(), port)?)
    }

    /// The port of the last run: a profile remembers its server's address.
    fn port_file(&self) -> PathBuf {
        self.folder.join("port")
    }

    pub(super) fn port(&self) -> Result<u16> {
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

#[cfg(test)]
mod tests {
    use super::*;

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
