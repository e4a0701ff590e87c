//! The golden profiles: one for each schema there has been, as a program of that time left it.
//!
//! Their databases are kept in the clear and compressed, because what is encrypted cannot be; they
//! are encrypted again when a profile is laid out, under the key of the manifest beside them.

use std::path::{Path, PathBuf};
use std::sync::Once;

use rusqlite::Connection;
use stoa_store::test_support::{PASSPHRASE, raw_key};
use stoa_store::{Vault, VaultKey};

/// The database of a golden profile.
pub(crate) const IMAGE: &str = "studio.db.zst";
const MANIFEST: &str = "vault.toml";

/// One golden profile.
#[derive(Debug, Clone)]
pub(crate) struct Golden {
    pub(crate) version: u32,
    folder: PathBuf,
}

/// Where they lie.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/upgrade/golden")
}

/// All of them, the oldest first.
pub(crate) fn all() -> Vec<Golden> {
    let mut found: Vec<Golden> = std::fs::read_dir(folder())
        .unwrap()
        .filter_map(|entry| {
            let folder = entry.unwrap().path();
            let version = folder.file_name()?.to_str()?.parse().ok()?;
            Some(Golden { version, folder })
        })
        .collect();
    found.sort_by_key(|golden| golden.version);
    found
}

/// The migrations that exist: number and SQL.
pub(crate) fn migrations() -> Vec<(u32, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations/studio");
    let mut found: Vec<(u32, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "sql"))
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap();
            let version = name[..4].parse().unwrap();
            (version, std::fs::read_to_string(&path).unwrap())
        })
        .collect();
    found.sort();
    found
}

impl Golden {
    pub(crate) fn of(version: u32) -> Self {
        let folder = folder().join(format!("{version:04}"));
        Self { version, folder }
    }

    /// Puts the profile into an empty folder, as it lay on the disk of its time.
    pub(crate) fn lay_out(&self, dir: &Path) {
        make_ready();
        copy(&self.folder, dir);
        let packed = dir.join(IMAGE);
        let image = zstd::decode_all(std::fs::File::open(&packed).unwrap()).unwrap();
        std::fs::remove_file(&packed).unwrap();
        let plain = dir.join("plain.db");
        std::fs::write(&plain, image).unwrap();
        let (key, salt) = (key_of(dir), salt_of(dir));
        export(
            &Connection::open(&plain).unwrap(),
            &dir.join("studio.db"),
            &salted(&key, &salt),
        );
        std::fs::remove_file(&plain).unwrap();
    }
}

/// The first connection of a process makes SQLCipher ready; one that is opened beside it at that
/// moment does not have its functions.
fn make_ready() {
    static READY: Once = Once::new();
    READY.call_once(|| drop(Connection::open_in_memory().unwrap()));
}

/// The key of a profile whose passphrase is the one of tests.
pub(crate) fn key_of(dir: &Path) -> VaultKey {
    let vault = Vault::read(dir).unwrap();
    vault.unlock_with_passphrase(PASSPHRASE).unwrap()
}

/// The first bytes of the database, as the manifest notes them.
fn salt_of(dir: &Path) -> String {
    let manifest = std::fs::read_to_string(dir.join(MANIFEST)).unwrap();
    let line = manifest.lines().find(|line| line.starts_with("db_salt"));
    line.unwrap().split('"').nth(1).unwrap().to_owned()
}

fn salted(key: &VaultKey, salt: &str) -> String {
    let raw = raw_key(key);
    format!("{}{salt}'", raw.trim_end_matches('\''))
}

/// The database of a profile, without the store's care.
pub(crate) fn raw(dir: &Path, key: &VaultKey) -> Connection {
    let db = Connection::open(dir.join("studio.db")).unwrap();
    db.pragma(None, "key", raw_key(key).as_str(), |_| Ok(()))
        .unwrap();
    db
}

/// Copies all of a database into a new one under another key; without one, in the clear.
pub(crate) fn export(from: &Connection, to: &Path, key: &str) {
    let version: u32 = from
        .query_row("pragma user_version", [], |row| row.get(0))
        .unwrap();
    from.execute("attach ?1 as target key ?2", (to.to_str().unwrap(), key))
        .unwrap();
    from.query_row("select sqlcipher_export('target')", [], |_| Ok(()))
        .unwrap();
    from.pragma_update(Some("target"), "user_version", version)
        .unwrap();
    from.execute("detach target", []).unwrap();
}

/// Copies a folder with all that is in it.
pub(crate) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::write(target, std::fs::read(path).unwrap()).unwrap();
        }
    }
}
