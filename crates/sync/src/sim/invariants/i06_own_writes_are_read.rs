//! **I6. People read what they wrote, and never go back in time.** A title somebody gave is what
//! their computer shows until the server has answered it; a word that was on a screen stays on it
//! until the role, the server's past or somebody who deletes its draft takes it away.

use std::collections::{BTreeMap, BTreeSet};

use stoa_domain::DraftId;

use super::super::world::World;
use crate::engine::{Done, Event};

/// What was last seen where.
#[derive(Default)]
pub(crate) struct Watch {
    given: BTreeMap<(usize, DraftId), String>,
    seen: BTreeMap<usize, BTreeSet<usize>>,
}

impl Watch {
    /// A computer said it saved this title.
    pub(crate) fn titled(&mut self, on: usize, draft: DraftId, title: &str) {
        self.given.insert((on, draft), title.to_owned());
    }
}

pub(super) fn check(world: &mut World, on: usize, event: &Event) {
    let may_change = matches!(
        event,
        Event::Done(Done::Pulled(_) | Done::Pushed(_) | Done::Stored)
    );
    if world.record.has_refusals || !may_change {
        return;
    }
    own_titles_are_shown(world, on);
    words_stay(world, on);
}

fn own_titles_are_shown(world: &mut World, on: usize) {
    let unanswered = world.machines[on].unanswered_titles();
    // Once it is answered, others may override it.
    world
        .watch
        .given
        .retain(|(whose, draft), _| *whose != on || unanswered.contains(draft));
    let given = world.watch.given.iter();
    let given = given.filter(|((o, draft), _)| *o == on && !world.record.deleted.contains(draft));
    for ((_, draft), title) in given {
        let shown = world.machines[on].title(*draft);
        if shown.as_ref() != Some(title) {
            world.fail(&format!("I6: {title} is shown as {shown:?} on {on}"));
        }
    }
}

fn words_stay(world: &mut World, on: usize) {
    let machine = &world.machines[on];
    let words = world.record.words.iter().enumerate();
    let shown: BTreeSet<usize> = words
        .filter(|(_, word)| machine.text(word.draft).contains(&word.word))
        .map(|(number, _)| number)
        .collect();
    let before = world.watch.seen.insert(on, shown).unwrap_or_default();
    let may_go = |number: &&usize| {
        let draft = world.record.words[**number].draft;
        world.record.deleted.contains(&draft)
    };
    let mut gone = before.difference(&world.watch.seen[&on]);
    let gone = gone.find(|number| !may_go(number)).copied();
    if let Some(gone) = gone {
        let word = &world.record.words[gone];
        world.fail(&format!("I6: {word:?} vanished from computer {on}"));
    }
}
