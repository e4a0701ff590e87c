//! Beginning something: an article at once, another kind from a menu.

use stoa_domain::Kind;
use stoa_ipc::CreateDraft;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use super::import_button::ImportButton;
use super::kind_icon::icon_of;
use crate::commands::{use_command, use_commands};
use crate::host::{use_app, use_host};
use crate::listen_keys::is_composing;
use crate::parts::{Button, ButtonKind, Icon};
use crate::t;
use crate::tell::use_tell;
use crate::texts::use_words;
use crate::view::{Step, use_view};

/// The command that begins each kind but the article.
const OTHERS: [(Kind, &str); 6] = [
    (Kind::Images, "draft.new.images"),
    (Kind::Audio, "draft.new.audio"),
    (Kind::Video, "draft.new.video"),
    (Kind::Course, "draft.new.course"),
    (Kind::Column, "draft.new.column"),
    (Kind::Live, "draft.new.live"),
];

/// Carries out the commands that begin something; draws nothing.
#[component]
pub(crate) fn NewDrafts() -> Html {
    html! {
        <>
            <Begins kind={Kind::Article} command="draft.new" />
            { for OTHERS.iter().map(|(kind, command)| html! { <Begins kind={*kind} command={*command} /> }) }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct BeginsProps {
    kind: Kind,
    command: &'static str,
}

#[component]
fn Begins(props: &BeginsProps) -> Html {
    let (host, view, tell) = (use_host(), use_view(), use_tell());
    let (app, kind) = (use_app(), props.kind);
    let begin = Callback::from(move |()| {
        let (host, view, tell) = (host.clone(), view.clone(), tell.clone());
        spawn_local(async move {
            let request = CreateDraft {
                kind,
                ..CreateDraft::default()
            };
            match host.call(request).await {
                Ok(draft) => view.dispatch(Step::OpenFresh(draft.id)),
                Err(failure) => tell.emit(failure),
            }
        });
    });
    use_command(props.command, app.is_open(), begin);
    Html::default()
}

/// The ways to begin, at the head of the list.
#[component]
pub(super) fn NewButtons() -> Html {
    let words = use_words();
    let commands = use_commands();
    let is_open = use_state_eq(|| false);
    let button = use_node_ref();
    if !use_app().is_open() {
        return Html::default();
    }
    let new = Callback::from(move |_: MouseEvent| {
        commands.run("draft.new");
    });
    let toggle = {
        let is_open = is_open.clone();
        Callback::from(move |_: MouseEvent| is_open.set(!*is_open))
    };
    let close = {
        let (is_open, button) = (is_open.setter(), button.clone());
        Callback::from(move |()| {
            is_open.set(false);
            focus(button.cast::<HtmlElement>());
        })
    };
    html! {
        <div class="buttons">
            <ImportButton />
            <div class="new-group">
                <Button kind={ButtonKind::Main} icon="plus" label={t!(words, "draft-new")} onclick={new} testid="draft-new" />
                <button ref={button} type="button" class="button main new-more" aria-haspopup="menu" aria-expanded={is_open.to_string()}
                    aria-label={t!(words, "draft-new-other")} title={t!(words, "draft-new-other")} onclick={toggle} data-testid="draft-new-other">
                    <Icon name="chevron-down" />
                </button>
                if *is_open { <KindMenu {close} /> }
            </div>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct KindMenuProps {
    close: Callback<()>,
}

#[component]
fn KindMenu(props: &KindMenuProps) -> Html {
    let words = use_words();
    let commands = use_commands();
    let menu = use_node_ref();
    {
        let menu = menu.clone();
        use_effect_with((), move |()| {
            focus(item(&menu, |_, _| 0));
        });
    }
    let onkeydown = {
        let (menu, close) = (menu.clone(), props.close.clone());
        Callback::from(move |event: KeyboardEvent| by_key(&event, &menu, &close))
    };
    let onfocusout = {
        let (menu, close) = (menu.clone(), props.close.clone());
        Callback::from(move |event: FocusEvent| {
            let to = event
                .related_target()
                .and_then(|target| target.dyn_into::<Element>().ok());
            let inside = menu
                .cast::<Element>()
                .is_some_and(|menu| menu.contains(to.as_deref()));
            if !inside && to.is_some() {
                close.emit(());
            }
        })
    };
    let draw = |(kind, command): &(Kind, &'static str)| {
        let (commands, close, command) = (commands.clone(), props.close.clone(), *command);
        let onclick = Callback::from(move |_: MouseEvent| {
            close.emit(());
            commands.run(command);
        });
        html! {
            <button type="button" role="menuitem" tabindex="-1" {onclick} data-testid={command.replace('.', "-")}>
                <Icon name={icon_of(*kind)} /><span>{ words.get(&format!("kind-{}", kind.as_str())) }</span>
            </button>
        }
    };
    html! {
        <div ref={menu.clone()} class="menu" role="menu" aria-label={t!(words, "draft-new-other")} {onkeydown} {onfocusout} data-testid="kind-menu">
            { for OTHERS.iter().map(draw) }
        </div>
    }
}

fn by_key(event: &KeyboardEvent, menu: &NodeRef, close: &Callback<()>) {
    if is_composing(event) {
        return;
    }
    let to = match event.key().as_str() {
        "ArrowDown" => item(menu, |here, n| (here + 1) % n),
        "ArrowUp" => item(menu, |here, n| (here + n - 1) % n),
        "Home" => item(menu, |_, _| 0),
        "End" => item(menu, |_, n| n - 1),
        "Escape" | "Tab" => {
            event.prevent_default();
            event.stop_propagation();
            close.emit(());
            return;
        }
        _ => return,
    };
    event.prevent_default();
    event.stop_propagation();
    focus(to);
}

/// The item of a menu to go to from the one that has the focus.
fn item(menu: &NodeRef, to: impl Fn(u32, u32) -> u32) -> Option<HtmlElement> {
    let menu = menu.cast::<Element>()?;
    let items = menu.children();
    let n = items.length();
    let focused = web_sys::window()?.document()?.active_element();
    let here = (0..n).find(|at| items.item(*at) == focused).unwrap_or(0);
    items.item(to(here, n))?.dyn_into::<HtmlElement>().ok()
}

fn focus(element: Option<HtmlElement>) {
    if let Some(element) = element {
        // Fails only for an element that is going away.
        let _ = element.focus();
    }
}
