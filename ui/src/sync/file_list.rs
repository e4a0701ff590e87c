//! The files of all drafts: where each is, which stay on this computer, which go.

use std::rc::Rc;

use stoa_ipc::{
    EvictFile, EvictFiles, EvictedFiles, Failure, FileSums, FilesPlace, KeepAllFiles, KeepFile,
    ListUsedFiles, UsedFile,
};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::sentence::{titled, use_listed, use_send};
use crate::format::{grouped, size};
use crate::host::{use_app, use_host};
use crate::parts::{Button, ButtonKind, Choice, Choices, Loaded, RowOf, Rows};
use crate::save_file::use_save_file;
use crate::t;
use crate::tell::use_tell;
use crate::texts::{Words, use_words};
use crate::view::{Step, Toast, use_view};

/// More are not drawn; the largest come first.
const SHOWN: u32 = 200;

#[derive(Properties, PartialEq)]
pub(super) struct FilesProps {
    pub(super) sums: FileSums,
}

#[component]
pub(super) fn Files(props: &FilesProps) -> Html {
    let words = use_words();
    let sums = props.sums;
    html! {
        <section class="section" aria-label={t!(words, "files-title")} data-testid="files">
            <h2>{ t!(words, "files-title") }</h2>
            <p class="about">{ t!(words, "files-encrypted") }</p>
            if sums.used.n == 0 {
                <div class="empty"><p>{ t!(words, "files-none") }</p></div>
            } else {
                <KeepAll {sums} />
                <MakeRoom {sums} />
                <FileList {sums} />
            }
        </section>
    }
}

#[component]
fn KeepAll(props: &FilesProps) -> Html {
    let words = use_words();
    let keep = use_send::<KeepAllFiles>();
    let FileSums { used, kept, .. } = props.sums;
    let set = |all: bool| keep.reform(move |_: MouseEvent| KeepAllFiles { keep: all });
    let so_far = match kept.n {
        0 => t!(words, "files-keep-all-more"),
        n => t!(words, "files-kept-sum", n = n, size = size(kept.bytes)),
    };
    html! {
        <div class="setting">
            <div class="what"><strong>{ t!(words, "file-keep") }</strong><span>{ so_far }</span></div>
            <div class="buttons">
                if kept.n > 0 { <Button kind={ButtonKind::Quiet} label={t!(words, "files-keep-none")} onclick={set(false)} testid="files-keep-none" /> }
                if kept.n < used.n { <Button label={t!(words, "files-keep-all")} onclick={set(true)} testid="files-keep-all" /> }
            </div>
        </div>
    }
}

/// Takes away what the server, asked first, has whole.
#[component]
fn MakeRoom(props: &FilesProps) -> Html {
    let words = use_words();
    let can_go = props.sums.can_go;
    let busy = use_state(|| false);
    let (host, tell, view) = (use_host(), use_tell_evicting(), use_view());
    let onclick = {
        let (busy, words) = (busy.clone(), words.clone());
        Callback::from(move |_: MouseEvent| {
            let (host, tell, view) = (host.clone(), tell.clone(), view.clone());
            let (busy, words) = (busy.clone(), words.clone());
            busy.set(true);
            spawn_local(async move {
                match host.call(EvictFiles {}).await {
                    Ok(evicted) => view.dispatch(Step::Say(Toast::said(went(&words, evicted)))),
                    Err(failure) => tell.emit(failure),
                }
                busy.set(false);
            });
        })
    };
    let label = match *busy {
        true => t!(words, "files-evicting"),
        false => t!(words, "files-evict-all", size = size(can_go.bytes)),
    };
    html! {
        <div class="setting">
            <div class="what"><strong>{ t!(words, "files-evict-title") }</strong><span>{ t!(words, "files-evict-sum", n = can_go.n) }</span></div>
            <div class="buttons">
                if can_go.n > 0 { <Button {label} disabled={*busy} {onclick} testid="files-evict-all" /> }
            </div>
        </div>
    }
}

/// What went, and what turned out to have to stay.
fn went(words: &Words, evicted: EvictedFiles) -> AttrValue {
    let gone = t!(
        words,
        "files-evicted",
        n = evicted.gone.n,
        size = size(evicted.gone.bytes)
    );
    match evicted.n_stayed {
        0 => gone,
        n => AttrValue::from(format!("{gone} · {}", t!(words, "files-stayed", n = n))),
    }
}

/// Being offline is told too: nothing goes before the server was asked.
#[hook]
fn use_tell_evicting() -> Callback<Failure> {
    let (words, view, tell) = (use_words(), use_view(), use_tell());
    Callback::from(move |failure: Failure| match failure.fields.first() {
        Some(field) => {
            let why = words.get(&format!("field-{}", field.reason));
            view.dispatch(Step::Say(Toast::said(why)));
        }
        None if failure.code == stoa_ipc::ErrorCode::Offline => {
            view.dispatch(Step::Say(Toast::said(t!(words, "files-evict-offline"))));
        }
        None => tell.emit(failure),
    })
}

#[component]
fn FileList(props: &FilesProps) -> Html {
    let words = use_words();
    let place = use_state(FilesPlace::default);
    let (files, again) = use_listed(ListUsedFiles {
        place: *place,
        limit: SHOWN,
    });
    let n = number_in(&props.sums, *place);
    let is_empty = files.here().is_some_and(|files| files.is_empty());
    let show = Callback::from(move |files: Rc<Vec<UsedFile>>| html! { <FileRows {files} {n} /> });
    let choice = |value: FilesPlace| Choice {
        value,
        label: place_label(&words, &props.sums, value),
        lang: None,
    };
    let choices = PLACES.into_iter().map(choice).collect::<Vec<_>>();
    let onchoose = {
        let place = place.clone();
        Callback::from(move |chosen| place.set(chosen))
    };
    html! {
        <>
            <div class="history-tools">
                <Choices<FilesPlace> label={t!(words, "files-where")} name="files" {choices} chosen={*place} {onchoose} />
            </div>
            <Loaded<Rc<Vec<UsedFile>>> value={files} {show} onretry={again} n_bones=3 {is_empty}
                empty={html! { <div class="empty"><p>{ t!(words, "files-none-such") }</p></div> }} />
        </>
    }
}

const PLACES: [FilesPlace; 4] = [
    FilesPlace::Anywhere,
    FilesPlace::Here,
    FilesPlace::OnlyHere,
    FilesPlace::OnlyOnServer,
];

fn number_in(sums: &FileSums, place: FilesPlace) -> u64 {
    match place {
        FilesPlace::Anywhere => sums.used.n,
        FilesPlace::Here => sums.here.n,
        FilesPlace::OnlyHere => sums.only_here.n,
        FilesPlace::OnlyOnServer => sums.only_on_server.n,
    }
}

fn place_label(words: &Words, sums: &FileSums, place: FilesPlace) -> AttrValue {
    let key = match place {
        FilesPlace::Anywhere => "files-place-anywhere",
        FilesPlace::Here => "files-place-here",
        FilesPlace::OnlyHere => "files-place-only-here",
        FilesPlace::OnlyOnServer => "files-place-only-on-server",
    };
    words.with(key, &[("n", grouped(number_in(sums, place)).into())])
}

#[derive(Properties, PartialEq)]
struct FileRowsProps {
    files: Rc<Vec<UsedFile>>,
    /// How many there are, shown or not.
    n: u64,
}

#[component]
fn FileRows(props: &FileRowsProps) -> Html {
    let words = use_words();
    let view = use_view();
    let evict = use_evict();
    let row = |file: &UsedFile| {
        let about = format!("{} · {}", size(file.size), of_drafts(&words, file));
        RowOf {
            key: AttrValue::from(file.b3.to_string()),
            label: AttrValue::from(format!(
                "{} · {about} · {}",
                file.name,
                where_is(&words, file)
            )),
            class: "change",
            content: html! { <FileRow file={file.clone()} about={AttrValue::from(about)} onevict={evict.clone()} /> },
        }
    };
    let rows: Vec<RowOf> = props.files.iter().map(row).collect();
    let n_shown = rows.len() as u64;
    let onkey = {
        let (files, evict) = (props.files.clone(), evict.clone());
        Callback::from(move |(at, key): (usize, String)| {
            let Some(file) = files.get(at) else {
                return;
            };
            match key.as_str() {
                "Enter" => view.dispatch(Step::Open(file.draft)),
                "Delete" if file.can_go => evict.emit(file.clone()),
                _ => {}
            }
        })
    };
    html! {
        <>
            <p class="unseen" role="status">{ t!(words, "files-shown", n = n_shown) }</p>
            <Rows label={t!(words, "files-title")} {rows} {onkey} testid="file-row" />
            if n_shown < props.n {
                <p class="about">{ t!(words, "files-first-of", shown = n_shown, n = grouped(props.n)) }</p>
            }
        </>
    }
}

/// Where the contents are.
fn where_is(words: &Words, file: &UsedFile) -> AttrValue {
    match (file.is_here, file.is_on_server) {
        (true, true) => t!(words, "file-both"),
        (true, false) => t!(words, "file-only-here"),
        (false, true) => t!(words, "file-only-on-server"),
        (false, false) => t!(words, "file-nowhere"),
    }
}

fn of_drafts(words: &Words, file: &UsedFile) -> AttrValue {
    let title = titled(words, &file.title);
    match file.n_drafts {
        0 | 1 => t!(words, "file-of", title = title.as_str()),
        n => t!(words, "file-of-more", title = title.as_str(), n = n - 1),
    }
}

#[derive(Properties, PartialEq)]
struct FileRowProps {
    file: UsedFile,
    about: AttrValue,
    onevict: Callback<UsedFile>,
}

#[component]
fn FileRow(props: &FileRowProps) -> Html {
    let words = use_words();
    let view = use_view();
    let can_write = use_app().is_open();
    let keep = use_send::<KeepFile>();
    let file = &props.file;
    let (b3, draft, is_kept) = (file.b3, file.draft, file.is_kept);
    let open = Callback::from(move |_: MouseEvent| view.dispatch(Step::Open(draft)));
    let (icon, label) = match is_kept {
        true => ("laptop", t!(words, "file-let-go")),
        false => ("download", t!(words, "file-keep")),
    };
    let is_lost = !file.is_here && !file.is_on_server;
    let chip = match file.is_on_server {
        true => "chip",
        false => "chip warn",
    };
    let going = file.clone();
    let save = use_save_file().filter(|_| !is_lost);
    html! {
        <>
            <p class="sentence">{ file.name.clone() }</p>
            <p class="about">
                <span>{ props.about.clone() }</span>
                <span class={chip} title={is_lost.then(|| t!(words, "file-nowhere-more"))}>{ where_is(&words, file) }</span>
                if is_kept { <span class="chip">{ t!(words, "file-kept") }</span> }
            </p>
            <div class="buttons">
                <Button kind={ButtonKind::Quiet} label={t!(words, "change-open")} onclick={open} testid="file-open" />
                if let Some(save) = save {
                    <Button kind={ButtonKind::Quiet} icon="file-down" icon_only=true label={t!(words, "file-save")}
                        onclick={save.reform(move |_: MouseEvent| b3)} testid="file-save" />
                }
                if can_write {
                    <Button kind={ButtonKind::Quiet} {icon} icon_only=true {label} pressed={Some(is_kept)}
                        onclick={keep.reform(move |_: MouseEvent| KeepFile { b3, keep: !is_kept })} testid="file-keep" />
                    if file.can_go {
                        <Button kind={ButtonKind::Quiet} icon="trash-2" icon_only=true label={t!(words, "file-evict")}
                            onclick={props.onevict.reform(move |_: MouseEvent| going.clone())} testid="file-evict" />
                    }
                }
            </div>
        </>
    }
}

/// Takes one file off this computer, after the server was asked.
#[hook]
fn use_evict() -> Callback<UsedFile> {
    let words = use_words();
    let (host, tell, view) = (use_host(), use_tell_evicting(), use_view().dispatcher());
    Callback::from(move |file: UsedFile| {
        let (host, tell, view, words) = (host.clone(), tell.clone(), view.clone(), words.clone());
        spawn_local(async move {
            match host.call(EvictFile { b3: file.b3 }).await {
                Ok(()) => view.dispatch(Step::Say(Toast::said(t!(words, "file-evicted")))),
                Err(failure) => tell.emit(failure),
            }
        });
    })
}

#[cfg(test)]
mod tests {
    use stoa_domain::{BlobHash, DraftId, MediaType};
    use stoa_ipc::FileSum;

    use super::*;
    use crate::testing::drawn;

    fn file(is_here: bool, is_on_server: bool) -> UsedFile {
        UsedFile {
            b3: BlobHash::from_bytes([u8::from(is_here) * 2 + u8::from(is_on_server); 32]),
            name: "讲义.pdf".to_owned(),
            media_type: MediaType::Bytes,
            size: 4_200_000,
            draft: DraftId::from_bytes([1; 16]),
            title: "第一课".to_owned(),
            n_drafts: 1,
            is_here,
            is_on_server,
            is_kept: false,
            can_go: is_here && is_on_server,
        }
    }

    #[test]
    fn each_file_says_where_it_is_and_only_one_the_server_keeps_can_go() {
        let rows = || {
            let all = [(true, true), (true, false), (false, true), (false, false)];
            let files = all.map(|(here, server)| file(here, server)).to_vec();
            html! { <FileRows files={Rc::new(files)} n=9 /> }
        };
        for language in ["en", "zh-CN"] {
            let words = Words::new(language);
            let markup = drawn(language, rows);
            for key in [
                "file-both",
                "file-only-here",
                "file-only-on-server",
                "file-nowhere",
            ] {
                assert!(markup.contains(words.get(key).as_str()), "{key}: {markup}");
            }
            assert_eq!(
                markup.matches("data-testid=\"file-evict\"").count(),
                1,
                "{markup}"
            );
            assert_eq!(
                markup.matches("data-testid=\"file-keep\"").count(),
                4,
                "{markup}"
            );
            assert!(markup.contains('9'), "how many are not shown: {markup}");
        }
    }

    #[test]
    fn the_whole_can_be_kept_or_let_go_and_an_empty_profile_says_so() {
        let some = || {
            let sum = |n: u64| FileSum {
                n,
                bytes: n * 1_000_000,
            };
            let sums = FileSums {
                used: sum(9),
                here: sum(5),
                kept: sum(2),
                can_go: sum(3),
                ..FileSums::default()
            };
            html! { <Files {sums} /> }
        };
        let markup = drawn("en", some);
        for part in [
            "files-keep-all",
            "files-keep-none",
            "files-evict-all",
            "3 MB",
            "2 MB",
        ] {
            assert!(markup.contains(part), "{part}: {markup}");
        }
        let none = || html! { <Files sums={FileSums::default()} /> };
        let markup = drawn("zh-CN", none);
        assert!(
            markup.contains("还没有草稿用到附件") && !markup.contains("files-evict-all"),
            "{markup}"
        );
    }

    #[test]
    fn what_had_to_stay_is_said_with_what_went() {
        let words = Words::new("en");
        let gone = FileSum {
            n: 2,
            bytes: 5_000_000,
        };
        let all = went(&words, EvictedFiles { gone, n_stayed: 0 });
        assert!(all.contains("2 files") && all.contains("5 MB"), "{all}");
        let some = went(&words, EvictedFiles { gone, n_stayed: 1 });
        assert!(some.contains("sent again"), "{some}");
    }
}
