//! The versions of a draft: found in the history of its text, named, looked at and brought back.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use loro::{Frontiers, VersionVector};
use rusqlite::Connection;
use stoa_domain::{
    Draft, DraftId, NamedVersion, PublishedVersion, TextVersion, Timestamp, UserId, VersionId,
    VersionName,
};
use stoa_mutators::{DropVersion, KeepVersion, Mutation, RenameVersion};

use super::drafts::{change, listing_of};
use super::{Store, Work, actor, text};
use crate::merging::{self, History};
use crate::table::{doc_waiting, draft, person};
use crate::text::{Document, Spans, Written, sessions};
use crate::{DraftListing, Random, StateKind, StepKind, StoreError, TextState, random, undo};

/// So many states are listed, the latest, and beside them all that were named or published.
const MOST_LISTED: usize = 1_000;

impl Store {
    /// The states that the text of a draft went through, the latest first.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for a draft that is not there, and the disk's error.
    pub fn text_states(&self, id: DraftId) -> Result<Vec<TextState>, StoreError> {
        self.read(|db| {
            let shown = draft::shown(db, id)?.ok_or(StoreError::NotFound)?;
            let Some(History { document, pieces }) = merging::history(db, id)? else {
                return Ok(Vec::new());
            };
            let mut states: Vec<Found> = sessions(&document, &pieces)
                .into_iter()
                .map(Found::from)
                .collect();
            for kept in kept(&shown) {
                place(&mut states, &document, kept);
            }
            let states = latest(states);
            let who = actor(db, Timestamp::default())?.user;
            states
                .into_iter()
                .rev()
                .map(|state| state.told(db, &document, who))
                .collect()
        })
    }

    /// The text of a draft as it was at a state.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where draft or state are not on this computer.
    pub fn text_at(&self, id: DraftId, at: &TextVersion) -> Result<String, StoreError> {
        self.read(|db| {
            draft::shown(db, id)?.ok_or(StoreError::NotFound)?;
            let point = read_point(at).ok_or(StoreError::NotFound)?;
            merging::text_at(db, id, &point)
        })
    }

    /// Gives the text of a draft as it is now a name.
    ///
    /// # Errors
    /// [`StoreError::Rejected`] when there are too many or the rules do not allow it.
    pub fn name_version(
        &self,
        id: DraftId,
        name: VersionName,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<NamedVersion, StoreError> {
        self.write(|work| {
            merge_what_waits(work, id, now)?;
            let keep = KeepVersion {
                id: random::version_id(now, random),
                draft: id,
                name,
                text_at: present(work, id)?,
                at: now,
            };
            let version = keep.id;
            let keep = Mutation::KeepVersion(keep);
            change(work, &keep, StepKind::NameVersion, (id, now))?;
            let shown = draft::shown(work.db, id)?.ok_or(StoreError::NotFound)?;
            shown
                .versions
                .named(version)
                .cloned()
                .ok_or(StoreError::NotFound)
        })
    }

    /// Gives a version another name.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when it has none any more.
    pub fn rename_version(
        &self,
        id: DraftId,
        version: VersionId,
        name: VersionName,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|work| {
            let shown = draft::shown(work.db, id)?.ok_or(StoreError::NotFound)?;
            let seen = shown.versions.named(version).ok_or(StoreError::NotFound)?;
            if seen.name == name {
                return Ok(());
            }
            let rename = Mutation::RenameVersion(RenameVersion {
                id: version,
                draft: id,
                name,
                was: Some(seen.name.clone()),
            });
            change(work, &rename, StepKind::RenameVersion, (id, now)).map(drop)
        })
    }

    /// Takes the name of a version off. Its text stays in the history.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when it has none any more.
    pub fn drop_version(
        &self,
        id: DraftId,
        version: VersionId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|work| {
            let shown = draft::shown(work.db, id)?.ok_or(StoreError::NotFound)?;
            shown.versions.named(version).ok_or(StoreError::NotFound)?;
            let drop_version = Mutation::DropVersion(DropVersion {
                id: version,
                draft: id,
            });
            change(work, &drop_version, StepKind::DropVersion, (id, now)).map(drop)
        })
    }

    /// Puts the text of a state in the place of the present one. That is a change like any other,
    /// one step to take back; what stood there stays a state of the text.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where the state is not on this computer,
    /// [`StoreError::Rejected`] when the rules do not allow it.
    pub fn restore_text(
        &self,
        id: DraftId,
        at: &TextVersion,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<DraftListing, StoreError> {
        self.write(|work| {
            merge_what_waits(work, id, now)?;
            let point = read_point(at).ok_or(StoreError::NotFound)?;
            let from = present(work, id)?;
            if text::restore(work, id, &point, now, random)? {
                let way_back = undo::WayBack::new(work, id, from, random)?;
                work.doing.note_text(way_back);
                undo::keep(work, StepKind::RestoreText, id, now)?;
            }
            listing_of(work.db, id)
        })
    }
}

pub(super) fn merge_what_waits(
    work: &mut Work<'_>,
    id: DraftId,
    now: Timestamp,
) -> Result<(), StoreError> {
    if doc_waiting::since(work.db, id)?.is_some() && merging::merge_all(work, id, now)? {
        merging::put_text(work, id)?;
    }
    Ok(())
}

/// The state that the text of a draft is at.
pub(crate) fn present(work: &mut Work<'_>, id: DraftId) -> Result<TextVersion, StoreError> {
    let point = work.documents.get(work.db, id)?.document.point();
    if !work.is_open(id) {
        work.documents.forget(id);
    }
    version_of(&point)
}

/// A point in the history of a document as it travels.
pub(crate) fn version_of(point: &Frontiers) -> Result<TextVersion, StoreError> {
    let name = STANDARD.encode(point.encode());
    TextVersion::parse(&name)
        .ok_or_else(|| StoreError::Internal("a state of a text has no name".to_owned()))
}

pub(crate) fn read_point(version: &TextVersion) -> Option<Frontiers> {
    let bytes = STANDARD.decode(version.as_str()).ok()?;
    Frontiers::decode(&bytes).ok()
}

/// A state on its way to be told.
struct Found {
    kind: StateKind,
    by: Option<UserId>,
    began_at: Timestamp,
    at: Timestamp,
    text_at: Option<TextVersion>,
    /// What it began on, and itself; absent where its text is not here.
    stretch: Option<(Frontiers, Frontiers)>,
    closure: VersionVector,
    spans: Spans,
    named: Vec<NamedVersion>,
    posts: Vec<u32>,
}

impl From<crate::text::Session> for Found {
    fn from(session: crate::text::Session) -> Self {
        Self {
            kind: match session.how {
                Written::Here => StateKind::Written,
                Written::Restored => StateKind::Restored,
                Written::Together => StateKind::Merged,
            },
            by: session.by,
            began_at: session.began_at,
            at: session.at,
            text_at: None,
            stretch: Some((session.from, session.point)),
            closure: session.closure,
            spans: session.spans,
            named: Vec::new(),
            posts: Vec::new(),
        }
    }
}

/// A state that was named or published.
enum Kept {
    Named(NamedVersion),
    Published(PublishedVersion),
}

impl Kept {
    fn text_at(&self) -> &TextVersion {
        match self {
            Self::Named(named) => &named.text_at,
            Self::Published(published) => &published.text_at,
        }
    }

    fn by_and_at(&self) -> (Option<UserId>, Timestamp) {
        match self {
            Self::Named(named) => (named.by, named.at),
            Self::Published(published) => (published.by, published.at),
        }
    }
}

/// What was named, and what was published; a post that an older server keeps stands in its draft
/// alone.
fn kept(draft: &Draft) -> Vec<Kept> {
    let mut published = draft.versions.published.clone();
    if let Some(post) = &draft.post
        && published.iter().all(|known| known.post != post.version)
    {
        published.push(PublishedVersion {
            post: post.version,
            text_at: post.text_at.clone(),
            by: post.by,
            at: post.at,
        });
    }
    let named = draft.versions.named.iter().cloned().map(Kept::Named);
    named
        .chain(published.into_iter().map(Kept::Published))
        .collect()
}

/// Puts a kept state where it belongs: to the state that it is, or between two.
fn place(states: &mut Vec<Found>, document: &Document, kept: Kept) {
    let point = read_point(kept.text_at()).filter(|point| document.knows(point));
    let closure = point.as_ref().and_then(|point| document.closure(point));
    let same = closure.as_ref().and_then(|closure| {
        let is_same = |state: &Found| state.is_here() && state.closure == *closure;
        states.iter().rposition(is_same)
    });
    let at = same.unwrap_or_else(|| {
        let (by, at) = kept.by_and_at();
        let ground = closure.as_ref().and_then(|closure| {
            let builds_on = |state: &Found| state.is_here() && closure.includes_vv(&state.closure);
            states.iter().rposition(builds_on)
        });
        let from = ground.and_then(|ground| states[ground].stretch.as_ref());
        let from = from.map(|(_, point)| point.clone()).unwrap_or_default();
        let place = match (&closure, ground) {
            (None, _) => states.len(),
            (Some(_), ground) => ground.map_or(0, |ground| ground + 1),
        };
        let state = Found {
            kind: StateKind::Kept,
            by,
            began_at: at,
            at,
            text_at: Some(kept.text_at().clone()),
            spans: between(document, &from, closure.as_ref()),
            stretch: point.map(|point| (from, point)),
            closure: closure.clone().unwrap_or_default(),
            named: Vec::new(),
            posts: Vec::new(),
        };
        states.insert(place, state);
        place
    });
    match kept {
        Kept::Named(named) => states[at].named.push(named),
        Kept::Published(published) => states[at].posts.push(published.post),
    }
}

/// What was written after a point up to another.
fn between(document: &Document, from: &Frontiers, to: Option<&VersionVector>) -> Spans {
    let from = document.closure(from).unwrap_or_default();
    to.map(|to| Spans::new(to.sub_iter(&from)))
        .unwrap_or_default()
}

/// The latest states, and of the others those that were named or published.
fn latest(states: Vec<Found>) -> Vec<Found> {
    let too_many = states.len().saturating_sub(MOST_LISTED);
    states
        .into_iter()
        .enumerate()
        .filter(|(n, state)| *n >= too_many || !state.named.is_empty() || !state.posts.is_empty())
        .map(|(_, state)| state)
        .collect()
}

impl Found {
    fn is_here(&self) -> bool {
        self.stretch.is_some()
    }

    fn told(
        self,
        db: &Connection,
        document: &Document,
        who: Option<UserId>,
    ) -> Result<TextState, StoreError> {
        let is_here = self.is_here();
        let (n_added, n_removed) = document.counts(&self.spans);
        let is_own = self.kind != StateKind::Merged && self.by == who;
        let by = self.by.filter(|_| !is_own);
        let by_name = match by {
            Some(by) => person::find(db, by)?.map(|person| person.name),
            None => None,
        };
        let stretch = self.stretch.as_ref();
        let text_at = match (self.text_at, stretch) {
            (Some(text_at), _) => text_at,
            (None, Some((_, point))) => version_of(point)?,
            (None, None) => return Err(StoreError::Internal("a state without a place".to_owned())),
        };
        Ok(TextState {
            text_at,
            before: stretch.map(|(from, _)| version_of(from)).transpose()?,
            kind: self.kind,
            by: self.by,
            by_name,
            is_own,
            began_at: self.began_at,
            at: self.at,
            n_added,
            n_removed,
            named: self.named,
            posts: self.posts,
            is_present: is_here && self.closure == document.version(),
            is_here,
        })
    }
}
