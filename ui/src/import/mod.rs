//! Bringing posts in from another program: choose, look, import, take back.

mod ended;
mod kinds;
mod options;
mod ready;
mod rows;

use stoa_ipc::{
    CancelImport, CloseImport, Event, GetImport, ImportFound, ImportStage, ImportStatus,
    LookAtImport,
};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::host::{use_events, use_host};
use crate::parts::{Button, ButtonKind, Dialog};
use crate::t;
use crate::tell::use_tell;
use crate::texts::use_words;
use ended::Ended;
use ready::Ready;

/// The import in hand, kept up to date.
#[hook]
fn use_import() -> Option<ImportStatus> {
    let host = use_host();
    let status = use_state_eq(|| None::<ImportStatus>);
    {
        let status = status.clone();
        use_events(Callback::from(move |event: Event| {
            if let Event::Import(import) = event {
                status.set(import.map(|import| *import));
            }
        }));
    }
    {
        let status = status.clone();
        use_effect_with((), move |()| {
            spawn_local(async move {
                if let Ok(found) = host.call(GetImport {}).await {
                    status.set(found);
                }
            });
        });
    }
    (*status).clone()
}

#[derive(Properties, PartialEq)]
pub(crate) struct ImportDialogProps {
    pub(crate) onclose: Callback<()>,
}

#[component]
pub(crate) fn ImportDialog(props: &ImportDialogProps) -> Html {
    let words = use_words();
    let host = use_host();
    let status = use_import();
    let onclose = {
        let (onclose, status) = (props.onclose.clone(), status.clone());
        Callback::from(move |()| {
            // One that runs goes on; whoever opens the dialog again sees how far it is.
            if let Some(status) = &status {
                let (host, import) = (host.clone(), status.import);
                spawn_local(async move {
                    // Another one may be in hand by now, which is none of this dialog's business.
                    let _ = host.call(CloseImport { import }).await;
                });
            }
            onclose.emit(());
        })
    };
    html! {
        <Dialog title={t!(words, "import-title")} wide=true onclose={onclose.clone()} testid="import-dialog">
            <Present {status} {onclose} />
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct PresentProps {
    status: Option<ImportStatus>,
    onclose: Callback<()>,
}

/// What can be done now.
#[component]
fn Present(props: &PresentProps) -> Html {
    let Some(status) = props.status.clone() else {
        return html! { <Choose /> };
    };
    match status.stage {
        ImportStage::Reading | ImportStage::Running => html! { <Under {status} /> },
        ImportStage::Ready if is_something(status.found.as_ref()) => {
            let key = status.import;
            html! { <Ready {key} {status} /> }
        }
        ImportStage::Ready => html! { <Nothing {status} /> },
        ImportStage::Ended => html! { <Ended {status} onclose={props.onclose.clone()} /> },
    }
}

fn is_something(found: Option<&ImportFound>) -> bool {
    found.is_some_and(|found| found.n_posts > 0 || found.n_errors > 0)
}

/// Where it is to come from.
#[component]
fn Choose() -> Html {
    let words = use_words();
    html! {
        <>
            <p>{ t!(words, "import-lead") }</p>
            <p class="quiet">{ t!(words, "import-what") }</p>
            <ChooseButtons />
            <p class="hint">{ t!(words, "import-drop-hint") }</p>
        </>
    }
}

#[component]
fn ChooseButtons() -> Html {
    let words = use_words();
    let (host, tell) = (use_host(), use_tell());
    let choose = |is_folder: bool| {
        let (host, tell) = (host.clone(), tell.clone());
        Callback::from(move |_: MouseEvent| {
            let (host, tell) = (host.clone(), tell.clone());
            spawn_local(async move {
                let look = LookAtImport {
                    path: None,
                    is_folder,
                };
                if let Err(failure) = host.call(look).await {
                    tell.emit(failure);
                }
            });
        })
    };
    html! {
        <div class="buttons">
            <Button kind={ButtonKind::Main} icon="folder" label={t!(words, "import-choose-folder")} onclick={choose(true)} testid="import-choose-folder" />
            <Button icon="file-text" label={t!(words, "import-choose-file")} onclick={choose(false)} testid="import-choose-file" />
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct StatusProps {
    status: ImportStatus,
}

/// It reads or imports: how far it is, and how to stop it.
#[component]
fn Under(props: &StatusProps) -> Html {
    let words = use_words();
    let (host, tell) = (use_host(), use_tell());
    let ImportStatus {
        import,
        n_done,
        n_total,
        ..
    } = props.status;
    let name = props.status.name.as_str();
    let (title, so_far) = match props.status.stage {
        ImportStage::Running => (
            t!(words, "import-running", name = name),
            t!(words, "import-running-n", n = n_done, total = n_total),
        ),
        _ => (
            t!(words, "import-reading", name = name),
            t!(words, "import-reading-n", n = n_done, total = n_total),
        ),
    };
    let stop = Callback::from(move |_: MouseEvent| {
        let (host, tell) = (host.clone(), tell.clone());
        spawn_local(async move {
            if let Err(failure) = host.call(CancelImport { import }).await {
                tell.emit(failure);
            }
        });
    });
    html! {
        <div class="import-under" data-testid="import-under">
            <p role="status">{ title.clone() }</p>
            if n_total > 0 {
                <progress max={n_total.to_string()} value={n_done.to_string()} aria-label={title}></progress>
                <p class="quiet">{ so_far }</p>
            } else {
                <progress aria-label={title}></progress>
            }
            <div class="buttons end"><Button label={t!(words, "import-stop")} onclick={stop} testid="import-stop" /></div>
        </div>
    }
}

/// There is nothing in it.
#[component]
fn Nothing(props: &StatusProps) -> Html {
    let words = use_words();
    html! {
        <div data-testid="import-nothing">
            <p role="status">{ t!(words, "import-found-nothing", name = props.status.name.as_str()) }</p>
            <p class="quiet">{ t!(words, "import-what") }</p>
            <ChooseButtons />
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::drawn;

    fn status(stage: ImportStage, found: Option<ImportFound>) -> ImportStatus {
        ImportStatus {
            import: 1,
            name: "vault".to_owned(),
            stage,
            n_done: 3,
            n_total: 10,
            found,
            report: None,
        }
    }

    fn present(status: Option<ImportStatus>) -> Html {
        html! { <Present {status} onclose={Callback::noop()} /> }
    }

    #[test]
    fn each_stage_offers_what_can_be_done_in_it() {
        let nothing = drawn("en", || present(None));
        assert!(nothing.contains("import-choose-folder"), "{nothing}");
        let reading = drawn("en", || present(Some(status(ImportStage::Reading, None))));
        assert!(
            reading.contains("3 of 10 files") && reading.contains("import-stop"),
            "{reading}"
        );
        let running = drawn("en", || present(Some(status(ImportStage::Running, None))));
        assert!(running.contains("3 of 10 posts"), "{running}");
        let empty = drawn("en", || present(Some(status(ImportStage::Ready, None))));
        assert!(
            empty.contains("import-nothing") && empty.contains("import-choose-file"),
            "{empty}"
        );
    }
}
