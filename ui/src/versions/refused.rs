//! What was seen by whoever wanted to publish and was refused, beside what there is now.

use std::rc::Rc;

use stoa_ipc::{ChangedSince, CompareRefused, RefusedCompared};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::compared::Compared;
use crate::host::use_host;
use crate::parts::{Button, ButtonKind, Dialog, Loaded, Remote};
use crate::t;
use crate::texts::{Words, use_words};
use crate::view::{Overlay, Step, use_view};

#[derive(Properties, PartialEq)]
pub(crate) struct CompareRefusedProps {
    pub(crate) lid: i64,
    pub(crate) onclose: Callback<()>,
}

#[component]
pub(crate) fn CompareRefusedDialog(props: &CompareRefusedProps) -> Html {
    let words = use_words();
    let host = use_host();
    let lid = props.lid;
    let found = use_state(|| Remote::<Rc<RefusedCompared>>::Coming);
    let ask = {
        let setter = found.setter();
        Callback::from(move |()| {
            let (host, setter) = (host.clone(), setter.clone());
            spawn_local(async move {
                let answer = host.call(CompareRefused { lid }).await;
                setter.set(answer.map(Rc::new).into());
            });
        })
    };
    {
        let ask = ask.clone();
        use_effect_with(lid, move |_| ask.emit(()));
    }
    let onclose = props.onclose.clone();
    let show = Callback::from(move |seen: Rc<RefusedCompared>| {
        html! { <Seen {seen} {lid} onclose={onclose.clone()} /> }
    });
    html! {
        <Dialog title={t!(words, "refused-title")} wide=true onclose={props.onclose.clone()} testid="compare-refused">
            <Loaded<Rc<RefusedCompared>> value={(*found).clone()} {show} onretry={ask} n_bones=4 />
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct SeenProps {
    seen: Rc<RefusedCompared>,
    lid: i64,
    onclose: Callback<()>,
}

#[component]
fn Seen(props: &SeenProps) -> Html {
    let words = use_words();
    let view = use_view();
    let seen = &props.seen;
    let comparison = use_memo(seen.clone(), |seen| seen.text.clone().unwrap_or_default());
    let has = |what: ChangedSince| seen.changed.contains(&what);
    let republish = {
        let (id, lid) = (seen.draft, props.lid);
        Callback::from(move |_: MouseEvent| {
            view.dispatch(Step::Show(Overlay::Republish { id, lid }));
        })
    };
    html! {
        <>
            if seen.changed.is_empty() {
                <p class="line" data-testid="changed-since">{ t!(words, "changed-nothing") }</p>
            } else {
                <ul class="lines" data-testid="changed-since">
                    { for seen.changed.iter().map(|what| html! { <li>{ sentence(&words, seen, *what) }</li> }) }
                </ul>
            }
            if seen.text.is_none() {
                <p class="quiet">{ t!(words, "refused-not-here") }</p>
            } else if has(ChangedSince::Text) {
                <Compared {comparison} old={t!(words, "refused-then")} new={t!(words, "compare-now-side")} />
            }
            <div class="buttons end">
                <Button label={t!(words, "close")} onclick={props.onclose.reform(|_| ())} />
                if !has(ChangedSince::Bin) {
                    <Button kind={ButtonKind::Main} label={t!(words, "change-republish")} onclick={republish} testid="refused-republish" />
                }
            </div>
        </>
    }
}

fn sentence(words: &Words, seen: &RefusedCompared, what: ChangedSince) -> AttrValue {
    let named = |title: &str| match title {
        "" => t!(words, "untitled"),
        title => AttrValue::from(title.to_owned()),
    };
    let (then, now) = (named(&seen.title_then), named(&seen.title));
    words.with(
        what.text_key(),
        &[("then", then.as_str().into()), ("now", now.as_str().into())],
    )
}

#[cfg(test)]
mod tests {
    use stoa_domain::DraftId;
    use stoa_ipc::{ComparedRow, ComparedSpan, Comparison};

    use super::*;
    use crate::testing::drawn;

    fn seen(changed: Vec<ChangedSince>, text: Option<Comparison>) -> RefusedCompared {
        RefusedCompared {
            draft: DraftId::from_bytes([1; 16]),
            changed,
            title_then: "旧题".to_owned(),
            title: "新题".to_owned(),
            text,
        }
    }

    fn shown(seen: RefusedCompared) -> Html {
        html! { <Seen seen={Rc::new(seen)} lid={1} onclose={Callback::noop()} /> }
    }

    fn written() -> Comparison {
        let new = vec![ComparedSpan {
            text: "多一句。".to_owned(),
            differs: true,
        }];
        let old = Vec::new();
        Comparison {
            rows: vec![ComparedRow { old, new }],
        }
    }

    #[test]
    fn what_changed_is_said_and_the_texts_stand_side_by_side() {
        for language in ["zh-CN", "en"] {
            let markup = drawn(language, || {
                let changed = vec![ChangedSince::Title, ChangedSince::Text];
                shown(seen(changed, Some(written())))
            });
            for part in ["旧题", "新题", "<ins>多一句。</ins>", "refused-republish"] {
                assert!(markup.contains(part), "{part}: {markup}");
            }
        }
    }

    #[test]
    fn the_same_text_is_not_shown_and_one_that_is_not_here_says_so() {
        let same = drawn("en", || {
            shown(seen(vec![ChangedSince::Content], Some(written())))
        });
        assert!(!same.contains("多一句"), "{same}");
        let missing = drawn("en", || shown(seen(vec![ChangedSince::Text], None)));
        assert!(missing.contains("not on this computer"), "{missing}");
    }

    #[test]
    fn what_is_in_the_bin_is_not_published_from_here() {
        let binned = drawn("en", || {
            shown(seen(vec![ChangedSince::Bin], Some(written())))
        });
        assert!(!binned.contains("refused-republish"), "{binned}");
    }

    #[test]
    fn each_thing_that_may_have_changed_has_its_sentence() {
        for language in ["zh-CN", "en"] {
            let words = Words::new(language);
            for what in ChangedSince::ALL {
                assert!(words.has(what.text_key()), "{language} {what:?}");
            }
        }
    }
}
