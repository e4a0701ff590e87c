//! A server in memory that keeps the promises of the protocol: the same mutators, gapless
//! numbers, a sequence, rows by state. Enough to let stores exchange changes.

use std::collections::BTreeMap;

use stoa_domain::{CommunityId, DeviceId, DraftId, Person, Role, Timestamp, UserId};
use stoa_mutators::{
    BaseVersion, Context, Ground, Key, Mutation, Outcome, RejectCode, Row, Stored, Table, run,
};
use stoa_protocol::sync::row_checksum_input;
use stoa_store::{Link, OutgoingMutation, PullEnd, PushOutcome, Store};

pub(crate) const BUCKET: &str = "content";
pub(crate) const BUCKETS: [&str; 3] = ["core", "content", "texts"];

#[derive(Default, Clone)]
pub(crate) struct Server {
    rows: BTreeMap<Key, (Stored, i64)>,
    /// Drafts that were deleted, and when in the order.
    tombstones: BTreeMap<Key, i64>,
    head: i64,
    lmids: BTreeMap<u8, i64>,
    answers: BTreeMap<(u8, i64), PushOutcome>,
    /// How often each change was carried out; never more than once.
    pub(crate) role: Option<Role>,
    /// Whose a device is, where it is not the author's.
    pub(crate) users: BTreeMap<u8, UserId>,
    /// The roles of people, where they are not that of all.
    pub(crate) roles: BTreeMap<UserId, Role>,
}

pub(crate) fn link(device: u8, epoch: &str) -> Link {
    Link {
        server_url: "https://stoa.example".to_owned(),
        server_id: "server".to_owned(),
        ca_pem: None,
        community: CommunityId::from_bytes([1; 16]),
        community_name: "社区".to_owned(),
        timezone: None,
        device: DeviceId::from_bytes([device; 16]),
        device_key: [device; 32].into(),
        user: UserId::from_bytes([7; 16]),
        email: "a@example.com".to_owned(),
        name: "作者".to_owned(),
        role: Role::Owner,
        epoch: epoch.to_owned(),
        tokens: None,
        order_key: None,
    }
}

/// The versions that a mutation was made on.
fn base_of(mutation: &OutgoingMutation) -> Vec<BaseVersion> {
    let read = |(table, pk, version): &(String, String, i64)| BaseVersion {
        key: Key {
            table: Table::parse(table).unwrap(),
            id: *pk.parse::<UserId>().unwrap().as_bytes(),
        },
        version: *version,
    };
    mutation.base.iter().map(read).collect()
}

impl Server {
    /// Looks at one mutation of a device.
    pub(crate) fn push(
        &mut self,
        device: u8,
        mutation: &OutgoingMutation,
        now: Timestamp,
    ) -> PushOutcome {
        let lmid = self.lmid(device);
        if mutation.mid <= lmid {
            return match self.answers.get(&(device, mutation.mid)) {
                Some(PushOutcome::Applied { seq } | PushOutcome::Merged { seq }) => {
                    PushOutcome::Duplicate { seq: Some(*seq) }
                }
                _ => PushOutcome::Duplicate { seq: None },
            };
        }
        assert_eq!(mutation.mid, lmid + 1, "numbers come without a gap");
        let outcome = self.carry_out(device, mutation, now);
        self.lmids.insert(device, mutation.mid);
        self.answers.insert((device, mutation.mid), outcome.clone());
        outcome
    }

    fn carry_out(
        &mut self,
        device: u8,
        mutation: &OutgoingMutation,
        now: Timestamp,
    ) -> PushOutcome {
        let rejected = |code: RejectCode| PushOutcome::Rejected {
            code: code.as_str().to_owned(),
            field: None,
        };
        let parsed = Mutation::parse(&mutation.name, mutation.version, &mutation.args);
        let Ok(parsed) = parsed else {
            return rejected(RejectCode::Unknown);
        };
        let base = base_of(mutation);
        let touches = parsed.touches();
        let is_read =
            |key: &Key| touches.contains(key) || parsed.reads_tags() && key.table == Table::Tag;
        let read = self.rows.iter().filter(|(key, _)| is_read(key));
        let existing: Vec<_> = read.map(|(_, (stored, _))| stored.clone()).collect();
        let ctx = Context {
            user: Some(self.user(device)),
            role: self.role_of(self.user(device)),
            now,
            made_at: mutation.made_at,
        };
        let gone: Vec<_> = self.tombstones.keys().copied().collect();
        let parts = parsed.weighs().map(|id| self.parts(*id.as_bytes()));
        let n_lessons = parsed.fills().map_or(0, |id| self.n_lessons(id));
        let ground = Ground {
            n_lessons,
            existing: &existing,
            gone: &gone,
            parts: parts.iter().flatten().map(|key| &key.id).collect(),
        };
        match run(&parsed, &base, ground, &ctx) {
            Outcome::Rejected(reject) => rejected(reject.code),
            Outcome::Applied {
                changes,
                superseded,
                deleted,
            } => {
                self.head += 1;
                let seq = self.head;
                for change in changes {
                    self.rows.insert(change.row.key(), (change, seq));
                }
                for key in deleted {
                    let parts = self.parts(key.id);
                    self.rows
                        .retain(|row, _| *row != key && !parts.contains(row));
                    self.tombstones.insert(key, seq);
                }
                if superseded.is_empty() {
                    PushOutcome::Applied { seq }
                } else {
                    PushOutcome::Merged { seq }
                }
            }
        }
    }

    fn user(&self, device: u8) -> UserId {
        let author = UserId::from_bytes([7; 16]);
        self.users.get(&device).copied().unwrap_or(author)
    }

    fn role_of(&self, user: UserId) -> Role {
        let of_all = self.role.unwrap_or(Role::Owner);
        self.roles.get(&user).copied().unwrap_or(of_all)
    }

    /// Somebody belongs to the community from now on.
    pub(crate) fn join(&mut self, id: UserId, name: &str, role: Role) {
        self.head += 1;
        let person = Person {
            id,
            name: name.to_owned(),
            role: Some(role),
        };
        let stored = Stored {
            row: Row::Person(person),
            version: 1,
            field_versions: BTreeMap::new(),
        };
        self.rows.insert(stored.row.key(), (stored, self.head));
        self.roles.insert(id, role);
    }

    fn n_lessons(&self, course: DraftId) -> usize {
        let rows = self.rows.values().map(|(stored, _)| &stored.row);
        let stands = |row: &&Row| match row {
            Row::Draft(draft) => draft.lesson.as_ref().is_some_and(|l| l.course == course),
            _ => false,
        };
        rows.filter(stands).count()
    }

    /// The rows that belong to a draft.
    fn parts(&self, draft: [u8; 16]) -> Vec<Key> {
        let rows = self.rows.values().map(|(stored, _)| &stored.row);
        rows.filter(|row| match row {
            Row::DocUpdate(update) => *update.doc.as_bytes() == draft,
            Row::Attachment(file) => *file.draft.as_bytes() == draft,
            Row::Draft(_) | Row::Person(_) | Row::Tag(_) => false,
        })
        .map(Row::key)
        .collect()
    }

    pub(crate) fn lmid(&self, device: u8) -> i64 {
        self.lmids.get(&device).copied().unwrap_or(0)
    }

    /// Takes a row away, as an erasure would; the next pull from nothing does not hold it.
    pub(crate) fn lose(&mut self, key: Key) {
        self.rows.remove(&key);
    }

    pub(crate) fn keys(&self) -> Vec<Key> {
        self.rows.keys().copied().collect()
    }

    /// What one answer to a pull holds: at most `limit` rows after the cursor.
    pub(crate) fn pull(
        &self,
        device: u8,
        store: &Store,
        limit: usize,
        now: Timestamp,
    ) -> stoa_store::PulledChanges {
        self.try_pull(device, store, limit, now).unwrap()
    }

    /// The same on a disk that may fail.
    pub(crate) fn try_pull(
        &self,
        device: u8,
        store: &Store,
        limit: usize,
        now: Timestamp,
    ) -> Result<stoa_store::PulledChanges, stoa_store::StoreError> {
        let cursor = store.cursor(BUCKET)?;
        let mut rows: Vec<_> = self
            .rows
            .values()
            .filter(|(_, seq)| *seq > cursor)
            .collect();
        rows.sort_by_key(|(_, seq)| *seq);
        let more = rows.len() > limit;
        let upto = if more { rows[limit - 1].1 } else { self.head };
        let mut stage = store.begin_pull()?;
        for (stored, seq) in rows.into_iter().filter(|(_, seq)| *seq <= upto) {
            let key = stored.row.key();
            let pk = UserId::from_bytes(key.id).to_string();
            let mut columns = stored.row.to_json();
            columns.insert("of_a_newer_server".to_owned(), 1.into());
            let columns = serde_json::to_string(&columns).unwrap();
            stage.put(key.table.as_str(), &pk, stored.version, *seq, &columns)?;
        }
        for (key, seq) in &self.tombstones {
            if cursor > 0 && (cursor + 1..=upto).contains(seq) {
                let pk = UserId::from_bytes(key.id).to_string();
                stage.delete("draft", &pk, *seq)?;
                stage.delete("doc", &pk, *seq)?;
            }
        }
        let end = PullEnd {
            upto,
            more,
            buckets: BUCKETS.map(str::to_owned).to_vec(),
            lmid: self.lmid(device),
            sums: if more {
                Vec::new()
            } else {
                BUCKETS.map(|name| self.sum(name)).to_vec()
            },
            ..PullEnd::default()
        };
        stage.finish(&end, now)
    }

    /// The checksum as the protocol defines it, computed from nothing.
    fn sum(&self, bucket: &str) -> (String, i64, String) {
        let (mut n, mut x) = (0, 0_u64);
        let keys = self.rows.iter().map(|(key, (stored, _))| (key, stored));
        for (key, stored) in keys.filter(|(key, _)| key.table.bucket() == bucket) {
            n += 1;
            let input = row_checksum_input(key.table.as_str(), &key.id, stored.version);
            let hash = blake3::hash(&input);
            x = x.wrapping_add(u64::from_le_bytes(hash.as_bytes()[..8].try_into().unwrap()));
        }
        (bucket.to_owned(), n, format!("{x:016x}"))
    }
}

/// Sends everything that waits and stores the answers.
pub(crate) fn push_all(server: &mut Server, device: u8, store: &Store, now: Timestamp) {
    loop {
        let batch = store.take_push(50, 1 << 20, now).unwrap();
        if batch.is_empty() {
            return;
        }
        let answers: Vec<_> = batch
            .iter()
            .map(|mutation| (mutation.mid, server.push(device, mutation, now)))
            .collect();
        store
            .apply_results(&answers, server.lmid(device), now)
            .unwrap();
    }
}

/// Pulls until there is nothing more.
pub(crate) fn pull_all(server: &Server, device: u8, store: &Store, now: Timestamp) {
    for _ in 0..10_000 {
        let before = store.cursor(BUCKET).unwrap();
        let pulled = server.pull(device, store, 3, now);
        assert!(pulled.checksum_ok);
        if store.cursor(BUCKET).unwrap() == before {
            return;
        }
    }
    panic!("pulling does not come to an end");
}
