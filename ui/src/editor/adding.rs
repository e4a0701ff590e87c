//! A sound, a film or another file that is being taken in: how far it is, and a way to stop it.

use yew::prelude::*;

use super::recordings::Adding;
use crate::parts::{Button, ButtonKind};
use crate::t;
use crate::texts::use_words;

#[derive(Properties, PartialEq)]
pub(crate) struct AddingNoticeProps {
    pub(crate) adding: Adding,
    pub(crate) onstop: Callback<()>,
}

#[component]
pub(crate) fn AddingNotice(props: &AddingNoticeProps) -> Html {
    let words = use_words();
    let name = props.adding.name.as_str();
    let percent = props.adding.percent();
    let label = t!(words, "adding-media", name = name);
    let onclick = props.onstop.reform(|_: MouseEvent| ());
    html! {
        <div class="adding" data-testid="adding-media">
            <span class="unseen" role="status">{ label.clone() }</span>
            <span class="adding-name">{ label.clone() }</span>
            <progress value={percent.to_string()} max="100" aria-label={label}></progress>
            <span class="about">{ format!("{percent}%") }</span>
            <Button kind={ButtonKind::Quiet} label={t!(words, "adding-stop")} {onclick} testid="adding-stop" />
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::drawn;

    #[test]
    fn what_is_taken_in_says_how_far_it_is_and_can_be_stopped() {
        let notice = || {
            let adding = Adding {
                name: "第一讲.mp4".to_owned(),
                n_done: 30,
                n_total: 120,
            };
            html! { <AddingNotice {adding} onstop={Callback::noop()} /> }
        };
        for language in ["en", "zh-CN"] {
            let markup = drawn(language, notice);
            for part in ["第一讲.mp4", "25%", "adding-stop", "<progress"] {
                assert!(markup.contains(part), "{language} {part}: {markup}");
            }
        }
    }
}
