//! `sync_meta`: single values of the whole store.

use std::collections::BTreeMap;

use rusqlite::types::{FromSql, ToSql};
use rusqlite::{Connection, OptionalExtension, named_params};
use serde::{Deserialize, Serialize};
use stoa_domain::{
    CommunityId, Contact, DeviceId, DraftId, LockAfter, Role, SavedView, Timestamp, UserId,
    ZoneName,
};
use zeroize::Zeroizing;

use crate::{FilesControls, Link, Removal, StoreError, StoredTokens, hex};

fn get<T: FromSql>(db: &Connection, k: &str) -> rusqlite::Result<Option<T>> {
    db.prepare_cached("select v from sync_meta where k = :k")?
        .query_row(named_params! {":k": k}, |row| row.get(0))
        .optional()
}

fn set(db: &Connection, k: &str, v: &dyn ToSql) -> rusqlite::Result<()> {
    db.prepare_cached(
        "insert into sync_meta (k, v) values (:k, :v)
         on conflict (k) do update set v = excluded.v",
    )?
    .execute(named_params! {":k": k, ":v": v})?;
    Ok(())
}

/// The values of a new store.
pub(crate) fn begin(db: &Connection, vault_id: &str, store_id: [u8; 16]) -> rusqlite::Result<()> {
    set(db, "vault_id", &vault_id)?;
    set(db, "store_id", &hex::encode(&store_id))?;
    set(db, "next_mid", &1)
}

/// The vault this store was made for.
pub(crate) fn vault_id(db: &Connection) -> rusqlite::Result<Option<String>> {
    get(db, "vault_id")
}

/// The number the next change will be sent under.
pub(crate) fn next_mid(db: &Connection) -> Result<i64, StoreError> {
    Ok(get(db, "next_mid")?.unwrap_or(1))
}

pub(crate) fn set_next_mid(db: &Connection, mid: i64) -> Result<(), StoreError> {
    Ok(set(db, "next_mid", &mid)?)
}

/// Whether the server may have lost what it had accepted, so that the journal has to be compared.
pub(crate) fn must_heal(db: &Connection) -> Result<bool, StoreError> {
    Ok(get(db, "must_heal")?.unwrap_or(false))
}

pub(crate) fn set_must_heal(db: &Connection, must: bool) -> Result<(), StoreError> {
    Ok(set(db, "must_heal", &must)?)
}

/// The bucket that is being filled with rows that are not shown yet.
pub(crate) fn filling(db: &Connection) -> Result<Option<String>, StoreError> {
    let name: Option<String> = get(db, "filling")?;
    Ok(name.filter(|name| !name.is_empty()))
}

pub(crate) fn set_filling(db: &Connection, bucket: Option<&str>) -> Result<(), StoreError> {
    Ok(set(db, "filling", &bucket.unwrap_or_default())?)
}

/// When imported drafts were to be seen by members, in the programs they come from.
pub(crate) fn planned(db: &Connection) -> Result<BTreeMap<DraftId, Timestamp>, StoreError> {
    let json: Option<String> = get(db, "planned")?;
    let read = json.map(|json| serde_json::from_str(&json)).transpose()?;
    Ok(read.unwrap_or_default())
}

pub(crate) fn set_planned(
    db: &Connection,
    planned: &BTreeMap<DraftId, Timestamp>,
) -> Result<(), StoreError> {
    Ok(set(db, "planned", &serde_json::to_string(planned)?)?)
}

/// What the user agreed to have taken away.
pub(crate) fn allowed_removal(db: &Connection) -> Result<Option<Removal>, StoreError> {
    let json: Option<String> = get(db, "allowed_removal")?;
    let json = json.filter(|json| !json.is_empty());
    Ok(json.map(|json| serde_json::from_str(&json)).transpose()?)
}

pub(crate) fn set_allowed_removal(
    db: &Connection,
    removal: Option<&Removal>,
) -> Result<(), StoreError> {
    let json = match removal {
        Some(removal) => serde_json::to_string(removal)?,
        None => String::new(),
    };
    Ok(set(db, "allowed_removal", &json)?)
}

/// The token under which the server last announced that much will go.
pub(crate) fn reset_token(db: &Connection) -> Result<Option<String>, StoreError> {
    Ok(get(db, "reset_token")?)
}

pub(crate) fn set_reset_token(db: &Connection, token: &str) -> Result<(), StoreError> {
    Ok(set(db, "reset_token", &token)?)
}

/// After which fetching anew the server was last asked about files.
pub(crate) fn files_audited(db: &Connection) -> Result<Option<String>, StoreError> {
    Ok(get(db, "files_audited")?)
}

pub(crate) fn set_files_audited(db: &Connection, key: &str) -> Result<(), StoreError> {
    Ok(set(db, "files_audited", &key)?)
}

/// After how many days without its server the profile locks. Days that this program does not offer
/// count as never: nobody is locked out by a number.
pub(crate) fn lock_after(db: &Connection) -> Result<LockAfter, StoreError> {
    let days: Option<u32> = get(db, "lock_after_days")?;
    Ok(days.and_then(LockAfter::of_days).unwrap_or_default())
}

pub(crate) fn set_lock_after(db: &Connection, after: LockAfter) -> Result<(), StoreError> {
    Ok(set(db, "lock_after_days", &after.days())?)
}

/// The last contact with the server, and the latest the clock has shown since.
pub(crate) fn contact(db: &Connection) -> Result<Option<Contact>, StoreError> {
    let at: Option<i64> = get(db, "contact_at")?;
    let latest: Option<i64> = get(db, "latest_clock")?;
    Ok(at.map(|at| {
        let [at, latest] = [at, latest.unwrap_or(at)].map(Timestamp::from_millis);
        Contact::kept(at, latest)
    }))
}

pub(crate) fn set_contact(db: &Connection, contact: Contact) -> Result<(), StoreError> {
    set(db, "contact_at", &contact.at().millis())?;
    Ok(set(db, "latest_clock", &contact.latest().millis())?)
}

/// How the user wants files to travel.
pub(crate) fn files_controls(db: &Connection) -> Result<FilesControls, StoreError> {
    let json: Option<String> = get(db, "files_controls")?;
    let controls = json.map(|json| serde_json::from_str(&json)).transpose()?;
    Ok(controls.unwrap_or_default())
}

pub(crate) fn set_files_controls(
    db: &Connection,
    controls: FilesControls,
) -> Result<(), StoreError> {
    let json = serde_json::to_string(&controls)?;
    Ok(set(db, "files_controls", &json)?)
}

/// The lists that are kept under a name.
pub(crate) fn views(db: &Connection) -> Result<Vec<SavedView>, StoreError> {
    let json: Option<String> = get(db, "views")?;
    let views = json.map(|json| serde_json::from_str(&json)).transpose()?;
    Ok(views.unwrap_or_default())
}

pub(crate) fn set_views(db: &Connection, views: &[SavedView]) -> Result<(), StoreError> {
    let json = serde_json::to_string(views)?;
    Ok(set(db, "views", &json)?)
}

/// Which line of commits the second copy of unsent work belongs to, and how far it has come; an
/// empty one before there was a copy.
pub(crate) fn unsent_line(db: &Connection) -> Result<(String, i64), StoreError> {
    let line: Option<String> = get(db, "unsent_line")?;
    let n: Option<i64> = get(db, "unsent_n")?;
    Ok((line.unwrap_or_default(), n.unwrap_or_default()))
}

pub(crate) fn set_unsent_line(db: &Connection, line: &str) -> Result<(), StoreError> {
    Ok(set(db, "unsent_line", &line)?)
}

pub(crate) fn set_unsent_n(db: &Connection, n: i64) -> Result<(), StoreError> {
    Ok(set(db, "unsent_n", &n)?)
}

/// Whether this database was put back and has not been opened since.
pub(crate) fn was_put_back(db: &Connection) -> Result<bool, StoreError> {
    Ok(get(db, "put_back")?.unwrap_or(false))
}

pub(crate) fn set_put_back(db: &Connection, was: bool) -> rusqlite::Result<()> {
    set(db, "put_back", &was)
}

/// [`Link`] as it is stored.
#[derive(Serialize, Deserialize)]
struct StoredLink {
    server_url: String,
    server_id: String,
    ca_pem: Option<String>,
    community: CommunityId,
    community_name: String,
    #[serde(default)]
    timezone: Option<ZoneName>,
    device: DeviceId,
    device_key: String,
    user: UserId,
    email: String,
    name: String,
    role: Role,
    epoch: String,
    tokens: Option<Tokens>,
    #[serde(default)]
    order_key: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Tokens {
    access: String,
    access_expires_at: Timestamp,
    refresh: String,
    nonce: String,
}

pub(crate) fn link(db: &Connection) -> Result<Option<Link>, StoreError> {
    let Some(json) = get::<String>(db, "link")?.map(Zeroizing::new) else {
        return Ok(None);
    };
    let stored: StoredLink = serde_json::from_str(&json)
        .map_err(|error| StoreError::Internal(format!("the link: {error}")))?;
    let device_key = hex::decode(&Zeroizing::new(stored.device_key))
        .ok_or_else(|| StoreError::Internal("the link's device key".to_owned()))?;
    Ok(Some(Link {
        server_url: stored.server_url,
        server_id: stored.server_id,
        ca_pem: stored.ca_pem,
        community: stored.community,
        community_name: stored.community_name,
        timezone: stored.timezone,
        device: stored.device,
        device_key: Zeroizing::new(device_key),
        user: stored.user,
        email: stored.email,
        name: stored.name,
        role: stored.role,
        epoch: stored.epoch,
        tokens: stored.tokens.map(|tokens| StoredTokens {
            access: Zeroizing::new(tokens.access),
            access_expires_at: tokens.access_expires_at,
            refresh: Zeroizing::new(tokens.refresh),
            nonce: tokens.nonce,
        }),
        order_key: stored.order_key.as_deref().and_then(hex::decode),
    }))
}

pub(crate) fn set_link(db: &Connection, link: &Link) -> Result<(), StoreError> {
    let stored = StoredLink {
        server_url: link.server_url.clone(),
        server_id: link.server_id.clone(),
        ca_pem: link.ca_pem.clone(),
        community: link.community,
        community_name: link.community_name.clone(),
        timezone: link.timezone.clone(),
        device: link.device,
        device_key: hex::encode(link.device_key.as_ref()),
        user: link.user,
        email: link.email.clone(),
        name: link.name.clone(),
        role: link.role,
        epoch: link.epoch.clone(),
        tokens: link.tokens.as_ref().map(|tokens| Tokens {
            access: tokens.access.to_string(),
            access_expires_at: tokens.access_expires_at,
            refresh: tokens.refresh.to_string(),
            nonce: tokens.nonce.clone(),
        }),
        order_key: link.order_key.as_ref().map(|key| hex::encode(key)),
    };
    let json = serde_json::to_string(&stored)
        .map_err(|error| StoreError::Internal(format!("the link: {error}")))?;
    Ok(set(db, "link", &*Zeroizing::new(json))?)
}
