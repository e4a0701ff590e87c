//! What people did and saw, and what the server answered: what the checks measure by.

use std::collections::{BTreeMap, BTreeSet};

use stoa_domain::{DeviceId, DraftId};
use stoa_protocol::sync::{MutationOutcome, Push, PushAnswer};

/// Every decision the server told of, also those whose answer was lost.
#[derive(Default)]
pub(super) struct Answers {
    /// How often a mutation took effect: epoch, device, number.
    pub(super) effects: BTreeMap<(String, DeviceId, i64), u32>,
}

impl Answers {
    pub(super) fn note(&mut self, device: DeviceId, push: &Push, answer: &PushAnswer) {
        for result in &answer.results {
            let took_effect = matches!(
                result.outcome,
                MutationOutcome::Applied { .. } | MutationOutcome::Merged { .. }
            );
            if took_effect {
                let key = (push.epoch.clone(), device, result.mid);
                *self.effects.entry(key).or_default() += 1;
            }
        }
    }
}

/// A title, or an excerpt, that a computer said it saved.
#[derive(Debug, Clone)]
pub(super) struct Titled {
    pub(super) title: String,
    pub(super) draft: DraftId,
    pub(super) on: usize,
    /// The title its author saw and replaced.
    pub(super) seen: Option<String>,
}

/// A word that a computer said it saved.
#[derive(Debug, Clone)]
pub(super) struct Word {
    pub(super) word: String,
    pub(super) draft: DraftId,
}

/// All that people did.
#[derive(Default)]
pub(super) struct Record {
    n_named: usize,
    pub(super) drafts: Vec<DraftId>,
    pub(super) titles: Vec<Titled>,
    pub(super) words: Vec<Word>,
    pub(super) excerpts: Vec<Titled>,
    /// Names of versions.
    pub(super) names: Vec<Word>,
    /// Drafts with the title and the text with which somebody saw them go to members.
    pub(super) published: BTreeSet<(DraftId, String, String)>,
    /// Drafts that somebody has deleted, also where the server refused it.
    pub(super) deleted: BTreeSet<DraftId>,
    /// Titles and words that a person saw who deleted their draft: nobody misses them.
    pub(super) let_go: BTreeSet<String>,
    /// Whether anything was refused on purpose in this run: by a role or by a mark.
    pub(super) has_refusals: bool,
    pub(super) n_marks: u32,
}

impl Record {
    pub(super) fn name(&mut self) -> String {
        self.n_named += 1;
        format!("第{}稿", self.n_named)
    }

    pub(super) fn draft(&self, number: usize) -> Option<DraftId> {
        let n = self.drafts.len().max(1);
        self.drafts.get(number % n).copied()
    }

    /// A computer, which shows this title and text of a draft, deletes it.
    pub(super) fn delete(&mut self, on: usize, draft: DraftId, (title, text): (&str, &str)) {
        self.deleted.insert(draft);
        let titles = self.titles.iter().filter(|one| one.draft == draft);
        let seen = titles.filter(|one| one.on == on || one.title == title);
        let words = self.words.iter().filter(|one| one.draft == draft);
        let read = words.filter(|one| text.contains(&one.word));
        let titles = seen.map(|one| one.title.clone());
        let gone: Vec<String> = titles.chain(read.map(|one| one.word.clone())).collect();
        self.let_go.extend(gone);
    }

    /// Titles that nobody replaced by another one after seeing them.
    pub(super) fn standing_titles(&self) -> impl Iterator<Item = &Titled> {
        standing(&self.titles)
    }

    /// Excerpts that nobody replaced by another one after seeing them, of drafts that nobody
    /// deleted.
    pub(super) fn standing_excerpts(&self) -> impl Iterator<Item = &Titled> {
        standing(&self.excerpts).filter(|one| !self.deleted.contains(&one.draft))
    }

    /// Names of versions of drafts that nobody deleted: who deletes a draft deletes them, seen or
    /// not.
    pub(super) fn standing_names(&self) -> impl Iterator<Item = &Word> {
        let names = self.names.iter();
        names.filter(|one| !self.deleted.contains(&one.draft))
    }
}

fn standing(all: &[Titled]) -> impl Iterator<Item = &Titled> {
    all.iter().filter(|one| {
        let is_replaced = |other: &Titled| other.seen.as_ref() == Some(&one.title);
        !all.iter().any(is_replaced)
    })
}
