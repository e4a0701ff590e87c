//! Which address a post gets: one that no other post has which members see, or will see.

use std::collections::HashMap;

use stoa_domain::{CommunityId, Draft, DraftId, Post, Slug, Timestamp, Title};
use stoa_mutators::{Reject, RejectCode};

use crate::db::{DbError, Tx};
use crate::refusal::Refusal;
use crate::tables::post_address::{self, Holder};
use crate::tables::{community, draft};

/// The numbers that a title's address is tried with when it is taken.
const NUMBERS: std::ops::RangeInclusive<u32> = 2..=9;
/// Characters of an address that is left room for what is put behind it.
const BEFORE_ENDING_CHARS: usize = 70;
/// Characters of an id that tell a post from all others of the same title.
const ENDING_CHARS: usize = 8;

/// The addresses that a post would take, the best one first. One that somebody wrote is the only
/// one: whoever wrote it chooses another. One that the title gives is numbered where it is taken.
pub(crate) fn wished(id: DraftId, title: &Title, written: &Slug) -> Vec<String> {
    if !written.is_empty() {
        return vec![written.as_str().to_owned()];
    }
    let id = id.to_string();
    let of_title = Slug::of(title.as_str());
    if of_title.is_empty() {
        return vec![id];
    }
    let short: String = of_title
        .as_str()
        .chars()
        .take(BEFORE_ENDING_CHARS)
        .collect();
    let short = short.trim_end_matches('-');
    let ending = &id[id.len() - ENDING_CHARS..];
    let mut names = vec![of_title.as_str().to_owned()];
    names.extend(NUMBERS.map(|n| format!("{short}-{n}")));
    names.push(format!("{short}-{ending}"));
    names
}

/// Who has the addresses that some posts want, and who gets them.
#[derive(Default)]
pub(crate) struct Addresses {
    holders: HashMap<String, Holder>,
    given: Vec<(DraftId, String)>,
}

impl Addresses {
    /// Loads who has what the posts want.
    pub(crate) fn load(
        tx: &mut dyn Tx,
        community: CommunityId,
        wished: &[String],
    ) -> Result<Self, DbError> {
        let found = post_address::holders(tx, community, wished)?;
        let held = wished.iter().cloned().zip(found);
        Ok(Self {
            holders: held
                .filter_map(|(name, holder)| Some((name, holder?)))
                .collect(),
            given: Vec::new(),
        })
    }

    /// Gives a post an address. `is_offered` knows of posts that became something else since the
    /// addresses were loaded.
    ///
    /// # Errors
    /// [`RejectCode::AlreadyExists`] with the field `slug`, when another post has all it wants.
    pub(crate) fn give(
        &mut self,
        id: DraftId,
        post: &Post,
        is_offered: impl Fn(DraftId) -> Option<bool>,
    ) -> Result<(), Reject> {
        let names = wished(id, &post.title, &post.content.slug);
        let is_its_own = |holder: &&Holder| holder.draft == id;
        let has_now = |name: &&String| {
            let own = self.holders.get(*name).filter(is_its_own);
            own.is_some_and(|holder| holder.is_current)
        };
        let is_free = |name: &&String| {
            self.holders.get(*name).is_none_or(|holder| {
                holder.draft == id || !is_offered(holder.draft).unwrap_or(holder.is_offered)
            })
        };
        let chosen = names.iter().find(has_now);
        let chosen = chosen.or_else(|| names.iter().find(is_free)).cloned();
        let taken = || Reject::field(RejectCode::AlreadyExists, "slug");
        let chosen = chosen.ok_or_else(taken)?;
        for holder in self.holders.values_mut().filter(|held| held.draft == id) {
            holder.is_current = false;
        }
        let holder = Holder {
            draft: id,
            is_current: true,
            is_offered: true,
        };
        self.holders.insert(chosen.clone(), holder);
        self.given.push((id, chosen));
        Ok(())
    }

    /// A draft was deleted for good: its addresses are nobody's.
    pub(crate) fn forget(&mut self, id: DraftId) {
        self.holders.retain(|_, holder| holder.draft != id);
        self.given.retain(|(of, _)| *of != id);
    }

    /// Writes who got which.
    pub(crate) fn store(
        &self,
        tx: &mut dyn Tx,
        community: CommunityId,
        now: Timestamp,
    ) -> Result<(), DbError> {
        for (id, slug) in &self.given {
            post_address::give(tx, community, (*id, slug), now)?;
        }
        Ok(())
    }
}

/// Gives an address to every post that members see and that has none, the one that was first
/// offered first: those that were published by a server that knew of no addresses.
pub(crate) fn give_missing(tx: &mut dyn Tx) -> Result<(), Refusal> {
    for (community, _) in community::heads(tx)? {
        if draft::without_address(tx, community)?.is_empty() {
            continue;
        }
        community::lock(tx, community)?;
        // Another process may have been first.
        for draft in &draft::without_address(tx, community)? {
            give_one(tx, community, draft)?;
        }
    }
    Ok(())
}

/// An address that two posts had written until now stays that of the first; the other one gets
/// that of its title.
fn give_one(tx: &mut dyn Tx, community: CommunityId, draft: &Draft) -> Result<(), DbError> {
    let Some(post) = draft.offered() else {
        return Ok(());
    };
    let mut titled = post.clone();
    titled.content.slug = Slug::default();
    let mut names = wished(draft.id, &post.title, &post.content.slug);
    names.extend(wished(draft.id, &titled.title, &titled.content.slug));
    let mut addresses = Addresses::load(tx, community, &names)?;
    let given = addresses.give(draft.id, post, |_| None);
    if given.is_err() && addresses.give(draft.id, &titled, |_| None).is_err() {
        return Ok(());
    }
    addresses.store(tx, community, post.at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(title: &str, written: &str) -> Vec<String> {
        let id = "0190a0b0-0000-7000-8000-0000deadbeef".parse().unwrap();
        let title = Title::parse(title).unwrap();
        wished(id, &title, &Slug::parse(written).unwrap())
    }

    #[test]
    fn what_the_title_gives_is_numbered_and_what_was_written_is_not() {
        assert_eq!(names("周报", "weekly"), ["weekly"]);
        let titled = names("周报", "");
        assert_eq!(titled[..3], ["周报", "周报-2", "周报-3"]);
        assert_eq!(titled.last().unwrap(), "周报-deadbeef");
        let id = "0190a0b0-0000-7000-8000-0000deadbeef";
        assert_eq!(names("——", ""), [id]);
    }

    #[test]
    fn every_name_can_stand_in_an_address() {
        for title in ["长".repeat(200), "a ".repeat(99), "——".into()] {
            for name in names(&title, "") {
                assert!(Slug::parse(&name).is_ok(), "{name}");
            }
        }
    }
}
