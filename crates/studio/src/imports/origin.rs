//! By which names the posts of an import are known on this computer.

use std::collections::BTreeMap;
use std::path::Path;

use stoa_domain::DraftId;
use stoa_exchange::{ContentHash, Existing, Imported, Mapping, Step, content_hash, map_post};
use stoa_store::{Store, StoreError};

const BY_PATH: &str = "path:";

/// The folder or file that was chosen. Other programs number their posts; a path names one only
/// within what it is a path of: two folders may each have a `README.md`.
pub(super) struct Origin {
    mark: String,
}

/// A post that an earlier import brought.
struct Known {
    /// Its id within what it came from.
    source_id: String,
    is_from_here: bool,
    draft: DraftId,
    hash: ContentHash,
}

impl Origin {
    pub(super) fn of(path: &Path) -> Self {
        let place = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let hash = blake3::hash(place.as_os_str().as_encoded_bytes()).to_hex();
        Self {
            mark: format!("{BY_PATH}{hash}:"),
        }
    }

    /// The name by which a post is remembered.
    pub(super) fn name(&self, source_id: &str) -> String {
        match is_one_everywhere(source_id) {
            true => source_id.to_owned(),
            false => format!("{}{source_id}", self.mark),
        }
    }

    /// What there is of these posts: what came from here, and what came from elsewhere and is the
    /// same, as when a folder was moved.
    pub(super) fn existing(
        &self,
        store: &Store,
        imported: &Imported,
        mapping: &Mapping,
    ) -> Result<Existing, StoreError> {
        let (mut existing, mut elsewhere) = (Existing::new(), BTreeMap::<_, Vec<_>>::new());
        for known in self.known(store)? {
            match known.is_from_here {
                true => drop(existing.insert(known.source_id, known.hash)),
                false => elsewhere
                    .entry(known.source_id)
                    .or_default()
                    .push(known.hash),
            }
        }
        for post in &imported.posts {
            let Some(hashes) = elsewhere.get(&post.source_id) else {
                continue;
            };
            let hash = content_hash(&map_post(post, mapping));
            if hashes.contains(&hash) {
                existing.entry(post.source_id.clone()).or_insert(hash);
            }
        }
        Ok(existing)
    }

    /// The drafts of the posts that are there already.
    pub(super) fn drafts(
        &self,
        store: &Store,
        steps: &[Step],
    ) -> Result<BTreeMap<String, DraftId>, StoreError> {
        let wanted: BTreeMap<&str, ContentHash> = steps
            .iter()
            .map(|step| (step.source_id.as_str(), step.hash))
            .collect();
        let mut drafts = BTreeMap::new();
        for known in self.known(store)? {
            if known.is_from_here {
                drafts.insert(known.source_id, known.draft);
            } else if wanted.get(known.source_id.as_str()) == Some(&known.hash) {
                drafts.entry(known.source_id).or_insert(known.draft);
            }
        }
        Ok(drafts)
    }

    fn known(&self, store: &Store) -> Result<impl Iterator<Item = Known>, StoreError> {
        let known = store.imported()?.into_iter();
        Ok(known.map(|(name, draft, hash)| {
            let by_path = name.strip_prefix(BY_PATH);
            let source_id = by_path.and_then(|rest| Some(rest.split_once(':')?.1));
            Known {
                is_from_here: name.starts_with(&self.mark) || is_one_everywhere(&name),
                source_id: source_id.unwrap_or(&name).to_owned(),
                draft,
                hash,
            }
        }))
    }
}

/// Whether an id means the same post wherever it is met: numbers of other programs and of Stoa.
fn is_one_everywhere(source_id: &str) -> bool {
    let is_numbered = |program: &str| source_id.starts_with(program);
    ["ghost:", "wordpress:"].into_iter().any(is_numbered) || source_id.parse::<DraftId>().is_ok()
}
