//! A sound or a film of a draft.

use stoa_domain::BlobHash;
use stoa_ipc::PlayRecording;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::host::{Host, use_host};
use crate::t;
use crate::texts::use_words;

#[derive(Properties, PartialEq)]
pub(crate) struct RecordingProps {
    /// The hash of its file; absent for one that is not attached.
    pub(crate) b3: Option<String>,
    /// That of the picture that stands for a film.
    pub(crate) poster: Option<String>,
    pub(crate) is_video: bool,
    pub(crate) name: AttrValue,
}

/// A player, once the file is on this computer and where this computer can play it; else its name.
#[component]
pub(crate) fn Recording(props: &RecordingProps) -> Html {
    let words = use_words();
    let address = use_address(props.b3.clone(), address_of);
    let poster = use_address(props.poster.clone(), picture_of);
    let is_unplayable = use_state_eq(|| false);
    let name = props.name.clone();
    let label = match props.is_video {
        true => t!(words, "preview-video", name = name.as_str()),
        false => t!(words, "preview-audio", name = name.as_str()),
    };
    let onerror = {
        let is_unplayable = is_unplayable.setter();
        Callback::from(move |_: Event| is_unplayable.set(true))
    };
    match address {
        Some(src) if !*is_unplayable && props.is_video => {
            html! { <video {src} {poster} controls={true} preload="metadata" aria-label={label} {onerror} /> }
        }
        Some(src) if !*is_unplayable => {
            html! { <audio {src} controls={true} preload="metadata" aria-label={label} {onerror} /> }
        }
        _ => html! { <div class="post-away">{ label }</div> },
    }
}

/// Where the page finds a file, once it is known.
#[hook]
fn use_address<F, A>(b3: Option<String>, find: F) -> Option<String>
where
    F: Fn(Host, String) -> A + 'static,
    A: Future<Output = Option<String>> + 'static,
{
    let host = use_host();
    let address = use_state_eq(|| None::<String>);
    let setter = address.setter();
    use_effect_with(b3, move |b3| {
        if let Some(b3) = b3.clone() {
            let found = find(host, b3);
            spawn_local(async move { setter.set(found.await) });
        }
    });
    (*address).clone()
}

async fn address_of(host: Host, b3: String) -> Option<String> {
    let hash: BlobHash = b3.parse().ok()?;
    let player = host.call(PlayRecording { b3: hash }).await.ok()?;
    match player.address {
        Some(address) => Some(address),
        None => host.backend().media(b3).await,
    }
}

async fn picture_of(host: Host, b3: String) -> Option<String> {
    host.backend().media(b3).await
}
