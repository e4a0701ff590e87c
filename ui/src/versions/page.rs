//! The screen with the versions of a draft: the list on one side, a comparison on the other.

use std::rc::Rc;

use stoa_domain::{DraftId, TextVersion};
use stoa_ipc::{Event, ListVersions, VersionInfo};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::detail::Detail;
use super::list::{PastList, focus_list};
use crate::commands::use_command;
use crate::editor::focus_editor;
use crate::host::{use_app, use_events, use_host};
use crate::listen_keys::is_composing;
use crate::parts::{Button, ButtonKind, Loaded, Remote};
use crate::publish::use_summary;
use crate::t;
use crate::texts::use_words;
use crate::view::{Step, use_view};

#[derive(Properties, PartialEq)]
pub(crate) struct VersionsPageProps {
    pub(crate) id: DraftId,
}

/// The versions, and how often they were asked for.
#[derive(Clone, PartialEq)]
struct Known {
    versions: Remote<Rc<Vec<VersionInfo>>>,
    revision: u32,
}

#[component]
pub(crate) fn VersionsPage(props: &VersionsPageProps) -> Html {
    let words = use_words();
    let view = use_view();
    let id = props.id;
    let (known, again) = use_versions(id);
    let summary = use_summary(id);
    let editable = use_app().is_open() && summary.as_ref().is_some_and(|s| s.binned_at.is_none());
    let title = summary.map(|summary| summary.title).unwrap_or_default();
    let title = match title.as_str() {
        "" => t!(words, "untitled"),
        title => AttrValue::from(title.to_owned()),
    };
    let back = {
        let dispatcher = view.dispatcher();
        Callback::from(move |()| {
            dispatcher.dispatch(Step::HideVersions);
            focus_editor();
        })
    };
    use_command("version.list", true, Callback::from(|()| focus_list()));
    let onkeydown = {
        let back = back.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" && !is_composing(&event) {
                event.prevent_default();
                back.emit(());
            }
        })
    };
    let revision = known.revision;
    let show = Callback::from(move |versions: Rc<Vec<VersionInfo>>| {
        html! { <Past {id} {versions} {revision} {editable} /> }
    });
    let is_empty = known
        .versions
        .here()
        .is_some_and(|versions| versions.is_empty());
    let empty = html! {
        <div class="empty" data-testid="versions-empty">
            <h2>{ t!(words, "versions-empty") }</h2>
            <p>{ t!(words, "versions-empty-what") }</p>
        </div>
    };
    html! {
        <section class="past" {onkeydown} aria-label={t!(words, "versions")} data-testid="versions">
            <header class="past-head">
                <Button kind={ButtonKind::Quiet} icon="arrow-left" label={t!(words, "versions-back")} onclick={back.reform(|_: MouseEvent| ())} testid="versions-back" />
                <h1>{ t!(words, "versions-of", title = title.as_str()) }</h1>
                <p class="line">{ t!(words, "versions-sorted") }</p>
            </header>
            <Loaded<Rc<Vec<VersionInfo>>> value={known.versions.clone()} {show} {is_empty} {empty} onretry={again} />
        </section>
    }
}

/// The versions of a draft, asked for again whenever it changed.
#[hook]
fn use_versions(id: DraftId) -> (Known, Callback<()>) {
    let host = use_host();
    let known = use_state(|| Known {
        versions: Remote::Coming,
        revision: 0,
    });
    let n_asked = use_mut_ref(|| 0_u32);
    let ask = {
        let setter = known.setter();
        Callback::from(move |()| {
            let (host, setter, n_asked) = (host.clone(), setter.clone(), n_asked.clone());
            let revision = {
                let mut n_asked = n_asked.borrow_mut();
                *n_asked += 1;
                *n_asked
            };
            spawn_local(async move {
                let answer = host.call(ListVersions { id }).await;
                if *n_asked.borrow() == revision {
                    setter.set(Known {
                        versions: answer.map(Rc::new).into(),
                        revision,
                    });
                }
            });
        })
    };
    {
        let ask = ask.clone();
        use_effect_with(id, move |_| ask.emit(()));
    }
    let again = ask.clone();
    use_events(Callback::from(move |event: Event| {
        if let Event::Drafts(ids) = &event
            && (ids.is_empty() || ids.contains(&id))
        {
            again.emit(());
        }
    }));
    ((*known).clone(), ask)
}

#[derive(Properties, PartialEq)]
struct PastProps {
    id: DraftId,
    versions: Rc<Vec<VersionInfo>>,
    revision: u32,
    editable: bool,
}

#[component]
fn Past(props: &PastProps) -> Html {
    let chosen = use_state_eq(|| None::<TextVersion>);
    use_effect_with((), |()| focus_list());
    // A version is known by its text: others may have come before it.
    let at = chosen.as_ref().and_then(|chosen| {
        let mut all = props.versions.iter();
        all.position(|version| version.text_at == *chosen)
    });
    let at = at.unwrap_or(0);
    let onchoose = {
        let (chosen, versions) = (chosen.setter(), props.versions.clone());
        Callback::from(move |at: usize| {
            chosen.set(versions.get(at).map(|version| version.text_at.clone()));
        })
    };
    let version = props.versions.get(at).cloned();
    html! {
        <div class="past-body">
            <PastList versions={props.versions.clone()} chosen={at} {onchoose} />
            if let Some(version) = version {
                <Detail id={props.id} {version} revision={props.revision} editable={props.editable} />
            }
        </div>
    }
}
