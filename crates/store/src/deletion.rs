//! Drafts that are deleted for good: what a person has seen who deletes one, and what goes and
//! what stays here when one is gone.

use std::collections::BTreeSet;

use rusqlite::Connection;
use stoa_domain::{Attachment, DraftId, Parts, Timestamp, Title};
use stoa_mutators::{DeleteDraft, Mutation, RejectCode, RenameDraft, SeenDraft};

use crate::store::Work;
use crate::table::draft_kept::{self, KeptDraft};
use crate::table::outbox::{self, Entry, State};
use crate::table::{attachment, blob, conflict, doc, doc_update, doc_waiting, draft, listing};
use crate::{ChangeKind, StoreError, merging, overlay, undo};

/// The change that deletes a draft as it is shown now.
pub(crate) fn of_shown(db: &Connection, id: DraftId) -> Result<Mutation, StoreError> {
    let shown = draft::shown(db, id)?.ok_or(StoreError::NotFound)?;
    let seen = SeenDraft {
        title: shown.title,
        parts: seen_parts(db, id)?,
    };
    Ok(Mutation::DeleteDraft(DeleteDraft {
        id,
        seen: Some(seen),
    }))
}

/// What belongs to a draft as far as it is known here, with what the server does not have yet.
pub(crate) fn seen_parts(db: &Connection, id: DraftId) -> Result<Parts, StoreError> {
    let mut ids = doc_update::ids_of_doc(db, id)?;
    ids.extend(attachment::ids_of_draft(db, id)?);
    for entry in outbox::of_draft(db, id)? {
        if !entry.state.is_failed() {
            ids.extend(part_in(&entry)?);
        }
    }
    let ids: BTreeSet<[u8; 16]> = ids.into_iter().collect();
    Ok(ids.iter().collect())
}

/// The row of a text or a file that an entry makes.
fn part_in(entry: &Entry) -> Result<Option<[u8; 16]>, StoreError> {
    if !matches!(entry.kind, ChangeKind::Write | ChangeKind::Attach) {
        return Ok(None);
    }
    let args = serde_json::from_str(&entry.args)?;
    Ok(match Mutation::parse(&entry.name, entry.version, &args) {
        Ok(Mutation::AppendDoc(append)) => Some(*append.id.as_bytes()),
        Ok(Mutation::AddAttachment(add)) => Some(*add.id.as_bytes()),
        _ => None,
    })
}

/// Whether a change holds something that somebody would miss, were its draft gone.
fn is_work(entry: &Entry) -> bool {
    let is_done_for = matches!(
        entry.kind,
        ChangeKind::Bin
            | ChangeKind::Delete
            | ChangeKind::Detach
            | ChangeKind::Archive
            | ChangeKind::Unarchive
            | ChangeKind::Withdraw
            | ChangeKind::DropVersion
            | ChangeKind::RequestReview
            | ChangeKind::WithdrawReview
            | ChangeKind::CheckItem
            | ChangeKind::DropComment
            | ChangeKind::ResolveComment
            | ChangeKind::MoveSection
            | ChangeKind::DeleteSection
            | ChangeKind::AddLesson
            | ChangeKind::MoveLesson
            | ChangeKind::RemoveLesson
            | ChangeKind::DescribeLesson
    );
    !is_done_for && entry.state != State::Applied
}

/// Whether a change that was refused because its draft is gone needs no decision: it wanted the
/// draft away too, or its own person has deleted the draft after it.
pub(crate) fn is_moot(db: &Connection, refused: &Entry) -> Result<bool, StoreError> {
    if !is_work(refused) {
        return Ok(true);
    }
    let own = own_deletion(&outbox::of_draft(db, refused.draft)?);
    Ok(own.is_some_and(|own| own > refused.lid))
}

/// The place in the outbox of a deletion from here that was not refused.
fn own_deletion(entries: &[Entry]) -> Option<i64> {
    let own = entries
        .iter()
        .filter(|entry| entry.kind == ChangeKind::Delete && !entry.state.is_failed());
    own.map(|entry| entry.lid).max()
}

/// The server says that a draft was deleted, which used these files. Work from here that was not
/// delivered is kept for a person to decide about; all else goes.
pub(crate) fn came(
    work: &mut Work<'_>,
    id: DraftId,
    files: &[Attachment],
    now: Timestamp,
) -> Result<(), StoreError> {
    let entries = outbox::of_draft(work.db, id)?;
    let own = own_deletion(&entries);
    let is_left = |entry: &Entry| is_work(entry) && own.is_none_or(|own| entry.lid > own);
    let undecided = conflict::open_title(work.db, id)?.filter(|_| own.is_none());
    let is_kept = undecided.is_some() || entries.iter().any(is_left);
    if is_kept {
        let title = match undecided {
            Some(title) => {
                refuse_title(work, id, &title, now)?;
                title
            }
            None => title_here(work, id, &entries)?,
        };
        keep(work, id, (title, files), now)?;
    }
    for entry in entries {
        match is_left(&entry) {
            true => refuse(work, entry, now)?,
            false => drop_moot(work, &entry, now)?,
        }
    }
    forget(work, id)?;
    match is_kept {
        true => Ok(()),
        false => forget_on_server(work.db, files),
    }
}

/// The title that was given here, or the one the draft is shown with, or the one its last change
/// tells.
fn title_here(work: &Work<'_>, id: DraftId, entries: &[Entry]) -> Result<String, StoreError> {
    let listed = listing::get(work.db, id)?.map(|listed| listed.title);
    let told = entries.last().map(|entry| entry.title.clone());
    Ok(own_title(entries).or(listed).or(told).unwrap_or_default())
}

/// The last title given here that was not accepted.
pub(crate) fn own_title(entries: &[Entry]) -> Option<String> {
    let mut given = entries
        .iter()
        .filter(|entry| entry.kind == ChangeKind::Rename && is_work(entry));
    given.next_back().map(|entry| entry.title.clone())
}

/// Keeps a draft as it is here.
fn keep(
    work: &mut Work<'_>,
    id: DraftId,
    (title, files): (String, &[Attachment]),
    now: Timestamp,
) -> Result<(), StoreError> {
    let kept = KeptDraft {
        draft: id,
        title,
        markdown: merging::markdown(work.db, id)?,
        files: files.to_vec(),
        at: now,
    };
    work.changed.outbox = true;
    draft_kept::put(work.db, &kept)
}

/// A title that waited for a decision in a conflict waits among what was refused.
fn refuse_title(
    work: &mut Work<'_>,
    id: DraftId,
    title: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let rename = Mutation::RenameDraft(RenameDraft {
        id,
        title: Title::parse(title).unwrap_or_default(),
        was: None,
    });
    let mut entry = overlay::unseen(work.db, id, &rename, now)?.entry;
    title.clone_into(&mut entry.title);
    entry.lid = outbox::insert(work.db, &entry)?;
    refuse(work, entry, now)
}

/// What was not sent yet is not sent any more: the answer is known. What was refused before is
/// refused for this now; what is under way is answered.
fn refuse(work: &mut Work<'_>, mut entry: Entry, now: Timestamp) -> Result<(), StoreError> {
    let is_unanswered = entry.mid.is_some() && entry.acked_at.is_none();
    if is_unanswered || matches!(entry.state, State::Inflight | State::Applied) {
        return Ok(());
    }
    entry.state = State::Rejected;
    entry.code = Some(RejectCode::Deleted.as_str().to_owned());
    entry.acked_at = Some(now);
    work.changed.outbox = true;
    outbox::set_state(work.db, &entry)
}

/// Drops what nobody has to decide about; what is under way is dropped when it is answered.
fn drop_moot(work: &mut Work<'_>, entry: &Entry, now: Timestamp) -> Result<(), StoreError> {
    if entry.state == State::Applied {
        return Ok(());
    }
    work.changed.outbox = true;
    match crate::store::settle(work, entry, now) {
        Err(StoreError::UnderWay) => Ok(()),
        settled => settled,
    }
}

/// Takes every trace of a draft away that lies beside the outbox.
pub(crate) fn forget(work: &mut Work<'_>, id: DraftId) -> Result<(), StoreError> {
    let db = work.db;
    if let Some(listed) = listing::get(db, id)? {
        listing::remove(db, listed.rid)?;
    }
    draft::delete_overlay(db, id)?;
    draft::set_gone(db, id, false)?;
    draft::forget_titles(db, id)?;
    attachment::delete_overlay(db, id)?;
    doc::delete(db, id)?;
    doc_waiting::remove(db, id)?;
    doc_update::forget_set_aside(db, id)?;
    conflict::forget(db, id)?;
    undo::forget(work, id)?;
    work.documents.forget(id);
    work.changed.ended.insert(id);
    work.changed.drafts.insert(id);
    Ok(())
}

/// The server lets go of files that nothing uses any more: should one of these be used again, it
/// is asked anew.
fn forget_on_server(db: &Connection, files: &[Attachment]) -> Result<(), StoreError> {
    for file in files {
        if !attachment::of_blob(db, file.b3)?.is_empty() {
            continue;
        }
        if let Some(mut known) = blob::get(db, file.b3)?
            && known.here == crate::Where::Whole
        {
            known.is_on_server = false;
            blob::put(db, &known)?;
        }
    }
    Ok(())
}
