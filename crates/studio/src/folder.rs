//! The data folder: `studio.toml` (preferences and the last profile) and `profiles/<id>/`, each
//! with a `profile.toml` that says whose it is before it is unlocked.
//!
//! Both files are replaced atomically. A damaged one is kept aside and the program goes on
//! without it: neither holds anything that cannot be set again.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use stoa_domain::{Timestamp, ZoneName};
use stoa_ipc::{Preferences, ProfileInfo, ProfileKind};
use stoa_store::{Wipe, make_folder};

const STUDIO_FILE: &str = "studio.toml";
const PROFILE_FILE: &str = "profile.toml";

/// Where the profiles lie.
#[derive(Debug, Clone)]
pub(crate) struct DataFolder {
    root: PathBuf,
    holds: Holds,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// Settings and any number of profiles.
    Profiles,
    /// The folder is itself one profile's (terminal and rescue); settings are not kept.
    OneProfile,
}

/// What `studio.toml` keeps.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Settings {
    /// The profile that opens at the next start.
    pub(crate) last_profile: Option<String>,
    pub(crate) preferences: Preferences,
}

/// What `profile.toml` keeps: what may be known while the profile is locked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ProfileFile {
    pub(crate) name: String,
    pub(crate) kind: ProfileKind,
    /// In which the community tells time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) timezone: Option<ZoneName>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) server: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) email: Option<String>,
    /// Whose it is on its server, signed in or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) account: Option<String>,
    /// Whether the recovery key was typed back. Until then nothing can be written.
    pub(crate) is_confirmed: bool,
}

impl ProfileFile {
    /// Whose it is on its server, as far as anybody ever signed in.
    pub(crate) fn owner(&self) -> Option<&String> {
        self.account.as_ref().or(self.email.as_ref())
    }

    pub(crate) fn info(&self, id: &str) -> ProfileInfo {
        ProfileInfo {
            id: id.to_owned(),
            name: self.name.clone(),
            timezone: self.timezone.clone(),
            kind: self.kind,
            server: self.server.clone(),
            email: self.email.clone(),
        }
    }
}

impl DataFolder {
    pub(crate) fn of_profiles(root: PathBuf) -> Self {
        Self {
            root,
            holds: Holds::Profiles,
        }
    }

    pub(crate) fn of_one_profile(root: PathBuf) -> Self {
        Self {
            root,
            holds: Holds::OneProfile,
        }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The folder of a profile, whether it exists or not.
    pub(crate) fn profile_dir(&self, id: &str) -> PathBuf {
        match self.holds {
            Holds::Profiles => self.root.join("profiles").join(id),
            Holds::OneProfile => self.root.clone(),
        }
    }

    /// A name for a new profile's folder; later ones sort after earlier ones.
    pub(crate) fn new_id(&self, now: Timestamp, random: [u8; 4]) -> String {
        match self.holds {
            Holds::Profiles => format!("{:011x}-{:08x}", now.millis(), u32::from_be_bytes(random)),
            Holds::OneProfile => self.own_name(),
        }
    }

    fn own_name(&self) -> String {
        let name = self.root.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }

    /// Every profile, oldest first. One whose `profile.toml` is damaged is listed by its id.
    pub(crate) fn profiles(&self) -> Vec<(String, ProfileFile)> {
        self.ids()
            .into_iter()
            .filter_map(|id| {
                let file = self.profile(&id)?;
                Some((id, file))
            })
            .collect()
    }

    fn ids(&self) -> Vec<String> {
        if self.holds == Holds::OneProfile {
            return vec![self.own_name()];
        }
        let Ok(entries) = fs::read_dir(self.root.join("profiles")) else {
            return Vec::new();
        };
        let mut ids: Vec<String> = entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .collect();
        ids.sort_unstable();
        ids
    }

    fn profile(&self, id: &str) -> Option<ProfileFile> {
        let dir = self.profile_dir(id);
        match Wipe::find(&dir) {
            Ok(Some(_)) => None,
            Ok(None) | Err(_) => describe(&dir, id),
        }
    }

    /// Profiles that an account had wiped and whose record is still needed.
    pub(crate) fn wiped(&self) -> Vec<(String, Wipe)> {
        let record = |id: String| {
            let record = Wipe::find(&self.profile_dir(&id)).ok().flatten()?;
            Some((id, record))
        };
        self.ids().into_iter().filter_map(record).collect()
    }

    /// Whether the folder is itself one profile's.
    pub(crate) fn is_one_profile(&self) -> bool {
        self.holds == Holds::OneProfile
    }

    pub(crate) fn write_profile(&self, id: &str, file: &ProfileFile) -> io::Result<()> {
        let dir = self.profile_dir(id);
        make_folder(&dir)?;
        replace(&dir.join(PROFILE_FILE), &to_toml(file))
    }

    /// Removes a profile's folder with all that is in it.
    pub(crate) fn remove_profile(&self, id: &str) -> io::Result<()> {
        fs::remove_dir_all(self.profile_dir(id))
    }

    /// The settings; defaults when there are none. A damaged file is kept aside first.
    pub(crate) fn settings(&self) -> Settings {
        if self.holds == Holds::OneProfile {
            return Settings::default();
        }
        let path = self.root.join(STUDIO_FILE);
        match read_toml(&path) {
            Read::Some(settings) => settings,
            Read::None => Settings::default(),
            Read::Damaged => {
                keep_aside(&path);
                Settings::default()
            }
        }
    }

    pub(crate) fn write_settings(&self, settings: &Settings) -> io::Result<()> {
        if self.holds == Holds::OneProfile {
            return Ok(());
        }
        make_folder(&self.root)?;
        replace(&self.root.join(STUDIO_FILE), &to_toml(settings))
    }
}

/// Whose a profile is, as its folder tells; one whose description is damaged goes by its id.
pub(crate) fn describe(dir: &Path, id: &str) -> Option<ProfileFile> {
    if let Read::Some(file) = read_toml(&dir.join(PROFILE_FILE)) {
        return Some(file);
    }
    dir.join("vault.toml").exists().then(|| ProfileFile {
        name: id.to_owned(),
        kind: kind_by_traces(dir),
        timezone: None,
        server: None,
        email: None,
        account: None,
        is_confirmed: true,
    })
}

/// A small file of values, if it is there and whole.
pub(crate) fn read_note<T: DeserializeOwned>(path: &Path) -> Option<T> {
    match read_toml(path) {
        Read::Some(note) => Some(note),
        Read::None | Read::Damaged => None,
    }
}

/// What a profile was, told by what lies in its folder.
fn kind_by_traces(dir: &Path) -> ProfileKind {
    if dir.join(crate::demo::KEY_FILE).exists() {
        ProfileKind::Demo
    } else {
        ProfileKind::Local
    }
}

enum Read<T> {
    Some(T),
    None,
    Damaged,
}

fn read_toml<T: DeserializeOwned>(path: &Path) -> Read<T> {
    match fs::read_to_string(path) {
        Ok(text) => toml::from_str(&text).map_or(Read::Damaged, Read::Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Read::None,
        Err(_) => Read::Damaged,
    }
}

pub(crate) fn to_toml(value: &impl Serialize) -> String {
    toml::to_string(value).expect("settings are tables of plain values")
}

/// Renames a damaged file so that somebody can still look at it.
fn keep_aside(path: &Path) {
    let aside = (1..1_000)
        .map(|n| path.with_extension(format!("toml.damaged-{n}")))
        .find(|aside| !aside.exists());
    if let Some(aside) = aside
        && let Err(error) = fs::rename(path, aside)
    {
        tracing::warn!(%error, "a damaged settings file could not be kept aside");
    }
}

/// Puts `text` in the place of a file so that a crash leaves either the old or the new one.
pub(crate) fn replace(path: &Path, text: &str) -> io::Result<()> {
    let new = path.with_extension("toml.new");
    let mut file = fs::File::create(&new)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&new, path)?;
    sync_parent(path)
}

/// On Unix a rename is durable only when the folder is synced; elsewhere folders cannot be opened.
pub(crate) fn sync_parent(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    if let Some(parent) = path.parent() {
        fs::File::open(parent)?.sync_all()?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

#[cfg(test)]
mod tests {
    use stoa_ipc::{Language, Theme};

    use super::*;

    fn folder() -> (tempfile::TempDir, DataFolder) {
        let dir = tempfile::tempdir().unwrap();
        let folder = DataFolder::of_profiles(dir.path().join("data"));
        (dir, folder)
    }

    fn file(name: &str) -> ProfileFile {
        ProfileFile {
            name: name.to_owned(),
            timezone: None,
            kind: ProfileKind::Connected,
            server: Some("https://stoa.example".to_owned()),
            email: None,
            account: None,
            is_confirmed: true,
        }
    }

    #[test]
    fn settings_survive_a_restart() {
        let (_dir, folder) = folder();
        assert_eq!(folder.settings(), Settings::default());
        let settings = Settings {
            last_profile: Some("p".to_owned()),
            preferences: Preferences {
                language: Some(Language::Chinese),
                theme: Theme::Contrast,
                zoom: 150,
                ..Preferences::default()
            },
        };
        folder.write_settings(&settings).unwrap();
        assert_eq!(folder.settings(), settings);
    }

    #[test]
    fn damaged_settings_are_kept_aside_and_defaults_used() {
        let (_dir, folder) = folder();
        fs::create_dir_all(folder.root()).unwrap();
        fs::write(folder.root().join(STUDIO_FILE), "zoom = [").unwrap();
        assert_eq!(folder.settings(), Settings::default());
        let aside = folder.root().join("studio.toml.damaged-1");
        assert_eq!(fs::read_to_string(aside).unwrap(), "zoom = [");
    }

    #[test]
    fn settings_of_a_later_version_keep_what_is_known() {
        let (_dir, folder) = folder();
        fs::create_dir_all(folder.root()).unwrap();
        let text = "later = 1\n[preferences]\nzoom = 80\nunheard_of = true\n";
        fs::write(folder.root().join(STUDIO_FILE), text).unwrap();
        assert_eq!(folder.settings().preferences.zoom, 80);
    }

    #[test]
    fn profiles_are_listed_oldest_first() {
        let (_dir, folder) = folder();
        let early = folder.new_id(Timestamp::from_millis(1_700_000_000_000), [9; 4]);
        let late = folder.new_id(Timestamp::from_millis(1_700_000_000_001), [1; 4]);
        folder.write_profile(&late, &file("二")).unwrap();
        folder.write_profile(&early, &file("一")).unwrap();
        let names: Vec<String> = folder.profiles().into_iter().map(|p| p.1.name).collect();
        assert_eq!(names, ["一", "二"]);
    }

    #[test]
    fn a_profile_with_a_damaged_description_is_still_there() {
        let (_dir, folder) = folder();
        folder.write_profile("p", &file("一")).unwrap();
        let dir = folder.profile_dir("p");
        fs::write(dir.join(PROFILE_FILE), "name =").unwrap();
        assert_eq!(folder.profiles(), []);
        fs::write(dir.join("vault.toml"), "").unwrap();
        assert_eq!(folder.profiles()[0].1.name, "p");
    }

    #[test]
    fn one_profiles_folder_is_its_own_list() {
        let dir = tempfile::tempdir().unwrap();
        let folder = DataFolder::of_one_profile(dir.path().join("mine"));
        assert_eq!(folder.profiles(), []);
        let id = folder.new_id(Timestamp::from_millis(0), [0; 4]);
        folder.write_profile(&id, &file("一")).unwrap();
        assert_eq!(folder.profiles(), [("mine".to_owned(), file("一"))]);
    }
}
