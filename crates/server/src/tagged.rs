//! Articles that have a tag, or another word for it.

use stoa_domain::{CommunityId, Draft, Tag, TagBook, Timestamp};
use stoa_protocol::member::MAX_ARTICLES;

use crate::db::Tx;
use crate::member::{self, Place};
use crate::refusal::Refusal;
use crate::tables::draft;

/// So many posts are looked at for one answer. Where a tag is rare, an answer has less than it
/// could, and says where to go on.
const MOST_LOOKED_AT: usize = 2_000;

/// A page of what is live and has a tag, the newest first, and where the next one begins.
pub(crate) fn page(
    tx: &mut dyn Tx,
    community: CommunityId,
    ((after, limit), (book, tag)): ((Option<Place>, u32), (&TagBook, &Tag)),
    now: Timestamp,
) -> Result<(Vec<Draft>, Option<Place>), Refusal> {
    member::must_exist(tx, community)?;
    let after = member::beginning(after, now);
    let limit = limit.clamp(1, MAX_ARTICLES) as usize;
    let key = book.key(&tag.folded());
    let most = i64::try_from(MOST_LOOKED_AT).unwrap_or(i64::MAX);
    let posts = draft::tags_before(tx, community, (after.live_at, after.id), most + 1)?;
    let has_more = posts.len() > MOST_LOOKED_AT;
    let mut found = Vec::new();
    let mut last = after;
    for (live_at, id, tags) in posts.into_iter().take(MOST_LOOKED_AT) {
        if book.has(tags.as_slice(), &key) {
            if found.len() == limit {
                return Ok((drafts(tx, community, &found, now)?, Some(last)));
            }
            found.push(id);
        }
        last = Place { live_at, id };
    }
    Ok((
        drafts(tx, community, &found, now)?,
        has_more.then_some(last),
    ))
}

fn drafts(
    tx: &mut dyn Tx,
    community: CommunityId,
    ids: &[stoa_domain::DraftId],
    now: Timestamp,
) -> Result<Vec<Draft>, Refusal> {
    let mut drafts = Vec::with_capacity(ids.len());
    for id in ids {
        drafts.extend(draft::live(tx, community, *id, now)?);
    }
    Ok(drafts)
}
