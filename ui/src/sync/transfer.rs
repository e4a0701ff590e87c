//! Files on their way: how far they are, what keeps them, and how fast they may go.

use std::fmt;

use stoa_domain::Timestamp;
use stoa_ipc::{
    Connection, Event, FilesStatus, FilesTrouble, GetFiles, LimitFiles, PauseFiles, RetryFiles,
    StuckFile,
};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::sentence::{titled, use_send};
use crate::format::size;
use crate::host::{use_events, use_host, use_standing};
use crate::parts::{Button, ButtonKind, Choice, Choices};
use crate::t;
use crate::texts::{Words, use_words};
use crate::view::{Step, use_view};

/// A screen reader is told of progress no more often than this.
const SPEAK_EVERY_MILLIS: i64 = 10_000;
/// The limits offered, in bytes a second; 0 is none.
const CAPS: [u64; 4] = [0, 250_000, 1_000_000, 5_000_000];

/// How files travel, kept up to date.
#[hook]
fn use_transfer() -> Option<FilesStatus> {
    let host = use_host();
    let status = use_state(|| None);
    {
        let status = status.clone();
        use_effect_with((), move |()| {
            spawn_local(async move {
                // What fails here is told by what is asked for beside it.
                if let Ok(now) = host.call(GetFiles {}).await {
                    status.set(Some(now));
                }
            });
        });
    }
    {
        let status = status.clone();
        use_events(Callback::from(move |event: Event| {
            if let Event::Transfer(now) = event {
                status.set(Some(now));
            }
        }));
    }
    (*status).clone()
}

#[component]
pub(super) fn Transfer() -> Html {
    match use_transfer() {
        Some(status) => html! { <TransferCard {status} /> },
        None => Html::default(),
    }
}

#[derive(Properties, PartialEq)]
struct TransferCardProps {
    status: FilesStatus,
}

#[component]
fn TransferCard(props: &TransferCardProps) -> Html {
    let words = use_words();
    let status = &props.status;
    let connection = use_standing().connection;
    if matches!(connection, Connection::LocalOnly | Connection::Demo) {
        return html! { <p class="about" data-testid="files-only-local">{ t!(words, "files-only-local") }</p> };
    }
    let is_sync_paused = connection == Connection::Paused;
    let why = why(status);
    let said = said(&words, status, is_sync_paused);
    let spoken = use_spoken(&words, status, &said);
    html! {
        <section class="transfer" aria-label={t!(words, "files-transfer")} data-testid="files-transfer">
            <div class="setting">
                <div class="what"><strong>{ t!(words, "files-transfer") }</strong><span data-testid="files-said">{ said }</span></div>
                <div class="buttons">
                    if !is_sync_paused {
                        if why.is_some() { <FilesRemedy {why} /> }
                        if !status.is_paused { <PauseButton /> }
                    }
                </div>
                if status.n_total > 0 {
                    <progress max={status.n_total.to_string()} value={status.n_done.to_string()} aria-label={t!(words, "files-transfer")} data-testid="files-progress"></progress>
                }
            </div>
            <p class="unseen" role="status">{ spoken }</p>
            if !status.stuck.is_empty() { <Stuck files={status.stuck.clone()} /> }
            <Cap bytes_per_second={status.bytes_per_second.unwrap_or(0)} />
        </section>
    }
}

/// What keeps files, if anything does.
fn why(status: &FilesStatus) -> Option<FilesTrouble> {
    if status.is_paused {
        return Some(FilesTrouble::Paused);
    }
    status.trouble
}

/// How it stands, in a sentence.
fn said(words: &Words, status: &FilesStatus, is_sync_paused: bool) -> AttrValue {
    if is_sync_paused {
        return t!(words, "files-sync-paused");
    }
    if status.is_paused {
        return t!(words, "files-paused");
    }
    if status.n_total > 0 {
        let (done, total) = (size(status.n_done), size(status.n_total));
        return match status.seconds_left {
            Some(seconds) => t!(
                words,
                "files-travelling-left",
                done = done,
                total = total,
                left = left(words, seconds).as_str()
            ),
            None => t!(words, "files-travelling", done = done, total = total),
        };
    }
    if let Some(trouble) = status.trouble {
        return words.get(&format!("files-{}", trouble.as_str()));
    }
    match (status.to_send, status.to_fetch) {
        (0, 0) => t!(words, "files-all-done"),
        (send, 0) => t!(words, "files-waiting-send", send = size(send)),
        (0, fetch) => t!(words, "files-waiting-fetch", fetch = size(fetch)),
        (send, fetch) => t!(
            words,
            "files-waiting-both",
            send = size(send),
            fetch = size(fetch)
        ),
    }
}

/// How long it still takes; never more exact than it can be known.
fn left(words: &Words, seconds: u64) -> AttrValue {
    match seconds {
        0..60 => t!(
            words,
            "seconds-left",
            n = seconds.max(1).next_multiple_of(5)
        ),
        60..3_600 => t!(words, "minutes-left", n = seconds.div_ceil(60)),
        _ => t!(words, "hours-left", n = seconds.div_ceil(3_600)),
    }
}

/// What a screen reader was told last.
#[derive(Debug, Clone, Default, PartialEq)]
struct Spoken {
    at: Timestamp,
    is_travelling: bool,
    text: AttrValue,
}

impl Spoken {
    /// Progress is told now and then, everything else at once.
    fn then(&self, now: Timestamp, is_travelling: bool, text: AttrValue) -> Self {
        let is_too_soon =
            is_travelling && self.is_travelling && now.millis_since(self.at) < SPEAK_EVERY_MILLIS;
        match is_too_soon || (text == self.text && is_travelling == self.is_travelling) {
            true => self.clone(),
            false => Self {
                at: now,
                is_travelling,
                text,
            },
        }
    }
}

#[hook]
fn use_spoken(words: &Words, status: &FilesStatus, said: &AttrValue) -> AttrValue {
    let last = use_mut_ref(Spoken::default);
    let is_travelling = status.n_total > 0 && !status.is_paused;
    let text = match is_travelling {
        true => progress_in_words(words, status),
        false => said.clone(),
    };
    let next = last
        .borrow()
        .then(crate::format::now(), is_travelling, text);
    last.replace(next.clone());
    next.text
}

fn progress_in_words(words: &Words, status: &FilesStatus) -> AttrValue {
    let percent = status.n_done * 100 / status.n_total.max(1);
    match status.seconds_left {
        Some(seconds) => t!(
            words,
            "files-spoken-left",
            percent = percent,
            left = left(words, seconds).as_str()
        ),
        None => t!(words, "files-spoken", percent = percent),
    }
}

#[component]
fn PauseButton() -> Html {
    let words = use_words();
    let pause = use_send::<PauseFiles>();
    let onclick = pause.reform(|_: MouseEvent| PauseFiles { paused: true });
    html! { <Button kind={ButtonKind::Quiet} icon="pause" label={t!(words, "files-pause")} {onclick} testid="files-pause" /> }
}

#[derive(Properties, PartialEq)]
pub(super) struct FilesRemedyProps {
    pub(super) why: Option<FilesTrouble>,
}

/// The one thing to do about files that do not travel.
#[component]
pub(super) fn FilesRemedy(props: &FilesRemedyProps) -> Html {
    let words = use_words();
    let (pause, retry) = (use_send::<PauseFiles>(), use_send::<RetryFiles>());
    match props.why {
        Some(FilesTrouble::Paused) => html! {
            <Button kind={ButtonKind::Main} icon="play" label={t!(words, "files-resume")}
                onclick={pause.reform(|_: MouseEvent| PauseFiles { paused: false })} testid="files-resume" />
        },
        _ => html! {
            <Button icon="refresh-cw" label={t!(words, "files-retry")}
                onclick={retry.reform(|_: MouseEvent| RetryFiles {})} testid="files-retry" />
        },
    }
}

#[derive(Properties, PartialEq)]
struct StuckProps {
    files: Vec<StuckFile>,
}

/// Which files do not travel, and why.
#[component]
fn Stuck(props: &StuckProps) -> Html {
    let words = use_words();
    let view = use_view();
    let row = |file: &StuckFile| {
        let (view, draft) = (view.clone(), file.draft);
        let open = Callback::from(move |_: MouseEvent| view.dispatch(Step::Open(draft)));
        let about = t!(
            words,
            "files-stuck-of",
            name = file.name.as_str(),
            size = size(file.size),
            title = titled(&words, &file.title).as_str()
        );
        html! {
            <li key={file.b3.to_string()} class="change" data-testid="file-stuck">
                <p class="sentence">{ about }</p>
                <p class="about danger">{ words.get(&format!("files-{}", file.trouble.as_str())) }</p>
                <div class="buttons"><Button kind={ButtonKind::Quiet} label={t!(words, "change-open")} onclick={open} /></div>
            </li>
        }
    };
    html! { <ul class="changes" aria-label={t!(words, "files-stuck")}>{ for props.files.iter().map(row) }</ul> }
}

/// A limit, named by its bytes in the page.
#[derive(Clone, Copy, PartialEq)]
struct BytesPerSecond(u64);

impl fmt::Debug for BytesPerSecond {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

#[derive(Properties, PartialEq)]
struct CapProps {
    /// 0 is none.
    bytes_per_second: u64,
}

#[component]
fn Cap(props: &CapProps) -> Html {
    let words = use_words();
    let limit = use_send::<LimitFiles>();
    let mut caps = CAPS.to_vec();
    // One that was set from the terminal is shown too.
    if !caps.contains(&props.bytes_per_second) {
        caps.push(props.bytes_per_second);
        caps.sort_unstable();
    }
    let choice = |cap: u64| Choice {
        value: BytesPerSecond(cap),
        label: match cap {
            0 => t!(words, "files-cap-none"),
            cap => t!(words, "files-cap-of", size = size(cap)),
        },
        lang: None,
    };
    let onchoose = limit.reform(|BytesPerSecond(cap)| LimitFiles {
        bytes_per_second: (cap > 0).then_some(cap),
    });
    html! {
        <div class="setting">
            <div class="what"><strong>{ t!(words, "files-cap") }</strong><span>{ t!(words, "files-cap-more") }</span></div>
            <Choices<BytesPerSecond> label={t!(words, "files-cap")} name="files-cap" choices={caps.into_iter().map(choice).collect::<Vec<_>>()}
                chosen={BytesPerSecond(props.bytes_per_second)} {onchoose} />
        </div>
    }
}

#[cfg(test)]
mod tests {
    use stoa_domain::{BlobHash, DraftId};
    use stoa_ipc::{AppState, Stage};

    use super::*;
    use crate::testing::{drawn, drawn_with, profile, state, status};

    fn travelling() -> FilesStatus {
        FilesStatus {
            n_done: 3_000_000,
            n_total: 12_000_000,
            seconds_left: Some(130),
            ..FilesStatus::default()
        }
    }

    fn draw(status: &FilesStatus) -> Html {
        html! { <TransferCard status={status.clone()} /> }
    }

    #[test]
    fn progress_is_determinate_with_bytes_and_time_left() {
        for (language, left) in [("en", "about 3 minutes left"), ("zh-CN", "还需约 3 分钟")] {
            let markup = drawn(language, || draw(&travelling()));
            assert!(
                markup.contains("max=\"12000000\"") && markup.contains("value=\"3000000\""),
                "{markup}"
            );
            assert!(markup.contains("3 MB") && markup.contains(left), "{markup}");
            assert!(markup.contains("25"), "the share is spoken: {markup}");
            assert!(markup.contains("files-pause"), "{markup}");
        }
    }

    #[test]
    fn paused_files_offer_to_go_on_and_show_their_limit() {
        let paused = || {
            draw(&FilesStatus {
                is_paused: true,
                bytes_per_second: Some(333_000),
                ..FilesStatus::default()
            })
        };
        let markup = drawn("en", paused);
        assert!(
            markup.contains("files-resume") && !markup.contains("files-pause\""),
            "{markup}"
        );
        assert!(markup.contains("333 KB/s"), "{markup}");
    }

    #[test]
    fn a_file_without_room_is_named_with_the_reason_and_the_one_thing_to_do() {
        let stuck = || {
            draw(&FilesStatus {
                trouble: Some(FilesTrouble::OverQuota),
                stuck: vec![StuckFile {
                    b3: BlobHash::from_bytes([1; 32]),
                    name: "讲义.pdf".to_owned(),
                    size: 42_000_000,
                    draft: DraftId::from_bytes([1; 16]),
                    title: "第一课".to_owned(),
                    trouble: FilesTrouble::OverQuota,
                    is_outgoing: true,
                }],
                ..FilesStatus::default()
            })
        };
        for language in ["en", "zh-CN"] {
            let markup = drawn(language, stuck);
            for part in [
                "讲义.pdf",
                "第一课",
                "42 MB",
                "--files-quota-gb",
                "files-retry",
            ] {
                assert!(markup.contains(part), "{part}: {markup}");
            }
        }
    }

    #[test]
    fn without_a_server_there_is_nothing_to_pause() {
        let local = AppState {
            sync: status(Connection::LocalOnly),
            ..state(Stage::Open { profile: profile() })
        };
        let markup = drawn_with("en", local, || draw(&FilesStatus::default()));
        assert!(!markup.contains("files-pause"), "{markup}");
    }

    #[test]
    fn every_reason_has_its_texts() {
        for language in ["en", "zh-CN"] {
            let words = Words::new(language);
            for why in FilesTrouble::ALL {
                for end in ["", "-short"] {
                    let key = format!("files-{}{end}", why.as_str());
                    assert!(words.has(&key), "{language} {key}");
                }
            }
        }
    }

    #[test]
    fn progress_is_spoken_now_and_then_and_everything_else_at_once() {
        let at = |seconds: i64| Timestamp::from_millis(seconds * 1_000);
        let text = AttrValue::from;
        let first = Spoken::default().then(at(100), true, text("10"));
        assert_eq!(first.text, "10");
        let soon = first.then(at(105), true, text("20"));
        assert_eq!(soon.text, "10");
        assert_eq!(soon.then(at(110), true, text("30")).text, "30");
        assert_eq!(soon.then(at(106), false, text("paused")).text, "paused");
    }

    #[test]
    fn time_left_is_no_more_exact_than_it_can_be_known() {
        let words = Words::new("en");
        let cases = [
            (1, "5 seconds"),
            (58, "60 seconds"),
            (61, "2 minutes"),
            (7_300, "3 hours"),
        ];
        for (seconds, said) in cases {
            assert!(
                left(&words, seconds).contains(said),
                "{}",
                left(&words, seconds)
            );
        }
    }
}
