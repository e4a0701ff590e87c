//! What the server takes in, without what a device does before and after.

use std::time::Instant;

use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use stoa_domain::{DraftId, Title, UpdateId};
use stoa_mutators::{AppendDoc, CreateDraft, Mutation};
use stoa_protocol::account::Secret;
use stoa_protocol::sync::{MutationOutcome, Push, PushedMutation};
use stoa_store::{OsRandom, Random};
use stoa_sync::Clock as _;
use stoa_sync::http::HttpTransport;
use stoa_sync::tls::Trust;
use stoa_sync::transport::{Caller, Transport};
use stoa_tests::backend::{Backend, EMAIL};
use stoa_tests::postgres::Postgres;
use tokio::runtime::Runtime;

use crate::corpus;
use crate::table::{Better, Table};
use stoa_tests::device::{SystemClock, signed_in};

/// Mutations in one push: as many as the server takes.
const BATCH: usize = 500;
const N_BATCHES: usize = 20;
/// Devices that push one change after the other, all to one community.
const N_DEVICES: usize = 8;
const N_EACH: usize = 400;

/// Measures both databases.
pub(crate) fn measure(table: &mut Table) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let runtime = Runtime::new()?;
    let backend = Backend::start(&folder.path().join("sqlite"))?;
    let batched = batches(&runtime, &backend)?;
    table.add(
        "server intake on SQLite, batches of 500, mutations",
        (batched, "/s"),
        None,
        Some((Better::Large, 5000.0)),
    );
    let single = one_by_one(&runtime, &backend)?;
    table.add(
        "server intake on SQLite, 8 devices one by one, pushes",
        (single, "/s"),
        None,
        None,
    );
    drop(backend);
    let Some(postgres) = Postgres::start()? else {
        eprintln!("PostgreSQL is not installed; its figures are left out");
        return Ok(());
    };
    let backend = Backend::start_over(&folder.path().join("postgres"), Some(postgres.url()))?;
    let baseline = Some(("the same on SQLite, /s", single));
    table.add(
        "server intake on PostgreSQL, 8 devices one by one",
        (one_by_one(&runtime, &backend)?, "/s"),
        baseline,
        Some((Better::Large, 700.0)),
    );
    table.add(
        "server intake on PostgreSQL, batches of 500",
        (batches(&runtime, &backend)?, "/s"),
        Some(("the same on SQLite, /s", batched)),
        None,
    );
    Ok(())
}

/// Somebody who pushes what was prepared.
struct Pusher {
    transport: HttpTransport,
    caller: Caller,
    epoch: String,
    n_sent: i64,
}

impl Pusher {
    fn new(runtime: &Runtime, backend: &Backend) -> Result<Self> {
        let link = signed_in(runtime, &backend.url(), EMAIL)?;
        let trust = link.ca_pem.as_deref().map_or(Trust::System, Trust::Only);
        let transport = HttpTransport::new(&link.server_url, trust)?;
        let tokens = link.tokens.context("somebody is signed in")?;
        let caller = Caller {
            access: Secret(tokens.access.to_string()),
            device: link.device,
            community: link.community,
        };
        let epoch = runtime.block_on(transport.hello(&caller))?.epoch;
        Ok(Self {
            transport,
            caller,
            epoch,
            n_sent: 0,
        })
    }

    /// Numbers mutations on.
    fn push(&mut self, mutations: &[Mutation]) -> Push {
        let first = self.n_sent + 1;
        let mutations: Vec<_> = (first..)
            .zip(mutations)
            .map(|(mid, mutation)| PushedMutation {
                mid,
                name: mutation.name().to_owned(),
                version: mutation.version(),
                args: mutation.args(),
                base: Vec::new(),
                made_at: SystemClock.now(),
            })
            .collect();
        self.n_sent += mutations.len() as i64;
        Push {
            epoch: self.epoch.clone(),
            mutations,
        }
    }

    async fn send(&self, push: &Push) -> Result<()> {
        let answer = self.transport.push(&self.caller, push).await?;
        let is_applied =
            |outcome: &MutationOutcome| matches!(outcome, MutationOutcome::Applied { .. });
        let n_applied = answer.results.iter().filter(|r| is_applied(&r.outcome));
        ensure!(
            n_applied.count() == push.mutations.len(),
            "a change was not applied"
        );
        Ok(())
    }
}

/// One device hands in drafts with their texts, 500 changes at a time.
fn batches(runtime: &Runtime, backend: &Backend) -> Result<f64> {
    let mut pusher = Pusher::new(runtime, backend)?;
    let pushes: Vec<Push> = (0..N_BATCHES)
        .map(|n| Ok(pusher.push(&drafts(n * BATCH / 2, BATCH / 2)?)))
        .collect::<Result<_>>()?;
    let start = Instant::now();
    runtime.block_on(async {
        for push in &pushes {
            pusher.send(push).await?;
        }
        anyhow::Ok(())
    })?;
    Ok(rate(N_BATCHES * BATCH, start))
}

/// Devices that each wait for the answer to one change before they send the next.
fn one_by_one(runtime: &Runtime, backend: &Backend) -> Result<f64> {
    let devices: Vec<_> = (0..N_DEVICES)
        .map(|device| {
            let mut pusher = Pusher::new(runtime, backend)?;
            let created = drafts(device * N_EACH, N_EACH / 2)?;
            let pushes: Vec<Push> = created.chunks(1).map(|one| pusher.push(one)).collect();
            Ok((pusher, pushes))
        })
        .collect::<Result<_>>()?;
    let start = Instant::now();
    runtime.block_on(async {
        let sending: Vec<_> = devices
            .into_iter()
            .map(|(pusher, pushes)| {
                tokio::spawn(async move {
                    for push in &pushes {
                        pusher.send(push).await?;
                    }
                    anyhow::Ok(())
                })
            })
            .collect();
        for one in sending {
            one.await??;
        }
        anyhow::Ok(())
    })?;
    Ok(rate(N_DEVICES * N_EACH, start))
}

/// The making of drafts, each followed by its text.
fn drafts(from: usize, n: usize) -> Result<Vec<Mutation>> {
    let mut mutations = Vec::with_capacity(n * 2);
    for index in from..from + n {
        let now = SystemClock.now();
        let id = DraftId::new(now, random());
        let text = corpus::text(index, 400);
        mutations.push(Mutation::CreateDraft(CreateDraft {
            id,
            title: Title::parse(&corpus::title(index))?,
        }));
        mutations.push(Mutation::AppendDoc(AppendDoc {
            id: UpdateId::new(now, random()),
            doc: id,
            bytes: STANDARD.encode(&text),
            b3: blake3::hash(text.as_bytes()).to_hex().to_string(),
        }));
    }
    Ok(mutations)
}

fn random() -> [u8; 10] {
    let mut bytes = [0; 10];
    OsRandom.fill(&mut bytes);
    bytes
}

#[expect(clippy::cast_precision_loss, reason = "a count of thousands")]
fn rate(n: usize, start: Instant) -> f64 {
    n as f64 / start.elapsed().as_secs_f64()
}
