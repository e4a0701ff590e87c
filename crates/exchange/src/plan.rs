//! What an import would do, before it does it.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Access, Imported, ImportedPost, Kind, Readers, Severity, Status};

/// What earlier imports brought: the hash of each post's contents by its source id.
pub type Existing = BTreeMap<String, ContentHash>;

/// BLAKE3 over every field of a post.
pub type ContentHash = [u8; 32];

/// How what the other program says becomes what this community has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping {
    /// Source ids that are not imported.
    pub skipped: BTreeSet<String>,
    /// Everything becomes a draft, whatever it was.
    pub as_drafts: bool,
    /// Tags by the name they have here; an empty name drops a tag.
    pub tags: BTreeMap<String, String>,
    /// Tiers by the name they have here. A tier without one keeps its own.
    pub tiers: BTreeMap<String, String>,
    /// Kinds by what they are here. A kind without one stays what it is.
    pub kinds: BTreeMap<Kind, Kind>,
    /// The tier of here that reads what readers without a name read there.
    pub readers: BTreeMap<Readers, String>,
    /// Authors by the name they have here; an empty name drops an author.
    pub authors: BTreeMap<String, String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// In the order it would be done: the oldest first.
    pub steps: Vec<Step>,
    pub counts: Counts,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub source_id: String,
    pub title: String,
    pub action: Action,
    /// Of the post as the mapping makes it, to be kept for the next import.
    pub hash: ContentHash,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Create,
    /// It was imported and is another now.
    Update,
    /// It was imported and is the same.
    Keep,
    Skip,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub new: usize,
    pub changed: usize,
    pub unchanged: usize,
    pub skipped: usize,
    pub errors: usize,
    pub warnings: usize,
}

/// Says what importing this would do. Nothing is done.
pub fn plan(imported: &Imported, existing: &Existing, mapping: &Mapping) -> Plan {
    let mut posts: Vec<&ImportedPost> = imported.posts.iter().collect();
    posts.sort_by_key(|post| (post.created_at.unwrap_or(i64::MAX), &post.source_id));
    let mut counts = Counts::default();
    let steps: Vec<Step> = posts
        .into_iter()
        .map(|post| {
            let hash = content_hash(&map_post(post, mapping));
            let action = match existing.get(&post.source_id) {
                _ if mapping.skipped.contains(&post.source_id) => Action::Skip,
                None => Action::Create,
                Some(known) if *known == hash => Action::Keep,
                Some(_) => Action::Update,
            };
            Step {
                source_id: post.source_id.clone(),
                title: post.title.clone(),
                action,
                hash,
            }
        })
        .collect();
    for step in &steps {
        *match step.action {
            Action::Create => &mut counts.new,
            Action::Update => &mut counts.changed,
            Action::Keep => &mut counts.unchanged,
            Action::Skip => &mut counts.skipped,
        } += 1;
    }
    for problem in &imported.problems {
        *match problem.severity {
            Severity::Warning => &mut counts.warnings,
            Severity::Error => &mut counts.errors,
        } += 1;
    }
    Plan { steps, counts }
}

/// The post as it would be imported.
pub fn map_post(post: &ImportedPost, mapping: &Mapping) -> ImportedPost {
    let mut post = post.clone();
    post.tags = renamed(post.tags, &mapping.tags);
    post.authors = renamed(post.authors, &mapping.authors);
    post.kind = mapping.kinds.get(&post.kind).copied().unwrap_or(post.kind);
    let chosen = Readers::of(&post.access).and_then(|readers| mapping.readers.get(&readers));
    // Whoever says who is to read it says so of all who may.
    post.is_sold_singly &= chosen.is_none();
    post.access = match (post.access, chosen) {
        (_, Some(tier)) => Access::Tiers(vec![tier.clone()]),
        (Access::Tiers(tiers), None) => Access::Tiers(renamed(tiers, &mapping.tiers)),
        (access, None) => access,
    };
    if mapping.as_drafts {
        post.status = Status::Draft;
    }
    post
}

/// Each name once, in the order they are met.
fn renamed(names: Vec<String>, to: &BTreeMap<String, String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    names
        .into_iter()
        .map(|name| to.get(&name).cloned().unwrap_or(name))
        .filter(|name| !name.is_empty() && seen.insert(name.clone()))
        .collect()
}

/// What tells a changed post from the same one. The source id has no part in it.
pub fn content_hash(post: &ImportedPost) -> ContentHash {
    let note = crate::export::note_of(post);
    *blake3::hash(note.as_bytes()).as_bytes()
}
