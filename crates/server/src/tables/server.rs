//! Facts about the database itself.

use stoa_domain::{CommunityId, Timestamp};

use crate::accounts::rules::hex_bytes;
use crate::db::{DbError, Tx, params};

/// The facts that never change, and the one that changes when a backup is restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) server_id: String,
    pub(crate) epoch: String,
}

pub(crate) fn identity(tx: &mut dyn Tx) -> Result<Option<Identity>, DbError> {
    let rows = tx.query(
        "
        select id.value, epoch.value
        from server id
        join server epoch on epoch.key = 'epoch'
        where id.key = 'server_id'",
        &params![],
    )?;
    rows.first()
        .map(|row| {
            Ok(Identity {
                server_id: row.text(0)?.to_owned(),
                epoch: row.text(1)?.to_owned(),
            })
        })
        .transpose()
}

/// Writes both facts unless they are there; two processes that start at once agree on one.
/// The key that orders to devices are signed with comes with them.
pub(crate) fn create_identity(
    tx: &mut dyn Tx,
    new: &Identity,
    order_key: &[u8; 32],
) -> Result<(), DbError> {
    let order_key: String = order_key.iter().map(|byte| format!("{byte:02x}")).collect();
    tx.execute_each(
        "
        insert into server (key, value)
        values (:key, :value)
        on conflict (key) do nothing",
        &[
            params!["key" => "server_id", "value" => new.server_id.as_str()],
            params!["key" => "epoch", "value" => new.epoch.as_str()],
            params!["key" => "order_key", "value" => order_key],
        ],
    )
}

/// The secret half of the key that orders to devices are signed with.
pub(crate) fn order_key(tx: &mut dyn Tx) -> Result<[u8; 32], DbError> {
    let rows = tx.query(
        "select value from server where key = 'order_key'",
        &params![],
    )?;
    let key = rows.first().map(|row| row.text(0)).transpose()?;
    key.and_then(hex_bytes)
        .ok_or_else(|| DbError::Stored("the database has no key for orders".into()))
}

/// Announces for a while that much of a community is taken away on purpose.
pub(crate) fn allow_reset(
    tx: &mut dyn Tx,
    community: CommunityId,
    token: &str,
    until: Timestamp,
) -> Result<(), DbError> {
    tx.execute(
        "
        insert into server (key, value) values (:key, :value)
        on conflict (key) do update set value = excluded.value",
        &params![
            "key" => format!("reset {community}"),
            "value" => format!("{} {token}", until.millis()),
        ],
    )?;
    Ok(())
}

/// The token of the announcement that holds now.
pub(crate) fn reset_token(
    tx: &mut dyn Tx,
    community: CommunityId,
    now: Timestamp,
) -> Result<Option<String>, DbError> {
    let rows = tx.query(
        "select value from server where key = :key",
        &params!["key" => format!("reset {community}")],
    )?;
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    let token = row.text(0)?.split_once(' ').and_then(|(until, token)| {
        let until: i64 = until.parse().ok()?;
        (now.millis() < until).then(|| token.to_owned())
    });
    Ok(token)
}

pub(crate) fn set_epoch(tx: &mut dyn Tx, epoch: &str) -> Result<(), DbError> {
    tx.execute(
        "update server set value = :epoch where key = 'epoch'",
        &params!["epoch" => epoch],
    )?;
    Ok(())
}

/// Whether a migration asked for the sums of all buckets to be counted anew.
pub(crate) fn must_recount(tx: &mut dyn Tx) -> Result<bool, DbError> {
    let rows = tx.query(
        "select value from server where key = 'must_recount'",
        &params![],
    )?;
    Ok(!rows.is_empty())
}

pub(crate) fn recounted(tx: &mut dyn Tx) -> Result<(), DbError> {
    tx.execute("delete from server where key = 'must_recount'", &params![])?;
    Ok(())
}
