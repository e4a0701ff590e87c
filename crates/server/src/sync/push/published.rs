//! What a push publishes: the text of each post as it was seen, and its address.

use stoa_domain::{Access, AttachmentId, CommunityId, DraftId, RecordingLink, Timestamp};
use stoa_mutators::{Mutation, Reject, Row, Stored};

use super::{Act, Incoming};
use crate::db::{Ahead, DbError, Tx};
use crate::member;
use crate::sync::addresses::{self, Addresses};
use crate::sync::text;
use crate::tables::{attachment, community, doc_update, post_address, post_text};

/// A draft that was published, and the updates that make its text.
struct Published {
    draft: DraftId,
    version: u32,
    is_public: bool,
    cover: Option<AttachmentId>,
    recording: RecordingLink,
    updates: Vec<[u8; 16]>,
}

/// What members are offered after a push that they were not offered before it.
pub(super) struct Publications {
    published: Vec<Published>,
    addresses: Addresses,
    /// When they were offered something else, or something no more.
    changed_at: Option<Timestamp>,
}

impl Publications {
    /// Asks for what [`Publications::load`] reads.
    pub(super) fn ask_ahead(
        tx: &mut Ahead<'_>,
        community: CommunityId,
        incoming: &[Incoming],
    ) -> Result<(), DbError> {
        post_address::holders(tx, community, &wished(incoming))?;
        Ok(())
    }

    pub(super) fn load(
        tx: &mut dyn Tx,
        community: CommunityId,
        incoming: &[Incoming],
    ) -> Result<Self, DbError> {
        Ok(Self {
            published: Vec::new(),
            addresses: Addresses::load(tx, community, &wished(incoming))?,
            changed_at: None,
        })
    }

    /// Gives a post that is published its address, and notes which updates make its text: more may
    /// follow in this push. `is_offered` says it of the drafts that the push touches.
    ///
    /// # Errors
    /// The address that somebody wrote is another post's.
    pub(super) fn note(
        &mut self,
        (mutation, changes): (&Mutation, &[Stored]),
        updates: impl Fn(DraftId) -> Vec<[u8; 16]>,
        is_offered: impl Fn(DraftId) -> Option<bool>,
        now: Timestamp,
    ) -> Result<(), Reject> {
        if mutation.reads_tags() && !changes.is_empty() {
            // Posts are shown with other tags.
            self.changed_at = Some(now);
        }
        let post = changes.iter().find_map(|change| match &change.row {
            Row::Draft(draft) => draft.post.as_deref(),
            _ => None,
        });
        let Some(post) = post else { return Ok(()) };
        match mutation {
            Mutation::PublishPost(publish) => {
                self.addresses.give(publish.id, post, is_offered)?;
                self.published.push(Published {
                    draft: publish.id,
                    version: post.version,
                    is_public: post.content.access == Access::Public,
                    cover: post.content.cover,
                    recording: post.content.recording.clone(),
                    updates: updates(publish.id),
                });
                self.changed_at = Some(now);
            }
            Mutation::WithdrawPost(_) => self.changed_at = Some(now),
            _ => {}
        }
        Ok(())
    }

    /// A draft was deleted for good.
    pub(super) fn forget(&mut self, draft: DraftId) {
        self.published.retain(|one| one.draft != draft);
        self.addresses.forget(draft);
    }

    /// Keeps the text of what was published as it was then, and its address.
    pub(super) fn store(&self, tx: &mut dyn Tx, community: CommunityId) -> Result<(), DbError> {
        let Some(changed_at) = self.changed_at else {
            return Ok(());
        };
        let mut texts = Vec::new();
        for one in &self.published {
            let updates = doc_update::find_each(tx, community, &one.updates)?;
            let updates = updates.iter().filter_map(|stored| match &stored.row {
                Row::DocUpdate(update) => Some(update.bytes.as_str()),
                _ => None,
            });
            let markdown = text::of_updates(updates);
            texts.push(post_text::Text {
                draft: one.draft,
                version: one.version,
                teaser: member::teaser(&markdown, one.is_public),
                markdown,
            });
        }
        for (one, text) in self.published.iter().zip(&texts) {
            let mut files = post_text::files_in(&text.markdown);
            if let Some(cover) = one.cover
                && let Some(image) = attachment::image(tx, community, (one.draft, cover))?
            {
                files.insert(image.b3);
            }
            files.extend(post_text::files_in(one.recording.as_str()));
            post_text::keep_files(tx, community, one.draft, &files)?;
        }
        post_text::insert_each(tx, community, &texts)?;
        self.addresses.store(tx, community, changed_at)?;
        community::set_posts_changed(tx, community, changed_at)
    }
}

/// The addresses that the publications of a push may want.
fn wished(incoming: &[Incoming]) -> Vec<String> {
    let publications = incoming.iter().filter_map(|one| match &one.act {
        Act::Run(mutation) => match mutation.as_ref() {
            Mutation::PublishPost(publish) => Some(publish),
            _ => None,
        },
        Act::Refuse(_) => None,
    });
    let mut names: Vec<String> = publications
        .flat_map(|publish| addresses::wished(publish.id, &publish.title, &publish.content.slug))
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}
