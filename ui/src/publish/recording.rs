//! What is left of a live session: one of the draft's recordings, or one that is added for it.

use std::cell::Cell;
use std::rc::Rc;

use stoa_domain::{DraftId, RecordingLink};
use stoa_ipc::{AddedRecording, ListRecordings, StopAdding};
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::editor::send_recording;
use crate::format::{duration, size};
use crate::host::{Host, use_host};
use crate::parts::Button;
use crate::t;
use crate::tell::use_tell;
use crate::texts::{Words, use_words};

/// What neither the editor's own files nor the cover count up to.
const UPLOAD: u32 = u32::MAX - 1;

#[derive(Properties, PartialEq)]
pub(super) struct RecordingFieldProps {
    pub(super) draft: DraftId,
    pub(super) chosen: RecordingLink,
    pub(super) onchoose: Callback<RecordingLink>,
}

#[component]
pub(super) fn RecordingField(props: &RecordingFieldProps) -> Html {
    let words = use_words();
    let known = use_state_eq(|| None::<Vec<AddedRecording>>);
    use_known(props.draft, &known);
    // From 0 to 100 while one comes in.
    let percent = use_state_eq(|| None::<u64>);
    let (onchange, onstop) = use_adding(props, &known, &percent);
    let input = use_node_ref();
    let press = {
        let input = input.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(input) = input.cast::<HtmlInputElement>() {
                input.click();
            }
        })
    };
    let is_chosen = |one: &&AddedRecording| link_of(one) == props.chosen;
    let list = known.as_deref().unwrap_or_default();
    // Until it is known what there is, nothing is said to be gone.
    let is_gone =
        !props.chosen.is_empty() && known.is_some() && !list.iter().any(|one| is_chosen(&one));
    html! {
        <div class="field">
            <span class="field-name">{ t!(words, "publish-recording") }</span>
            <div class="sources" role="radiogroup" aria-label={t!(words, "publish-recording")} data-testid="publish-recording">
                { choice(props, RecordingLink::default(), "recording-none".to_owned(), html! { t!(words, "publish-recording-none") }) }
                { for list.iter().map(|one| choice(props, link_of(one), format!("recording-{}", one.file.id), about(&words, one))) }
                if is_gone {
                    { choice(props, props.chosen.clone(), "recording-gone".to_owned(), html! { t!(words, "publish-recording-gone") }) }
                }
            </div>
            <div class="buttons">
                <input ref={input} type="file" hidden=true accept="audio/*,video/*,.mkv,.mka" data-testid="choose-recording" {onchange} />
                <Button label={t!(words, "publish-recording-add")} icon="plus" onclick={press} disabled={percent.is_some()} testid="recording-add" />
                if let Some(percent) = *percent {
                    <progress max="100" value={percent.to_string()} aria-label={t!(words, "publish-recording-adding")} />
                    <Button label={t!(words, "adding-stop")} onclick={onstop} testid="recording-stop" />
                }
            </div>
            <p class="hint">{ t!(words, "publish-recording-hint") }</p>
        </div>
    }
}

fn link_of(one: &AddedRecording) -> RecordingLink {
    RecordingLink::parse(&one.address).unwrap_or_default()
}

fn choice(props: &RecordingFieldProps, value: RecordingLink, testid: String, shown: Html) -> Html {
    let onchoose = props.onchoose.clone();
    let checked = value == props.chosen;
    html! {
        <label class="check" key={testid.clone()}>
            <input type="radio" name="recording" {checked} data-testid={testid} onchange={move |_| onchoose.emit(value.clone())} />
            { shown }
        </label>
    }
}

/// Its name, how long it is and how large.
fn about(words: &Words, one: &AddedRecording) -> Html {
    let recording = link_of(one).address().and_then(|address| address.recording);
    let millis = recording.and_then(|recording| recording.millis);
    let bytes = size(one.file.size);
    html! {
        <>
            <span class="source-name">{ one.file.name.clone() }</span>
            <span class="source-about">
                if let Some(millis) = millis { { duration(millis) }{ " · " } }
                { bytes }
                if !one.plays_everywhere { { " · " }{ t!(words, "publish-recording-not-everywhere") } }
            </span>
        </>
    }
}

#[hook]
fn use_known(draft: DraftId, known: &UseStateHandle<Option<Vec<AddedRecording>>>) {
    let (host, setter) = (use_host(), known.setter());
    use_effect_with(draft, move |draft| {
        let request = ListRecordings { draft: *draft };
        spawn_local(async move {
            // Without an answer none is offered; one can still be added.
            if let Ok(list) = host.call(request).await {
                setter.set(Some(list));
            }
        });
    });
}

/// Adds the recording that was chosen in the system's dialog, and chooses it; and what stops that.
#[hook]
fn use_adding(
    props: &RecordingFieldProps,
    known: &UseStateHandle<Option<Vec<AddedRecording>>>,
    percent: &UseStateHandle<Option<u64>>,
) -> (Callback<Event>, Callback<MouseEvent>) {
    let (host, tell) = (use_host(), use_tell());
    let is_wanted = use_memo((), |()| Cell::new(false));
    let stop = use_stop(&host, props.draft, &is_wanted);
    let (draft, onchoose) = (props.draft, props.onchoose.clone());
    let (known, percent) = (known.clone(), percent.clone());
    let add = Callback::from(move |event: Event| {
        let input: HtmlInputElement = event.target_unchecked_into();
        let file = input.files().and_then(|files| files.get(0));
        // The same file can be chosen again.
        input.set_value("");
        let Some(file) = file else { return };
        let (host, tell, onchoose) = (host.clone(), tell.clone(), onchoose.clone());
        let (known, percent, is_wanted) = (known.clone(), percent.clone(), is_wanted.clone());
        is_wanted.set(true);
        spawn_local(async move {
            let goes_on = |done: u64, total: u64| {
                percent.set(Some((done * 100).checked_div(total).unwrap_or(0)));
                is_wanted.get()
            };
            let sent = send_recording(&host, (draft, UPLOAD), &file, goes_on).await;
            match sent {
                Ok(added) => {
                    let mut all = (*known).clone().unwrap_or_default();
                    all.retain(|one| one.file.b3 != added.file.b3);
                    onchoose.emit(link_of(&added));
                    all.push(added);
                    known.set(Some(all));
                }
                Err(failure) if is_wanted.get() => tell.emit(failure),
                // Whoever stopped it knows.
                Err(_) => {}
            }
            is_wanted.set(false);
            percent.set(None);
        });
    });
    (add, stop.reform(|_| ()))
}

/// Stops what comes in: when somebody says so, and when the field goes away.
#[hook]
fn use_stop(host: &Host, draft: DraftId, is_wanted: &Rc<Cell<bool>>) -> Callback<()> {
    let (host, is_wanted) = (host.clone(), is_wanted.clone());
    let stop = Callback::from(move |()| {
        if is_wanted.replace(false) {
            let host = host.clone();
            spawn_local(async move {
                let upload = UPLOAD;
                // What was through before belongs to the draft, and can be taken out there.
                let _ = host.call(StopAdding { draft, upload }).await;
            });
        }
    });
    {
        let stop = stop.clone();
        use_effect_with((), move |()| move || stop.emit(()));
    }
    stop
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{self, drawn};

    #[test]
    fn without_recordings_there_is_none_and_one_can_be_added() {
        let markup = drawn("zh-CN", || {
            html! { <RecordingField draft={testing::draft("直播").id} chosen={RecordingLink::default()} onchoose={Callback::noop()} /> }
        });
        assert!(
            markup.contains("recording-none") && markup.contains("checked"),
            "{markup}"
        );
        assert!(markup.contains("recording-add"), "{markup}");
        assert!(!markup.contains("recording-gone"), "{markup}");
    }

    #[test]
    fn a_recording_says_its_name_how_long_and_how_large_it_is() {
        fn row() -> Html {
            let address = format!("attachment:{}#video/mp4;ms=5025000", "0a".repeat(32));
            let file = stoa_ipc::AttachedFile {
                id: stoa_domain::AttachmentId::from_bytes([1; 16]),
                draft: testing::draft("直播").id,
                b3: "0a".repeat(32).parse().unwrap(),
                name: "回放.mp4".to_owned(),
                media_type: stoa_domain::MediaType::Bytes,
                size: 1_500_000,
                width: None,
                height: None,
                is_here: true,
                is_on_server: false,
                is_kept: false,
            };
            let one = AddedRecording {
                file,
                address,
                plays_everywhere: false,
            };
            about(&Words::new("en"), &one)
        }
        let markup = drawn("en", row);
        for part in ["回放.mp4", "1:23:45", "1.5 MB", "·"] {
            assert!(markup.contains(part), "{part}: {markup}");
        }
    }
}
