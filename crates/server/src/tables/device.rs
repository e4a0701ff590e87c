//! The installations that have signed in.

use stoa_domain::{DeviceId, Timestamp, UserId};
use stoa_protocol::account::Device;

use crate::db::{DbError, Tx, params};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewDevice {
    pub(crate) user: UserId,
    pub(crate) id: DeviceId,
    pub(crate) name: String,
    pub(crate) public_key: [u8; 32],
    pub(crate) now: Timestamp,
}

/// A device as signing in and refreshing look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KnownDevice {
    pub(crate) public_key: [u8; 32],
    pub(crate) revoked_at: Option<Timestamp>,
}

/// Inserts the device, or renames it and takes its new key when the person signs in again.
pub(crate) fn put(tx: &mut dyn Tx, new: &NewDevice) -> Result<(), DbError> {
    tx.execute(
        "
        insert into device (user_id, id, name, public_key, created_at, last_seen_at)
        values (:user, :id, :name, :public_key, :now, :now)
        on conflict (user_id, id) do update
        set name         = excluded.name,
            public_key   = excluded.public_key,
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
        select public_key, revoked_at from device
        where user_id = :user and id = :id",
        &params!["user" => user, "id" => id],
    )?;
    rows.first()
        .map(|row| {
            Ok(KnownDevice {
                public_key: row
                    .bytes(0)?
                    .try_into()
                    .map_err(|_| DbError::Column { column: 0 })?,
                revoked_at: row.opt_at(1)?,
            })
        })
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
        select id, name, created_at, last_seen_at, revoked_at
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
