//! `outbox`: changes the server has not accepted, and those accepted whose rows have not arrived.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension, Params, Row, named_params};
use stoa_domain::{DraftId, Timestamp};
use stoa_mutators::Mutation;

use super::Sql;
use crate::{ChangeKind, StepKind, StoreError};

pub(crate) const TABLE: &str = "outbox";

/// How an entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Pending,
    Inflight,
    /// Accepted; still shown from here until the server's row arrives.
    Applied,
    Rejected,
    Parked,
}

impl State {
    fn as_str(self) -> &'static str {
        match self {
            State::Pending => "pending",
            State::Inflight => "inflight",
            State::Applied => "applied",
            State::Rejected => "rejected",
            State::Parked => "parked",
        }
    }

    /// Whether it was refused or set aside.
    pub(crate) fn is_failed(self) -> bool {
        matches!(self, State::Rejected | State::Parked)
    }
}

impl ToSql for State {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.as_str().into())
    }
}

impl FromSql for State {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let name = value.as_str()?;
        [
            Self::Pending,
            Self::Inflight,
            Self::Applied,
            Self::Rejected,
            Self::Parked,
        ]
        .into_iter()
        .find(|state| state.as_str() == name)
        .ok_or(FromSqlError::InvalidType)
    }
}

impl ToSql for ChangeKind {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.as_str().into())
    }
}

impl FromSql for ChangeKind {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        ChangeKind::parse(value.as_str()?).ok_or(FromSqlError::InvalidType)
    }
}

impl ToSql for StepKind {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.as_str().into())
    }
}

impl FromSql for StepKind {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        StepKind::parse(value.as_str()?).ok_or(FromSqlError::InvalidType)
    }
}

impl ChangeKind {
    pub(crate) fn of(mutation: &Mutation) -> Self {
        match mutation {
            Mutation::CreateDraft(_) => Self::Create,
            Mutation::RenameDraft(_) => Self::Rename,
            Mutation::BinDraft(_) => Self::Bin,
            Mutation::RestoreDraft(_) => Self::Restore,
            Mutation::DeleteDraft(_) => Self::Delete,
            Mutation::AppendDoc(_) => Self::Write,
            Mutation::AddAttachment(_) => Self::Attach,
            Mutation::RemoveAttachment(_) => Self::Detach,
            Mutation::DescribeDraft(_) => Self::Describe,
            Mutation::ArchiveDraft(_) => Self::Archive,
            Mutation::UnarchiveDraft(_) => Self::Unarchive,
            Mutation::PublishPost(_) => Self::Publish,
            Mutation::WithdrawPost(_) => Self::Withdraw,
            Mutation::KeepVersion(_) => Self::NameVersion,
            Mutation::RenameVersion(_) => Self::RenameVersion,
            Mutation::DropVersion(_) => Self::DropVersion,
            Mutation::RequestReview(_) => Self::RequestReview,
            Mutation::WithdrawReview(_) => Self::WithdrawReview,
            Mutation::CheckItem(_) => Self::CheckItem,
            Mutation::DecideReview(_) => Self::DecideReview,
            Mutation::WriteComment(_) => Self::WriteComment,
            Mutation::EditComment(_) => Self::EditComment,
            Mutation::DropComment(_) => Self::DropComment,
            Mutation::ResolveComment(_) => Self::ResolveComment,
            Mutation::CreateSection(_) => Self::CreateSection,
            Mutation::RenameSection(_) => Self::RenameSection,
            Mutation::MoveSection(_) => Self::MoveSection,
            Mutation::DeleteSection(_) => Self::DeleteSection,
            Mutation::AddLesson(_) => Self::AddLesson,
            Mutation::MoveLesson(_) => Self::MoveLesson,
            Mutation::RemoveLesson(_) => Self::RemoveLesson,
            Mutation::DescribeLesson(_) => Self::DescribeLesson,
            Mutation::ChangeSynonyms(_) => Self::TagSynonyms,
            Mutation::MoveTag(_) => Self::MoveTag,
        }
    }
}

/// One entry.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) lid: i64,
    pub(crate) mid: Option<i64>,
    pub(crate) draft: DraftId,
    pub(crate) kind: ChangeKind,
    pub(crate) title: String,
    pub(crate) name: String,
    pub(crate) version: u32,
    /// Arguments and row versions, as JSON.
    pub(crate) args: String,
    pub(crate) base: String,
    pub(crate) size: i64,
    pub(crate) state: State,
    pub(crate) code: Option<String>,
    pub(crate) seq: Option<i64>,
    pub(crate) spans: Option<String>,
    pub(crate) made_at: Timestamp,
    pub(crate) acked_at: Option<Timestamp>,
    /// BLAKE3 names of attachments that are not on the server yet.
    pub(crate) needs: Vec<String>,
    /// Not sent until it is released by hand.
    pub(crate) kept_back: bool,
    /// How long it is still held, in milliseconds of the program's running.
    pub(crate) hold_ms: i64,
    /// Whether it ever had a number, under which it may have arrived.
    pub(crate) was_sent: bool,
}

/// A list of names in the form its column keeps it.
struct Names(Vec<String>);

impl FromSql for Names {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let names = serde_json::from_str(value.as_str()?);
        names.map(Names).map_err(|_| FromSqlError::InvalidType)
    }
}

fn names(names: &[String]) -> Result<String, StoreError> {
    Ok(serde_json::to_string(names)?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        lid: row.get(0)?,
        mid: row.get(1)?,
        draft: row.get::<_, Sql<_>>(2)?.0,
        kind: row.get(3)?,
        title: row.get(4)?,
        name: row.get(5)?,
        version: row.get(6)?,
        args: row.get(7)?,
        base: row.get(8)?,
        size: row.get(9)?,
        state: row.get(10)?,
        code: row.get(11)?,
        seq: row.get(12)?,
        spans: row.get(13)?,
        made_at: row.get::<_, Sql<_>>(14)?.0,
        acked_at: row.get::<_, Option<Sql<_>>>(15)?.map(|sql| sql.0),
        needs: row.get::<_, Names>(16)?.0,
        kept_back: row.get(17)?,
        hold_ms: row.get(18)?,
        was_sent: row.get(19)?,
    })
}

/// The columns of an entry, before the condition of a query.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select lid, mid, draft, kind, title, name, ver, args, base, size, state, code, seq,
                    spans, made_at, acked_at, needs, kept_back, hold_ms, was_sent
             from outbox ",
            $rest
        )
    };
}

mod counts;
mod ready;

pub(crate) use counts::{counts, saved};
pub(crate) use ready::{n_ready, numbered_unanswered, sendable};

fn list(db: &Connection, sql: &str, params: impl Params) -> Result<Vec<Entry>, StoreError> {
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map(params, read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Adds an entry: at the end, where it has no place (`lid` 0) yet, else at its place of before.
pub(crate) fn insert(db: &Connection, entry: &Entry) -> Result<i64, StoreError> {
    db.prepare_cached(
        "insert into outbox (lid, mid, draft, kind, title, name, ver, args, base, size, state,
                             code, seq, spans, made_at, acked_at, needs, kept_back, hold_ms,
                             was_sent)
         values (:lid, :mid, :draft, :kind, :title, :name, :ver, :args, :base, :size, :state,
                 :code, :seq, :spans, :made_at, :acked_at, :needs, :kept_back,
                 :hold_ms, :was_sent)",
    )?
    .execute(named_params! {
        ":lid": (entry.lid != 0).then_some(entry.lid),
        ":mid": entry.mid,
        ":draft": Sql(entry.draft),
        ":kind": entry.kind,
        ":title": entry.title,
        ":name": entry.name,
        ":ver": entry.version,
        ":args": entry.args,
        ":base": entry.base,
        ":size": entry.size,
        ":state": entry.state,
        ":code": entry.code,
        ":seq": entry.seq,
        ":spans": entry.spans,
        ":made_at": Sql(entry.made_at),
        ":acked_at": entry.acked_at.map(Sql),
        ":needs": names(&entry.needs)?,
        ":kept_back": entry.kept_back,
        ":hold_ms": entry.hold_ms,
        ":was_sent": entry.was_sent || entry.mid.is_some(),
    })?;
    Ok(db.last_insert_rowid())
}

pub(crate) fn get(db: &Connection, lid: i64) -> Result<Option<Entry>, StoreError> {
    Ok(list(db, select!("where lid = :lid"), named_params! {":lid": lid})?.pop())
}

pub(crate) fn by_mid(db: &Connection, mid: i64) -> Result<Option<Entry>, StoreError> {
    Ok(list(db, select!("where mid = :mid"), named_params! {":mid": mid})?.pop())
}

/// Every entry about a draft in the order they take effect: accepted ones, those with a number,
/// the others by age.
pub(crate) fn of_draft(db: &Connection, draft: DraftId) -> Result<Vec<Entry>, StoreError> {
    list(
        db,
        select!("where draft = :draft order by state <> 'applied', mid is null, mid, lid"),
        named_params! {":draft": Sql(draft)},
    )
}

/// The last entry about a draft's text that was not sent yet, if no other text change follows.
pub(crate) fn last_unsent_text(
    db: &Connection,
    draft: DraftId,
) -> Result<Option<Entry>, StoreError> {
    let last = list(
        db,
        select!(
            "where draft = :draft and kind = 'write' and state = 'pending'
                   and lid > coalesce((select max(publishing.lid) from outbox as publishing
                                       where publishing.draft = :draft
                                         and publishing.kind = 'publish'
                                         and publishing.state in ('pending', 'inflight')), 0)
             order by lid desc limit 1"
        ),
        named_params! {":draft": Sql(draft)},
    )?;
    Ok(last.into_iter().next())
}

/// Gives a text entry that was not sent yet new contents.
pub(crate) fn replace_text(db: &Connection, entry: &Entry) -> Result<(), StoreError> {
    db.prepare_cached(
        "update outbox set args = :args, size = :size, spans = :spans, made_at = :made_at,
                           needs = :needs
         where lid = :lid and state = 'pending'",
    )?
    .execute(named_params! {
        ":lid": entry.lid,
        ":args": entry.args,
        ":size": entry.size,
        ":spans": entry.spans,
        ":made_at": Sql(entry.made_at),
        ":needs": names(&entry.needs)?,
    })?;
    Ok(())
}

/// Keeps a change on this computer, or lets it go.
pub(crate) fn keep_back(db: &Connection, lid: i64, kept: bool) -> Result<(), StoreError> {
    db.prepare_cached("update outbox set kept_back = :kept where lid = :lid")?
        .execute(named_params! {":lid": lid, ":kept": kept})?;
    Ok(())
}

/// Puts what waits of a draft before all other drafts; its own order stays.
pub(crate) fn put_first(db: &Connection, draft: DraftId) -> Result<(), StoreError> {
    db.prepare_cached(
        "update outbox set rank = (select coalesce(max(rank), 0) + 1 from outbox)
         where draft = :draft and state = 'pending'",
    )?
    .execute(named_params! {":draft": Sql(draft)})?;
    Ok(())
}

/// Has a change wait for attachments.
pub(crate) fn set_needs(db: &Connection, lid: i64, needs: &[String]) -> Result<(), StoreError> {
    db.prepare_cached("update outbox set needs = :needs where lid = :lid")?
        .execute(named_params! {":lid": lid, ":needs": names(needs)?})?;
    Ok(())
}

/// An attachment is on the server: nothing waits for it any more. Whether anything did.
pub(crate) fn forget_need(db: &Connection, b3: &str) -> Result<bool, StoreError> {
    let waiting = list(
        db,
        select!("where needs <> '[]' and instr(needs, :b3) > 0"),
        named_params! {":b3": b3},
    )?;
    for entry in &waiting {
        let left: Vec<_> = entry.needs.iter().filter(|n| *n != b3).cloned().collect();
        set_needs(db, entry.lid, &left)?;
    }
    Ok(!waiting.is_empty())
}

/// Everything that has a number from `mid` on.
pub(crate) fn numbered_from(db: &Connection, mid: i64) -> Result<Vec<Entry>, StoreError> {
    list(
        db,
        select!("where mid >= :mid order by mid"),
        named_params! {":mid": mid},
    )
}

pub(crate) fn in_state(
    db: &Connection,
    state: State,
    limit: i64,
) -> Result<Vec<Entry>, StoreError> {
    list(
        db,
        select!("where state = :state order by lid limit :limit"),
        named_params! {":state": state, ":limit": limit},
    )
}

/// The entry of a draft's making or of its latest title, if that was never sent: another title
/// only changes what it says.
pub(crate) fn last_unsent_title(
    db: &Connection,
    draft: DraftId,
) -> Result<Option<Entry>, StoreError> {
    let last = list(
        db,
        select!(
            "where draft = :draft and kind in ('create', 'rename')
                   and state in ('pending', 'inflight')
                   and lid > coalesce((select max(publishing.lid) from outbox as publishing
                                       where publishing.draft = :draft
                                         and publishing.kind = 'publish'
                                         and publishing.state in ('pending', 'inflight')), 0)
             order by lid desc limit 1"
        ),
        named_params! {":draft": Sql(draft)},
    )?;
    Ok(last
        .into_iter()
        .find(|entry| entry.state == State::Pending && !entry.was_sent))
}

/// Gives an entry that was never sent another title.
pub(crate) fn replace_title(db: &Connection, entry: &Entry) -> Result<(), StoreError> {
    db.prepare_cached(
        "update outbox set args = :args, size = :size, title = :title where lid = :lid",
    )?
    .execute(named_params! {
        ":lid": entry.lid,
        ":args": entry.args,
        ":size": entry.size,
        ":title": entry.title,
    })?;
    Ok(())
}

/// What is held: its place and for how long.
pub(crate) fn held(db: &Connection) -> Result<Vec<(i64, i64)>, StoreError> {
    let mut statement = db.prepare_cached(
        "select lid, hold_ms from outbox where state = 'pending' and hold_ms > 0 order by lid",
    )?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Changes how long an entry is held; 0 lets it go.
pub(crate) fn hold(db: &Connection, lid: i64, hold_ms: i64) -> Result<(), StoreError> {
    db.prepare_cached("update outbox set hold_ms = :hold_ms where lid = :lid")?
        .execute(named_params! {":lid": lid, ":hold_ms": hold_ms})?;
    Ok(())
}

/// Waiting for the server's answer, oldest first.
pub(crate) fn open(db: &Connection, limit: i64) -> Result<Vec<Entry>, StoreError> {
    list(
        db,
        select!("where state in ('pending', 'inflight') order by lid limit :limit"),
        named_params! {":limit": limit},
    )
}

/// Refused or set aside, oldest first.
pub(crate) fn failed(db: &Connection, limit: i64) -> Result<Vec<Entry>, StoreError> {
    list(
        db,
        select!("where state in ('rejected', 'parked') order by lid limit :limit"),
        named_params! {":limit": limit},
    )
}

/// The texts with own writing that the server has not told back yet; with the place the server
/// gave it, once it has.
pub(crate) fn writing(db: &Connection) -> Result<Vec<(DraftId, Option<i64>)>, StoreError> {
    let mut statement = db.prepare_cached(
        "select draft, seq from outbox
         where kind = 'write' and state not in ('rejected', 'parked')",
    )?;
    let rows = statement.query_map([], |row| Ok((row.get::<_, Sql<_>>(0)?.0, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Moves an entry on: its number, state and answer.
pub(crate) fn set_state(db: &Connection, entry: &Entry) -> Result<(), StoreError> {
    db.prepare_cached(
        "update outbox set mid = :mid, state = :state, code = :code, seq = :seq,
                           acked_at = :acked_at, was_sent = was_sent or :mid is not null
         where lid = :lid",
    )?
    .execute(named_params! {
        ":lid": entry.lid,
        ":mid": entry.mid,
        ":state": entry.state,
        ":code": entry.code,
        ":seq": entry.seq,
        ":acked_at": entry.acked_at.map(Sql),
    })?;
    Ok(())
}

/// Everything the server has not accepted, oldest first.
pub(crate) fn not_accepted(db: &Connection) -> Result<Vec<Entry>, StoreError> {
    list(db, select!("where state <> 'applied' order by lid"), [])
}

/// The last place that was ever given; 0 before the first.
pub(crate) fn last_lid(db: &Connection) -> Result<i64, StoreError> {
    let last = db
        .prepare_cached("select seq from sqlite_sequence where name = 'outbox'")?
        .query_row([], |row| row.get(0))
        .optional()?;
    Ok(last.unwrap_or(0))
}

/// Each entry may have been sent as it is: nothing is added to it any more.
pub(crate) fn close_unsent(db: &Connection) -> Result<(), StoreError> {
    db.prepare_cached("update outbox set spans = null, was_sent = 1 where state <> 'applied'")?
        .execute([])?;
    Ok(())
}

pub(crate) fn delete(db: &Connection, lid: i64) -> Result<(), StoreError> {
    db.prepare_cached("delete from outbox where lid = :lid")?
        .execute(named_params! {":lid": lid})?;
    Ok(())
}

/// The drafts with changes that the list shows from here.
pub(crate) fn drafts(db: &Connection) -> Result<Vec<DraftId>, StoreError> {
    let mut statement = db.prepare_cached("select distinct draft from outbox order by draft")?;
    let rows = statement.query_map([], |row| Ok(row.get::<_, Sql<_>>(0)?.0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
