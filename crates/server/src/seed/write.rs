//! Writing the demo community: accounts, drafts, and their texts as documents.

use std::fs;
use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use clap::Args;
use loro::{ExportMode, LoroDoc};
use serde::Serialize;
use stoa_domain::{CommunityId, DeviceId, DraftId, Role, Timestamp, Title, UpdateId, UserId};
use stoa_mutators::{AppendDoc, CreateDraft, Mutation};
use stoa_protocol::account::Secret;
use stoa_protocol::sync::PushedMutation;

use super::phrases::{self, Text};
use crate::Entropy;
use crate::accounts::{password, rules};
use crate::admin::{self, AdminError};
use crate::config::Config;
use crate::db::{DbError, Tx};
use crate::refusal::Refusal;
use crate::sync::{people, push};
use crate::tables::Sender;
use crate::tables::account::{self, NO_PASSWORD, NewAccount};
use crate::tables::community::{self, NewCommunity};
use crate::tables::membership::NewMembership;

/// The name of the demo community, in both languages.
const NAME: &str = "知行社 / Zhixing";
/// Whom to sign in as.
const OWNER: &str = "demo@stoa.example";
/// When the demo community stands still: 2026-09-01T08:00:00Z. Everything in it happened before.
const NOW: Timestamp = Timestamp::from_millis(1_788_249_600_000);
const HOUR_MILLIS: i64 = 3_600_000;
/// The oldest draft is of ten years ago at most, however many there are.
const MOST_HOURS: i64 = 10 * 365 * 24;
/// The author's half of every change in the demo documents.
const PEER: u64 = 0x5354_4f41;

/// How large the demo community is.
#[derive(Debug, Clone, Args)]
#[group(skip)]
pub struct SeedDemo {
    /// How many people belong to it, the owner apart.
    #[arg(long, default_value_t = 200)]
    pub members: usize,
    /// How many drafts it has.
    #[arg(long, default_value_t = 40)]
    pub drafts: usize,
    /// The same seed makes the same community.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// A file whose first line is the owner's password; a random one is printed otherwise.
    #[arg(long)]
    pub password_file: Option<PathBuf>,
}

/// What was made, or found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Seeded {
    pub community: CommunityId,
    pub email: String,
    /// Absent when the demo community was there already.
    pub password: Option<String>,
    pub members: usize,
    pub drafts: usize,
}

/// Makes the demo community, unless it is there.
///
/// # Errors
/// The database, or a password file that cannot be used.
pub async fn seed(config: &Config, demo: SeedDemo) -> Result<Seeded, AdminError> {
    let db = admin::open(config).await?;
    let password = owner_password(config, &demo)?;
    let hash = password::hash(&password, &config.entropy)?;
    let outcome = db.write(move |tx| {
        let entropy = Entropy::from_seed(demo.seed);
        let community = CommunityId::new(NOW.plus_millis(-5000 * HOUR_MILLIS), entropy.bytes());
        if community::head(tx, community)?.is_some() {
            return Ok((community, false, demo.clone()));
        }
        let owner = write_people(tx, community, &entropy, &demo, &hash)?;
        write_drafts(tx, community, owner, &entropy, demo.drafts)?;
        Ok((community, true, demo.clone()))
    });
    let (community, is_new, demo) = outcome.await?;
    db.close().await;
    Ok(Seeded {
        community,
        email: OWNER.into(),
        password: is_new.then_some(password),
        members: demo.members,
        drafts: demo.drafts,
    })
}

fn owner_password(config: &Config, demo: &SeedDemo) -> Result<String, AdminError> {
    let text = match &demo.password_file {
        Some(path) => fs::read_to_string(path)
            .map_err(|error| AdminError::Refused(format!("{}: {error}", path.display())))?,
        None => config.entropy.token(),
    };
    let password = Secret(text.lines().next().unwrap_or_default().to_owned());
    Ok(rules::new_password(&password, OWNER)?)
}

fn write_people(
    tx: &mut dyn Tx,
    community: CommunityId,
    entropy: &Entropy,
    demo: &SeedDemo,
    hash: &str,
) -> Result<UserId, Refusal> {
    let founded_at = NOW.plus_millis(-5000 * HOUR_MILLIS);
    let new = NewCommunity {
        id: community,
        name: NAME.into(),
        timezone: admin::read_timezone("Asia/Shanghai")?,
        created_at: founded_at,
    };
    community::insert(tx, &new)?;
    let mut owner = None;
    for index in 0..=demo.members {
        let is_owner = index == 0;
        let joined_at = founded_at.plus_millis(index as i64 * HOUR_MILLIS);
        let person = NewAccount {
            id: UserId::new(joined_at, entropy.bytes()),
            email: if is_owner {
                OWNER.into()
            } else {
                format!("member{index:05}@stoa.example")
            },
            name: if is_owner {
                "林知行".into()
            } else {
                phrases::person(entropy)
            },
            password_hash: if is_owner {
                hash.into()
            } else {
                NO_PASSWORD.into()
            },
            created_at: joined_at,
        };
        if !account::insert(tx, &person)? {
            let message = format!("{} belongs to another community", person.email);
            return Err(Refusal::field("email", message));
        }
        let member = NewMembership {
            community,
            user: person.id,
            role: if is_owner { Role::Owner } else { Role::Member },
            joined_at,
        };
        people::join(tx, &member)?;
        owner.get_or_insert(person.id);
    }
    owner.ok_or_else(|| DbError::Stored("the demo has no owner".into()).into())
}

/// The drafts arrive the way a desktop's would, so sums, versions and audit are as always.
fn write_drafts(
    tx: &mut dyn Tx,
    community: CommunityId,
    owner: UserId,
    entropy: &Entropy,
    n_drafts: usize,
) -> Result<(), Refusal> {
    let sender = Sender {
        community,
        user: owner,
        device: DeviceId::new(NOW, entropy.bytes()),
    };
    let mut mutations = Vec::with_capacity(n_drafts * 2);
    let step = (MOST_HOURS * HOUR_MILLIS / n_drafts.max(1) as i64).min(7 * HOUR_MILLIS);
    for index in 0..n_drafts {
        let before = (n_drafts - index) as i64 * step + entropy.below(6) as i64 * step / 7;
        let made_at = NOW.plus_millis(-before);
        let text = phrases::draft(entropy, index);
        mutations.extend(arrivals(&text, made_at, entropy, mutations.len())?);
    }
    for part in mutations.chunks(200) {
        let incoming = push::read(part)?;
        push::apply(tx, sender, Role::Owner.into(), &incoming, NOW)?;
    }
    Ok(())
}

/// A draft and its text as two mutations.
fn arrivals(
    text: &Text,
    made_at: Timestamp,
    entropy: &Entropy,
    n_before: usize,
) -> Result<[PushedMutation; 2], Refusal> {
    let id = DraftId::new(made_at, entropy.bytes());
    let title = Title::parse(&text.title).map_err(|error| DbError::Stored(error.to_string()))?;
    let bytes = document(&text.body).map_err(|error| DbError::Stored(error.to_string()))?;
    let create = Mutation::CreateDraft(CreateDraft { id, title });
    let append = Mutation::AppendDoc(AppendDoc {
        id: UpdateId::new(made_at, entropy.bytes()),
        doc: id,
        b3: blake3::hash(&bytes).to_hex().to_string(),
        bytes: STANDARD.encode(&bytes),
    });
    let mid = i64::try_from(n_before).unwrap_or(i64::MAX) + 1;
    Ok([
        pushed(&create, mid, made_at),
        pushed(&append, mid + 1, made_at),
    ])
}

fn pushed(mutation: &Mutation, mid: i64, made_at: Timestamp) -> PushedMutation {
    PushedMutation {
        mid,
        name: mutation.name().into(),
        version: mutation.version(),
        args: mutation.args(),
        base: Vec::new(),
        made_at,
    }
}

/// A text as one update of a document, the same bytes every time.
fn document(body: &str) -> Result<Vec<u8>, loro::LoroError> {
    let doc = LoroDoc::new();
    doc.set_peer_id(PEER)?;
    doc.get_text("body").insert(0, body)?;
    doc.commit();
    doc.export(ExportMode::all_updates())
        .map_err(|error| loro::LoroError::DecodeError(error.to_string().into()))
}
