//! The root: it asks the studio for the state, listens to its events, and hands both to all.

use std::rc::Rc;

use stoa_domain::Timestamp;
use stoa_ipc::{AppState, Event, Failure, GetState, Language, Stage};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::boot::{self, Boot};
use crate::commands::Commands;
use crate::host::{App, Host, Now, Standing};
use crate::parts::{Notice, Toasts};
use crate::shell::Frame;
use crate::stages::{Broken, ConfirmRecovery, FirstRun, Locked, Wiped};
use crate::texts::Words;
use crate::view::{Step, View};

/// How often "3 minutes ago" is looked at again.
const TICK_MS: u32 = 30_000;

#[derive(Properties, PartialEq)]
pub(crate) struct WindowProps {
    pub(crate) boot: Boot,
}

#[component]
pub(crate) fn Window(props: &WindowProps) -> Html {
    let platform = props.boot.platform;
    let host = (*use_memo((), |()| Host::new(crate::backend::connect(), platform))).clone();
    let state = use_state(|| None::<Result<AppState, Failure>>);
    use_studio_state(&host, &state);
    let guessed = props.boot.preferences.language.unwrap_or(Language::Chinese);
    let known = state.as_ref().and_then(|state| state.as_ref().ok());
    let language = known
        .and_then(|state| state.preferences.language)
        .unwrap_or(guessed);
    let words = Words::new(language.tag());
    let content = match &*state {
        None => Html::default(),
        Some(Ok(state)) => html! { <Ready state={Rc::new(state.clone())} {language} /> },
        Some(Err(failure)) => {
            html! { <main class="stage"><div class="stage-body"><Notice failure={failure.clone()} /></div></main> }
        }
    };
    html! {
        <ContextProvider<Host> context={host}>
            <ContextProvider<Words> context={words}>{ content }</ContextProvider<Words>>
        </ContextProvider<Host>>
    }
}

/// Fetches the state once, then follows the events.
#[hook]
fn use_studio_state(host: &Host, state: &UseStateHandle<Option<Result<AppState, Failure>>>) {
    let (setter, host) = (state.clone(), host.clone());
    use_effect_with((), move |()| {
        let told = {
            let (setter, host) = (setter.clone(), host.clone());
            Callback::from(move |event: Event| {
                if let Some(next) = with_event(setter.as_ref(), &event) {
                    setter.set(Some(Ok(next)));
                }
                host.tell(&event);
            })
        };
        host.set_root(told.clone());
        host.backend().listen(told);
        spawn_local(async move { setter.set(Some(host.call(GetState {}).await)) });
    });
}

/// The state after an event, where the event changes it.
fn with_event(state: Option<&Result<AppState, Failure>>, event: &Event) -> Option<AppState> {
    if let Event::State(next) = event {
        return Some((**next).clone());
    }
    let mut next = state?.as_ref().ok()?.clone();
    match event {
        Event::Preferences(preferences) => next.preferences = preferences.clone(),
        Event::Sync(sync) => next.sync = sync.clone(),
        _ => return None,
    }
    Some(next)
}

#[derive(Properties, PartialEq)]
struct ReadyProps {
    state: Rc<AppState>,
    language: Language,
}

#[component]
fn Ready(props: &ReadyProps) -> Html {
    let view = use_reducer_eq(View::default);
    let commands = (*use_memo((), |()| Commands::default())).clone();
    let now = use_tick();
    use_dress(props);
    use_fresh_view(&props.state.stage, view.dispatcher());
    // The sync status changes all the time; the rest of the state must stay the same value then.
    let without_sync = AppState {
        sync: nothing_known(),
        ..(*props.state).clone()
    };
    let app = (*use_memo(without_sync, |state| App(Rc::new(state.clone())))).clone();
    html! {
        <ContextProvider<Commands> context={commands}>
        <ContextProvider<App> context={app}>
        <ContextProvider<Standing> context={Standing(props.state.sync.clone())}>
        <ContextProvider<Now> context={Now(now)}>
        <ContextProvider<crate::view::ViewHandle> context={view}>
            <crate::actions::Actions />
            <Screen />
            <Toasts />
        </ContextProvider<crate::view::ViewHandle>>
        </ContextProvider<Now>>
        </ContextProvider<Standing>>
        </ContextProvider<App>>
        </ContextProvider<Commands>>
    }
}

fn nothing_known() -> stoa_ipc::SyncStatus {
    stoa_ipc::SyncStatus {
        connection: stoa_ipc::Connection::LocalOnly,
        n_waiting: 0,
        n_moving: 0,
        n_failed: 0,
        n_conflicts: 0,
        n_done: 0,
        n_total: 0,
        last_synced_at: None,
        next_try_at: None,
        held: None,
        files_held: None,
    }
}

/// The screen for the stage the program is at.
#[component]
fn Screen() -> Html {
    let app = crate::host::use_app();
    match app.0.stage.clone() {
        Stage::FirstRun => html! { <FirstRun /> },
        Stage::ConfirmRecovery { profile } => html! { <ConfirmRecovery {profile} /> },
        Stage::Unlocking { profile } => html! { <Locked {profile} /> },
        Stage::Locked {
            profile,
            reason,
            has_passphrase,
        } => {
            html! { <Locked {profile} reason={Some(reason)} {has_passphrase} /> }
        }
        Stage::Wiped {
            profile,
            at,
            is_told,
        } => {
            html! { <Wiped {profile} {at} {is_told} /> }
        }
        Stage::Broken { profile, reason } => html! { <Broken {profile} {reason} /> },
        // Nothing of one profile, not even for a moment, stands in the frame of another.
        Stage::Open { profile } | Stage::ReadOnly { profile } => {
            html! { <Frame key={profile.id} /> }
        }
    }
}

/// Keeps `<html>` in step with the preferences, and tells the host of the first painted frame.
#[hook]
fn use_dress(props: &ReadyProps) {
    let host = crate::host::use_host();
    let css_zoom = !host.backend().zooms();
    let wanted = (props.state.preferences.clone(), props.language);
    use_effect_with(wanted, move |(preferences, language)| {
        boot::dress(preferences, *language, css_zoom);
    });
    use_effect_with((), move |()| {
        spawn_local(async move {
            // Two frames: the first is laid out, the second follows its painting.
            gloo_timers::future::TimeoutFuture::new(32).await;
            host.backend().painted();
        });
    });
}

/// Another profile starts with a fresh view.
#[hook]
fn use_fresh_view(stage: &Stage, dispatcher: UseReducerDispatcher<View>) {
    let open = match stage {
        Stage::Open { profile } | Stage::ReadOnly { profile } => Some(profile.id.clone()),
        _ => None,
    };
    use_effect_with(open, move |_| dispatcher.dispatch(Step::Reset));
}

/// The time, looked at twice a minute.
#[hook]
fn use_tick() -> Timestamp {
    let now = use_state(crate::format::now);
    let setter = now.setter();
    use_effect_with((), move |()| {
        let tick =
            gloo_timers::callback::Interval::new(TICK_MS, move || setter.set(crate::format::now()));
        move || drop(tick)
    });
    *now
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{profile, state};
    use stoa_ipc::{Connection, Preferences, Theme};

    #[test]
    fn events_change_only_what_they_tell_of() {
        let before = state(Stage::Open { profile: profile() });
        let dark = Preferences {
            theme: Theme::Dark,
            ..Preferences::default()
        };
        let after =
            with_event(Some(&Ok(before.clone())), &Event::Preferences(dark.clone())).unwrap();
        assert_eq!(
            after,
            AppState {
                preferences: dark,
                ..before.clone()
            }
        );
        let mut sync = before.sync.clone();
        sync.connection = Connection::Offline;
        let after = with_event(Some(&Ok(before.clone())), &Event::Sync(sync.clone())).unwrap();
        assert_eq!(
            after,
            AppState {
                sync,
                ..before.clone()
            }
        );
        assert_eq!(with_event(Some(&Ok(before)), &Event::Drafts(vec![])), None);
    }

    #[test]
    fn an_event_before_the_first_answer_is_kept_only_if_it_is_the_whole_state() {
        let sync = nothing_known();
        assert_eq!(with_event(None, &Event::Sync(sync)), None);
        let whole = state(Stage::FirstRun);
        assert_eq!(
            with_event(None, &Event::State(Box::new(whole.clone()))),
            Some(whole)
        );
    }
}
