//! A failure in the place where it happened: what happened, what is safe, what to do.

use stoa_ipc::Failure;
use yew::prelude::*;

use super::{Button, Icon};
use crate::commands::use_commands;
use crate::failures::{Severity, action_key, text_key, treatment};
use crate::t;
use crate::texts::use_words;

#[derive(Properties, PartialEq)]
pub(crate) struct NoticeProps {
    pub(crate) failure: Failure,
    /// Does the same again; without it only the failure's own remedy is offered.
    #[prop_or_default]
    pub(crate) onretry: Option<Callback<()>>,
    /// More buttons.
    #[prop_or_default]
    pub(crate) children: Html,
}

#[component]
pub(crate) fn Notice(props: &NoticeProps) -> Html {
    let words = use_words();
    let commands = use_commands();
    let (severity, command) = treatment(props.failure.code);
    let icon = if severity == Severity::Error {
        "circle-alert"
    } else {
        "triangle-alert"
    };
    let label = action_key(props.failure.code);
    let remedy = command.filter(|id| commands.can_run(id) && words.has(&label));
    let run = remedy.map(|id| {
        Callback::from(move |_: MouseEvent| {
            commands.run(id);
        })
    });
    let retry = props.onretry.clone().filter(|_| remedy.is_none());
    html! {
        <div class={classes!("notice", severity.class())} role="alert" data-testid={format!("failure-{}", props.failure.code.as_str())}>
            <Icon name={icon} />
            <div>
                <p>{ words.get(&text_key(props.failure.code)) }</p>
                <div class="buttons">
                    if let Some(onclick) = run { <Button label={words.get(&label)} {onclick} /> }
                    if let Some(retry) = retry {
                        <Button label={t!(words, "try-again")} onclick={retry.reform(|_| ())} />
                    }
                    { props.children.clone() }
                </div>
            </div>
        </div>
    }
}
