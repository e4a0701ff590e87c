//! Making, opening and unlocking profiles.

use std::path::Path;
use std::sync::Arc;

use stoa_ipc::{
    AddPassphrase, AppState, ClearDemo, ConfirmRecovery, CreateProfile, ErrorCode, Failure,
    OpenProfile, ProfileCreated, ProfileKind, RecoveryKey, Unlock, UnlockWith,
};
use stoa_store::{NewVault, Opened, SecretStore, Store, Vault, VaultError, VaultKey, create_vault};
use zeroize::Zeroizing;

use super::check;
use crate::StudioOptions;
use crate::demo;
use crate::failure::OrFailure;
use crate::folder::ProfileFile;
use crate::opening::With;
use crate::place::Place;
use crate::studio::{Studio, blocking};

pub(super) async fn create_profile(
    studio: &Studio,
    request: CreateProfile,
) -> Result<ProfileCreated, Failure> {
    let new = NewProfile::check(request)?;
    let _door = studio.inner.door.lock().await;
    let (open, recovery) = make(studio, new).await?;
    studio.leave().await;
    let profile = open.info();
    if open.kind() == ProfileKind::Demo {
        studio.open_up(Arc::new(open)).await?;
        return created(studio, profile, None).await;
    }
    let groups = recovery.groups();
    studio.set_place(Place::Unconfirmed(Arc::new(open.unconfirmed(recovery))));
    created(studio, profile, Some(RecoveryKey { groups })).await
}

async fn created(
    studio: &Studio,
    profile: stoa_ipc::ProfileInfo,
    recovery: Option<RecoveryKey>,
) -> Result<ProfileCreated, Failure> {
    Ok(ProfileCreated {
        profile,
        recovery,
        state: studio.state().await,
    })
}

/// A profile to be made, checked.
struct NewProfile {
    name: String,
    kind: ProfileKind,
    passphrase: Option<Zeroizing<String>>,
}

impl NewProfile {
    fn check(request: CreateProfile) -> Result<Self, Failure> {
        let is_demo = request.kind == ProfileKind::Demo;
        let passphrase = request.passphrase.map(Zeroizing::new);
        if let Some(passphrase) = &passphrase {
            check::passphrase(passphrase)?;
        }
        let name = if is_demo {
            demo::NAME.to_owned()
        } else {
            check::name(&request.name)?
        };
        Ok(Self {
            name,
            kind: request.kind,
            passphrase: passphrase.filter(|_| !is_demo),
        })
    }
}

/// Makes the folder, the vault and the store. Until the profile is confirmed it is not listed, so
/// that what was left half-made never stands in the way.
async fn make(
    studio: &Studio,
    new: NewProfile,
) -> Result<(crate::open_profile::OpenProfile, stoa_store::RecoveryKey), Failure> {
    let options = studio.inner.options.clone();
    let mut random = [0; 4];
    options.random.fill(&mut random);
    let folder = studio.inner.folder.clone();
    let id = folder.new_id(studio.now(), random);
    let dir = folder.profile_dir(&id);
    let secrets = studio.secrets(new.kind, &dir);
    let hold = studio.hold();
    blocking(move || {
        if dir.join("vault.toml").exists() {
            return Err(Failure::field("profile", "already-exists"));
        }
        let mut file = ProfileFile {
            name: new.name,
            kind: new.kind,
            timezone: None,
            server: None,
            email: None,
            account: None,
            is_confirmed: false,
        };
        folder.write_profile(&id, &file).or_failure()?;
        let passphrase = new.passphrase.as_ref().map(|text| text.as_str());
        let (key, recovery) = lock_up(&dir, &*secrets, passphrase, &options)?;
        let store = fill(&dir, &key, new.kind, &options)?;
        if new.kind == ProfileKind::Demo {
            file.is_confirmed = true;
            folder.write_profile(&id, &file).or_failure()?;
        }
        let opened = Opened::ReadWrite(store);
        let open = crate::open_profile::OpenProfile::new(id, file, key, (opened, hold));
        Ok((open, recovery))
    })
    .await?
}

/// Makes the vault: with the keychain, or, when that cannot be used, with the passphrase alone.
fn lock_up(
    dir: &Path,
    secrets: &dyn SecretStore,
    passphrase: Option<&str>,
    options: &StudioOptions,
) -> Result<(VaultKey, stoa_store::RecoveryKey), Failure> {
    let vault = |secrets| {
        let new = NewVault {
            secrets,
            passphrase,
            cost: options.passphrase_cost,
        };
        create_vault(dir, &new, options.clock.now(), &*options.random)
    };
    match vault(Some(secrets)) {
        Err(VaultError::Keychain(error)) if passphrase.is_some() => {
            tracing::info!(%error, "the profile is made without a keychain");
            vault(None).or_failure()
        }
        made => made.or_failure(),
    }
}

fn fill(
    dir: &Path,
    key: &VaultKey,
    kind: ProfileKind,
    options: &StudioOptions,
) -> Result<Store, Failure> {
    let now = options.clock.now();
    let store = Store::create(dir, key, now, &*options.random).or_failure()?;
    if kind == ProfileKind::Demo {
        demo::fill(&store, now).or_failure()?;
    }
    Ok(store)
}

pub(super) async fn confirm_recovery(
    studio: &Studio,
    request: ConfirmRecovery,
) -> Result<AppState, Failure> {
    let _door = studio.inner.door.lock().await;
    let open = match &*studio.place() {
        Place::Unconfirmed(open) => open.clone(),
        _ => {
            return Err(Failure::new(
                ErrorCode::NotFound,
                "nothing is to be confirmed",
            ));
        }
    };
    let shown = open
        .recovery_group(request.index)
        .ok_or_else(|| Failure::field("index", "out-of-range"))?;
    if !request.group.trim().eq_ignore_ascii_case(&shown) {
        return Err(Failure::field("group", "does-not-match"));
    }
    let mut file = open.file();
    file.is_confirmed = true;
    studio
        .inner
        .folder
        .write_profile(&open.id, &file)
        .or_failure()?;
    open.set_file(file);
    open.forget_recovery();
    let opened = studio.open_up(open).await;
    studio.state_after(opened).await
}

pub(super) async fn open_profile(
    studio: &Studio,
    request: OpenProfile,
) -> Result<AppState, Failure> {
    let _door = studio.inner.door.lock().await;
    let is_open = matches!(&*studio.place(), Place::Open(open) if open.id == request.id);
    if !is_open {
        let profiles = studio.inner.folder.profiles();
        let (id, file) = profiles
            .into_iter()
            .find(|(id, file)| *id == request.id && file.is_confirmed)
            .ok_or_else(|| Failure::new(ErrorCode::NotFound, "there is no such profile"))?;
        studio.leave().await;
        studio.begin_opening(id, file);
    }
    Ok(studio.state().await)
}

pub(super) async fn clear_demo(studio: &Studio, _: ClearDemo) -> Result<AppState, Failure> {
    let _door = studio.inner.door.lock().await;
    let id = {
        let open = studio.profile()?;
        if open.kind() != ProfileKind::Demo {
            let what = "the open profile is not the demo";
            return Err(Failure::new(ErrorCode::NotFound, what));
        }
        open.id.clone()
    };
    studio.leave().await;
    let folder = studio.inner.folder.clone();
    let removed = blocking(move || folder.remove_profile(&id).or_failure()).await?;
    studio.open_another();
    removed?;
    Ok(studio.state().await)
}

pub(super) async fn unlock(studio: &Studio, request: Unlock) -> Result<AppState, Failure> {
    let with = match request.with {
        UnlockWith::Keychain => With::Keychain,
        UnlockWith::Passphrase(text) => With::Passphrase(Zeroizing::new(text)),
        UnlockWith::RecoveryKey(text) => With::Recovery(recovery_key(text)?),
    };
    let place = studio.place().clone();
    let unlocked = match place {
        Place::Shut(shut) => studio.unlock_with(&shut.id, with).await,
        Place::Away(open) => studio.unlock_away(open, with).await,
        Place::Open(_) => Ok(()),
        Place::Nothing | Place::Unconfirmed(_) | Place::Wiped(_) => {
            Err(Failure::new(ErrorCode::NotFound, "no profile is locked"))
        }
    };
    studio.state_after(unlocked).await
}

fn recovery_key(text: String) -> Result<stoa_store::RecoveryKey, Failure> {
    Zeroizing::new(text)
        .parse()
        .map_err(|_| Failure::field("recovery_key", "not-a-recovery-key"))
}

pub(super) async fn add_passphrase(studio: &Studio, request: AddPassphrase) -> Result<(), Failure> {
    let passphrase = Zeroizing::new(request.passphrase);
    check::passphrase(&passphrase)?;
    let open = studio.profile()?;
    let dir = studio.inner.folder.profile_dir(&open.id);
    let options = studio.inner.options.clone();
    blocking(move || {
        let mut vault = Vault::read(&dir).or_failure()?;
        let cost = options.passphrase_cost;
        vault
            .set_passphrase(&open.key, &passphrase, cost, &*options.random)
            .or_failure()
    })
    .await?
}
