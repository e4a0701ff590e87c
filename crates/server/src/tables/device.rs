//! The installations that have signed in.

use stoa_domain::{DeviceId, Timestamp, UserId};
use stoa_protocol::device::Device;

use crate::db::{DbError, Tx, params};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewDevice {
    pub(crate) user: UserId,
    pub(crate) id: DeviceId,
    pub(crate) name: String,
    pub(crate) public_key: [u8; 32],
    pub(crate) now: Timestamp,
}

/// In the place of the key of a program that has none: no signature fits it.
pub(crate) const NO_KEY: [u8; 32] = [0; 32];

/// A device as signing in and refreshing look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KnownDevice {
    pub(crate) public_key: [u8; 32],
    pub(crate) revoked_at: Option<Timestamp>,
    /// The order to wipe it, if there is one.
    pub(crate) wipe_nonce: Option<[u8; 32]>,
}

/// Inserts the device, or takes its new key when the person signs in again; it keeps the name it
/// has in the list.
pub(crate) fn put(tx: &mut dyn Tx, new: &NewDevice) -> Result<(), DbError> {
    tx.execute(
        "
        insert into device (user_id, id, name, public_key, created_at, last_seen_at)
        values (:user, :id, :name, :public_key, :now, :now)
        on conflict (user_id, id) do update
        set public_key   = excluded.public_key,
            last_seen_at = excluded.last_seen_at",
        &params![
            "user" => new.user,
            "id" => new.id,
            "name" => new.name.as_str(),
            "public_key" => new.public_key,
            "now" => new.now,
        ],
    )?;
    Ok(())
}

pub(crate) fn find(
    tx: &mut dyn Tx,
    user: UserId,
    id: DeviceId,
) -> Result<Option<KnownDevice>, DbError> {
    let rows = tx.query(
        "
        select public_key, revoked_at, wipe_nonce from device
        where user_id = :user and id = :id",
        &params!["user" => user, "id" => id],
    )?;
    rows.first()
        .map(|row| {
            Ok(KnownDevice {
                public_key: row.key(0)?,
                revoked_at: row.opt_at(1)?,
                wipe_nonce: row.opt_key(2)?,
            })
        })
        .transpose()
}

/// A device of this name without a key whose session has ended.
pub(crate) fn idle_without_key(
    tx: &mut dyn Tx,
    user: UserId,
    name: &str,
    now: Timestamp,
) -> Result<Option<DeviceId>, DbError> {
    let rows = tx.query(
        "
        select id from device
        where user_id = :user and name = :name and public_key = :no_key and revoked_at is null
          and not exists (
              select 1 from session
              join access_token on access_token.session_id = session.id
              where session.user_id = device.user_id and session.device_id = device.id
                and session.ended_at is null and access_token.expires_at > :now)
        order by id
        limit 1",
        &params!["user" => user, "name" => name, "no_key" => NO_KEY, "now" => now],
    )?;
    rows.first()
        .map(|row| row.id(0).map(DeviceId::from_bytes))
        .transpose()
}

/// The devices of a person, the one seen last first.
pub(crate) fn of_user(
    tx: &mut dyn Tx,
    user: UserId,
    this: DeviceId,
) -> Result<Vec<Device>, DbError> {
    let rows = tx.query(
        "
        select id, name, created_at, last_seen_at, revoked_at, wipe_ordered_at, wiped_at
        from device
        where user_id = :user
        order by last_seen_at desc, id",
        &params!["user" => user],
    )?;
    rows.iter()
        .map(|row| {
            let id = DeviceId::from_bytes(row.id(0)?);
            Ok(Device {
                id,
                name: row.text(1)?.to_owned(),
                created_at: row.at(2)?,
                last_seen_at: row.at(3)?,
                revoked_at: row.opt_at(4)?,
                wipe_ordered_at: row.opt_at(5)?,
                wiped_at: row.opt_at(6)?,
                is_this: id == this,
            })
        })
        .collect()
}

pub(crate) fn saw(
    tx: &mut dyn Tx,
    user: UserId,
    id: DeviceId,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.execute(
        "
        update device set last_seen_at = :now
        where user_id = :user and id = :id and last_seen_at < :now",
        &params!["user" => user, "id" => id, "now" => now],
    )?;
    Ok(())
}

/// Whether there is such a device; one that was revoked before keeps its time.
pub(crate) fn revoke(
    tx: &mut dyn Tx,
    user: UserId,
    id: DeviceId,
    now: Timestamp,
) -> Result<bool, DbError> {
    let changed = tx.execute(
        "
        update device set revoked_at = coalesce(revoked_at, :now)
        where user_id = :user and id = :id",
        &params!["user" => user, "id" => id, "now" => now],
    )?;
    Ok(changed == 1)
}

/// Revokes every device of a person but one.
pub(crate) fn revoke_others(
    tx: &mut dyn Tx,
    user: UserId,
    but: DeviceId,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.execute(
        "
        update device set revoked_at = :now
        where user_id = :user and id <> :but and revoked_at is null",
        &params!["user" => user, "but" => but, "now" => now],
    )?;
    Ok(())
}

/// Whether there is such a device.
pub(crate) fn rename(
    tx: &mut dyn Tx,
    user: UserId,
    id: DeviceId,
    name: &str,
) -> Result<bool, DbError> {
    let changed = tx.execute(
        "update device set name = :name where user_id = :user and id = :id",
        &params!["user" => user, "id" => id, "name" => name],
    )?;
    Ok(changed == 1)
}

/// Keeps the order to wipe a device; one that was given before stays. Whether there is such a
/// device.
pub(crate) fn order_wipe(
    tx: &mut dyn Tx,
    user: UserId,
    id: DeviceId,
    (nonce, now): ([u8; 32], Timestamp),
) -> Result<bool, DbError> {
    let changed = tx.execute(
        "
        update device
        set wipe_ordered_at = coalesce(wipe_ordered_at, :now),
            wipe_nonce      = coalesce(wipe_nonce, :nonce)
        where user_id = :user and id = :id",
        &params!["user" => user, "id" => id, "nonce" => nonce, "now" => now],
    )?;
    Ok(changed == 1)
}

/// Whose device has this order, and the device's key.
pub(crate) fn ordered_to_wipe(
    tx: &mut dyn Tx,
    id: DeviceId,
    nonce: [u8; 32],
) -> Result<Option<(UserId, [u8; 32])>, DbError> {
    let rows = tx.query(
        "
        select user_id, public_key from device
        where id = :id and wipe_nonce = :nonce",
        &params!["id" => id, "nonce" => nonce],
    )?;
    rows.first()
        .map(|row| Ok((UserId::from_bytes(row.id(0)?), row.key(1)?)))
        .transpose()
}

/// Notes that a device was wiped; the first time it says so counts.
pub(crate) fn wiped(
    tx: &mut dyn Tx,
    user: UserId,
    id: DeviceId,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.execute(
        "
        update device set wiped_at = coalesce(wiped_at, :now)
        where user_id = :user and id = :id",
        &params!["user" => user, "id" => id, "now" => now],
    )?;
    Ok(())
}
