//! A server in memory that decides by the same mutators, to measure the engine by.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use stoa_domain::{CommunityId, DeviceId, Role, Timestamp, UserId};
use stoa_mutators::{
    BaseVersion, Context, Key, Mutation, Outcome, Reject, RejectCode, Row, Stored, Table, run,
};
use stoa_protocol::error::{ApiError, ApiErrorCode as Code};
use stoa_protocol::sync::{
    BucketSum, CommunityHead, Hello, Limits, MergeNote, MutationOutcome, MutationResult, Pull,
    PullHead, PullLine, PullResults, Push, PushAnswer, PushedMutation, Range, row_checksum_input,
};
use stoa_protocol::{PROTOCOL, PUSH_MAX_BYTES, SCHEMA};

/// A title with this in it makes the server fail.
pub(super) const POISON: &str = "毒";
/// Rows of one pull: few, so that pulls have several parts.
const PAGE: usize = 5;
const PUSH_MAX: usize = 4;

#[derive(Clone, Default)]
struct Progress {
    lmid: i64,
    results: BTreeMap<i64, MutationOutcome>,
    seqs: BTreeMap<i64, Option<i64>>,
}

/// The part of a server that a backup holds.
#[derive(Clone)]
pub(super) struct Database {
    head: i64,
    rows: BTreeMap<Key, (Stored, i64)>,
    devices: BTreeMap<DeviceId, Progress>,
    /// Every title and every document update that was decided, taken or refused.
    pub(super) decided: BTreeSet<String>,
    /// Which mutation created which row: each only once.
    created: BTreeMap<Key, (DeviceId, i64)>,
}

pub(super) struct Server {
    pub(super) db: Database,
    epoch: u32,
    pub(super) role: Role,
    pub(super) min_schema: u32,
    pub(super) now: Timestamp,
    pub(super) expire_cursors: bool,
}

pub(super) fn community() -> CommunityId {
    CommunityId::from_bytes([7; 16])
}

pub(super) fn user() -> UserId {
    UserId::from_bytes([8; 16])
}

fn refuse<T>(code: Code) -> Result<T, Box<ApiError>> {
    let error = ApiError::new(code, "refused by the reference server");
    Err(Box::new(error))
}

impl Server {
    pub(super) fn new() -> Self {
        Self {
            db: Database {
                head: 0,
                rows: BTreeMap::new(),
                devices: BTreeMap::new(),
                decided: BTreeSet::new(),
                created: BTreeMap::new(),
            },
            epoch: 1,
            role: Role::Editor,
            min_schema: 1,
            now: Timestamp::from_millis(0),
            expire_cursors: false,
        }
    }

    pub(super) fn head(&self) -> i64 {
        self.db.head
    }

    /// Sets the database back and says so by a new epoch.
    pub(super) fn restore(&mut self, backup: Database) {
        self.db = backup;
        self.epoch += 1;
    }

    fn epoch(&self) -> String {
        format!("epoch-{}", self.epoch)
    }

    fn check_epoch(&self, epoch: &str) -> Result<(), Box<ApiError>> {
        match epoch == self.epoch() {
            true => Ok(()),
            false => refuse(Code::EpochChanged),
        }
    }

    fn buckets(&self) -> Vec<String> {
        match self.role.writes_drafts() {
            true => ["core", "content", "texts"].map(str::to_owned).to_vec(),
            false => vec![],
        }
    }

    pub(super) fn hello(&self) -> Hello {
        Hello {
            server_id: "reference".to_owned(),
            epoch: self.epoch(),
            proto: Range {
                min: PROTOCOL,
                max: PROTOCOL,
            },
            schema: Range {
                min: self.min_schema,
                max: self.min_schema.max(SCHEMA),
            },
            communities: vec![CommunityHead {
                id: community(),
                name: "社群".to_owned(),
                role: self.role,
                head: self.db.head,
                reset_token: None,
            }],
            limits: Limits {
                push_max_mutations: PUSH_MAX,
                push_max_bytes: PUSH_MAX_BYTES,
                mutation_max_bytes: stoa_mutators::MAX_MUTATION_BYTES,
            },
            server_time: self.now,
        }
    }

    pub(super) fn push(
        &mut self,
        device: DeviceId,
        push: &Push,
    ) -> Result<PushAnswer, Box<ApiError>> {
        self.check_epoch(&push.epoch)?;
        if push.mutations.len() > PUSH_MAX {
            return refuse(Code::TooLarge);
        }
        let lmid = self.progress(device).lmid;
        check_order(&push.mutations, lmid)?;
        let fresh = push.mutations.iter().filter(|m| m.mid > lmid);
        if fresh.clone().any(|m| m.args.to_string().contains(POISON)) {
            return refuse(Code::Internal);
        }
        let results = push
            .mutations
            .iter()
            .map(|mutation| MutationResult {
                mid: mutation.mid,
                outcome: self.decide(device, mutation),
            })
            .collect();
        Ok(PushAnswer {
            lmid: self.progress(device).lmid,
            head: self.db.head,
            results,
        })
    }

    fn progress(&mut self, device: DeviceId) -> &mut Progress {
        self.db.devices.entry(device).or_default()
    }

    fn decide(&mut self, device: DeviceId, pushed: &PushedMutation) -> MutationOutcome {
        let progress = self.progress(device);
        if pushed.mid <= progress.lmid {
            let seq = progress.seqs.get(&pushed.mid).copied().flatten();
            return MutationOutcome::Duplicate { seq };
        }
        let outcome = self.run(device, pushed);
        let seq = match outcome {
            MutationOutcome::Applied { seq } | MutationOutcome::Merged { seq, .. } => Some(seq),
            _ => None,
        };
        let progress = self.progress(device);
        progress.lmid = pushed.mid;
        progress.seqs.insert(pushed.mid, seq);
        progress.results.insert(pushed.mid, outcome.clone());
        outcome
    }

    fn run(&mut self, device: DeviceId, pushed: &PushedMutation) -> MutationOutcome {
        if pushed.name == "sys.park" {
            return rejected(&Reject::new(RejectCode::Parked));
        }
        self.note_decided(&pushed.args);
        let Ok(mutation) = Mutation::parse(&pushed.name, pushed.version, &pushed.args) else {
            return rejected(&Reject::new(RejectCode::Unknown));
        };
        let ctx = Context {
            user: Some(user()),
            role: self.role,
            now: self.now,
            made_at: pushed.made_at,
        };
        let existing: Vec<Stored> = mutation
            .touches()
            .iter()
            .filter_map(|key| Some(self.db.rows.get(key)?.0.clone()))
            .collect();
        match run(&mutation, &base(pushed), &existing, &ctx) {
            Outcome::Rejected(reject) => rejected(&reject),
            Outcome::Applied {
                changes,
                superseded,
            } => {
                for change in changes {
                    self.store(change, device, pushed.mid);
                }
                let seq = self.db.head;
                match superseded.is_empty() {
                    true => MutationOutcome::Applied { seq },
                    false => MutationOutcome::Merged {
                        seq,
                        note: MergeNote::Overrode,
                    },
                }
            }
        }
    }

    fn store(&mut self, change: Stored, device: DeviceId, mid: i64) {
        let key = change.row.key();
        if change.version == 1 {
            let earlier = self.db.created.insert(key, (device, mid));
            assert_eq!(earlier, None, "I2: a row was created twice");
        }
        self.db.head += 1;
        self.db.rows.insert(key, (change, self.db.head));
    }

    fn note_decided(&mut self, args: &Value) {
        for name in ["title", "b3"] {
            if let Some(text) = args.get(name).and_then(Value::as_str) {
                self.db.decided.insert(text.to_owned());
            }
        }
        if let Some(bytes) = args.get("bytes").and_then(Value::as_str) {
            let bytes = STANDARD.decode(bytes).expect("the store sends base64");
            let b3 = blake3::hash(&bytes).to_hex();
            assert_eq!(args["b3"], b3.as_str(), "the checksum of an update");
        }
    }

    pub(super) fn pull(
        &mut self,
        device: DeviceId,
        pull: &Pull,
    ) -> Result<Vec<PullLine>, Box<ApiError>> {
        self.check_epoch(&pull.epoch)?;
        if self.min_schema > SCHEMA {
            return refuse(Code::ClientTooOld);
        }
        let buckets = self.buckets();
        let named = pull.buckets.iter().filter(|b| buckets.contains(&b.bucket));
        let cursor = named.map(|b| b.cursor).min().unwrap_or(0);
        if cursor > self.db.head || (cursor > 0 && std::mem::take(&mut self.expire_cursors)) {
            return refuse(Code::CursorExpired);
        }
        let mut rows: Vec<(i64, Stored)> = self
            .db
            .rows
            .values()
            .filter(|(_, seq)| *seq > cursor && !buckets.is_empty())
            .map(|(stored, seq)| (*seq, stored.clone()))
            .collect();
        rows.sort_by_key(|(seq, _)| *seq);
        let more = rows.len() > PAGE;
        rows.truncate(PAGE);
        let upto = match more {
            true => rows.last().map_or(cursor, |(seq, _)| *seq),
            false => self.db.head,
        };
        Ok(self.lines(device, rows, upto, more))
    }

    fn lines(
        &mut self,
        device: DeviceId,
        rows: Vec<(i64, Stored)>,
        upto: i64,
        more: bool,
    ) -> Vec<PullLine> {
        let mut lines = vec![PullLine::Head(PullHead {
            upto,
            epoch: self.epoch(),
            buckets: self.buckets(),
            cursors: vec![],
            tables: BTreeMap::new(),
            snapshots: vec![],
            more,
            reset_token: None,
        })];
        lines.extend(rows.into_iter().map(|(seq, stored)| {
            let key = stored.row.key();
            let id = stoa_domain::DraftId::from_bytes(key.id).to_string();
            let table = key.table.as_str().to_owned();
            PullLine::Put(table, id, stored.version, seq, stored.row.to_json())
        }));
        let progress = self.progress(device);
        let results = progress
            .results
            .iter()
            .map(|(mid, outcome)| MutationResult {
                mid: *mid,
                outcome: outcome.clone(),
            });
        lines.push(PullLine::Results(PullResults {
            lmid: progress.lmid,
            results: results.collect(),
        }));
        if !more && !self.buckets().is_empty() {
            let sums = self.buckets().into_iter().map(|name| self.sum(name));
            lines.extend(sums.map(PullLine::Sum).collect::<Vec<_>>());
        }
        lines.push(PullLine::Ok(upto));
        lines
    }

    fn sum(&self, bucket: String) -> BucketSum {
        let rows = self.db.rows.iter();
        let rows: Vec<_> = rows
            .filter(|(key, _)| key.table.bucket() == bucket)
            .collect();
        let sum = rows.iter().fold(0u64, |sum, (key, (stored, _))| {
            let input = row_checksum_input(key.table.as_str(), &key.id, stored.version);
            let hash = blake3::hash(&input);
            let first: [u8; 8] = hash.as_bytes()[..8]
                .try_into()
                .expect("a hash has 32 bytes");
            sum.wrapping_add(u64::from_le_bytes(first))
        });
        BucketSum {
            n: rows.len() as i64,
            bucket,
            x: format!("{sum:016x}"),
        }
    }

    pub(super) fn ack(&mut self, device: DeviceId, mid: i64) {
        self.progress(device)
            .results
            .retain(|known, _| *known > mid);
    }

    /// Titles of all drafts by id.
    pub(super) fn titles(&self) -> BTreeMap<String, String> {
        let titles = self
            .db
            .rows
            .values()
            .filter_map(|(stored, _)| match &stored.row {
                Row::Draft(draft) => Some((draft.id.to_string(), draft.title.as_str().to_owned())),
                Row::Person(_) | Row::DocUpdate(_) | Row::Attachment(_) => None,
            });
        titles.collect()
    }
}

fn rejected(reject: &Reject) -> MutationOutcome {
    MutationOutcome::Rejected {
        code: reject.code.as_str().to_owned(),
        field: reject.field.clone(),
    }
}

fn base(pushed: &PushedMutation) -> Vec<BaseVersion> {
    let rows = pushed.base.iter().filter_map(|row| {
        let id: stoa_domain::DraftId = row.pk.parse().ok()?;
        Some(BaseVersion {
            key: Key {
                table: Table::parse(&row.table)?,
                id: *id.as_bytes(),
            },
            version: row.version,
        })
    });
    rows.collect()
}

fn check_order(mutations: &[PushedMutation], lmid: i64) -> Result<(), Box<ApiError>> {
    let first = mutations.first().map_or(lmid + 1, |m| m.mid.min(lmid + 1));
    for (expected, mutation) in (first..).zip(mutations) {
        if mutation.mid != expected || mutation.mid < 1 {
            let mut error = ApiError::new(Code::OutOfOrder, "a gap");
            error.expected = Some(expected.max(1));
            return Err(Box::new(error));
        }
    }
    Ok(())
}
