//! Opening a profile: its key from keychain, passphrase or recovery key, then its store.
//!
//! The keychain may take seconds, or wait for a person. Until it answers, passphrase and recovery
//! key are taken; whoever brings the right key first opens the door, and the others find it open.

use std::path::Path;
use std::sync::Arc;

use stoa_ipc::{AppState, ErrorCode, Failure, ProfileKind};
use stoa_store::{RecoveryKey, SecretStore, Store, UnlockError, Vault, VaultKey};
use zeroize::Zeroizing;

use crate::demo::KeyFile;
use crate::failure::{Fails, OrFailure};
use crate::folder::ProfileFile;
use crate::open_profile::OpenProfile;
use crate::place::{Place, Shut, Why};
use crate::studio::{News, Studio, blocking};

/// What a profile is unlocked with.
pub(crate) enum With {
    Keychain,
    Passphrase(Zeroizing<String>),
    Recovery(RecoveryKey),
}

/// Why there is no key.
struct NoKey {
    why: Why,
    failure: Failure,
}

impl Studio {
    /// Makes a profile the one in hand and asks the keychain for its key, behind it.
    pub(crate) fn begin_opening(&self, id: String, file: ProfileFile) {
        if !file.is_confirmed {
            return;
        }
        self.set_place(Place::Shut(Shut {
            id: id.clone(),
            file,
            why: Why::Unlocking,
            key: None,
        }));
        let studio = self.clone();
        self.inner.runtime.spawn(async move {
            if let Err(failure) = studio.unlock_with(&id, With::Keychain).await {
                tracing::info!(code = failure.code.as_str(), "the profile stays shut");
            }
        });
    }

    /// Unlocks and opens the profile in hand.
    pub(crate) async fn unlock_with(&self, id: &str, with: With) -> Result<(), Failure> {
        let Some(shut) = self.shut(id) else {
            return Ok(());
        };
        let by_keychain = matches!(with, With::Keychain);
        if by_keychain {
            self.change_why(id, Why::Unlocking);
        }
        let dir = self.inner.folder.profile_dir(id);
        let secrets = self.secrets(shut.file.kind, &dir);
        let options = self.inner.options.clone();
        let key = blocking(move || {
            let key = find_key(&dir, &with, &*secrets)?;
            if matches!(with, With::Recovery(_)) {
                give_back(&dir, &key, &*secrets, &options);
            }
            Ok::<_, NoKey>(key)
        });
        match key.await? {
            Ok(key) => self.enter(id, key, by_keychain).await,
            Err(no_key) => {
                // A wrong passphrase changes nothing about why the profile is locked.
                if by_keychain || matches!(no_key.why, Why::Broken { .. }) {
                    self.change_why(id, no_key.why);
                }
                Err(no_key.failure)
            }
        }
    }

    /// Opens the store with its key, unless another key was faster. The keychain's key alone does
    /// not show anything of a profile that has been away for too long.
    pub(crate) async fn enter(
        &self,
        id: &str,
        key: VaultKey,
        by_keychain: bool,
    ) -> Result<(), Failure> {
        let _door = self.inner.door.lock().await;
        let Some(shut) = self.shut(id) else {
            return Ok(());
        };
        let dir = self.inner.folder.profile_dir(id);
        let now = self.now();
        let vault_key = key.clone();
        let opened = blocking(move || {
            let opened = Store::open(&dir, &vault_key, now).or_failure()?;
            let has_passphrase = Vault::read(&dir).is_ok_and(|vault| vault.has_passphrase());
            Ok::<_, Failure>((opened, has_passphrase))
        });
        match opened.await? {
            Ok((opened, has_passphrase)) => {
                let open = OpenProfile::new(shut.id, shut.file, key, (opened, self.hold()))
                    .with_passphrase(has_passphrase);
                if !by_keychain {
                    self.count_anew(&open.store).await;
                } else if self.is_away_too_long(&open.store).await {
                    return self.open_as(Arc::new(open), Place::Away).await;
                }
                self.open_up(Arc::new(open)).await
            }
            Err(failure) => {
                let why = Why::Broken {
                    reason: failure.code,
                };
                let key = Some(key);
                self.set_place(Place::Shut(Shut { why, key, ..shut }));
                Err(failure)
            }
        }
    }

    /// The profile is ready for work: its server is looked up, sync starts, the window learns it.
    pub(crate) async fn open_up(&self, open: Arc<OpenProfile>) -> Result<(), Failure> {
        self.open_as(open, Place::Open).await
    }

    async fn open_as(
        &self,
        open: Arc<OpenProfile>,
        place: fn(Arc<OpenProfile>) -> Place,
    ) -> Result<(), Failure> {
        let store = open.store.clone();
        let link = blocking(move || store.link()).await?.or_failure()?;
        self.describe(&open, link.as_ref());
        open.listen(self);
        open.start_sync(self, link.as_ref());
        if open.sync().is_none() && !open.is_read_only {
            self.tidy(&open);
        }
        let id = open.id.clone();
        self.set_place(place(open));
        if let Err(failure) = self.change_settings(|settings| settings.last_profile = Some(id)) {
            tracing::warn!(
                code = failure.code.as_str(),
                "the last profile was not noted"
            );
        }
        Ok(())
    }

    /// Does what was left for later, which sync does otherwise; in small steps, so that it ends with
    /// the profile.
    fn tidy(&self, open: &Arc<OpenProfile>) {
        let (open, now) = (Arc::downgrade(open), self.now());
        self.inner.runtime.spawn_blocking(move || {
            while let Some(open) = open.upgrade() {
                let store = &open.store;
                match store
                    .tidy()
                    .and_then(|more| Ok(more || store.let_files_go(now)?))
                {
                    Ok(true) => {}
                    Ok(false) => return,
                    Err(error) => {
                        tracing::warn!(%error, "what was left for later stays for later");
                        return;
                    }
                }
            }
        });
    }

    /// Brings `profile.toml` in line with what the store knows.
    pub(crate) fn describe(&self, open: &OpenProfile, link: Option<&stoa_store::Link>) {
        let before = open.file();
        let mut file = before.clone();
        if let (Some(link), true) = (link, file.kind != ProfileKind::Demo) {
            file.kind = ProfileKind::Connected;
            file.name.clone_from(&link.community_name);
            file.timezone.clone_from(&link.timezone);
            file.server = Some(link.server_url.clone());
            file.account = Some(link.email.clone());
            file.email = link.tokens.as_ref().map(|_| link.email.clone());
        }
        if file != before {
            if let Err(error) = self.inner.folder.write_profile(&open.id, &file) {
                tracing::warn!(%error, "the profile's description was not written");
            }
            open.set_file(file);
        }
    }

    /// Like [`Studio::describe`], of the profile that is open.
    pub(crate) async fn describe_again(&self) {
        if let (Ok(open), Ok(link)) = (self.profile(), self.ask(Store::link).await) {
            self.describe(&open, link.as_ref());
        }
    }

    /// Leaves the profile in hand.
    pub(crate) async fn leave(&self) {
        self.leave_for(Place::Nothing).await;
    }

    /// Leaves the profile in hand and stands somewhere else at once.
    pub(crate) async fn leave_for(&self, next: Place) {
        let before = std::mem::replace(&mut *self.place(), next);
        if let Some(open) = before.profile() {
            self.inner.imports.abandon();
            open.stop_sync().await;
        }
    }

    /// Where a profile's key is kept.
    pub(crate) fn secrets(&self, kind: ProfileKind, dir: &Path) -> Arc<dyn SecretStore> {
        match kind {
            ProfileKind::Demo => Arc::new(KeyFile::in_folder(dir)),
            ProfileKind::Local | ProfileKind::Connected => self.inner.options.secrets.clone(),
        }
    }

    fn shut(&self, id: &str) -> Option<Shut> {
        match &*self.place() {
            Place::Shut(shut) if shut.id == id => Some(shut.clone()),
            _ => None,
        }
    }

    fn change_why(&self, id: &str, why: Why) {
        // In one step: a profile that another key opened meanwhile stays as it is.
        let mut place = self.place();
        if let Place::Shut(shut) = &mut *place
            && shut.id == id
            && shut.key.is_none()
            && shut.why != why
        {
            shut.why = why;
            self.tell(News::State);
        }
    }

    /// What was worked on could not be opened afterwards: the page says so and offers a way out.
    pub(crate) fn is_busy_no_more(&self, id: &str, reason: ErrorCode) {
        let mut place = self.place();
        if let Place::Shut(shut) = &mut *place
            && shut.id == id
            && shut.why == Why::Busy
        {
            shut.why = Why::Broken { reason };
            self.tell(News::State);
        }
    }

    /// The state after a step, for a command's answer.
    pub(crate) async fn state_after(&self, step: Result<(), Failure>) -> Result<AppState, Failure> {
        step?;
        Ok(self.state().await)
    }
}

fn find_key(dir: &Path, with: &With, secrets: &dyn SecretStore) -> Result<VaultKey, NoKey> {
    let vault = Vault::read(dir).or_failure().map_err(broken)?;
    let key = match with {
        With::Keychain => vault.unlock_with_keychain(secrets),
        With::Passphrase(passphrase) => vault.unlock_with_passphrase(passphrase),
        With::Recovery(key) => vault.unlock_with_recovery(key),
    };
    key.map_err(|error| match error {
        UnlockError::Manifest(error) => broken(error.failure()),
        error => locked(error.failure(), vault.has_passphrase()),
    })
}

/// The key that something opens the vault with; why not, as the window learns it.
pub(crate) fn key_of(
    dir: &Path,
    with: &With,
    secrets: &dyn SecretStore,
) -> Result<VaultKey, Failure> {
    find_key(dir, with, secrets).map_err(|no_key| no_key.failure)
}

fn broken(failure: Failure) -> NoKey {
    NoKey {
        why: Why::Broken {
            reason: failure.code,
        },
        failure,
    }
}

fn locked(failure: Failure, has_passphrase: bool) -> NoKey {
    NoKey {
        why: Why::Locked {
            reason: failure.code,
            has_passphrase,
        },
        failure,
    }
}

/// After a recovery the keychain is given its key again, if it takes it.
fn give_back(
    dir: &Path,
    key: &VaultKey,
    secrets: &dyn SecretStore,
    options: &crate::StudioOptions,
) {
    let restored = Vault::read(dir)
        .map_err(UnlockError::from)
        .and_then(|mut vault| {
            vault.restore_keychain(key, secrets, options.clock.now(), &*options.random)
        });
    if let Err(error) = restored {
        tracing::info!(%error, "the keychain did not take the key again");
    }
}
