//! Carrying out what the engine decided: one action, its request and what it changes in the store.

use std::collections::BTreeSet;
use std::sync::Arc;

use stoa_domain::{Timestamp, ZoneName};
use stoa_mutators::{RejectCode, Table};
use stoa_protocol::sync::{
    BaseRow, BucketCursor, BucketSum, CommunityHead, Hello, MutationOutcome, MutationResult, Pull,
    PullHead, PullLine, PullResults, Push, PushAnswer, PushedMutation,
};
use stoa_protocol::{PROTOCOL, SCHEMA};
use stoa_store::{Link, OutgoingMutation, PullEnd, PullStage, PushOutcome, Store, StoreError};

use crate::engine::{
    Action, Attempt, Done, Event, Failure, Greeting, ParkReason, Pulled, Pushed, StoreStep, View,
};
use crate::session::{Session, SessionError, caller, unhex};
use crate::snapshot;
use crate::transport::{Caller, PullLines, PulledLine, TransportError};

/// Rows asked for in one pull.
const PULL_ROWS: usize = 20_000;
/// A step of a snapshot is a part of a pull behind which there is more.
const MORE: Pulled = Pulled {
    upto: 0,
    more: true,
    lmid: 0,
    had_results: false,
    is_checksum_ok: true,
};
/// What a push says around its mutations.
const ENVELOPE_BYTES: usize = 1024;

/// The buckets that this program knows.
pub(crate) fn buckets() -> BTreeSet<&'static str> {
    Table::ALL.into_iter().map(Table::bucket).collect()
}

/// How the store stands.
pub(crate) async fn view(session: &Session) -> Result<View, StoreError> {
    let now = session.now();
    session
        .with_store(move |store| {
            let Some(link) = store.link()? else {
                return Ok(View::default());
            };
            let mut cursor = i64::MAX;
            for bucket in buckets() {
                cursor = cursor.min(store.cursor(bucket)?);
            }
            let tokens = link.tokens.as_ref();
            Ok(View {
                n_waiting: store.n_ready()?,
                held_until: None,
                cursor,
                server_id: link.server_id,
                epoch: link.epoch,
                role: Some(link.role),
                has_tokens: tokens.is_some(),
                is_access_over: tokens.is_some_and(|t| t.access_expires_at <= now),
            })
        })
        .await
}

/// Does one action to its end.
pub(crate) async fn perform(session: Arc<Session>, action: Action) -> Event {
    let (attempt, result) = match action {
        Action::Refresh => {
            let result = session.refresh().await.map(|()| Done::Refreshed);
            (Attempt::Refresh, result)
        }
        Action::Hello => (Attempt::Hello, hello(&session).await),
        Action::Push { limit, bytes } => push(&session, limit, bytes).await,
        Action::Pull => (Attempt::Pull, pull(&session).await),
        Action::Ack { mid } => (Attempt::Ack, ack(&session, mid).await),
        Action::Store(step) => (Attempt::Store, store_step(&session, step).await),
        Action::OpenLive | Action::Wait { .. } | Action::Rest => return Event::OutboxGrew,
    };
    match result {
        Ok(done) => Event::Done(done),
        Err(error) => Event::Failed(attempt, failure(error)),
    }
}

fn failure(error: SessionError) -> Failure {
    match error {
        SessionError::Transport(error) => Failure::Transport(error),
        SessionError::Store(error) => Failure::Store(error.to_string()),
        SessionError::SignedOut => Failure::Store("nobody is signed in".to_owned()),
    }
}

async fn linked(session: &Session) -> Result<(Link, Caller), SessionError> {
    let link = session.link().await?;
    let caller = caller(&link).ok_or(SessionError::SignedOut)?;
    Ok((link, caller))
}

async fn hello(session: &Session) -> Result<Done, SessionError> {
    let (link, caller) = linked(session).await?;
    let hello = session.transport.hello(&caller).await?;
    note_hello(session, &link, &hello).await;
    Ok(Done::Hello(greeting(hello, &link)))
}

/// Keeps that the server was spoken with, what it tells of the community, and its key for orders if
/// none is pinned yet. A disk that does not take it holds up nothing: the next hello brings all of it
/// again.
async fn note_hello(session: &Session, link: &Link, hello: &Hello) {
    if hello.server_id != link.server_id {
        return;
    }
    let new_key = match link.order_key {
        Some(_) => None,
        None => hello.order_key.as_deref().and_then(unhex),
    };
    let community = hello.communities.iter().find(|c| c.id == link.community);
    let community = community.map(|c| (c.name.clone(), zone(c)));
    let now = session.now();
    let noted = session.with_store(move |store| {
        if let Some(key) = new_key {
            store.pin_order_key(key)?;
        }
        if let Some((name, timezone)) = community {
            store.note_community(&name, timezone)?;
        }
        store.note_contact(now)
    });
    if let Err(error) = noted.await {
        tracing::warn!(%error, "the contact was not noted");
    }
}

/// What is not the name of a time zone is none.
pub(crate) fn zone(community: &CommunityHead) -> Option<ZoneName> {
    ZoneName::parse(community.timezone.as_deref()?).ok()
}

fn greeting(hello: Hello, link: &Link) -> Greeting {
    let community = hello.communities.iter().find(|c| c.id == link.community);
    let fits = |range: stoa_protocol::sync::Range, ours| (range.min..=range.max).contains(&ours);
    Greeting {
        role: community.map(|c| c.role),
        head: community.map_or(0, |c| c.head),
        push_max_mutations: hello.limits.push_max_mutations,
        push_max_bytes: hello.limits.push_max_bytes,
        speaks_our_version: fits(hello.proto, PROTOCOL) && fits(hello.schema, SCHEMA),
        reset_token: community.and_then(|c| c.reset_token.clone()),
        server_id: hello.server_id,
        epoch: hello.epoch,
    }
}

async fn push(
    session: &Session,
    limit: usize,
    bytes: usize,
) -> (Attempt, Result<Done, SessionError>) {
    let now = session.now();
    let bytes = bytes.saturating_sub(ENVELOPE_BYTES);
    let taken = session.with_store(move |store| store.take_push(limit, bytes, now));
    let taken = match taken.await {
        Ok(taken) if taken.is_empty() => return (Attempt::Push(vec![]), Ok(Done::NothingToPush)),
        Ok(taken) => taken,
        Err(error) => return (Attempt::Push(vec![]), Err(error.into())),
    };
    let mids = taken.iter().map(|mutation| mutation.mid).collect();
    (Attempt::Push(mids), send(session, taken).await)
}

async fn send(session: &Session, taken: Vec<OutgoingMutation>) -> Result<Done, SessionError> {
    let (link, caller) = linked(session).await?;
    let push = Push {
        epoch: link.epoch,
        mutations: taken.into_iter().map(pushed).collect(),
    };
    let answer = session.transport.push(&caller, &push).await?;
    let PushAnswer {
        lmid,
        head,
        results,
    } = answer;
    let deferred = results.iter().find_map(|result| match result.outcome {
        MutationOutcome::Deferred { retry_after } => Some(retry_after),
        _ => None,
    });
    let outcomes = outcomes(results);
    let n_done = outcomes.len() as u64;
    let now = session.now();
    session
        .with_store(move |store| store.apply_results(&outcomes, lmid, now))
        .await?;
    Ok(Done::Pushed(Pushed {
        n_done,
        lmid,
        head,
        deferred,
    }))
}

fn pushed(mutation: OutgoingMutation) -> PushedMutation {
    let base = mutation.base.into_iter();
    PushedMutation {
        mid: mutation.mid,
        name: mutation.name,
        version: mutation.version,
        args: mutation.args,
        base: base
            .map(|(table, pk, version)| BaseRow { table, pk, version })
            .collect(),
        made_at: mutation.made_at,
    }
}

/// The final results, as the store takes them.
fn outcomes(results: Vec<MutationResult>) -> Vec<(i64, PushOutcome)> {
    let outcome = |outcome| match outcome {
        MutationOutcome::Applied { seq } => Some(PushOutcome::Applied { seq }),
        MutationOutcome::Merged { seq, .. } => Some(PushOutcome::Merged { seq }),
        MutationOutcome::Duplicate { seq } => Some(PushOutcome::Duplicate { seq }),
        MutationOutcome::Rejected { code, field } => Some(PushOutcome::Rejected { code, field }),
        MutationOutcome::Deferred { .. } => None,
    };
    results
        .into_iter()
        .filter_map(|result| Some((result.mid, outcome(result.outcome)?)))
        .collect()
}

async fn pull(session: &Session) -> Result<Done, SessionError> {
    let (link, caller) = linked(session).await?;
    if let Some(bucket) = session.snapshots.next() {
        return match snapshot::step(session, &caller, (bucket, &link.epoch)).await {
            Err(SessionError::Store(StoreError::RemovalHeld(removal))) => Ok(Done::Held(removal)),
            stepped => stepped.map(|()| Done::Pulled(MORE)),
        };
    }
    pull_rows(session, &link, &caller).await
}

async fn pull_rows(session: &Session, link: &Link, caller: &Caller) -> Result<Done, SessionError> {
    let (stage, cursors) = session
        .with_store(|store| Ok((store.begin_pull()?, cursors(store)?)))
        .await?;
    let pull = Pull {
        epoch: link.epoch.clone(),
        buckets: cursors,
        limit: PULL_ROWS,
        snapshots: session.snapshots.are_taken(),
    };
    let lines = session.transport.pull(caller, &pull).await?;
    let (stage, end) = receive(session, lines, stage).await?;
    let end = end.complete().map_err(SessionError::Transport)?;
    apply_pull(session, stage, end).await
}

async fn apply_pull(
    session: &Session,
    stage: PullStage,
    end: Complete,
) -> Result<Done, SessionError> {
    session.snapshots.set(end.head.snapshots);
    let results = outcomes(end.results.results);
    let pulled = Pulled {
        upto: end.head.upto,
        more: end.head.more,
        lmid: end.results.lmid,
        had_results: !results.is_empty(),
        is_checksum_ok: true,
    };
    let pull_end = PullEnd {
        upto: pulled.upto,
        more: pulled.more,
        buckets: end.head.buckets,
        cursors: end
            .head
            .cursors
            .into_iter()
            .map(|b| (b.bucket, b.cursor))
            .collect(),
        tables: end.head.tables,
        lmid: pulled.lmid,
        reset_token: end.head.reset_token,
        sums: end.sums.into_iter().map(|s| (s.bucket, s.n, s.x)).collect(),
    };
    let now = session.now();
    let (changes, must_tidy) = session
        .with_store(move |store| {
            if !results.is_empty() {
                store.apply_results(&results, pull_end.lmid, now)?;
            }
            let finished = stage.finish(&pull_end, now);
            let must_tidy =
                !pulled.more && (store.has_waiting_texts()? || store.has_files_to_let_go(now)?);
            match finished {
                Err(StoreError::RemovalHeld(removal)) => Ok((Err(removal), false)),
                finished => finished.map(|changes| (Ok(changes), must_tidy)),
            }
        })
        .await?;
    let changes = match changes {
        Ok(changes) => changes,
        Err(removal) => return Ok(Done::Held(removal)),
    };
    if must_tidy {
        session.tidy_later();
    }
    Ok(Done::Pulled(Pulled {
        is_checksum_ok: changes.checksum_ok,
        ..pulled
    }))
}

fn cursors(store: &Store) -> Result<Vec<BucketCursor>, StoreError> {
    let cursors = store.cursors()?.into_iter();
    Ok(cursors
        .map(|(bucket, (cursor, began))| BucketCursor {
            bucket,
            cursor,
            began,
        })
        .collect())
}

/// What a pull says beside its rows.
#[derive(Default)]
struct Ending {
    head: Option<PullHead>,
    results: Option<PullResults>,
    sums: Vec<BucketSum>,
    ok: Option<i64>,
}

struct Complete {
    head: PullHead,
    results: PullResults,
    sums: Vec<BucketSum>,
}

impl Ending {
    /// A pull without its last line counts for nothing, whatever arrived before.
    fn complete(self) -> Result<Complete, TransportError> {
        let cut = |what| TransportError::Unreachable(format!("the pull broke off before {what}"));
        let head = self.head.ok_or_else(|| cut("its head"))?;
        let ok = self.ok.ok_or_else(|| cut("its end"))?;
        let results = self.results.ok_or_else(|| cut("its results"))?;
        if ok != head.upto {
            let why = "a pull ends elsewhere than it said";
            return Err(TransportError::Unreadable(why.to_owned()));
        }
        Ok(Complete {
            head,
            results,
            sums: self.sums,
        })
    }
}

async fn receive(
    session: &Session,
    mut lines: Box<dyn PullLines>,
    mut stage: PullStage,
) -> Result<(PullStage, Ending), SessionError> {
    let mut ending = Ending::default();
    loop {
        let batch = lines.next().await?;
        if batch.is_empty() {
            return Ok((stage, ending));
        }
        let staged = session.with_store(move |_| stage_batch(batch, stage, ending));
        (stage, ending) = staged.await.map_err(not_of_our_server)?;
    }
}

/// A row that cannot be read is the server's doing; everything else is the disk's.
fn not_of_our_server(error: StoreError) -> SessionError {
    match error {
        StoreError::Internal(why) => TransportError::Unreadable(why).into(),
        other => other.into(),
    }
}

fn stage_batch(
    batch: Vec<PulledLine>,
    mut stage: PullStage,
    mut ending: Ending,
) -> Result<(PullStage, Ending), StoreError> {
    for line in batch {
        match line {
            PulledLine::Row(row) => {
                stage.put(&row.table, &row.pk, row.version, row.seq, &row.columns)?;
            }
            PulledLine::Said(PullLine::Put(table, pk, version, seq, columns)) => {
                let columns = serde_json::to_string(&columns)?;
                stage.put(&table, &pk, version, seq, &columns)?;
            }
            PulledLine::Said(PullLine::Delete(table, pk, seq)) => {
                stage.delete(&table, &pk, seq)?;
            }
            PulledLine::Said(PullLine::Head(head)) => ending.head = Some(head),
            PulledLine::Said(PullLine::Results(results)) => ending.results = Some(results),
            PulledLine::Said(PullLine::Sum(sum)) => ending.sums.push(sum),
            PulledLine::Said(PullLine::Ok(upto)) => ending.ok = Some(upto),
        }
    }
    Ok((stage, ending))
}

async fn ack(session: &Session, mid: i64) -> Result<Done, SessionError> {
    let (_, caller) = linked(session).await?;
    session.transport.ack_results(&caller, mid).await?;
    Ok(Done::Acked)
}

async fn store_step(session: &Session, step: StoreStep) -> Result<Done, SessionError> {
    let now = session.now();
    session
        .with_store(move |store| match step {
            StoreStep::AdoptEpoch(epoch) => adopt_epoch(store, &epoch, now),
            StoreStep::ResetBuckets => buckets()
                .into_iter()
                .try_for_each(|b| store.reset_bucket(b)),
            StoreStep::ResetBucket(name) => match store.cursors()?.contains_key(&name) {
                true => store.reset_bucket(&name),
                false => Err(StoreError::Internal(format!("no bucket is called {name}"))),
            },
            StoreStep::ResendFrom(mid) => store.resend_from(mid),
            StoreStep::Park { mid, why } => match store.park(mid, park_code(why).as_str(), now) {
                // It was answered or discarded meanwhile.
                Err(StoreError::NotFound) => Ok(()),
                parked => parked,
            },
            StoreStep::SetRole(role) => store.set_role(role),
            StoreStep::ParkWaiting => store.park_waiting(RejectCode::NotAllowed.as_str(), now),
            StoreStep::AllowRemoval(removal) => store.allow_removal(&removal),
            StoreStep::NoteResetToken(token) => store.note_reset_token(&token),
            StoreStep::LeaveCommunity => store.leave_community(now),
            StoreStep::ForgetTokens => store.set_tokens(None),
        })
        .await?;
    Ok(Done::Stored)
}

/// A server that was restored may have lost what is here: what is here is copied before anything
/// is fetched anew.
fn adopt_epoch(store: &Store, epoch: &str, now: Timestamp) -> Result<(), StoreError> {
    let known = store.link()?.map(|link| link.epoch).unwrap_or_default();
    if !known.is_empty() && known != epoch {
        store.keep_copy(now)?;
    }
    store.set_epoch(epoch)
}

fn park_code(why: ParkReason) -> RejectCode {
    match why {
        ParkReason::Invalid => RejectCode::Invalid,
        ParkReason::Poison => RejectCode::Parked,
    }
}
