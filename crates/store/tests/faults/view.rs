//! What a person and the server would notice of a profile, as text that can be compared.

use std::path::Path;

use stoa_domain::Shelf;
use stoa_store::{DraftFilter, HistoryKind, Store, StoreError};

use super::server::BUCKET;

/// All that has to be the same before and after a crash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum View {
    /// No profile.
    Nothing,
    /// A vault without a database.
    Locked { passphrase: String },
    Store {
        passphrase: String,
        /// Drafts, texts, what waits, what happened, where sync stands.
        lines: Vec<String>,
        /// Titles and texts of all drafts, in an order that does not change.
        drafts: Vec<(String, String)>,
        /// Copies that must be there.
        backups: Vec<String>,
    },
}

impl View {
    pub(crate) fn passphrase(&self) -> Option<&str> {
        match self {
            View::Nothing => None,
            View::Locked { passphrase } | View::Store { passphrase, .. } => Some(passphrase),
        }
    }

    pub(crate) fn lines(&self) -> Option<&[String]> {
        match self {
            View::Store { lines, .. } => Some(lines),
            View::Nothing | View::Locked { .. } => None,
        }
    }

    pub(crate) fn without_backups(mut self) -> Self {
        if let View::Store { backups, .. } = &mut self {
            backups.clear();
        }
        self
    }

    pub(crate) fn drafts(&self) -> Option<&[(String, String)]> {
        match self {
            View::Store { drafts, .. } => Some(drafts),
            View::Nothing | View::Locked { .. } => None,
        }
    }

    pub(crate) fn backups(&self) -> Option<&[String]> {
        match self {
            View::Store { backups, .. } => Some(backups),
            View::Nothing | View::Locked { .. } => None,
        }
    }
}

/// Titles and texts of all drafts.
pub(crate) fn drafts(store: &Store) -> Result<Vec<(String, String)>, StoreError> {
    let mut drafts = Vec::new();
    for shelf in Shelf::ALL {
        let filter = DraftFilter {
            shelf,
            limit: 200,
            ..DraftFilter::default()
        };
        for draft in store.list_drafts(&filter)?.drafts {
            drafts.push((draft.title, store.markdown(draft.id)?));
        }
    }
    drafts.sort();
    Ok(drafts)
}

/// Everything that can be asked of a store, in an order that does not change.
pub(crate) fn lines(store: &Store) -> Result<Vec<String>, StoreError> {
    let mut lines = Vec::new();
    for shelf in Shelf::ALL {
        let filter = DraftFilter {
            shelf,
            limit: 200,
            ..DraftFilter::default()
        };
        for draft in store.list_drafts(&filter)?.drafts {
            lines.push(format!("{draft:?}"));
            lines.push(store.markdown(draft.id)?);
        }
    }
    for mut entry in store.waiting(1_000)? {
        // A text that was read anew is packed differently.
        entry.size = 0;
        lines.push(format!("waits {entry:?}"));
    }
    for entry in store.failed(1_000)? {
        lines.push(format!("failed {entry:?}"));
    }
    let history = store.history(1_000)?.into_iter();
    // When something was put back is when the store was opened again.
    for entry in history.filter(|entry| entry.kind != HistoryKind::PutBack) {
        lines.push(format!("{entry:?}"));
    }
    for settled in [false, true] {
        for conflict in store.conflicts(settled, 1_000)? {
            lines.push(format!("{conflict:?}"));
        }
    }
    let steps = store.undo_state()?;
    if steps.undo.is_some() || steps.redo.is_some() {
        lines.push(format!("{steps:?}"));
    }
    for file in store.files(None)? {
        let contents = match store.open_file(file.attachment.b3)? {
            Some(mut reader) => {
                let size = reader.size();
                blake3::hash(&reader.read(0..size)?).to_hex().to_string()
            }
            None => "not here".to_owned(),
        };
        lines.push(format!("{file:?} {contents}"));
    }
    let linked = store.link()?.map(|link| (link.device, link.epoch));
    lines.push(format!("{linked:?}, up to {}", store.cursor(BUCKET)?));
    Ok(lines)
}

/// The names of the finished copies of a profile.
pub(crate) fn backups(dir: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(dir.join("backups")) else {
        return Vec::new();
    };
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.ends_with(".db")).collect();
    names.sort();
    names
}

/// The first line two views differ in.
pub(crate) fn difference(found: &[String], expected: &[String]) -> String {
    differing(found, expected)
        .next()
        .map_or_else(String::new, |i| {
            format!("found {:?}, expected {:?}", found.get(i), expected.get(i))
        })
}

/// In how many lines two views differ.
pub(crate) fn n_differing(found: &[String], expected: &[String]) -> usize {
    differing(found, expected).count()
}

fn differing(found: &[String], expected: &[String]) -> impl Iterator<Item = usize> {
    let n = found.len().max(expected.len());
    (0..n).filter(|i| found.get(*i) != expected.get(*i))
}
