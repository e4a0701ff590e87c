//! Profiles that were put aside: what is in them, and the ways back.

use stoa_ipc::{ArchiveInfo, ExportArchive, Failure, ListArchives, PutBackArchive};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::page::Setting;
use crate::format::relative;
use crate::host::{use_app, use_host, use_now};
use crate::parts::{Button, ButtonKind, Loaded, Notice, Remote};
use crate::t;
use crate::texts::use_words;
use crate::view::{Step, Toast, use_view};

/// Nothing at all while there are none.
#[component]
pub(crate) fn Archives() -> Html {
    let words = use_words();
    let host = use_host();
    let stage = use_app().0.stage.clone();
    let archives = use_state(|| Remote::<Vec<ArchiveInfo>>::Coming);
    let again = {
        let archives = archives.clone();
        Callback::from(move |()| {
            let (host, archives) = (host.clone(), archives.clone());
            spawn_local(async move { archives.set(host.call(ListArchives {}).await.into()) });
        })
    };
    {
        // Another profile may have been put aside or back.
        let again = again.clone();
        use_effect_with(stage, move |_| again.emit(()));
    }
    let is_empty = archives.here().is_some_and(Vec::is_empty);
    if is_empty || *archives == Remote::Coming {
        return Html::default();
    }
    let title = t!(words, "archives");
    let show = Callback::from(move |archives: Vec<ArchiveInfo>| {
        html! { <ArchiveList title={title.clone()} {archives} /> }
    });
    html! { <Loaded<Vec<ArchiveInfo>> value={(*archives).clone()} {show} onretry={again} n_bones=1 /> }
}

#[derive(Properties, PartialEq)]
struct ArchiveListProps {
    title: AttrValue,
    archives: Vec<ArchiveInfo>,
}

#[component]
fn ArchiveList(props: &ArchiveListProps) -> Html {
    html! {
        <div role="group" aria-label={props.title.clone()} data-testid="archives">
            { for props.archives.iter().map(|archive| html! {
                <Archive key={archive.id.clone()} archive={archive.clone()} />
            }) }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct ArchiveProps {
    archive: ArchiveInfo,
}

#[component]
fn Archive(props: &ArchiveProps) -> Html {
    let words = use_words();
    let now = use_now();
    let failure = use_state(|| None::<Failure>);
    let busy = use_state_eq(|| false);
    let (export, put_back) = use_archive(&props.archive.id, failure.clone(), busy.clone());
    let show = use_folder(&props.archive.id);
    let archive = &props.archive;
    let when = relative(words.tag(), now, archive.archived_at);
    let whose = archive.email.clone().or_else(|| archive.server.clone());
    let name = t!(words, "archive-name", name = archive.name.as_str());
    let more = html! {
        <>
            { t!(words, "archive-more", when = when, n = archive.n_unsent) }
            if let Some(whose) = whose { <><br />{ whose }</> }
            <br /><span class="path">{ archive.path.clone() }</span>
        </>
    };
    html! {
        <>
            <Setting {name} {more}>
                if let Some(show) = show {
                    <Button kind={ButtonKind::Quiet} icon="folder" label={t!(words, "show")} onclick={show} testid="archive-show" />
                }
                <Button kind={ButtonKind::Quiet} icon="download" label={t!(words, "export")} disabled={*busy}
                    onclick={export.reform(|_: MouseEvent| ())} testid="archive-export" />
                <Button icon="archive-restore" label={t!(words, "archive-put-back")} disabled={*busy}
                    onclick={put_back.reform(|_: MouseEvent| ())} testid="archive-put-back" />
            </Setting>
            if let Some(failure) = (*failure).clone() { <Notice {failure} /> }
        </>
    }
}

/// What shows the folder of an archive, in a host that can.
#[hook]
fn use_folder(id: &str) -> Option<Callback<MouseEvent>> {
    let (host, id) = (use_host(), id.to_owned());
    host.backend()
        .has_window_commands()
        .then(|| Callback::from(move |_| host.backend().show_archive(&id)))
}

/// What exports an archive, and what makes it a profile again.
#[hook]
fn use_archive(
    id: &str,
    failure: UseStateHandle<Option<Failure>>,
    busy: UseStateHandle<bool>,
) -> (Callback<()>, Callback<()>) {
    let (host, view, words) = (use_host(), use_view(), use_words());
    let id = id.to_owned();
    let export = {
        let (host, id, failure, busy) = (host.clone(), id.clone(), failure.clone(), busy.clone());
        Callback::from(move |()| {
            let (host, view, words) = (host.clone(), view.clone(), words.clone());
            let (id, failure, busy) = (id.clone(), failure.clone(), busy.clone());
            busy.set(true);
            spawn_local(async move {
                match host.call(ExportArchive { id }).await {
                    Ok(done) => {
                        failure.set(None);
                        let (n, path) = (done.n_drafts, done.path);
                        let said = t!(words, "exported", n = n, path = path);
                        view.dispatch(Step::Say(Toast::said(said)));
                    }
                    Err(refused) => failure.set(Some(refused)),
                }
                busy.set(false);
            });
        })
    };
    let put_back = Callback::from(move |()| {
        let (host, id) = (host.clone(), id.clone());
        let (failure, busy) = (failure.clone(), busy.clone());
        busy.set(true);
        spawn_local(async move {
            match host.call(PutBackArchive { id }).await {
                Ok(state) => host.state_changed(state),
                Err(refused) => failure.set(Some(refused)),
            }
            busy.set(false);
        });
    });
    (export, put_back)
}

#[cfg(test)]
mod tests {
    use stoa_domain::Timestamp;

    use super::*;
    use crate::testing::drawn;

    fn list() -> Html {
        let archive = ArchiveInfo {
            id: "a".to_owned(),
            name: "知行社".to_owned(),
            server: Some("https://zhixing.example".to_owned()),
            email: Some("lin@zhixing.example".to_owned()),
            archived_at: Timestamp::from_millis(2_000),
            n_unsent: 3,
            path: "/home/lin/Stoa/archive/a".to_owned(),
        };
        html! { <ArchiveList title="归档" archives={vec![archive]} /> }
    }

    #[test]
    fn an_archive_says_whose_it_is_what_was_not_sent_and_where_it_lies() {
        for language in ["zh-CN", "en"] {
            let markup = drawn(language, list);
            for said in [
                "知行社",
                "lin@zhixing.example",
                "/home/lin/Stoa/archive/a",
                "3",
            ] {
                assert!(markup.contains(said), "{language} {said}: {markup}");
            }
            for testid in ["archive-export", "archive-put-back"] {
                assert!(markup.contains(testid), "{testid}");
            }
        }
    }
}
