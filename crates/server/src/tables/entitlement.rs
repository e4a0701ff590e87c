//! What somebody may have, and until when.

use stoa_domain::{CommunityId, Product, TierKey, Timestamp, UserId};

use super::unreadable;
use crate::db::{DbError, Tx, params};

const TIER: &str = "tier:";
const POST: &str = "post:";

fn key(product: &Product) -> String {
    match product {
        Product::Tier(tier) => format!("{TIER}{}", tier.as_str()),
        Product::Post(draft) => format!("{POST}{draft}"),
    }
}

fn read(key: &str) -> Result<Product, DbError> {
    if let Some(tier) = key.strip_prefix(TIER) {
        return TierKey::parse(tier).map(Product::Tier).map_err(unreadable);
    }
    let draft = key.strip_prefix(POST).unwrap_or(key);
    draft.parse().map(Product::Post).map_err(unreadable)
}

#[derive(Debug, Clone)]
pub(crate) struct NewEntitlement {
    pub(crate) id: [u8; 16],
    pub(crate) community: CommunityId,
    pub(crate) user: UserId,
    pub(crate) product: Product,
    /// Why: `comp` for one that an owner gave.
    pub(crate) source: &'static str,
    pub(crate) from: Timestamp,
    pub(crate) until: Option<Timestamp>,
    pub(crate) made_at: Timestamp,
}

pub(crate) fn insert(tx: &mut dyn Tx, new: &NewEntitlement) -> Result<(), DbError> {
    tx.execute(
        "
        insert into entitlement (id, community_id, user_id, product, source, from_at, until_at,
                                 made_at)
        values (:id, :community, :user, :product, :source, :from_at, :until_at, :made_at)",
        &params![
            "id" => new.id,
            "community" => new.community,
            "user" => new.user,
            "product" => key(&new.product),
            "source" => new.source,
            "from_at" => new.from,
            "until_at" => new.until,
            "made_at" => new.made_at,
        ],
    )?;
    Ok(())
}

/// Everything that is somebody's at a time, and since when they had it first.
pub(crate) fn of_user(
    tx: &mut dyn Tx,
    community: CommunityId,
    user: UserId,
    now: Timestamp,
) -> Result<Vec<(Product, Timestamp)>, DbError> {
    let rows = tx.query(
        "
        select product, min(from_at) from entitlement
        where community_id = :community and user_id = :user
        group by product
        having max(case when from_at <= :now and (until_at is null or until_at > :now)
                        then 1 else 0 end) = 1",
        &params!["community" => community, "user" => user, "now" => now],
    )?;
    rows.iter()
        .map(|row| Ok((read(row.text(0)?)?, row.at(1)?)))
        .collect()
}
