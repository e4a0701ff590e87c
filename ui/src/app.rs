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
use crate::stages::{Broken, Busy, ConfirmRecovery, FirstRun, Locked, Wiped};
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
    let known = use_reducer(Known::default);
    use_studio_state(&host, known.dispatcher());
    let guessed = props.boot.preferences.language.unwrap_or(Language::Chinese);
    let language = known
        .state()
        .and_then(|state| state.preferences.language)
        .unwrap_or(guessed);
    let words = Words::new(language.tag());
    let content = match &known.0 {
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
fn use_studio_state(host: &Host, known: UseReducerDispatcher<Known>) {
    let host = host.clone();
    use_effect_with((), move |()| {
        let told = {
            let (known, host) = (known.clone(), host.clone());
            Callback::from(move |event: Event| {
                known.dispatch(Heard::Event(event.clone()));
                host.tell(&event);
            })
        };
        host.set_root(told.clone());
        host.backend().listen(told);
        spawn_local(async move {
            let answer = host.call(GetState {}).await;
            known.dispatch(Heard::Answer(answer.map(Box::new)));
        });
    });
}

/// What the window knows of the studio: nothing yet, its state, or why there is none.
#[derive(Default)]
struct Known(Option<Result<AppState, Failure>>);

/// What the window hears of the studio.
enum Heard {
    /// The answer to the first question.
    Answer(Result<Box<AppState>, Failure>),
    Event(Event),
}

impl Known {
    fn state(&self) -> Option<&AppState> {
        self.0.as_ref()?.as_ref().ok()
    }

    /// The state after an event, where the event changes it.
    fn after(&self, event: Event) -> Option<AppState> {
        let known = self.state();
        match event {
            Event::State(next) => self.newer(*next),
            Event::Preferences(preferences) => known.map(|known| AppState {
                preferences,
                ..known.clone()
            }),
            Event::Sync(sync) => known.map(|known| AppState {
                sync,
                ..known.clone()
            }),
            _ => None,
        }
    }

    /// A state, unless a later one has arrived before it.
    fn newer(&self, next: AppState) -> Option<AppState> {
        let is_newer = |known: &AppState| known.revision < next.revision;
        self.state().is_none_or(is_newer).then_some(next)
    }
}

impl Reducible for Known {
    type Action = Heard;

    fn reduce(self: Rc<Self>, heard: Heard) -> Rc<Self> {
        let next = match heard {
            Heard::Answer(Err(failure)) if self.state().is_none() => {
                return Rc::new(Self(Some(Err(failure))));
            }
            Heard::Answer(answer) => answer.ok().and_then(|next| self.newer(*next)),
            Heard::Event(event) => self.after(event),
        };
        match next {
            Some(next) => Rc::new(Self(Some(Ok(next)))),
            None => self,
        }
    }
}

#[derive(Properties, PartialEq)]
struct ReadyProps {
    state: Rc<AppState>,
    language: Language,
}

#[component]
fn Ready(props: &ReadyProps) -> Html {
    let commands = (*use_memo((), |()| Commands::default())).clone();
    let now = use_tick();
    use_dress(props);
    // The sync status changes all the time; the rest of the state must stay the same value then.
    let without_sync = AppState {
        revision: 0,
        sync: nothing_known(),
        ..(*props.state).clone()
    };
    let app = (*use_memo(without_sync, |state| App(Rc::new(state.clone())))).clone();
    html! {
        <ContextProvider<Commands> context={commands}>
        <ContextProvider<App> context={app}>
        <ContextProvider<Standing> context={Standing(props.state.sync.clone())}>
        <ContextProvider<Now> context={Now(now)}>
            <Viewed key={profile_of(&props.state.stage)} language={props.language} />
        </ContextProvider<Now>>
        </ContextProvider<Standing>>
        </ContextProvider<App>>
        </ContextProvider<Commands>>
    }
}

/// The profile that is open. After a backup was put back one is where one was.
fn profile_of(stage: &Stage) -> String {
    match stage {
        Stage::Open { profile } | Stage::ReadOnly { profile } | Stage::Busy { profile } => {
            profile.id.clone()
        }
        _ => String::new(),
    }
}

#[derive(Properties, PartialEq)]
struct ViewedProps {
    language: Language,
}

/// What one looks at in one profile. Another begins with a view of its own, from its first frame
/// on: a view that an effect puts back would take a click of that moment with it.
#[component]
fn Viewed(props: &ViewedProps) -> Html {
    let view = use_reducer_eq(|| View::looking(crate::drafts::remembered_look()));
    use_one_language(props.language, view.dispatcher());
    html! {
        <ContextProvider<crate::view::ViewHandle> context={view}>
            <crate::actions::Actions />
            <Screen />
            <Toasts />
        </ContextProvider<crate::view::ViewHandle>>
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
        Stage::Busy { profile } => html! { <Busy {profile} /> },
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

/// What was said in another language goes when that is left.
#[hook]
fn use_one_language(language: Language, dispatcher: UseReducerDispatcher<View>) {
    use_effect_with(language, move |_| dispatcher.dispatch(Step::HideToast));
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

    fn after(state: Option<AppState>, heard: Heard) -> Option<AppState> {
        let known = Rc::new(Known(state.map(Ok)));
        known.reduce(heard).state().cloned()
    }

    #[test]
    fn events_change_only_what_they_tell_of() {
        let before = state(Stage::Open { profile: profile() });
        let dark = Preferences {
            theme: Theme::Dark,
            ..Preferences::default()
        };
        let told = Heard::Event(Event::Preferences(dark.clone()));
        let expected = AppState {
            preferences: dark,
            ..before.clone()
        };
        assert_eq!(after(Some(before.clone()), told), Some(expected));
        let mut sync = before.sync.clone();
        sync.connection = Connection::Offline;
        let told = Heard::Event(Event::Sync(sync.clone()));
        let expected = AppState {
            sync,
            ..before.clone()
        };
        assert_eq!(after(Some(before.clone()), told), Some(expected));
        let told = Heard::Event(Event::Drafts(vec![]));
        assert_eq!(after(Some(before.clone()), told), Some(before));
    }

    #[test]
    fn an_event_before_the_first_answer_is_kept_only_if_it_is_the_whole_state() {
        let told = Heard::Event(Event::Sync(nothing_known()));
        assert_eq!(after(None, told), None);
        let whole = state(Stage::FirstRun);
        let told = Heard::Event(Event::State(Box::new(whole.clone())));
        assert_eq!(after(None, told), Some(whole));
    }

    #[test]
    fn a_state_that_was_overtaken_on_its_way_changes_nothing() {
        let open = AppState {
            revision: 8,
            ..state(Stage::Open { profile: profile() })
        };
        let asking = AppState {
            revision: 7,
            ..state(Stage::Unlocking { profile: profile() })
        };
        let answer = Heard::Answer(Ok(Box::new(asking.clone())));
        assert_eq!(after(Some(open.clone()), answer), Some(open.clone()));
        let told = Heard::Event(Event::State(Box::new(asking.clone())));
        assert_eq!(after(Some(open.clone()), told), Some(open.clone()));
        let told = Heard::Event(Event::State(Box::new(open.clone())));
        assert_eq!(after(Some(asking), told), Some(open.clone()));
        let refused = Heard::Answer(Err(Failure::new(stoa_ipc::ErrorCode::Internal, "")));
        assert_eq!(after(Some(open.clone()), refused), Some(open));
    }
}
