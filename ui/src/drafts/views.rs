//! Lists that are kept under a name: in the sidebar, and the dialog that names them.

use std::rc::Rc;

use stoa_domain::{ListLayout, SavedView, Shelf, ViewName, ViewNameError};
use stoa_ipc::{ChangeView, DeleteView, Failure, ListViews, PutBackView, SaveView};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::host::{Host, use_app, use_host};
use crate::parts::{Button, ButtonKind, Dialog, Field, Icon};
use crate::t;
use crate::tell::refusal_for;
use crate::texts::{Words, use_words};
use crate::view::{Overlay, Step, Toast, ToastAction, View, use_view};

/// Fetches the views of the profile that is open.
#[hook]
pub(crate) fn use_saved_views() {
    let (host, app) = (use_host(), use_app());
    let dispatcher = use_view().dispatcher();
    let profile = app.profile().filter(|_| app.kind().is_some());
    let id = profile.map(|profile| profile.id.clone());
    use_effect_with((id, app.is_open()), move |_| {
        spawn_local(async move {
            // Locked: there are none to be seen then.
            if let Ok(views) = host.call(ListViews {}).await {
                dispatcher.dispatch(Step::Views(views));
            }
        });
    });
}

/// The views under the place of the drafts.
#[component]
pub(crate) fn SidebarViews() -> Html {
    let words = use_words();
    let view = use_view();
    if view.views.is_empty() {
        return Html::default();
    }
    let here = view.kept().map(|kept| kept.id);
    html! {
        <ul class="saved-views" aria-label={t!(words, "views")}>
            { for view.views.iter().map(|kept| html! { <li key={kept.id}><SidebarView view={kept.clone()} here={here == Some(kept.id)} /></li> }) }
        </ul>
    }
}

#[derive(Properties, PartialEq)]
struct SidebarViewProps {
    view: SavedView,
    here: bool,
}

#[component]
fn SidebarView(props: &SidebarViewProps) -> Html {
    let words = use_words();
    let dispatcher = use_view().dispatcher();
    let writable = use_app().is_open();
    let name = props.view.name.as_str().to_owned();
    let show = {
        let (dispatcher, look) = (dispatcher.clone(), props.view.look.clone());
        Callback::from(move |_: MouseEvent| dispatcher.dispatch(Step::ShowView(look.clone())))
    };
    let edit = {
        let view = props.view.clone();
        Callback::from(move |_: MouseEvent| {
            dispatcher.dispatch(Step::Show(Overlay::SavedView(Some(view.clone()))))
        })
    };
    html! {
        <div class="saved-view">
            <button type="button" class="place sub" aria-current={props.here.then_some("page")} onclick={show} title={name.clone()} data-testid="saved-view">
                <span>{ name.clone() }</span>
            </button>
            if writable {
                <button type="button" class="saved-view-edit" aria-label={t!(words, "view-edit", name = name.as_str())} onclick={edit} data-testid="saved-view-edit">
                    <Icon name="ellipsis" />
                </button>
            }
        </div>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct ViewDialogProps {
    /// The one that is changed; absent for the list as it is now.
    pub(crate) kept: Option<SavedView>,
    pub(crate) onclose: Callback<()>,
}

#[component]
pub(crate) fn ViewDialog(props: &ViewDialogProps) -> Html {
    let words = use_words();
    let before = props
        .kept
        .as_ref()
        .map(|kept| kept.name.as_str().to_owned());
    let name = use_state(|| before.unwrap_or_default());
    let wrong = use_state_eq(|| None::<AttrValue>);
    let keeper = use_keeper(&props.onclose);
    let oninput = {
        let (name, wrong) = (name.setter(), wrong.setter());
        Callback::from(move |typed: String| {
            wrong.set(None);
            name.set(typed);
        })
    };
    let onsubmit = {
        let (keeper, name, wrong) = (keeper.clone(), name.clone(), wrong.setter());
        let (kept, words) = (props.kept.clone(), words.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            match ViewName::parse(&name) {
                Ok(name) => keeper.clone().name(kept.clone(), name),
                Err(why) => wrong.set(Some(why_not(&words, &why))),
            }
        })
    };
    let (title, label) = match &props.kept {
        Some(kept) => (
            t!(words, "view-edit", name = kept.name.as_str()),
            t!(words, "view-rename"),
        ),
        None => (t!(words, "view-save"), t!(words, "view-save")),
    };
    let hint = props.kept.is_none().then(|| t!(words, "view-save-what"));
    html! {
        <Dialog {title} onclose={props.onclose.clone()} testid="view-dialog">
            <form class="form" {onsubmit}>
                <Field name="view-name" label={t!(words, "view-name")} value={(*name).clone()} {oninput} {hint} wrong={(*wrong).clone()} focused=true />
                if let Some(kept) = props.kept.clone() { <Others {kept} {keeper} /> }
                <div class="buttons end">
                    <Button label={t!(words, "cancel")} onclick={props.onclose.reform(|_| ())} />
                    <Button kind={ButtonKind::Main} submit=true {label} testid="view-confirm" />
                </div>
            </form>
        </Dialog>
    }
}

fn why_not(words: &Words, why: &ViewNameError) -> AttrValue {
    match why {
        ViewNameError::Empty => t!(words, "field-required"),
        ViewNameError::TooLong(_) => t!(words, "field-too-long"),
    }
}

#[derive(Properties, PartialEq)]
struct OthersProps {
    kept: SavedView,
    keeper: Keeper,
}

/// What can be done with a view besides another name.
#[component]
fn Others(props: &OthersProps) -> Html {
    let words = use_words();
    let view = use_view();
    let look = (*view.look).clone();
    let is_other = look != props.kept.look;
    let update = {
        let (keeper, id) = (props.keeper.clone(), props.kept.id);
        Callback::from(move |_: MouseEvent| keeper.clone().update(id, look.clone()))
    };
    let delete = {
        let (keeper, kept) = (props.keeper.clone(), props.kept.clone());
        let at = view.views.iter().position(|other| other.id == kept.id);
        let at = u32::try_from(at.unwrap_or(usize::MAX)).unwrap_or(u32::MAX);
        Callback::from(move |_: MouseEvent| keeper.clone().delete(kept.clone(), at))
    };
    html! {
        <div class="buttons">
            <Button label={t!(words, "view-update")} disabled={!is_other} onclick={update} testid="view-update" />
            <Button kind={ButtonKind::Danger} label={t!(words, "view-delete")} onclick={delete} testid="view-delete" />
        </div>
    }
}

/// Who keeps and changes views.
#[derive(Clone, PartialEq)]
struct Keeper {
    host: Host,
    words: Words,
    view: UseReducerDispatcher<View>,
    look: Rc<stoa_domain::ListLook>,
    onclose: Callback<()>,
}

#[hook]
fn use_keeper(onclose: &Callback<()>) -> Keeper {
    let view = use_view();
    Keeper {
        host: use_host(),
        words: use_words(),
        look: view.look.clone(),
        view: view.dispatcher(),
        onclose: onclose.clone(),
    }
}

impl Keeper {
    /// Keeps the list as it is now, or gives a view another name.
    fn name(self, kept: Option<SavedView>, name: ViewName) {
        spawn_local(async move {
            let said = t!(self.words, "view-saved", name = name.as_str());
            let look = (*self.look).clone();
            let answer = match kept {
                None => self.host.call(SaveView { name, look }).await,
                Some(kept) => {
                    let (id, name, look) = (kept.id, Some(name), None);
                    self.host.call(ChangeView { id, name, look }).await
                }
            };
            self.done(answer, Toast::said(said));
        });
    }

    fn update(self, id: u32, look: stoa_domain::ListLook) {
        spawn_local(async move {
            let (name, look) = (None, Some(look));
            let answer = self.host.call(ChangeView { id, name, look }).await;
            let said = t!(self.words, "view-updated");
            self.done(answer, Toast::said(said));
        });
    }

    fn delete(self, kept: SavedView, at: u32) {
        spawn_local(async move {
            let answer = self.host.call(DeleteView { id: kept.id }).await;
            let said = t!(self.words, "view-deleted", name = kept.name.as_str());
            let back = {
                let keeper = self.clone();
                Callback::from(move |()| keeper.clone().put_back(kept.clone(), at))
            };
            let undo = ToastAction::Do(back, t!(self.words, "undo"));
            let toast = Toast {
                action: Some(undo),
                ..Toast::said(said)
            };
            self.done(answer, toast);
        });
    }

    fn put_back(self, view: SavedView, at: u32) {
        spawn_local(async move {
            match self.host.call(PutBackView { view, at }).await {
                Ok(views) => self.view.dispatch(Step::Views(views)),
                Err(failure) => self.refused(&failure),
            }
        });
    }

    fn refused(&self, failure: &Failure) {
        if let Some(toast) = refusal_for(&self.words, failure) {
            self.view.dispatch(Step::Say(toast));
        }
    }

    fn done(self, answer: Result<Vec<SavedView>, Failure>, toast: Toast) {
        match answer {
            Ok(views) => {
                self.onclose.emit(());
                self.view.dispatch(Step::Views(views));
                self.view.dispatch(Step::Say(toast));
            }
            Err(failure) => self.refused(&failure),
        }
    }
}

const STORED: &str = "stoa-list-layout";

/// How lists are laid out on this computer, as it was chosen last.
pub(crate) fn remembered_look() -> stoa_domain::ListLook {
    let storage = web_sys::window().and_then(|window| window.local_storage().ok()?);
    let layout = storage.and_then(|storage| storage.get_item(STORED).ok()?);
    stoa_domain::ListLook {
        shelf: Shelf::default(),
        layout: match layout.as_deref() {
            Some("board") => ListLayout::Board,
            _ => ListLayout::List,
        },
        ..stoa_domain::ListLook::default()
    }
}

pub(crate) fn remember_layout(layout: ListLayout) {
    let storage = web_sys::window().and_then(|window| window.local_storage().ok()?);
    if let Some(storage) = storage {
        let name = match layout {
            ListLayout::List => "list",
            ListLayout::Board => "board",
        };
        // A full storage only forgets how lists are laid out.
        let _ = storage.set_item(STORED, name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::drawn;

    fn kept() -> SavedView {
        SavedView {
            id: 1,
            name: ViewName::parse("要更新的课程").unwrap(),
            look: stoa_domain::ListLook::default(),
        }
    }

    #[test]
    fn a_view_that_is_kept_can_be_renamed_and_deleted_and_a_new_one_is_named() {
        let edit = drawn("zh-CN", || {
            html! { <ViewDialog kept={kept()} onclose={Callback::noop()} /> }
        });
        for part in ["要更新的课程", "view-delete", "view-update", "view-confirm"] {
            assert!(edit.contains(part), "{part}: {edit}");
        }
        let new = drawn(
            "en",
            || html! { <ViewDialog kept={None::<SavedView>} onclose={Callback::noop()} /> },
        );
        assert!(!new.contains("view-delete"), "{new}");
    }

    #[test]
    fn a_view_in_the_sidebar_is_a_button_with_a_way_to_change_it() {
        let markup = drawn(
            "zh-CN",
            || html! { <SidebarView view={kept()} here=true /> },
        );
        assert!(markup.contains("aria-current=\"page\""), "{markup}");
        assert!(markup.contains("saved-view-edit"), "{markup}");
    }
}
