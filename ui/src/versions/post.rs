//! What members see beside what there is now.

use std::rc::Rc;

use stoa_domain::DraftId;
use stoa_ipc::{ComparePost, PostCompared};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::compared::Compared;
use crate::host::use_host;
use crate::parts::{Dialog, Loaded, Remote};
use crate::t;
use crate::texts::use_words;

#[derive(Properties, PartialEq)]
pub(crate) struct ComparePostProps {
    pub(crate) id: DraftId,
    pub(crate) onclose: Callback<()>,
}

#[component]
pub(crate) fn ComparePostDialog(props: &ComparePostProps) -> Html {
    let words = use_words();
    let host = use_host();
    let found = use_state(|| Remote::<Rc<PostCompared>>::Coming);
    let ask = {
        let (setter, id) = (found.setter(), props.id);
        Callback::from(move |()| {
            let (host, setter) = (host.clone(), setter.clone());
            spawn_local(async move {
                let answer = host.call(ComparePost { id }).await;
                setter.set(answer.map(Rc::new).into());
            });
        })
    };
    {
        let ask = ask.clone();
        use_effect_with(props.id, move |_| ask.emit(()));
    }
    let show = Callback::from(|post: Rc<PostCompared>| html! { <Both {post} /> });
    html! {
        <Dialog title={t!(words, "compare-post-title")} wide=true onclose={props.onclose.clone()} testid="compare-post">
            <Loaded<Rc<PostCompared>> value={(*found).clone()} {show} onretry={ask} n_bones=4 />
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct BothProps {
    post: Rc<PostCompared>,
}

#[component]
fn Both(props: &BothProps) -> Html {
    let words = use_words();
    let post = &props.post;
    let comparison = use_memo(post.clone(), |post| post.text.clone());
    html! {
        <>
            if post.published_title != post.title {
                <p class="line">{ t!(words, "compare-title-was", title = post.published_title.as_str()) }</p>
            }
            <Compared {comparison} old={t!(words, "compare-members-see")} new={t!(words, "compare-now-side")} />
        </>
    }
}

#[cfg(test)]
mod tests {
    use stoa_ipc::{ComparedRow, ComparedSpan, Comparison};

    use super::*;
    use crate::testing::drawn;

    #[test]
    fn another_title_is_said_and_the_texts_stand_side_by_side() {
        let markup = drawn("en", || {
            let new = vec![ComparedSpan {
                text: "多一句。".to_owned(),
                differs: true,
            }];
            let row = ComparedRow {
                old: Vec::new(),
                new,
            };
            let post = Rc::new(PostCompared {
                published_title: "旧题".to_owned(),
                title: "新题".to_owned(),
                text: Comparison { rows: vec![row] },
            });
            html! { <Both {post} /> }
        });
        for part in ["旧题", "Members see", "<ins>多一句。</ins>"] {
            assert!(markup.contains(part), "{part}: {markup}");
        }
    }
}
