//! What stands in the list when there is nothing: a way to begin, or why nothing was found.

use stoa_domain::Shelf;
use stoa_ipc::ProfileKind;
use yew::prelude::*;

use crate::commands::use_commands;
use crate::parts::{Button, Icon, KeyCaps};
use crate::t;
use crate::texts::use_words;

#[derive(Properties, PartialEq)]
pub(crate) struct EmptyProps {
    pub(crate) shelf: Shelf,
    pub(crate) query: AttrValue,
    /// Whether there is nothing on the other shelves either.
    #[prop_or(true)]
    pub(crate) is_first: bool,
    /// Whether a filter leaves out what there is.
    #[prop_or_default]
    pub(crate) is_filtered: bool,
    #[prop_or_default]
    pub(crate) onclear: Callback<()>,
}

#[component]
pub(crate) fn Empty(props: &EmptyProps) -> Html {
    let words = use_words();
    let may_connect = crate::host::use_app().kind() == Some(ProfileKind::Local);
    if props.is_filtered {
        let clear = props.onclear.reform(|_: MouseEvent| ());
        return html! {
            <div class="empty" data-testid="nothing-fits">
                <h2>{ t!(words, "nothing-fits") }</h2>
                <p>{ t!(words, "nothing-fits-more") }</p>
                <Button label={t!(words, "filters-clear")} onclick={clear} testid="nothing-fits-clear" />
            </div>
        };
    }
    if !props.query.is_empty() {
        return html! {
            <div class="empty" data-testid="nothing-found">
                <h2>{ t!(words, "nothing-found") }</h2>
                <p>{ t!(words, "nothing-found-more", query = props.query.as_str()) }</p>
            </div>
        };
    }
    if let Some((title, more)) = of_shelf(props.shelf) {
        return html! {
            <div class="empty" data-testid={if props.shelf == Shelf::Bin { "bin-empty" } else { "shelf-empty" }}><h2>{ words.get(title) }</h2><p>{ words.get(more) }</p></div>
        };
    }
    let (title, more) = match props.is_first {
        true => ("drafts-empty", "drafts-empty-more"),
        false => ("drafts-none", "drafts-none-more"),
    };
    html! {
        <div class="empty" data-testid="drafts-empty">
            <h2>{ words.get(title) }</h2>
            <p>{ words.get(more) }</p>
            <div class="starters">
                <Starter command="draft.new" icon="plus" label={t!(words, "start-blank")} more={t!(words, "start-blank-more")} />
                <Starter command="draft.import" icon="upload" label={t!(words, "start-import")} more={t!(words, "start-import-more")} />
                <Starter command="import.open" icon="folder" label={t!(words, "start-import-export")} more={t!(words, "start-import-export-more")} />
                if may_connect {
                    <Starter command="account.connect" icon="globe" label={t!(words, "start-connect")} more={t!(words, "start-connect-more")} />
                }
            </div>
        </div>
    }
}

/// What is said of a shelf on which nothing can be begun.
fn of_shelf(shelf: Shelf) -> Option<(&'static str, &'static str)> {
    match shelf {
        Shelf::Drafts => None,
        Shelf::InReview => Some(("in-review-empty", "in-review-empty-more")),
        Shelf::Scheduled => Some(("scheduled-empty", "scheduled-empty-more")),
        Shelf::Published => Some(("published-empty", "published-empty-more")),
        Shelf::Archived => Some(("archived-empty", "archived-empty-more")),
        Shelf::Bin => Some(("bin-empty", "bin-empty-more")),
    }
}

#[derive(Properties, PartialEq)]
struct StarterProps {
    command: &'static str,
    icon: &'static str,
    label: AttrValue,
    more: AttrValue,
}

#[component]
fn Starter(props: &StarterProps) -> Html {
    let commands = use_commands();
    let command = props.command;
    let onclick = Callback::from(move |_: MouseEvent| {
        commands.run(command);
    });
    html! {
        <button type="button" class="starter" {onclick} data-testid={format!("start-{}", command.replace('.', "-"))}>
            <Icon name={props.icon} />
            <span>{ props.label.clone() }<small>{ props.more.clone() }</small></span>
            <KeyCaps {command} />
        </button>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::drawn;

    #[test]
    fn an_empty_list_offers_ways_to_begin_and_an_empty_search_says_what_was_sought() {
        let begin = drawn(
            "zh-CN",
            || html! { <Empty shelf={Shelf::Drafts} query="" /> },
        );
        assert!(
            begin.contains("start-draft-new") && begin.contains("start-draft-import"),
            "{begin}"
        );
        let fits = drawn(
            "zh-CN",
            || html! { <Empty shelf={Shelf::Drafts} query="" is_filtered=true /> },
        );
        assert!(fits.contains("nothing-fits-clear"), "{fits}");
        let sought = drawn(
            "en",
            || html! { <Empty shelf={Shelf::Drafts} query="社群" /> },
        );
        assert!(
            sought.contains("社群") && !sought.contains("starter"),
            "{sought}"
        );
    }
}
