//! The place in the page where the editor's module draws.

use stoa_ipc::OpenedDraft;
use wasm_bindgen_futures::spawn_local;
use web_sys::Element;
use yew::prelude::*;

use super::bridge::{Beginning, Editor, EditorState};
use super::calls::{Calls, MediaUse};
use super::images::SharedImages;
use super::mentions::{Mentions, mentioned};
use super::pane::SharedSession;
use crate::drafts::language_of;
use crate::host::{use_app, use_host};
use crate::texts::use_words;
use crate::view::{Step, Toast, use_view};

#[derive(Properties, PartialEq)]
pub(crate) struct SurfaceProps {
    pub(crate) session: SharedSession,
    pub(crate) opened: OpenedDraft,
    pub(crate) editable: bool,
    pub(crate) source: bool,
    pub(crate) onstate: Callback<EditorState>,
    pub(crate) images: SharedImages,
    pub(crate) onmedia: Callback<MediaUse>,
    pub(crate) onremark: Callback<String>,
    pub(crate) onask: Callback<String>,
}

#[component]
pub(crate) fn Surface(props: &SurfaceProps) -> Html {
    let node = use_node_ref();
    let ready = use_editor(props, node.clone());
    use_followed(props, ready);
    let flush = {
        let session = props.session.clone();
        Callback::from(move |_: FocusEvent| {
            session.with(|session| session.flush());
        })
    };
    html! {
        <div ref={node} class="editor-host" data-testid="editor" data-entrance="" lang={language_of(&props.opened.markdown)}
            onfocusout={flush}></div>
    }
}

/// Makes the editor once; it goes when the session closes.
#[hook]
fn use_editor(props: &SurfaceProps, node: NodeRef) -> bool {
    let ready = use_state_eq(|| false);
    let words = use_words();
    let view = use_view();
    let (session, onstate) = (props.session.clone(), props.onstate.clone());
    let (onremark, asked) = (props.onremark.clone(), props.onask.clone());
    let (markdown, editable) = (props.opened.markdown.clone(), props.editable);
    let source_mode = use_app().preferences().source_mode;
    let setter = ready.setter();
    let (images, onmedia) = (props.images.clone(), props.onmedia.clone());
    let mentions = Mentions::new(use_host(), words.clone(), props.opened.summary.id);
    let dispatcher = view.dispatcher();
    use_effect_with((), move |()| {
        let Some(host) = node.cast::<Element>() else {
            return;
        };
        let refused = {
            let words = words.clone();
            Callback::from(move |()| {
                view.dispatch(Step::Say(Toast::said(words.get("paste-too-large"))))
            })
        };
        let changed = {
            let session = session.clone();
            Callback::from(move |splices| {
                session.with(|session| session.told(splices));
            })
        };
        spawn_local(async move {
            let beginning = Beginning {
                markdown: &markdown,
                source_mode,
                read_only: !editable,
                words: &words,
            };
            let calls = Calls {
                files: {
                    let images = images.clone();
                    Callback::from(move |(files, place)| images.0.take(files, place))
                },
                images: images.0.questions(&words),
                not_played: {
                    let images = images.clone();
                    Callback::from(move |source: String| images.0.not_played(&source))
                },
                retry: Callback::from(move |source: String| images.0.retry(&source)),
                media: onmedia,
                mentions: mentions.question(),
                link: Callback::from(move |address: String| {
                    if let Some(id) = mentioned(&address) {
                        dispatcher.dispatch(Step::Open(id));
                    }
                }),
                changed,
                remark: onremark,
                asked,
                state: onstate,
                refused,
            };
            if let Ok(editor) = Editor::create(host, beginning, calls).await {
                let mut editor = Some(editor);
                session.with(|session| editor.take().map(|editor| session.shown_by(editor)));
                match editor {
                    // The draft was closed while the module came.
                    Some(editor) => editor.destroy(),
                    None => setter.set(true),
                }
            }
        });
    });
    *ready
}

/// Hands the language and the mode on when they change.
#[hook]
fn use_followed(props: &SurfaceProps, ready: bool) {
    let words = use_words();
    let session = props.session.clone();
    use_effect_with((words, ready), move |(words, _)| {
        session.with(|session| session.with_editor(|editor| editor.set_texts(words)));
    });
    let session = props.session.clone();
    use_effect_with((props.source, ready), move |(source, _)| {
        session.with(|session| session.with_editor(|editor| editor.set_source_mode(*source)));
    });
}

#[cfg(test)]
mod tests {
    use crate::drafts::language_of;

    #[test]
    fn the_language_of_the_text_is_its_own() {
        assert_eq!(language_of("# 会员\n\nhello"), "zh-CN");
    }
}
