//! A draft as one reader after the other will see it.

use std::rc::Rc;

use stoa_domain::{DraftId, TierKey};
use stoa_ipc::{
    CopyDraft, CopyForm, DraftCopy, DraftPreview, LivePreview, PreviewDraft, PreviewReader,
};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::copy::to_clipboard;
use super::page::drawn;
use super::path::{Path, PathChoices};
use crate::host::use_host;
use crate::parts::{Button, ButtonKind, Choice, Choices, Dialog, Icon, Loaded, Picture, Remote};
use crate::t;
use crate::texts::{Words, use_words};
use crate::view::{Step, Toast, use_view};
use crate::zone::use_zone;

#[derive(Properties, PartialEq)]
pub(crate) struct PreviewDialogProps {
    pub(crate) id: DraftId,
    pub(crate) onclose: Callback<()>,
}

#[component]
pub(crate) fn PreviewDialog(props: &PreviewDialogProps) -> Html {
    let words = use_words();
    let chosen = use_state_eq(|| 0);
    let is_narrow = use_state_eq(|| false);
    let readers = readers(&words);
    let path = use_state_eq(Path::default);
    let (found, last, ask) = use_preview(PreviewDraft {
        id: props.id,
        reader: readers[*chosen].0.clone(),
        joined_days_ago: path.joined_days_ago,
        has_finished: path.has_finished,
    });
    let choices = readers
        .into_iter()
        .enumerate()
        .map(|(value, (_, label))| Choice {
            value,
            label,
            lang: None,
        })
        .collect::<Vec<_>>();
    let narrow = *is_narrow;
    let show = Callback::from(move |preview: Rc<DraftPreview>| {
        html! { <Shown {preview} is_narrow={narrow} /> }
    });
    let onchoose = {
        let chosen = chosen.setter();
        Callback::from(move |reader: usize| chosen.set(reader))
    };
    let onpath = {
        let path = path.setter();
        Callback::from(move |come: Path| path.set(come))
    };
    let onwidth = {
        let is_narrow = is_narrow.setter();
        Callback::from(move |width: Width| is_narrow.set(width == Width::Phone))
    };
    let width = match narrow {
        true => Width::Phone,
        false => Width::Page,
    };
    html! {
        <Dialog title={t!(words, "preview")} wide=true onclose={props.onclose.clone()} testid="preview">
            <div class="preview-bar">
                <Choices<usize> label={t!(words, "preview-as")} name="reader" {choices} chosen={*chosen} {onchoose} />
                <PathChoices {last} path={*path} onchange={onpath} />
                <Choices<Width> label={t!(words, "preview-width")} name="width" choices={widths(&words)} chosen={width} onchoose={onwidth} />
                <CopyButtons id={props.id} />
            </div>
            <Loaded<Rc<DraftPreview>> value={found} {show} onretry={ask} n_bones=6 />
        </Dialog>
    }
}

/// How wide the page of a reader is.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Width {
    Page,
    Phone,
}

fn widths(words: &Words) -> Vec<Choice<Width>> {
    let choice = |value, label| Choice {
        value,
        label,
        lang: None,
    };
    vec![
        choice(Width::Page, t!(words, "preview-page")),
        choice(Width::Phone, t!(words, "preview-phone")),
    ]
}

/// Who may read, the least first, and what they are called.
fn readers(words: &Words) -> Vec<(PreviewReader, AttrValue)> {
    let tiers = TierKey::PRESETS.iter().filter_map(|key| {
        let tier = TierKey::parse(key).ok()?;
        Some((
            PreviewReader::Tier { tier },
            words.get(&format!("tier-{key}")),
        ))
    });
    let mut readers = vec![
        (PreviewReader::Anybody, t!(words, "reader-anybody")),
        (PreviewReader::Registered, t!(words, "reader-registered")),
    ];
    readers.extend(tiers);
    readers.push((PreviewReader::Buyer, t!(words, "reader-buyer")));
    readers
}

/// What one reader sees, asked again for another, and what was seen last, by whomever; an answer
/// that was overtaken is not shown.
#[hook]
fn use_preview(
    request: PreviewDraft,
) -> (
    Remote<Rc<DraftPreview>>,
    Option<Rc<DraftPreview>>,
    Callback<()>,
) {
    let host = use_host();
    let found = use_state(|| (None, Remote::<Rc<DraftPreview>>::Coming));
    let ask = {
        let (setter, request) = (found.setter(), request.clone());
        Callback::from(move |()| {
            let (host, setter, request) = (host.clone(), setter.clone(), request.clone());
            spawn_local(async move {
                let answer = host.call(request.clone()).await;
                setter.set((Some(request), answer.map(Rc::new).into()));
            });
        })
    };
    {
        let ask = ask.clone();
        use_effect_with(request.clone(), move |_| ask.emit(()));
    }
    let (of, value) = &*found;
    let last = value.here().cloned();
    let value = match of.as_ref() == Some(&request) {
        true => value.clone(),
        false => Remote::Coming,
    };
    (value, last, ask)
}

#[derive(Properties, PartialEq)]
struct ShownProps {
    preview: Rc<DraftPreview>,
    is_narrow: bool,
}

#[component]
fn Shown(props: &ShownProps) -> Html {
    let words = use_words();
    let preview = &props.preview;
    let title = match preview.title.as_str() {
        "" => t!(words, "untitled"),
        title => title.to_owned().into(),
    };
    let zone = use_zone();
    let wall = match (&preview.opens_after, preview.opens_at) {
        (Some(title), _) => t!(words, "preview-after", title = title.clone()),
        (None, Some(at)) => t!(words, "preview-opens", when = zone.moment(words.tag(), at)),
        (None, None) => t!(words, "preview-wall"),
    };
    let class = classes!("post", props.is_narrow.then_some("narrow"));
    html! {
        <article {class} data-testid="preview-page" tabindex="0" aria-label={title.clone()}>
            if let Some(cover) = &preview.cover {
                <div class="post-cover"><Picture b3={cover.clone()} alt="" /></div>
            }
            <h2 class="post-title">{ title }</h2>
            if let Some(live) = &preview.live { <Session live={live.clone()} /> }
            if !preview.is_open && preview.parts.is_empty() {
                <p class="post-teaser">{ preview.teaser.clone() }</p>
            }
            if preview.is_plain {
                <p class="quiet">{ t!(words, "preview-plain") }</p>
                <pre class="post-plain">{ drawn(&preview.parts, &words) }</pre>
            } else {
                <div class="post-text">{ drawn(&preview.parts, &words) }</div>
            }
            if !preview.is_open {
                <aside class="post-wall" data-testid="preview-wall"><Icon name="lock" />{ wall }</aside>
            }
        </article>
    }
}

#[derive(Properties, PartialEq)]
struct SessionProps {
    live: LivePreview,
}

/// When a live session is, and what of it the reader is given.
#[component]
fn Session(props: &SessionProps) -> Html {
    let words = use_words();
    let zone = use_zone();
    let live = &props.live;
    let when = t!(
        words,
        "preview-live",
        from = zone.moment(words.tag(), live.starts_at),
        until = zone.moment(words.tag(), live.ends_at)
    );
    html! {
        <div class="post-session" data-testid="preview-live">
            <p><strong>{ when }</strong></p>
            if let Some(link) = &live.join_link {
                <p class="post-join">{ t!(words, "preview-live-join") }<span>{ link.clone() }</span></p>
            }
            if live.has_recording {
                <div class="post-away">{ t!(words, "preview-live-recording") }</div>
            }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct CopyButtonsProps {
    id: DraftId,
}

/// Copies for elsewhere. They are fetched beforehand: a clipboard is open only while a click is
/// handled.
#[component]
fn CopyButtons(props: &CopyButtonsProps) -> Html {
    let words = use_words();
    let host = use_host();
    let view = use_view().dispatcher();
    let ready = use_state(|| None::<Rc<[DraftCopy; 2]>>);
    {
        let (setter, id) = (ready.setter(), props.id);
        let references = t!(words, "copy-references").to_string();
        use_effect_with(id, move |_| {
            spawn_local(async move {
                let copy = |form| CopyDraft {
                    id,
                    form,
                    references: references.clone(),
                };
                let wechat = host.call(copy(CopyForm::WeChat)).await;
                let page = host.call(copy(CopyForm::Page)).await;
                // Without them there is nothing to copy, and the buttons stay as they are.
                if let (Ok(wechat), Ok(page)) = (wechat, page) {
                    setter.set(Some(Rc::new([wechat, page])));
                }
            });
        });
    }
    let button = |which: usize, label: AttrValue, testid: &'static str| {
        let is_coming = ready.is_none();
        let (ready, view, words) = (ready.clone(), view.clone(), words.clone());
        let onclick = Callback::from(move |_: MouseEvent| {
            let Some(copy) = ready.as_deref().map(|both| &both[which]) else {
                return;
            };
            let said = match (to_clipboard(&copy.html, &copy.plain), copy.n_files) {
                (false, _) => t!(words, "copy-refused"),
                (true, 0) => t!(words, "copy-done"),
                (true, n) => t!(words, "copy-done-without", n = n),
            };
            view.dispatch(Step::Say(Toast::said(said)));
        });
        html! { <Button kind={ButtonKind::Quiet} icon="copy" {label} {onclick} disabled={is_coming} {testid} /> }
    };
    html! {
        <div class="buttons">
            { button(0, t!(words, "copy-wechat"), "copy-wechat") }
            { button(1, t!(words, "copy-page"), "copy-page") }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use stoa_domain::Timestamp;
    use stoa_ipc::PagePart;

    use super::*;
    use crate::testing::drawn;

    fn preview(is_open: bool, parts: Vec<PagePart>) -> DraftPreview {
        DraftPreview {
            title: "会员定价".to_owned(),
            teaser: "先说结论".to_owned(),
            cover: None,
            is_open,
            opens_at: None,
            opens_after_days: None,
            opens_after: None,
            asks_for: None,
            is_plain: false,
            live: None,
            parts,
        }
    }

    fn shown(is_open: bool, parts: Vec<PagePart>) -> Html {
        let preview = Rc::new(preview(is_open, parts));
        html! { <Shown {preview} is_narrow=false /> }
    }

    #[test]
    fn a_lesson_that_waits_says_for_what() {
        let until = || {
            waiting(DraftPreview {
                opens_at: Some(Timestamp::from_millis(99)),
                ..preview(false, beginning())
            })
        };
        let after = || {
            waiting(DraftPreview {
                opens_after: Some("序言".to_owned()),
                ..preview(false, beginning())
            })
        };
        for language in ["zh-CN", "en"] {
            let markup = drawn(language, until);
            assert!(markup.contains("99"), "{markup}");
            let markup = drawn(language, after);
            assert!(markup.contains("序言"), "{markup}");
        }
    }

    fn waiting(preview: DraftPreview) -> Html {
        let preview = Rc::new(preview);
        html! { <Shown {preview} is_narrow=false /> }
    }

    fn beginning() -> Vec<PagePart> {
        vec![PagePart::Text("免费的部分".to_owned())]
    }

    #[test]
    fn who_may_not_read_all_sees_where_it_ends() {
        for language in ["zh-CN", "en"] {
            let markup = drawn(language, || shown(false, beginning()));
            for part in ["会员定价", "免费的部分", "preview-wall"] {
                assert!(markup.contains(part), "{part}: {markup}");
            }
            let markup = drawn(language, || shown(false, Vec::new()));
            assert!(markup.contains("先说结论"), "{markup}");
            assert!(!drawn(language, || shown(true, beginning())).contains("preview-wall"));
        }
    }

    fn session(join_link: Option<&str>, has_recording: bool) -> Html {
        let live = LivePreview {
            starts_at: Timestamp::from_millis(77),
            ends_at: Timestamp::from_millis(88),
            join_link: join_link.map(str::to_owned),
            has_recording,
        };
        html! { <Session {live} /> }
    }

    #[test]
    fn a_live_session_says_when_and_the_rest_to_whom_it_is_open() {
        for language in ["zh-CN", "en"] {
            let open = drawn(language, || session(Some("https://meet.example/1"), false));
            for part in ["77", "88", "https://meet.example/1"] {
                assert!(open.contains(part), "{part}: {open}");
            }
            // It is shown, not followed.
            assert!(!open.contains("href"), "{open}");
            let closed = drawn(language, || session(None, false));
            assert!(
                !closed.contains("post-join") && !closed.contains("post-away"),
                "{closed}"
            );
            assert!(drawn(language, || session(None, true)).contains("post-away"));
        }
    }
}
