//! An image of a draft.

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::host::use_host;
use crate::t;
use crate::texts::use_words;

#[derive(Properties, PartialEq)]
pub(crate) struct PictureProps {
    /// The hash of its file; absent for one that is not attached.
    pub(crate) b3: Option<String>,
    pub(crate) alt: AttrValue,
}

/// An image of a draft, once it is on this computer; before that, what describes it.
#[component]
pub(crate) fn Picture(props: &PictureProps) -> Html {
    let words = use_words();
    let host = use_host();
    let address = use_state_eq(|| None::<String>);
    {
        let address = address.setter();
        use_effect_with(props.b3.clone(), move |b3| {
            let b3 = b3.clone();
            spawn_local(async move {
                if let Some(b3) = b3 {
                    address.set(host.backend().media(b3).await);
                }
            });
        });
    }
    match &*address {
        Some(src) => html! { <img src={src.clone()} alt={props.alt.clone()} /> },
        None if props.alt.is_empty() => {
            html! { <span class="post-away">{ t!(words, "preview-image") }</span> }
        }
        None => html! { <span class="post-away">{ props.alt.clone() }</span> },
    }
}
