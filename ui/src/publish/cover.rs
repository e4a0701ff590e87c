//! The image that stands for a draft: one of its own, or one that is added for it.

use stoa_domain::{AttachmentId, DraftId};
use stoa_ipc::{AttachedFile, ListFiles};
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::editor::send_image;
use crate::host::use_host;
use crate::parts::{Button, Picture};
use crate::t;
use crate::tell::use_tell;
use crate::texts::use_words;

/// What the editor's own images never count up to.
const UPLOAD: u32 = u32::MAX;

#[derive(Properties, PartialEq)]
pub(super) struct CoverFieldProps {
    pub(super) draft: DraftId,
    pub(super) chosen: Option<AttachmentId>,
    pub(super) onchoose: Callback<Option<AttachmentId>>,
}

#[component]
pub(super) fn CoverField(props: &CoverFieldProps) -> Html {
    let words = use_words();
    let host = use_host();
    let images = use_state_eq(Vec::<AttachedFile>::new);
    {
        let setter = images.setter();
        use_effect_with(props.draft, move |draft| {
            let request = ListFiles {
                draft: Some(*draft),
            };
            spawn_local(async move {
                // Without an answer none is offered; one can still be added.
                let mut files = host.call(request).await.unwrap_or_default();
                files.retain(|file| file.media_type.is_image());
                setter.set(files);
            });
        });
    }
    let (is_busy, input) = (use_state_eq(|| false), use_node_ref());
    let onchange = use_adding(props, images.clone(), is_busy.clone());
    let press = {
        let input = input.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(input) = input.cast::<HtmlInputElement>() {
                input.click();
            }
        })
    };
    html! {
        <div class="field">
            <span class="field-name">{ t!(words, "publish-cover") }</span>
            <div class="covers" role="radiogroup" aria-label={t!(words, "publish-cover")} data-testid="publish-cover">
                { choice(props, None, html! { <span class="cover-none">{ t!(words, "publish-cover-none") }</span> }) }
                { for images.iter().map(|image| choice(props, Some(image.id), picture(image))) }
                <input ref={input} type="file" hidden=true accept="image/png,image/jpeg,image/webp,image/gif,image/avif" data-testid="choose-cover" {onchange} />
                <Button label={t!(words, "publish-cover-add")} icon="plus" onclick={press} disabled={*is_busy} testid="cover-add" />
            </div>
            <p class="hint">{ t!(words, "publish-cover-hint") }</p>
        </div>
    }
}

fn choice(props: &CoverFieldProps, value: Option<AttachmentId>, shown: Html) -> Html {
    let onchoose = props.onchoose.clone();
    let testid = match value {
        Some(id) => format!("cover-{id}"),
        None => "cover-none".to_owned(),
    };
    html! {
        <label class="cover" key={testid.clone()}>
            <input type="radio" name="cover" checked={value == props.chosen} data-testid={testid} onchange={move |_| onchoose.emit(value)} />
            { shown }
        </label>
    }
}

fn picture(image: &AttachedFile) -> Html {
    html! { <Picture b3={Some(image.b3.to_string())} alt={image.name.clone()} /> }
}

/// Adds the image that was chosen in the system's dialog, and chooses it.
#[hook]
fn use_adding(
    props: &CoverFieldProps,
    images: UseStateHandle<Vec<AttachedFile>>,
    is_busy: UseStateHandle<bool>,
) -> Callback<Event> {
    let (host, tell) = (use_host(), use_tell());
    let (draft, onchoose) = (props.draft, props.onchoose.clone());
    Callback::from(move |event: Event| {
        let input: HtmlInputElement = event.target_unchecked_into();
        let file = input.files().and_then(|files| files.get(0));
        // The same file can be chosen again.
        input.set_value("");
        let Some(file) = file else { return };
        let (host, tell, onchoose) = (host.clone(), tell.clone(), onchoose.clone());
        let (images, is_busy) = (images.clone(), is_busy.clone());
        is_busy.set(true);
        spawn_local(async move {
            match send_image(&host, (draft, UPLOAD), &file).await {
                Ok(added) => {
                    let mut all = (*images).clone();
                    if let Some(added) = added {
                        onchoose.emit(Some(added.id));
                        all.retain(|image| image.id != added.id);
                        all.push(added);
                    }
                    images.set(all);
                }
                Err(failure) => tell.emit(failure),
            }
            is_busy.set(false);
        });
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{self, drawn};

    #[test]
    fn without_images_there_is_none_and_one_can_be_added() {
        let markup = drawn("zh-CN", || {
            html! { <CoverField draft={testing::draft("定价").id} chosen={None::<AttachmentId>} onchoose={Callback::noop()} /> }
        });
        assert!(
            markup.contains("cover-none") && markup.contains("checked"),
            "{markup}"
        );
        assert!(markup.contains("cover-add"), "{markup}");
    }
}
