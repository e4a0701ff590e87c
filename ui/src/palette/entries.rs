//! What the palette offers: commands that can be run now, drafts, communities.

use stoa_domain::{DraftId, ListLook, SavedView};
use stoa_ipc::{CommandSpec, DraftSummary, Menu, ProfileInfo, Scope, UndoState, commands};
use yew::AttrValue;

use super::matching::Haystack;
use crate::commands::Commands;
use crate::t;
use crate::texts::Words;
use crate::undo::name_of;

/// What happens when an entry is chosen.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Choice {
    Command(&'static str),
    Draft(DraftId),
    Profile(String),
    /// A view that is kept.
    View(Box<ListLook>),
}

/// One line of the palette.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    pub(crate) choice: Choice,
    pub(crate) name: AttrValue,
    pub(crate) haystack: Haystack,
}

impl Entry {
    pub(crate) fn icon(&self) -> &'static str {
        match &self.choice {
            Choice::Command(id) if id.starts_with("go.") => "arrow-right",
            Choice::Command(_) => "chevron-right",
            Choice::Draft(_) => "file-text",
            Choice::Profile(_) => "book-open",
            Choice::View(_) => "bookmark",
        }
    }

    fn new(choice: Choice, name: AttrValue, others: Vec<String>) -> Self {
        let haystack = Haystack::new(&name, others);
        Self {
            choice,
            name,
            haystack,
        }
    }
}

/// Commands that somebody can carry out now; what cannot be done is not offered.
pub(crate) fn of_commands(words: &Words, able: &Commands, can_turn: &UndoState) -> Vec<Entry> {
    // Moving within a list or between panes is for the keys alone; what concerns the block with the
    // caret would be too much for the menus.
    let is_offered = |spec: &CommandSpec| spec.menu.is_some() || spec.scope == Scope::Editor;
    let mut offered: Vec<_> = commands()
        .iter()
        .filter(|spec| is_offered(spec) && spec.id != "app.palette" && able.can_run(spec.id))
        .collect();
    // What one does with the work comes before what one does with the program.
    offered.sort_by_key(|spec| spec.menu == Some(Menu::App));
    offered
        .into_iter()
        .map(|spec| {
            let name =
                name_of(words, spec.id, can_turn).unwrap_or_else(|| words.get(&spec.text_key()));
            Entry::new(
                Choice::Command(spec.id),
                name,
                vec![spec.keywords.to_owned()],
            )
        })
        .collect()
}

pub(crate) fn of_drafts(words: &Words, drafts: &[DraftSummary]) -> Vec<Entry> {
    let name = |draft: &DraftSummary| {
        if draft.title.is_empty() {
            t!(words, "untitled")
        } else {
            AttrValue::from(draft.title.clone())
        }
    };
    drafts
        .iter()
        .map(|draft| Entry::new(Choice::Draft(draft.id), name(draft), Vec::new()))
        .collect()
}

/// The lists that are kept under a name.
pub(crate) fn of_views(views: &[SavedView]) -> Vec<Entry> {
    let entry = |view: &SavedView| {
        let name = AttrValue::from(view.name.as_str().to_owned());
        let choice = Choice::View(Box::new(view.look.clone()));
        Entry::new(choice, name, Vec::new())
    };
    views.iter().map(entry).collect()
}

/// The other communities of this computer.
pub(crate) fn of_profiles(profiles: &[ProfileInfo], here: Option<&str>) -> Vec<Entry> {
    profiles
        .iter()
        .filter(|profile| Some(profile.id.as_str()) != here)
        .map(|profile| {
            let name = AttrValue::from(profile.name.clone());
            Entry::new(
                Choice::Profile(profile.id.clone()),
                name,
                profile.server.clone().into_iter().collect(),
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::profile;

    #[test]
    fn what_nobody_can_do_now_is_not_offered() {
        assert!(
            of_commands(
                &Words::new("en"),
                &Commands::default(),
                &UndoState::default()
            )
            .is_empty()
        );
    }

    #[test]
    fn the_community_one_is_in_is_not_offered() {
        let here = profile();
        let there = ProfileInfo {
            id: "other".to_owned(),
            ..profile()
        };
        let offered = of_profiles(&[here.clone(), there], Some(&here.id));
        assert_eq!(offered.len(), 1);
        assert_eq!(offered[0].choice, Choice::Profile("other".to_owned()));
    }

    #[test]
    fn every_command_has_a_name_in_both_languages() {
        for language in ["en", "zh-CN"] {
            let words = Words::new(language);
            for spec in commands() {
                assert!(
                    words.has(&spec.text_key()),
                    "{language} {}",
                    spec.text_key()
                );
            }
        }
    }
}
