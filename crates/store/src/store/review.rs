//! Texts that two devices wrote at the same time: the paragraphs that both changed are kept for a
//! person to look at, in all versions.
//!
//! The texts themselves merge, nothing is held up. Of two devices the one whose writing reaches
//! the server later looks: exactly one of them is asked.

use std::collections::BTreeMap;

use loro::VersionVector;
use rusqlite::Connection;
use stoa_domain::{DraftId, Timestamp};
use stoa_markdown::{Hunk, versions};

use super::Work;
use crate::table::doc_update::{self, StoredUpdate};
use crate::table::{conflict, history, listing, outbox};
use crate::text::{Document, Imported};
use crate::{
    ChangeKind, ChangeText, Conflict, ConflictKind, HistoryEntry, HistoryKind, StoreError,
};

/// The texts of a pull in which own writing meets others'.
#[derive(Default)]
pub(super) struct Review {
    /// Where the server put own writing; nowhere yet when it was not sent.
    own: BTreeMap<DraftId, Vec<Option<i64>>>,
    before: BTreeMap<DraftId, Before>,
    /// The first place in the server's order of what others wrote.
    others: BTreeMap<DraftId, i64>,
}

/// How a text stood before others' updates came into it.
struct Before {
    text: String,
    version: VersionVector,
}

impl Review {
    /// Looks up what was written here, before what the server told back is forgotten.
    pub(super) fn begin(db: &Connection) -> Result<Self, StoreError> {
        let mut review = Self::default();
        for (draft, seq) in outbox::writing(db)? {
            review.own.entry(draft).or_default().push(seq);
        }
        Ok(review)
    }

    /// Keeps a text as it stands, if own writing is on its way in it.
    pub(super) fn before(&mut self, work: &mut Work<'_>, id: DraftId) -> Result<(), StoreError> {
        if !self.own.contains_key(&id) || self.before.contains_key(&id) {
            return Ok(());
        }
        let document = &work.documents.get(work.db, id)?.document;
        let before = Before {
            text: document.text(),
            version: document.version(),
        };
        self.before.insert(id, before);
        Ok(())
    }

    /// Notes that an update of somebody else changed a text.
    pub(super) fn came(
        &mut self,
        db: &Connection,
        update: &StoredUpdate,
    ) -> Result<(), StoreError> {
        if let Some((draft, _, seq)) = doc_update::base(db, update.id)? {
            let first = self.others.entry(draft).or_insert(seq);
            *first = seq.min(*first);
        }
        Ok(())
    }

    /// Keeps every text for review in which both changed the same paragraph.
    pub(super) fn look(&mut self, work: &mut Work<'_>, now: Timestamp) -> Result<(), StoreError> {
        for (id, before) in std::mem::take(&mut self.before) {
            if let Some(since) = self.own_since(id) {
                look_at(work, id, &before, since, now)?;
            }
        }
        Ok(())
    }

    /// The place in the server's order from which on own writing came after that of others.
    fn own_since(&self, id: DraftId) -> Option<i64> {
        let others = *self.others.get(&id)?;
        let own = self.own.get(&id)?.iter().map(|seq| seq.unwrap_or(i64::MAX));
        own.filter(|seq| *seq > others).min()
    }
}

fn look_at(
    work: &mut Work<'_>,
    id: DraftId,
    before: &Before,
    since: i64,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some(theirs) = at_server(work.db, id, since)? else {
        return Ok(());
    };
    let document = &work.documents.get(work.db, id)?.document;
    let shared = before.version.intersection(&theirs.version());
    if shared == before.version || shared == theirs.version() {
        return Ok(());
    }
    let (base, theirs) = (document.text_at(&shared)?, theirs.text());
    if !versions(&base, &before.text, &theirs)
        .iter()
        .any(Hunk::is_clash)
    {
        return Ok(());
    }
    let merged = document.text();
    let title = listing::get(work.db, id)?.map_or_else(String::new, |listed| listed.title);
    let found = Conflict {
        id: 0,
        kind: ConflictKind::Text,
        draft: id,
        title: title.clone(),
        field: String::new(),
        base,
        mine: before.text.clone(),
        theirs: Some(theirs),
        merged,
        seen_at: now,
        settled: None,
    };
    conflict::insert(work.db, &found)?;
    work.changed.outbox = true;
    let line = HistoryEntry {
        at: now,
        kind: HistoryKind::Conflict,
        n: 1,
        text: Some(ChangeText {
            kind: ChangeKind::Write,
            title,
        }),
        kept_markdown: None,
    };
    history::add(work.db, &line)
}

/// The text as the server had it before own writing reached it; `None` if it cannot be read.
fn at_server(db: &Connection, id: DraftId, since: i64) -> Result<Option<Document>, StoreError> {
    let updates = doc_update::before(db, id, since)?;
    let updates: Vec<&[u8]> = updates.iter().map(Vec::as_slice).collect();
    let document = Document::of(&updates, |imported| match imported {
        Imported::New | Imported::Known => Ok(()),
        Imported::Waiting | Imported::Unreadable(_) | Imported::Poisoned => Err(()),
    });
    Ok(document.ok())
}
