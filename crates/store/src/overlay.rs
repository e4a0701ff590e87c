//! The user's own changes over the server's truth.
//!
//! A new change is run once over what is shown and put into the outbox. When the truth below
//! changes, the changes of that draft are run again over the new one. The rules are the same that
//! the server runs. A text is its own overlay: its document holds everybody's updates.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rusqlite::Connection;
use stoa_domain::{DraftId, Role, Timestamp, UserId};
use stoa_mutators::{
    Context, DocUpdate, Ground, Key, MAX_MUTATION_BYTES, Mutation, Outcome, Reach, Row, Rows,
    Stored, Table, run,
};

use crate::StoreError;
use crate::store::{Work, actor};
use crate::table::outbox::{self, Entry, State};
use crate::table::{attachment, blob, doc, doc_update, doc_waiting, draft, listing, person, tag};
use crate::{ChangeKind, deletion, writing};

/// A change ready for the outbox.
pub(crate) struct Prepared {
    pub(crate) entry: Entry,
    mutation: Mutation,
    /// The rows it touches as they were, and as it makes them.
    before: Vec<Stored>,
    made: Made,
}

impl Prepared {
    /// Whether anything looks different with it.
    pub(crate) fn changes_something(&self) -> bool {
        !self.made.rows.is_empty() || !self.made.deleted.is_empty()
    }
}

/// What a change makes of the rows it touches.
#[derive(Default)]
struct Made {
    rows: Vec<Row>,
    deleted: Vec<Key>,
}

/// Runs a change over what is shown. Nothing is stored yet.
pub(crate) fn prepare(
    db: &Connection,
    id: DraftId,
    mutation: &Mutation,
    now: Timestamp,
) -> Result<Prepared, StoreError> {
    let mut prepared = unseen(db, id, mutation, now)?;
    prepared.made = run_over(db, &prepared.before, mutation, &actor(db, now)?)?;
    let title = prepared.made.rows.iter().find_map(|row| match row {
        Row::Draft(draft) => Some(draft.title.as_str().to_owned()),
        _ => None,
    });
    if let Some(title) = title {
        prepared.entry.title = title;
    }
    Ok(prepared)
}

/// A change ready for the outbox that shows nothing.
pub(crate) fn unseen(
    db: &Connection,
    id: DraftId,
    mutation: &Mutation,
    now: Timestamp,
) -> Result<Prepared, StoreError> {
    let args = mutation.args().to_string();
    if args.len() > MAX_MUTATION_BYTES {
        return Err(StoreError::TooLarge {
            limit: MAX_MUTATION_BYTES,
        });
    }
    let title = match of_tags(mutation) {
        Some(said) => said,
        None => draft::shown(db, id)?
            .map(|d| d.title.into())
            .unwrap_or_default(),
    };
    let entry = Entry {
        lid: 0,
        mid: None,
        draft: id,
        kind: ChangeKind::of(mutation),
        title,
        name: mutation.name().to_owned(),
        version: mutation.version(),
        size: i64::try_from(args.len()).unwrap_or(i64::MAX),
        args,
        base: base_versions(db, id)?,
        state: State::Pending,
        code: None,
        seq: None,
        spans: None,
        made_at: now,
        acked_at: None,
        needs: not_on_server(db, mutation)?,
        kept_back: false,
        hold_ms: 0,
        was_sent: false,
    };
    Ok(Prepared {
        entry,
        mutation: mutation.clone(),
        before: existing(db, mutation)?,
        made: Made::default(),
    })
}

/// What a change of the book of tags is about, where others have the title of their draft:
/// `AI, ML → 人工智能`.
pub(crate) fn of_tags(mutation: &Mutation) -> Option<String> {
    let list = |words: &[stoa_domain::Tag]| {
        let words: Vec<&str> = words.iter().map(|word| word.as_str()).collect();
        words.join(", ")
    };
    match mutation {
        Mutation::ChangeSynonyms(change) if change.add.is_empty() => Some(format!(
            "{} ↛ {}",
            list(&change.remove),
            change.tag.as_str()
        )),
        Mutation::ChangeSynonyms(change) => {
            Some(format!("{} → {}", list(&change.add), change.tag.as_str()))
        }
        Mutation::MoveTag(moved) => {
            Some(format!("{} → {}", moved.from.as_str(), moved.into.as_str()))
        }
        _ => None,
    }
}

/// The contents a change waits for.
fn not_on_server(db: &Connection, mutation: &Mutation) -> Result<Vec<String>, StoreError> {
    let mut needs = Vec::new();
    for b3 in mutation.needs() {
        if blob::get(db, b3)?.is_none_or(|blob| !blob.is_on_server) {
            needs.push(b3.to_string());
        }
    }
    Ok(needs)
}

/// Runs a change, shows it and puts it into the outbox. Another title for a draft whose making or
/// last title was not sent yet changes only what that one says.
pub(crate) fn enqueue(
    work: &mut Work<'_>,
    id: DraftId,
    mutation: &Mutation,
    now: Timestamp,
) -> Result<(), StoreError> {
    let prepared = prepare(work.db, id, mutation, now)?;
    let Some(unsent) = title_to_change(work.db, id, &prepared)? else {
        return put(work, &prepared);
    };
    outbox::replace_title(work.db, &unsent)?;
    work.doing
        .note(id, mutation, &rows_of(&prepared.before), None);
    show(work, id, &prepared)
}

/// Puts a change into the outbox and shows it.
pub(crate) fn put(work: &mut Work<'_>, change: &Prepared) -> Result<(), StoreError> {
    let id = change.entry.draft;
    let mut entry = change.entry.clone();
    if change.mutation.reach() == Reach::Outward {
        entry.hold_ms = work.hold_ms;
    }
    let lid = outbox::insert(work.db, &entry)?;
    let before = rows_of(&change.before);
    work.doing.note(id, &change.mutation, &before, Some(lid));
    show(work, id, change)
}

pub(crate) fn rows_of(stored: &[Stored]) -> Rows {
    Rows::new(stored.iter().map(|stored| stored.row.clone()))
}

/// The unsent entry that takes another title in, with that title.
fn title_to_change(
    db: &Connection,
    id: DraftId,
    change: &Prepared,
) -> Result<Option<Entry>, StoreError> {
    let Mutation::RenameDraft(rename) = &change.mutation else {
        return Ok(None);
    };
    let Some(mut entry) = outbox::last_unsent_title(db, id)? else {
        return Ok(None);
    };
    // Which title the first one replaced stays as it said.
    let mut args: serde_json::Value = serde_json::from_str(&entry.args)?;
    args["title"] = rename.title.as_str().into();
    let args = args.to_string();
    entry.size = i64::try_from(args.len()).unwrap_or(i64::MAX);
    entry.args = args;
    entry.title.clone_from(&change.entry.title);
    Ok(Some(entry))
}

/// Shows what a change made of a draft.
pub(crate) fn show(work: &mut Work<'_>, id: DraftId, change: &Prepared) -> Result<(), StoreError> {
    put_rows(work.db, &change.made)?;
    work.changed.outbox = true;
    relist(work, id)
}

/// Runs all changes of a draft again over what the server says of it.
pub(crate) fn rebuild(work: &mut Work<'_>, id: DraftId) -> Result<(), StoreError> {
    draft::delete_overlay(work.db, id)?;
    draft::set_gone(work.db, id, false)?;
    attachment::delete_overlay(work.db, id)?;
    if id == tag::subject() {
        tag::delete_overlay(work.db)?;
    }
    for entry in outbox::of_draft(work.db, id)?
        .iter()
        .filter(|entry| is_shown(entry))
    {
        replay(work.db, entry)?;
    }
    relist(work, id)
}

/// A refused creation goes on being shown: behind it stands a text that must be within reach.
fn is_shown(entry: &Entry) -> bool {
    !entry.state.is_failed() || entry.kind == ChangeKind::Create
}

fn replay(db: &Connection, entry: &Entry) -> Result<(), StoreError> {
    let args = serde_json::from_str(&entry.args)?;
    let Ok(mutation) = Mutation::parse(&entry.name, entry.version, &args) else {
        // A newer version wrote it; it is sent all the same.
        return Ok(());
    };
    // Here it was allowed when it was made; whether it still is, the server decides.
    let ctx = Context {
        role: Role::Owner,
        ..actor(db, entry.made_at)?
    };
    match run_over_shown(db, &mutation.unguarded(), &ctx) {
        Ok(made) => put_rows(db, &made),
        // It has no ground any more; the server will say so.
        Err(StoreError::Rejected(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

fn run_over_shown(db: &Connection, mutation: &Mutation, ctx: &Context) -> Result<Made, StoreError> {
    run_over(db, &existing(db, mutation)?, mutation, ctx)
}

/// The rows a change touches, as they are shown.
pub(crate) fn existing(db: &Connection, mutation: &Mutation) -> Result<Vec<Stored>, StoreError> {
    let mut existing = Vec::new();
    let touches = mutation.touches();
    for key in &touches {
        existing.extend(load(db, *key)?);
    }
    if mutation.reads_tags() {
        let book = tag::standing(db)?.into_iter().map(Row::Tag);
        existing.extend(book.filter(|row| !touches.contains(&row.key())).map(stored));
    }
    Ok(existing)
}

fn run_over(
    db: &Connection,
    existing: &[Stored],
    mutation: &Mutation,
    ctx: &Context,
) -> Result<Made, StoreError> {
    let parts = mutation
        .weighs()
        .map(|id| deletion::seen_parts(db, id))
        .transpose()?;
    let n_lessons = mutation.fills().map(|id| draft::n_lessons(db, id));
    let ground = Ground {
        existing,
        gone: &[],
        parts: parts.unwrap_or_default(),
        n_lessons: n_lessons.transpose()?.unwrap_or_default(),
    };
    match run(mutation, &[], ground, ctx) {
        Outcome::Applied {
            changes, deleted, ..
        } => Ok(Made {
            rows: changes.into_iter().map(|c| c.row).collect(),
            deleted,
        }),
        Outcome::Rejected(reject) => Err(StoreError::Rejected(reject)),
    }
}

/// A row as it is shown.
pub(crate) fn load(db: &Connection, key: Key) -> Result<Option<Stored>, StoreError> {
    let row = match key.table {
        Table::Draft => draft::shown(db, DraftId::from_bytes(key.id))?.map(Row::Draft),
        Table::Person => person::find(db, UserId::from_bytes(key.id))?.map(Row::Person),
        Table::Attachment => {
            let id = stoa_domain::AttachmentId::from_bytes(key.id);
            attachment::shown(db, id)?.map(Row::Attachment)
        }
        Table::Tag => tag::shown(db, stoa_domain::TagId::from_bytes(key.id))?.map(Row::Tag),
        Table::DocUpdate => {
            let id = stoa_domain::UpdateId::from_bytes(key.id);
            doc_update::load(db, id)?.map(|update| {
                Row::DocUpdate(DocUpdate {
                    id: update.id,
                    doc: update.doc,
                    bytes: STANDARD.encode(&update.bytes),
                    b3: update.b3,
                    author: update.author,
                    made_at: update.made_at,
                })
            })
        }
    };
    Ok(row.map(stored))
}

fn stored(row: Row) -> Stored {
    Stored {
        row,
        version: 1,
        field_versions: stoa_mutators::FieldVersions::new(),
    }
}

fn put_rows(db: &Connection, made: &Made) -> Result<(), StoreError> {
    for key in made.deleted.iter().filter(|key| key.table == Table::Draft) {
        draft::set_gone(db, DraftId::from_bytes(key.id), true)?;
    }
    for row in &made.rows {
        match row {
            Row::Draft(changed) => draft::put_overlay(db, changed)?,
            Row::Attachment(changed) => attachment::put_overlay(db, changed)?,
            Row::Tag(changed) => tag::put_overlay(db, changed)?,
            Row::Person(_) | Row::DocUpdate(_) => {}
        }
    }
    Ok(())
}

/// The version of the draft that the server had told, as it travels.
pub(crate) fn base_versions(db: &Connection, id: DraftId) -> Result<String, StoreError> {
    let versions: Vec<(String, String, i64)> = draft::base(db, id)?
        .map(|(_, version, _)| (Table::Draft.as_str().to_owned(), id.to_string(), version))
        .into_iter()
        .collect();
    Ok(serde_json::to_string(&versions)?)
}

/// Puts a draft where it belongs in the list. One that is gone leaves the list and its text goes
/// into the history.
pub(crate) fn relist(work: &mut Work<'_>, id: DraftId) -> Result<(), StoreError> {
    place(work, id).map(drop)
}

/// The same; answers whether the draft was not in the list before.
pub(crate) fn place(work: &mut Work<'_>, id: DraftId) -> Result<bool, StoreError> {
    work.changed.drafts.insert(id);
    let before = listing::get(work.db, id)?;
    match draft::shown(work.db, id)? {
        Some(shown) => {
            if before.is_none() && doc_update::has_any(work.db, id)? {
                // What came for its text while it was out of sight.
                doc_waiting::put(work.db, id, work.now.unwrap_or(shown.edited_at))?;
            }
            listing::put(work.db, &shown)?;
            let is_new = before.is_none();
            if before.is_none_or(|before| before.title != shown.title.as_str()) {
                doc::mark_to_index(work.db, id)?;
            }
            Ok(is_new)
        }
        None => {
            match before {
                // It may come back: the server has not said that it is gone.
                Some(before) if draft::is_gone(work.db, id)? => {
                    work.changed.ended.insert(id);
                    listing::remove(work.db, before.rid)?;
                }
                Some(before) => writing::take_away(work, id, before)?,
                None => {}
            }
            Ok(false)
        }
    }
}
