//! The account's devices, and the lock after days without contact.

use stoa_domain::{DeviceId, LockAfter};
use stoa_ipc::{
    AppState, AwayLock, CloseWiped, DeviceAccess, DeviceInfo, ErrorCode, Failure, GetAwayLock,
    ListDevices, RenameDevice, RevokeDevice, RevokeOtherDevices, SetAwayLock, WipeDevice,
};
use stoa_protocol::account::Secret;
use stoa_protocol::device::Device;
use stoa_store::{Vault, Wipe};
use stoa_sync::DeviceChange;

use super::check;
use crate::failure::OrFailure;
use crate::place::Place;
use crate::studio::{Studio, blocking};

pub(super) async fn list_devices(
    studio: &Studio,
    _: ListDevices,
) -> Result<Vec<DeviceInfo>, Failure> {
    let sync = studio.profile()?.sync().ok_or_else(signed_out)?;
    let mut devices: Vec<DeviceInfo> = sync
        .devices()
        .await
        .or_failure()?
        .into_iter()
        .map(device_info)
        .collect();
    // This computer, then those with access, then the others; within them the one seen last first.
    devices.sort_by_key(|device| (!device.is_this, device.access != DeviceAccess::Active));
    Ok(devices)
}

pub(super) async fn rename_device(
    studio: &Studio,
    request: RenameDevice,
) -> Result<Vec<DeviceInfo>, Failure> {
    let name = check::name(&request.name)?;
    let device = request.id;
    change(studio, &DeviceChange::Rename { device, name }).await
}

pub(super) async fn revoke_device(
    studio: &Studio,
    request: RevokeDevice,
) -> Result<Vec<DeviceInfo>, Failure> {
    let device = another(studio, request.id).await?;
    let password = password(request.password)?;
    change(studio, &DeviceChange::Revoke { device, password }).await
}

pub(super) async fn revoke_other_devices(
    studio: &Studio,
    request: RevokeOtherDevices,
) -> Result<Vec<DeviceInfo>, Failure> {
    let password = password(request.password)?;
    change(studio, &DeviceChange::RevokeOthers { password }).await
}

pub(super) async fn wipe_device(
    studio: &Studio,
    request: WipeDevice,
) -> Result<Vec<DeviceInfo>, Failure> {
    let device = another(studio, request.id).await?;
    let password = password(request.password)?;
    change(studio, &DeviceChange::Wipe { device, password }).await
}

async fn change(studio: &Studio, change: &DeviceChange) -> Result<Vec<DeviceInfo>, Failure> {
    let sync = studio.profile()?.sync().ok_or_else(signed_out)?;
    sync.change_device(change).await.or_failure()?;
    list_devices(studio, ListDevices {}).await
}

/// This computer is left by signing out; nobody throws themselves out or wipes what is in front of
/// them.
async fn another(studio: &Studio, id: DeviceId) -> Result<DeviceId, Failure> {
    let link = studio.ask(stoa_store::Store::link).await?;
    match link {
        Some(link) if link.device == id => Err(Failure::field("id", "this-device")),
        _ => Ok(id),
    }
}

fn password(typed: String) -> Result<Secret, Failure> {
    check::required("password", &typed)?;
    Ok(Secret(typed))
}

fn signed_out() -> Failure {
    Failure::new(ErrorCode::SignInAgain, "nobody is signed in")
}

fn device_info(device: Device) -> DeviceInfo {
    let access = match (device.wiped_at, device.wipe_ordered_at, device.revoked_at) {
        (Some(at), _, _) => DeviceAccess::Wiped { at },
        (None, Some(at), _) => DeviceAccess::WipeOrdered { at },
        (None, None, Some(_)) => DeviceAccess::Revoked,
        (None, None, None) => DeviceAccess::Active,
    };
    DeviceInfo {
        id: device.id,
        name: device.name,
        last_seen_at: device.last_seen_at,
        is_this: device.is_this,
        access,
    }
}

pub(super) async fn away_lock(studio: &Studio, _: GetAwayLock) -> Result<AwayLock, Failure> {
    let open = studio.profile()?;
    let after = studio.ask(stoa_store::Store::lock_after).await?;
    let dir = studio.inner.folder.profile_dir(&open.id);
    let vault = blocking(move || Vault::read(&dir)).await?.or_failure()?;
    Ok(AwayLock {
        days: after.days(),
        has_passphrase: vault.has_passphrase(),
    })
}

pub(super) async fn set_away_lock(
    studio: &Studio,
    request: SetAwayLock,
) -> Result<AwayLock, Failure> {
    let after =
        LockAfter::of_days(request.days).ok_or_else(|| Failure::field("days", "out-of-range"))?;
    let now = studio.now();
    let link = studio.ask(stoa_store::Store::link).await?;
    if link.is_none() && after != LockAfter::Never {
        return Err(signed_out());
    }
    studio
        .ask(move |store| store.set_lock_after(after, now))
        .await?;
    away_lock(studio, GetAwayLock {}).await
}

pub(super) async fn close_wiped(studio: &Studio, request: CloseWiped) -> Result<AppState, Failure> {
    let id = match &*studio.place() {
        Place::Wiped(wiped) if wiped.id == request.id => wiped.id.clone(),
        _ => {
            return Err(Failure::new(
                ErrorCode::NotFound,
                "no such profile was wiped",
            ));
        }
    };
    studio.change_wiped(&id, Wipe::seen).await;
    studio.forget_wiped_if_over(&id).await;
    let _door = studio.inner.door.lock().await;
    studio.open_another();
    Ok(studio.state().await)
}
