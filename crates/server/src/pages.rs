//! Pages of what is live, the newest first: of all, or of what has a tag.

use std::fmt;
use std::str::FromStr;

use stoa_domain::{CommunityId, Draft, DraftId, Tag, TagBook, Timestamp};
use stoa_protocol::member::MAX_ARTICLES;

use crate::db::Tx;
use crate::member::must_exist;
use crate::refusal::Refusal;
use crate::tables::draft;

/// So many posts are looked at for one answer. Where a tag is rare, an answer has less than it
/// could, and says where to go on.
const MOST_LOOKED_AT: usize = 2_000;

/// The place of an article in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    live_at: Timestamp,
    id: DraftId,
}

impl Place {
    /// That of a draft that members see.
    pub(crate) fn of(draft: &Draft) -> Option<Self> {
        Some(Self {
            live_at: draft.offered()?.live_at,
            id: draft.id,
        })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.live_at.millis(), self.id)
    }
}

impl FromStr for Place {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let read = || {
            let (millis, id) = text.split_once('.')?;
            Some(Self {
                live_at: Timestamp::from_millis(millis.parse().ok()?),
                id: id.parse().ok()?,
            })
        };
        read().ok_or_else(|| Refusal::field("after", "not a place that an answer gave"))
    }
}

/// Which page of what is live.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wanted {
    pub(crate) after: Option<Place>,
    pub(crate) limit: u32,
    /// Only what has this tag, or another word for it.
    pub(crate) tag: Option<Tag>,
}

/// A page of what is live, the newest first, and where the next one begins.
pub(crate) fn page(
    tx: &mut dyn Tx,
    community: CommunityId,
    (after, limit): (Option<Place>, u32),
    now: Timestamp,
) -> Result<(Vec<Draft>, Option<Place>), Refusal> {
    must_exist(tx, community)?;
    let after = beginning(after, now);
    let limit = limit.clamp(1, MAX_ARTICLES);
    let place = (after.live_at, after.id);
    let mut drafts = draft::live_before(tx, community, place, i64::from(limit) + 1)?;
    let has_more = drafts.len() > limit as usize;
    drafts.truncate(limit as usize);
    let last = drafts.last().filter(|_| has_more).and_then(Place::of);
    Ok((drafts, last))
}

/// Where a page begins: behind a place, or before the first one that is live.
fn beginning(after: Option<Place>, now: Timestamp) -> Place {
    let start = Place {
        live_at: now.plus_millis(1),
        id: DraftId::from_bytes([0; 16]),
    };
    after.filter(|place| place.live_at <= now).unwrap_or(start)
}

/// A page of what is live and has a tag, the newest first, and where the next one begins.
pub(crate) fn with_tag(
    tx: &mut dyn Tx,
    community: CommunityId,
    ((after, limit), (book, tag)): ((Option<Place>, u32), (&TagBook, &Tag)),
    now: Timestamp,
) -> Result<(Vec<Draft>, Option<Place>), Refusal> {
    must_exist(tx, community)?;
    let after = beginning(after, now);
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
    ids: &[DraftId],
    now: Timestamp,
) -> Result<Vec<Draft>, Refusal> {
    let mut drafts = Vec::with_capacity(ids.len());
    for id in ids {
        drafts.extend(draft::live(tx, community, *id, now)?);
    }
    Ok(drafts)
}
