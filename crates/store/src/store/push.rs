//! Sending changes: numbers without a gap, the same ones again after a crash or a lost reply, and
//! what the server answered.

use rusqlite::Connection;
use serde_json::json;
use stoa_domain::{Role, Timestamp, ZoneName};
use stoa_mutators::RejectCode;

use super::outbox::note;
use super::{Store, Work};
use crate::table::outbox::{self, Entry, State};
use crate::table::{bucket, history, journal, meta};
use crate::{
    ChangeKind, HistoryEntry, HistoryKind, Link, OutgoingMutation, PushOutcome, StoreError,
    StoredTokens, deletion, overlay,
};

/// Sent in the place of a change whose number is used up and that must not be carried out.
const STAND_IN: &str = "sys.park";

impl Store {
    /// The server this profile syncs with.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn link(&self) -> Result<Option<Link>, StoreError> {
        self.read(|db| meta::link(db))
    }

    /// Whether there is anything here of the account it is linked with.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn holds_work(&self) -> Result<bool, StoreError> {
        self.read(|db| holds_work(db))
    }

    /// Links the profile with a server, or changes what is known of it. As another device than
    /// before, all that waits is numbered anew.
    ///
    /// # Errors
    /// [`StoreError::OtherCommunity`] when the profile holds the data of another server or community,
    /// or the work of another account.
    pub fn set_link(&self, link: &Link) -> Result<(), StoreError> {
        self.write(|work| {
            let before = meta::link(work.db)?;
            let holds_rows = !bucket::names(work.db)?.is_empty();
            let holds_work = holds_work(work.db)?;
            if let Some(before) = &before
                && (holds_rows
                    && (before.server_id != link.server_id || before.community != link.community)
                    || holds_work && before.user != link.user)
            {
                return Err(StoreError::OtherCommunity);
            }
            meta::set_link(work.db, link)?;
            if before
                .as_ref()
                .is_none_or(|before| before.device != link.device)
            {
                number_anew(work.db)?;
            }
            if before.is_none_or(|before| before.user != link.user) {
                for draft in outbox::drafts(work.db)? {
                    overlay::rebuild(work, draft)?;
                }
            }
            work.changed.outbox = true;
            Ok(())
        })
    }

    /// Keeps what proves the session, or forgets it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without a link.
    pub fn set_tokens(&self, tokens: Option<&StoredTokens>) -> Result<(), StoreError> {
        self.change_link(|link| link.tokens = tokens.cloned())
    }

    /// Keeps the key under which the server may order this device to be wiped; the first one stays.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without a link.
    pub fn pin_order_key(&self, key: [u8; 32]) -> Result<(), StoreError> {
        self.change_link(|link| link.order_key = link.order_key.or(Some(key)))
    }

    /// Keeps the role the server told.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without a link.
    pub fn set_role(&self, role: Role) -> Result<(), StoreError> {
        self.change_link(|link| link.role = role)
    }

    /// Keeps what the server tells of the community; what it does not tell stays.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without a link.
    pub fn note_community(&self, name: &str, timezone: Option<ZoneName>) -> Result<(), StoreError> {
        self.write(|work| {
            let mut link = meta::link(work.db)?.ok_or(StoreError::NotFound)?;
            let timezone = timezone.or_else(|| link.timezone.clone());
            if link.community_name == name && link.timezone == timezone {
                return Ok(());
            }
            name.clone_into(&mut link.community_name);
            link.timezone = timezone;
            work.changed.community = true;
            meta::set_link(work.db, &link)
        })
    }

    fn change_link(&self, change: impl FnOnce(&mut Link)) -> Result<(), StoreError> {
        self.write(|work| {
            let mut link = meta::link(work.db)?.ok_or(StoreError::NotFound)?;
            change(&mut link);
            meta::set_link(work.db, &link)
        })
    }

    /// Keeps the server database's incarnation. Another one than before fetches everything anew,
    /// and after the next pull sends again what the server has lost.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without a link.
    pub fn set_epoch(&self, epoch: &str) -> Result<(), StoreError> {
        self.write(|work| {
            let mut link = meta::link(work.db)?.ok_or(StoreError::NotFound)?;
            if link.epoch == epoch {
                return Ok(());
            }
            let is_restored = !link.epoch.is_empty();
            epoch.clone_into(&mut link.epoch);
            meta::set_link(work.db, &link)?;
            if is_restored {
                for name in bucket::names(work.db)? {
                    super::pull::start_again(work.db, &name)?;
                }
                meta::set_must_heal(work.db, true)?;
            }
            Ok(())
        })
    }

    /// The next changes to send. Those sent before and not answered come first, unchanged and
    /// under their numbers; the numbers of new ones are on the disk when this returns. A change
    /// that waits for an attachment is passed over together with what follows it on its draft.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn take_push(
        &self,
        max_mutations: usize,
        max_bytes: usize,
        _now: Timestamp,
    ) -> Result<Vec<OutgoingMutation>, StoreError> {
        let limit = i64::try_from(max_mutations).unwrap_or(i64::MAX);
        let has_unsent = self.read(|db| Ok(!outbox::sendable(db, 1)?.is_empty()))?;
        let mut batch = Batch::new(max_mutations, max_bytes);
        if !has_unsent {
            let entries = self.read(|db| outbox::numbered_unanswered(db, limit))?;
            entries.into_iter().all(|entry| batch.take(entry));
            return batch.outgoing();
        }
        self.write(|work| {
            let again = outbox::numbered_unanswered(work.db, limit)?;
            let mut has_room = again.into_iter().all(|entry| batch.take(entry));
            let mut mid = meta::next_mid(work.db)?;
            for mut entry in outbox::sendable(work.db, limit)? {
                if !has_room {
                    break;
                }
                entry.mid = Some(mid);
                entry.state = State::Inflight;
                has_room = batch.take(entry.clone());
                if has_room {
                    outbox::set_state(work.db, &entry)?;
                    mid += 1;
                }
            }
            meta::set_next_mid(work.db, mid)?;
            work.changed.outbox = true;
            batch.outgoing()
        })
    }

    /// Has a change that was not sent yet wait for attachments (BLAKE3 as 64 hex digits). It is
    /// sent once [`Store::attachment_arrived`] was told of each.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when it was sent or is not there.
    pub fn wait_for(&self, lid: i64, b3: &[String]) -> Result<(), StoreError> {
        self.write(|work| {
            outbox::get(work.db, lid)?
                .filter(|entry| entry.state == State::Pending)
                .ok_or(StoreError::NotFound)?;
            work.changed.outbox = true;
            outbox::set_needs(work.db, lid, b3)
        })
    }

    /// An attachment (its BLAKE3 as 64 hex digits) is on the server: changes that waited for
    /// nothing else can be sent.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn attachment_arrived(&self, b3: &str) -> Result<(), StoreError> {
        self.write(|work| {
            if outbox::forget_need(work.db, b3)? {
                work.changed.outbox = true;
            }
            Ok(())
        })
    }

    /// Sends everything from a number on again, also what had been accepted: the server says it
    /// knows nothing of it.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn resend_from(&self, mid: i64) -> Result<(), StoreError> {
        self.write(|work| resend(work, mid))
    }

    /// Stores what the server answered. `lmid` is the last number it has looked at.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails; the answers will be asked for again then.
    pub fn apply_results(
        &self,
        results: &[(i64, PushOutcome)],
        lmid: i64,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|work| {
            let mut n_accepted = 0;
            for (mid, outcome) in results.iter().filter(|(mid, _)| *mid <= lmid) {
                let entry = outbox::by_mid(work.db, *mid)?;
                if let Some(entry) = entry.filter(|entry| entry.acked_at.is_none()) {
                    n_accepted += u64::from(answer(work, entry, outcome, now)?);
                }
            }
            if n_accepted > 0 {
                let line = HistoryEntry {
                    at: now,
                    kind: HistoryKind::Pushed,
                    n: n_accepted,
                    text: None,
                    kept_markdown: None,
                };
                history::add(work.db, &line)?;
            }
            journal::forget_old(work.db, now)
        })
    }

    /// Sets a change aside that the server cannot process. Until it has answered, a stand-in named
    /// `sys.park` is sent under the number, so that the following ones are not held up.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when no change under way has this number.
    pub fn park(&self, mid: i64, code: &str, now: Timestamp) -> Result<(), StoreError> {
        self.write(|work| {
            let mut entry = outbox::by_mid(work.db, mid)?
                .filter(|entry| entry.state == State::Inflight)
                .ok_or(StoreError::NotFound)?;
            entry.state = State::Parked;
            entry.code = Some(code.to_owned());
            outbox::set_state(work.db, &entry)?;
            note(work, HistoryKind::Rejected, &entry, now)?;
            work.changed.outbox = true;
            overlay::rebuild(work, entry.draft)
        })
    }
}

fn holds_work(db: &Connection) -> Result<bool, StoreError> {
    Ok(!bucket::names(db)?.is_empty() || !outbox::drafts(db)?.is_empty())
}

/// What fits one request.
struct Batch {
    entries: Vec<Entry>,
    max_mutations: usize,
    bytes_left: usize,
}

impl Batch {
    fn new(max_mutations: usize, max_bytes: usize) -> Self {
        Self {
            entries: Vec::new(),
            max_mutations,
            bytes_left: max_bytes,
        }
    }

    /// Whether there was room. The first one always has: a request must not stay empty.
    fn take(&mut self, entry: Entry) -> bool {
        let size = usize::try_from(entry.size).unwrap_or(usize::MAX) + ENVELOPE_BYTES;
        let fits = size <= self.bytes_left || self.entries.is_empty();
        if !fits || self.entries.len() >= self.max_mutations {
            return false;
        }
        self.bytes_left = self.bytes_left.saturating_sub(size);
        self.entries.push(entry);
        true
    }

    fn outgoing(self) -> Result<Vec<OutgoingMutation>, StoreError> {
        self.entries.iter().map(outgoing).collect()
    }
}

/// Bytes around the arguments of a change in a request, at most.
const ENVELOPE_BYTES: usize = 300;

fn outgoing(entry: &Entry) -> Result<OutgoingMutation, StoreError> {
    let entry = if entry.state == State::Parked {
        &stand_in(entry)
    } else {
        entry
    };
    Ok(OutgoingMutation {
        mid: entry
            .mid
            .ok_or_else(|| StoreError::Internal("a change has no number".to_owned()))?,
        name: entry.name.clone(),
        version: entry.version,
        args: serde_json::from_str(&entry.args)?,
        base: serde_json::from_str(&entry.base)?,
        made_at: entry.made_at,
    })
}

/// What goes in the place of an entry that must not be carried out any more.
pub(super) fn stand_in(entry: &Entry) -> Entry {
    let digest = blake3::hash(entry.args.as_bytes()).to_hex();
    let args = json!({"mid": entry.mid, "name": entry.name, "digest": digest.as_str()}).to_string();
    Entry {
        name: STAND_IN.to_owned(),
        version: 1,
        size: i64::try_from(args.len()).unwrap_or(i64::MAX),
        args,
        base: "[]".to_owned(),
        ..entry.clone()
    }
}

/// Moves an entry on by what the server answered; whether it was accepted.
fn answer(
    work: &mut Work<'_>,
    mut entry: Entry,
    outcome: &PushOutcome,
    now: Timestamp,
) -> Result<bool, StoreError> {
    work.changed.outbox = true;
    work.changed.drafts.insert(entry.draft);
    entry.acked_at = Some(now);
    if entry.name == STAND_IN {
        journal::keep(work.db, &entry, now)?;
        outbox::delete(work.db, entry.lid)?;
        return Ok(false);
    }
    if entry.state == State::Parked {
        outbox::set_state(work.db, &entry)?;
        return Ok(false);
    }
    let refusal = refusal(&entry, outcome);
    if refusal.as_deref() == Some(RejectCode::Deleted.as_str())
        && deletion::is_moot(work.db, &entry)?
    {
        journal::keep(work.db, &stand_in(&entry), now)?;
        outbox::delete(work.db, entry.lid)?;
        overlay::rebuild(work, entry.draft)?;
        return Ok(false);
    }
    if refusal.as_deref() == Some(RejectCode::Conflict.as_str())
        && super::conflicts::open(work, &entry, now)?
    {
        journal::keep(work.db, &stand_in(&entry), now)?;
        outbox::delete(work.db, entry.lid)?;
        overlay::rebuild(work, entry.draft)?;
        return Ok(false);
    }
    entry.seq = match outcome {
        PushOutcome::Applied { seq } | PushOutcome::Merged { seq } => Some(*seq),
        PushOutcome::Duplicate { seq } => *seq,
        PushOutcome::Rejected { .. } => None,
    };
    entry.state = if refusal.is_some() {
        State::Rejected
    } else {
        State::Applied
    };
    let is_accepted = refusal.is_none();
    entry.code = refusal;
    outbox::set_state(work.db, &entry)?;
    if is_accepted && entry.kind == ChangeKind::Attach && waited_long(&entry, now) {
        // What no draft used meanwhile the server may have let go of.
        meta::set_files_audited(work.db, "")?;
        work.changed.files = true;
    }
    if matches!(outcome, PushOutcome::Merged { .. }) {
        note(work, HistoryKind::Merged, &entry, now)?;
    }
    if !is_accepted {
        if !fell_with_its_draft(work.db, &entry)? {
            note(work, HistoryKind::Rejected, &entry, now)?;
        }
        overlay::rebuild(work, entry.draft)?;
    }
    Ok(is_accepted)
}

/// Whether a change was kept back, or this computer was off the line, for more than an hour; a clock
/// that was set meanwhile counts as that.
fn waited_long(entry: &Entry, now: Timestamp) -> bool {
    const HOUR_MILLIS: u64 = 3_600_000;
    now.millis_since(entry.made_at).unsigned_abs() > HOUR_MILLIS
}

/// Whether a change was refused only because the making of its draft was: that was told already.
fn fell_with_its_draft(db: &Connection, entry: &Entry) -> Result<bool, StoreError> {
    let is_making = |other: &Entry| other.kind == ChangeKind::Create && other.state.is_failed();
    Ok(
        entry.kind != ChangeKind::Create
            && outbox::of_draft(db, entry.draft)?.iter().any(is_making),
    )
}

/// Why it was refused, if it was. That a thing exists already is no refusal: its id was made here,
/// so it is ours, sent before under another number.
fn refusal(entry: &Entry, outcome: &PushOutcome) -> Option<String> {
    let makes_something = matches!(
        entry.kind,
        ChangeKind::Create | ChangeKind::Write | ChangeKind::Attach
    );
    match outcome {
        PushOutcome::Applied { .. }
        | PushOutcome::Merged { .. }
        | PushOutcome::Duplicate { seq: Some(_) } => None,
        PushOutcome::Duplicate { seq: None } => Some(RejectCode::Unknown.as_str().to_owned()),
        PushOutcome::Rejected { code, .. }
            if makes_something && code == RejectCode::AlreadyExists.as_str() =>
        {
            None
        }
        PushOutcome::Rejected { code, .. } => Some(code.clone()),
    }
}

/// Puts everything from a number on into the order to be sent, from the journal too, under numbers
/// without a gap.
pub(super) fn resend(work: &mut Work<'_>, mid: i64) -> Result<(), StoreError> {
    let mut entries = journal::take_from(work.db, mid)?;
    for mut entry in outbox::numbered_from(work.db, mid)? {
        if entry.state.is_failed() && entry.acked_at.is_some() {
            // It stays where it is, for the user to decide; its number goes to a stand-in.
            let mut number = stand_in(&entry);
            number.lid = 0;
            number.state = State::Inflight;
            number.acked_at = None;
            number.code = None;
            entries.push(number);
            entry.mid = None;
            outbox::set_state(work.db, &entry)?;
        } else {
            entries.push(entry);
        }
    }
    entries.sort_by_key(|entry| entry.mid);
    for entry in entries.iter().filter(|entry| entry.lid != 0) {
        let unnumbered = Entry {
            mid: None,
            ..entry.clone()
        };
        outbox::set_state(work.db, &unnumbered)?;
    }
    let mut next = mid;
    for mut entry in entries {
        entry.mid = Some(next);
        next += 1;
        if entry.state == State::Applied {
            entry.state = State::Inflight;
            entry.seq = None;
            entry.acked_at = None;
        }
        if entry.lid == 0 {
            outbox::insert(work.db, &entry)?;
        } else {
            outbox::set_state(work.db, &entry)?;
        }
    }
    meta::set_next_mid(work.db, next)?;
    work.changed.outbox = true;
    Ok(())
}

/// A new device has sent nothing: what was under way is sent anew, what was accepted has no number
/// any more, and the journal belongs to the old one.
pub(super) fn number_anew(db: &Connection) -> Result<(), StoreError> {
    for mut entry in outbox::numbered_from(db, i64::MIN)? {
        entry.mid = None;
        if entry.state == State::Inflight {
            entry.state = State::Pending;
        }
        outbox::set_state(db, &entry)?;
    }
    journal::forget_all(db)?;
    meta::set_next_mid(db, 1)
}
