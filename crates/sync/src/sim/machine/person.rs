//! What a person does at a computer, and what they see there.

use std::collections::{BTreeMap, BTreeSet};

use stoa_domain::{
    ContentValues, DraftId, Excerpt, JoinLink, Shelf, Splice, Timestamp, Title, VersionName,
};
use stoa_store::{ChangeKind, DraftFilter, DraftListing, PublishAt, Saved, StoreError};

use super::super::place::fast_folder;
use super::Machine;
use crate::clock::Clock;

/// How a draft looks: title, whether it lies in the bin, text, and what else there is of it: its
/// excerpt, the version that members see, and the names of versions.
pub(crate) type Look = (String, bool, String, String);

/// Where one joins what is described with these words.
fn join_link_of(excerpt: &str) -> String {
    let digits: String = excerpt.bytes().map(|byte| format!("{byte:02x}")).collect();
    format!("https://meet.example/{digits}")
}

impl Machine {
    pub(crate) fn create(&self, title: &str) -> Result<DraftId, StoreError> {
        let title = Title::parse(title).unwrap();
        let draft = self
            .store()
            .create_draft(title, self.clock.now(), &self.random);
        Ok(draft?.id)
    }

    pub(crate) fn rename(&self, id: DraftId, title: &str) -> Result<(), StoreError> {
        let title = Title::parse(title).unwrap();
        let renamed = self.store().rename_draft(id, title, self.clock.now());
        renamed.map(|_| ())
    }

    pub(crate) fn bin(&self, id: DraftId, is_back: bool) -> Result<(), StoreError> {
        let now = self.clock.now();
        match is_back {
            true => self.store().restore_draft(id, now).map(|_| ()),
            false => self.store().bin_draft(id, now).map(|_| ()),
        }
    }

    pub(crate) fn delete(&self, id: DraftId) -> Result<(), StoreError> {
        let now = self.clock.now();
        if self.store().draft(id)?.binned_at.is_none() {
            self.store().bin_draft(id, now)?;
        }
        self.store().delete_drafts(&[id], now)
    }

    pub(crate) fn write(&self, id: DraftId, text: &str) -> Result<(), StoreError> {
        let opened = self.store().open_text(id, &self.random)?;
        let splice = Splice {
            at: 0,
            delete: 0,
            insert: text.to_owned(),
        };
        let now = self.clock.now();
        let edited = self
            .store()
            .edit_text(opened.session, None, &[splice], now, &self.random);
        self.store().close_text(opened.session)?;
        edited.map(|_| ())
    }

    pub(crate) fn describe(&self, id: DraftId, excerpt: &str) -> Result<(), StoreError> {
        let values = ContentValues {
            excerpt: Some(Excerpt::parse(excerpt).unwrap()),
            join_link: Some(JoinLink::parse(&join_link_of(excerpt)).unwrap()),
            starts_at: Some(Some(Timestamp::from_millis(
                i64::try_from(excerpt.len()).unwrap(),
            ))),
            ..ContentValues::default()
        };
        let described = self.store().describe_draft(id, values, self.clock.now());
        described.map(|_| ())
    }

    pub(crate) fn name(&self, id: DraftId, name: &str) -> Result<(), StoreError> {
        let name = VersionName::parse(name).unwrap();
        let now = self.clock.now();
        let named = self.store().name_version(id, name, now, &self.random);
        named.map(|_| ())
    }

    /// What members are to see then: title and text.
    pub(crate) fn publish(&self, id: DraftId) -> Result<(String, String), StoreError> {
        let now = self.clock.now();
        let shown = self.store().publish(id, PublishAt::default(), now)?;
        Ok((shown.title, self.text(id)))
    }

    pub(crate) fn withdraw(&self, id: DraftId) -> Result<(), StoreError> {
        self.store().withdraw(id, self.clock.now()).map(|_| ())
    }

    /// The excerpt that a person sees now.
    pub(crate) fn excerpt(&self, id: DraftId) -> Option<String> {
        let draft = self.store().draft(id).ok()?;
        Some(draft.content.excerpt.as_str().to_owned())
    }

    /// The title that a person sees now.
    pub(crate) fn title(&self, id: DraftId) -> Option<String> {
        self.store().draft(id).ok().map(|draft| draft.title)
    }

    pub(crate) fn text(&self, id: DraftId) -> String {
        self.store().markdown(id).unwrap_or_default()
    }

    /// Every draft, in the list and in the bin.
    pub(crate) fn drafts(&self) -> BTreeMap<DraftId, DraftListing> {
        let mut all = BTreeMap::new();
        for shelf in Shelf::ALL {
            let filter = DraftFilter {
                shelf,
                now: Timestamp::from_millis(i64::MAX),
                limit: 500,
                ..DraftFilter::default()
            };
            let page = self.store().list_drafts(&filter).unwrap();
            all.extend(page.drafts.into_iter().map(|draft| (draft.id, draft)));
        }
        all
    }

    /// Drafts of which something was refused: they show what only this computer has.
    pub(crate) fn disputed(&self) -> BTreeSet<String> {
        let drafts = self.drafts().into_values();
        let disputed = drafts.filter(|draft| draft.saved == Saved::NeedsAttention);
        disputed.map(|draft| draft.id.to_string()).collect()
    }

    /// Title, place and text of every draft.
    pub(crate) fn looks(&self) -> BTreeMap<String, Look> {
        let drafts = self.drafts().into_values();
        let look = |draft: DraftListing| {
            let is_binned = draft.binned_at.is_some();
            let text = self.text(draft.id);
            let post = draft
                .post
                .map(|post| (post.version, post.withdrawn_at.is_some()));
            let content = &draft.content;
            let session = (content.starts_at, content.join_link.as_str());
            let more = format!("{} {post:?} {session:?}", content.excerpt.as_str());
            (draft.id.to_string(), (draft.title, is_binned, text, more))
        };
        drafts.map(look).collect()
    }

    /// Drafts with a title that the server has not answered yet.
    pub(crate) fn unanswered_titles(&self) -> BTreeSet<DraftId> {
        let names = |kind| matches!(kind, ChangeKind::Create | ChangeKind::Rename);
        let waiting = self.store().waiting(1000).unwrap().into_iter();
        let named = waiting.filter(|entry| names(entry.kind));
        named.map(|entry| entry.draft).collect()
    }

    /// A person keeps work on drafts that others deleted as new drafts, and has every other
    /// refused piece of text sent again; how many there were.
    pub(crate) fn save_refused(&self) -> usize {
        let kept = self.store().kept_work().unwrap();
        for work in &kept {
            let now = self.clock.now();
            let new = self.store().keep_as_new(work.draft, now, &self.random);
            assert_eq!(new.unwrap().title, work.title);
        }
        kept.len() + self.retry_texts()
    }

    fn retry_texts(&self) -> usize {
        let failed = self.store().failed(1000).unwrap().into_iter();
        let texts = failed.filter(|entry| entry.kind == ChangeKind::Write);
        texts
            .map(|entry| self.store().retry(entry.lid, self.clock.now()).unwrap())
            .count()
    }

    pub(crate) fn n_failed(&self) -> u64 {
        self.store().counts().unwrap().n_failed
    }

    /// All that a person can take out of this computer, as one text.
    pub(crate) fn everything(&self) -> String {
        let folder = fast_folder();
        self.store().export(folder.path()).unwrap();
        std::fs::read_to_string(folder.path().join("everything.json")).unwrap()
    }
}
