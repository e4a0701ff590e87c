//! How far the text is saved, always in sight, in the words of the list.

use stoa_ipc::{Failure, SavedState};
use yew::prelude::*;

use crate::drafts::saved_key;
use crate::parts::Icon;
use crate::t;
use crate::texts::use_words;

/// What is known of the latest change.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Saving {
    /// Less than a second old.
    Writing,
    Saved(SavedState),
    Failed(Failure),
}

impl Saving {
    /// The state while the editor may hold typing of the last moment: nothing is called saved that
    /// is not.
    pub(crate) fn with_untold(&self, untold: bool) -> Self {
        match self {
            Saving::Saved(_) if untold => Saving::Writing,
            other => other.clone(),
        }
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct SavedLabelProps {
    pub(crate) saving: Saving,
    /// Whether it may be changed at all.
    pub(crate) editable: bool,
}

#[component]
pub(crate) fn SavedLabel(props: &SavedLabelProps) -> Html {
    let words = use_words();
    let (state, icon, text) = match &props.saving {
        _ if !props.editable => ("read-only", "book-open", t!(words, "saved-read-only")),
        Saving::Writing => ("writing", "pencil", t!(words, "saved-writing")),
        Saving::Saved(SavedState::Synced) => {
            ("synced", "check", words.get(saved_key(SavedState::Synced)))
        }
        Saving::Saved(saved @ SavedState::OnThisComputer) => {
            ("here", "monitor", words.get(saved_key(*saved)))
        }
        Saving::Saved(saved @ SavedState::NeedsAttention) => {
            ("attention", "circle-alert", words.get(saved_key(*saved)))
        }
        Saving::Failed(_) => ("failed", "circle-alert", t!(words, "saved-failed")),
    };
    let is_bad = matches!(state, "failed" | "attention");
    html! {
        <span class={classes!("saved-state", is_bad.then_some("failed"))} role="status" aria-live="polite"
            data-testid="saved-state" data-state={state}>
            <Icon name={icon} />{ text }
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::drawn;
    use stoa_ipc::ErrorCode;

    #[test]
    fn typing_of_the_last_moment_is_not_called_saved() {
        let synced = Saving::Saved(SavedState::Synced);
        assert_eq!(synced.with_untold(true), Saving::Writing);
        assert_eq!(synced.with_untold(false), synced);
        let failed = Saving::Failed(Failure::new(ErrorCode::DiskFull, ""));
        assert_eq!(failed.with_untold(true), failed);
    }

    #[test]
    fn a_save_that_failed_is_said_in_the_same_place() {
        let failed = || html! { <SavedLabel saving={Saving::Failed(Failure::new(ErrorCode::DiskFull, ""))} editable=true /> };
        let markup = drawn("en", failed);
        assert!(
            markup.contains("data-state=\"failed\"") && markup.contains("role=\"status\""),
            "{markup}"
        );
    }

    #[test]
    fn the_words_are_those_of_the_design() {
        let here = drawn(
            "zh-CN",
            || html! { <SavedLabel saving={Saving::Saved(SavedState::OnThisComputer)} editable=true /> },
        );
        assert!(here.contains("已存本机"), "{here}");
        let synced = drawn(
            "zh-CN",
            || html! { <SavedLabel saving={Saving::Saved(SavedState::Synced)} editable=true /> },
        );
        assert!(synced.contains("已同步"), "{synced}");
    }
}
