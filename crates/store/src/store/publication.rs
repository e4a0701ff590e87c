//! A publication that waits or was refused: what it says, what was seen when it was decided, and
//! another one in its place.

use rusqlite::Connection;
use stoa_domain::{ContentValues, Draft, Timestamp};
use stoa_mutators::{DescribeDraft, Mutation, PublishPost};

use super::drafts::listing_of;
use super::outbox::settle;
use super::publishing::{PublishAt, as_shown};
use super::versions::{merge_what_waits, read_point};
use super::{Store, Work};
use crate::table::draft;
use crate::table::outbox::{self, Entry, State};
use crate::{
    ChangeKind, Differs, DraftListing, Publication, SeenThen, StepKind, StoreError, deletion,
    merging, overlay, undo, writing,
};

impl Store {
    /// What a publication says that waits or was refused.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such one.
    pub fn publication(&self, lid: i64) -> Result<Publication, StoreError> {
        self.read(|db| {
            let (entry, publish) = find(db, lid)?;
            let shown = draft::shown(db, entry.draft)?.ok_or(StoreError::NotFound)?;
            let differs = differs(db, &publish, &shown)?;
            Ok(Publication {
                draft: entry.draft,
                content: publish.content,
                live_at: publish.live_at,
                unless_after: publish.unless_after,
                // The post that is shown is this one, as long as it was not refused.
                is_behind: differs.iter().any(|what| *what != Differs::Post),
                is_refused: entry.state.is_failed(),
            })
        })
    }

    /// What was seen by whoever wanted to publish and was refused, beside what there is now.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when no such publication was refused.
    pub fn seen_then(&self, lid: i64) -> Result<SeenThen, StoreError> {
        self.read(|db| {
            let (entry, publish) = find(db, lid)?;
            if !entry.state.is_failed() {
                return Err(StoreError::NotFound);
            }
            let id = entry.draft;
            let shown = draft::shown(db, id)?.ok_or(StoreError::NotFound)?;
            let text_then = match read_point(&publish.text_at) {
                Some(point) => match merging::text_at(db, id, &point) {
                    Err(StoreError::NotFound) => None,
                    text => Some(text?),
                },
                None => None,
            };
            Ok(SeenThen {
                differs: differs(db, &publish, &shown)?,
                title_then: publish.title.into(),
                title: shown.title.into(),
                text_then,
                text: merging::markdown(db, id)?,
            })
        })
    }

    /// Puts another publication in the place of one that waits or was refused, as one step. One
    /// that waits and gets other times only stays what it was: the text that was seen then, in
    /// its place among what waits. Otherwise the draft is published as it is shown now, with the
    /// new values.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such publication, [`StoreError::UnderWay`] when
    /// it was sent and not answered or another one builds on it. Nothing was changed then.
    pub fn republish(
        &self,
        lid: i64,
        (values, at): (ContentValues, PublishAt),
        now: Timestamp,
    ) -> Result<DraftListing, StoreError> {
        self.write(|work| {
            work.now = Some(now);
            let (entry, publish) = find(work.db, lid)?;
            let id = entry.draft;
            let mut content = draft::shown(work.db, id)?
                .ok_or(StoreError::NotFound)?
                .content;
            values.apply_to(&mut content);
            let is_same = entry.state == State::Pending && content == publish.content;
            undo::forget_entry(work, &entry)?;
            settle(work, &entry, now)?;
            overlay::rebuild(work, id)?;
            if is_same {
                let publish = PublishPost {
                    live_at: at.live_at,
                    unless_after: at.unless_after,
                    ..publish
                };
                put_in_place(work, &entry, publish, now)?;
            } else {
                if !entry.state.is_failed() && is_built_on(work.db, &entry)? {
                    return Err(StoreError::UnderWay);
                }
                put_anew(work, &entry, (values, at), now)?;
            }
            undo::keep(work, StepKind::Publish, id, now)?;
            writing::index_if_small(work.db, id)?;
            listing_of(work.db, id)
        })
    }
}

/// What an entry publishes, if it does.
pub(super) fn said(entry: &Entry) -> Option<PublishPost> {
    if entry.kind != ChangeKind::Publish {
        return None;
    }
    let args = serde_json::from_str(&entry.args).ok()?;
    match Mutation::parse(&entry.name, entry.version, &args) {
        Ok(Mutation::PublishPost(publish)) => Some(publish),
        _ => None,
    }
}

fn find(db: &Connection, lid: i64) -> Result<(Entry, PublishPost), StoreError> {
    let entry = outbox::get(db, lid)?
        .filter(|entry| entry.state != State::Applied)
        .ok_or(StoreError::NotFound)?;
    let publish = said(&entry).ok_or(StoreError::NotFound)?;
    Ok((entry, publish))
}

/// What of a draft is not as it was when it was to be published.
fn differs(
    db: &Connection,
    publish: &PublishPost,
    now: &Draft,
) -> Result<Vec<Differs>, StoreError> {
    let version = now.post.as_ref().map_or(0, |post| post.version);
    let all = [
        (Differs::Bin, now.binned_at.is_some()),
        (Differs::Post, version != publish.over),
        (Differs::Title, now.title != publish.title),
        (Differs::Content, now.content != publish.content),
        (
            Differs::Text,
            deletion::seen_parts(db, now.id)? != publish.parts,
        ),
    ];
    let differing = all.into_iter().filter(|(_, differs)| *differs);
    Ok(differing.map(|(what, _)| what).collect())
}

/// Whether a later change that was not accepted is about the post that this one makes.
fn is_built_on(db: &Connection, entry: &Entry) -> Result<bool, StoreError> {
    let later = |other: &Entry| {
        other.lid > entry.lid
            && matches!(other.kind, ChangeKind::Publish | ChangeKind::Withdraw)
            && matches!(other.state, State::Pending | State::Inflight)
    };
    Ok(outbox::of_draft(db, entry.draft)?.iter().any(later))
}

/// The same text at other times, where it stood among what waits.
fn put_in_place(
    work: &mut Work<'_>,
    old: &Entry,
    publish: PublishPost,
    now: Timestamp,
) -> Result<(), StoreError> {
    let id = old.draft;
    // What was written since is not in it, and need not be.
    let publish = Mutation::PublishPost(PublishPost {
        is_guarded: false,
        ..publish
    });
    let mut prepared = overlay::prepare(work.db, id, &publish, now)?;
    prepared.entry.lid = old.lid;
    prepared.entry.title.clone_from(&old.title);
    prepared.entry.kept_back = old.kept_back;
    overlay::put(work, &prepared)?;
    overlay::rebuild(work, id)
}

/// The draft as it is shown now, with other values.
fn put_anew(
    work: &mut Work<'_>,
    old: &Entry,
    (values, at): (ContentValues, PublishAt),
    now: Timestamp,
) -> Result<(), StoreError> {
    let id = old.draft;
    if !values.names().is_empty() {
        let describe = Mutation::DescribeDraft(DescribeDraft { id, values });
        overlay::enqueue(work, id, &describe, now)?;
    }
    merge_what_waits(work, id, now)?;
    let publish = Mutation::PublishPost(as_shown(work, id, at)?);
    let mut prepared = overlay::prepare(work.db, id, &publish, now)?;
    prepared.entry.kept_back = old.kept_back && !old.state.is_failed();
    overlay::put(work, &prepared)
}
