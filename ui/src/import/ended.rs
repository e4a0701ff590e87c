//! What became of an import, and how to take it back.

use stoa_ipc::{DraftPlace, ImportReport, ImportScheduled, ImportStatus, UndoImport};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::ChooseButtons;
use crate::host::use_host;
use crate::parts::{Button, ButtonKind, Icon};
use crate::t;
use crate::tell::use_tell;
use crate::texts::{Words, use_words};
use crate::view::{Step, Toast, use_view};
use crate::zone::use_zone;

#[derive(Properties, PartialEq)]
pub(super) struct EndedProps {
    pub(super) status: ImportStatus,
    pub(super) onclose: Callback<()>,
}

#[component]
pub(super) fn Ended(props: &EndedProps) -> Html {
    let words = use_words();
    let report = props.status.report.clone().unwrap_or_default();
    if props.status.found.is_none() {
        return html! { <NotRead status={props.status.clone()} is_stopped={report.is_cancelled} /> };
    }
    let title = match (&report.failure, report.is_cancelled) {
        (Some(_), _) => t!(words, "import-failed-title"),
        (None, true) => t!(words, "import-cancelled"),
        (None, false) => t!(words, "import-done"),
    };
    let is_whole = report.failure.is_none() && !report.is_cancelled;
    html! {
        <div class="import-ended" data-testid="import-ended">
            <h3 role="status">{ title }</h3>
            if let Some(code) = report.failure {
                <p class="wrong" role="alert"><Icon name="circle-alert" />{ words.get(&format!("error-{}", code.as_str().replace('_', "-"))) }</p>
            }
            <ul data-testid="import-report">{ for lines(&words, &report).into_iter().map(|line| html! { <li>{ line }</li> }) }</ul>
            if report.n_scheduled > 0 {
                <Scheduled report={report.clone()} onclose={props.onclose.clone()} />
            }
            if !is_whole { <p>{ t!(words, "import-again") }</p> }
            <div class="buttons end">
                if report.can_undo { <TakeBack import={props.status.import} onclose={props.onclose.clone()} /> }
                <Button kind={ButtonKind::Main} label={t!(words, "import-close")} onclick={props.onclose.reform(|_| ())} testid="import-close" />
            </div>
        </div>
    }
}

fn lines(words: &Words, report: &ImportReport) -> Vec<AttrValue> {
    let always = std::iter::once(("import-done-new", report.n_new));
    let others = [
        ("import-done-changed", report.n_changed),
        ("import-done-unchanged", report.n_unchanged),
        ("import-done-kept", report.n_kept_here),
        ("import-done-files", report.n_files_missing),
        ("import-done-lessons", report.n_lessons),
        ("import-done-synonyms", report.n_synonyms),
        ("import-done-synonyms-left", report.n_synonyms_left),
    ];
    let others = others.into_iter().filter(|(_, n)| *n > 0);
    always
        .chain(others)
        .map(|(key, n)| words.with(key, &[("n", n.into())]))
        .collect()
}

#[derive(Properties, PartialEq)]
struct ScheduledProps {
    report: ImportReport,
    onclose: Callback<()>,
}

/// What members were to see later, with the times of there: each leads to its draft.
#[component]
fn Scheduled(props: &ScheduledProps) -> Html {
    let words = use_words();
    let (zone, view) = (use_zone(), use_view());
    let report = &props.report;
    let row = |one: &ImportScheduled| {
        let (draft, onclose) = (one.draft, props.onclose.clone());
        let dispatcher = view.dispatcher();
        let onclick = Callback::from(move |_: MouseEvent| {
            onclose.emit(());
            dispatcher.dispatch(Step::Open(draft));
        });
        let title = match one.title.as_str() {
            "" => t!(words, "import-untitled"),
            title => AttrValue::from(title.to_owned()),
        };
        let when = zone.moment(words.tag(), one.at);
        html! {
            <li class="import-row" data-testid="import-scheduled">
                <Button kind={ButtonKind::Quiet} label={title} {onclick} testid="import-scheduled-open" />
                <small class="quiet">{ t!(words, "import-was-scheduled", when = when) }</small>
            </li>
        }
    };
    let n_more = report
        .n_scheduled
        .saturating_sub(report.scheduled.len() as u64);
    html! {
        <section aria-label={t!(words, "import-scheduled", n = report.n_scheduled)}>
            <p>{ t!(words, "import-scheduled", n = report.n_scheduled) }{ " " }<span class="quiet">{ t!(words, "import-scheduled-hint") }</span></p>
            <ul class="import-rows">{ for report.scheduled.iter().map(row) }</ul>
            if n_more > 0 { <p class="quiet">{ t!(words, "import-scheduled-more", n = n_more) }</p> }
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct NotReadProps {
    status: ImportStatus,
    is_stopped: bool,
}

/// It was no export, or reading was stopped: another one may be chosen.
#[component]
fn NotRead(props: &NotReadProps) -> Html {
    let words = use_words();
    let said = match props.is_stopped {
        true => t!(words, "import-cancelled"),
        false => t!(words, "import-not-read", name = props.status.name.as_str()),
    };
    html! {
        <div data-testid="import-not-read">
            <p role="status">{ said }</p>
            <p class="quiet">{ t!(words, "import-what") }</p>
            <ChooseButtons />
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct TakeBackProps {
    import: u64,
    onclose: Callback<()>,
}

#[component]
fn TakeBack(props: &TakeBackProps) -> Html {
    let words = use_words();
    let (host, tell, view) = (use_host(), use_tell(), use_view());
    let is_busy = use_state_eq(|| false);
    let onclick = {
        let (import, onclose) = (props.import, props.onclose.clone());
        let (words, is_busy) = (words.clone(), is_busy.clone());
        Callback::from(move |_: MouseEvent| {
            let (host, tell, view) = (host.clone(), tell.clone(), view.clone());
            let (words, onclose, is_busy) = (words.clone(), onclose.clone(), is_busy.clone());
            is_busy.set(true);
            spawn_local(async move {
                match host.call(UndoImport { import }).await {
                    Ok(turned) => {
                        let place = turned.map(|turned| turned.place);
                        let said = match place {
                            Some(DraftPlace::Bin) => t!(words, "import-undone-bin"),
                            _ => t!(words, "import-undone"),
                        };
                        view.dispatch(Step::Say(Toast::said(said)));
                        onclose.emit(());
                    }
                    Err(failure) => {
                        is_busy.set(false);
                        tell.emit(failure);
                    }
                }
            });
        })
    };
    html! { <Button label={t!(words, "import-undo")} {onclick} disabled={*is_busy} testid="import-undo" /> }
}

#[cfg(test)]
mod tests {
    use stoa_ipc::{ErrorCode, ImportFound, ImportStage};

    use super::*;
    use crate::testing::drawn;

    fn ended(report: ImportReport) -> Html {
        let status = ImportStatus {
            import: 1,
            name: "vault".to_owned(),
            stage: ImportStage::Ended,
            n_done: 3,
            n_total: 3,
            found: Some(ImportFound {
                format: None,
                n_posts: 3,
                n_published: 0,
                n_files: 0,
                tags: Vec::new(),
                tiers: Vec::new(),
                kinds: Vec::new(),
                readers: Vec::new(),
                n_errors: 0,
                n_warnings: 0,
            }),
            report: Some(report),
        };
        html! { <Ended {status} onclose={Callback::noop()} /> }
    }

    #[test]
    fn what_was_scheduled_there_is_named_with_its_time_and_leads_to_its_draft() {
        for language in ["en", "zh-CN"] {
            let markup = drawn(language, || {
                let one = ImportScheduled {
                    draft: crate::testing::draft("新年致辞").id,
                    title: "新年致辞".to_owned(),
                    at: stoa_domain::Timestamp::from_millis(1_798_761_600_000),
                };
                ended(ImportReport {
                    n_new: 3,
                    scheduled: vec![one],
                    n_scheduled: 3,
                    ..ImportReport::default()
                })
            });
            for part in ["新年致辞", "1798761600000", "import-scheduled-open"] {
                assert!(markup.contains(part), "{language} {part}: {markup}");
            }
        }
    }

    #[test]
    fn an_import_says_what_became_of_it_and_can_be_taken_back() {
        let done = drawn("en", || {
            ended(ImportReport {
                n_new: 2,
                n_kept_here: 1,
                can_undo: true,
                ..ImportReport::default()
            })
        });
        assert!(
            done.contains("2 new drafts") && done.contains("import-undo"),
            "{done}"
        );
        assert!(done.contains("stayed as it is"), "{done}");
        let failed = drawn("en", || {
            ended(ImportReport {
                failure: Some(ErrorCode::DiskFull),
                ..ImportReport::default()
            })
        });
        assert!(
            failed.contains("No new drafts") && failed.contains("What is imported stays"),
            "{failed}"
        );
        assert!(!failed.contains("import-undo"), "{failed}");
    }
}
