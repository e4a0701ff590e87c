//! Drawing components without a browser.

use std::rc::Rc;

use stoa_domain::{Content, DraftId, TextVersion, Timestamp};
use stoa_ipc::{
    AppState, Change, ChangeState, ChangeText, Connection, DraftSummary, Preferences, ProfileInfo,
    ProfileKind, SavedState, Stage, SyncStatus, VersionInfo, VersionKind,
};
use yew::prelude::*;

use crate::backend::fake::Fake;
use crate::boot::Platform;
use crate::commands::Commands;
use crate::host::{App, Host, Now, Standing};
use crate::texts::Words;
use crate::view::{View, ViewHandle};

pub(crate) fn profile() -> ProfileInfo {
    ProfileInfo {
        id: "zhixing".to_owned(),
        name: "知行社".to_owned(),
        timezone: None,
        kind: ProfileKind::Connected,
        server: Some("https://zhixing.example".to_owned()),
        email: Some("lin@zhixing.example".to_owned()),
    }
}

/// A change that waits.
pub(crate) fn change(kind: &str) -> Change {
    Change {
        lid: 1,
        text: ChangeText {
            kind: kind.to_owned(),
            title: "稿".to_owned(),
        },
        state: ChangeState::Waiting,
        made_at: Timestamp::default(),
        size: 10,
        draft: DraftId::from_bytes([1; 16]),
        can_discard: true,
        n: 1,
        n_needs: 0,
        needs: Vec::new(),
        held_seconds: None,
        live_at: None,
        unless_after: None,
        can_republish: false,
        kept_back: false,
        can_go_first: false,
        taken: None,
    }
}

/// A draft that nobody but the studio has seen.
pub(crate) fn draft(title: &str) -> DraftSummary {
    DraftSummary {
        id: DraftId::new(Timestamp::from_millis(1), [7; 10]),
        title: title.to_owned(),
        excerpt: "第一句".to_owned(),
        n_words: 1_234,
        edited_at: Timestamp::from_millis(0),
        binned_at: None,
        archived_at: None,
        content: Content::default(),
        author: None,
        post: None,
        review: None,
        course: None,
        saved: SavedState::NeedsAttention,
    }
}

/// A version that was written in one minute.
pub(crate) fn version(at: i64) -> VersionInfo {
    let at = Timestamp::from_millis(at);
    let text_at = TextVersion::parse("AA==").expect("base64");
    VersionInfo {
        before: Some(text_at.clone()),
        text_at,
        kind: VersionKind::Written,
        by_name: None,
        is_own: true,
        began_at: at,
        at,
        n_added: 1_234,
        n_removed: 5,
        named: Vec::new(),
        posts: Vec::new(),
        is_present: false,
        is_here: true,
    }
}

pub(crate) fn status(connection: Connection) -> SyncStatus {
    SyncStatus {
        connection,
        n_waiting: 0,
        n_moving: 0,
        n_failed: 0,
        n_conflicts: 0,
        n_done: 0,
        n_total: 0,
        last_synced_at: Some(Timestamp::from_millis(1_000)),
        next_try_at: None,
        held: None,
        files_held: None,
    }
}

pub(crate) fn state(stage: Stage) -> AppState {
    AppState {
        revision: 1,
        stage,
        preferences: Preferences::default(),
        profiles: vec![profile()],
        sync: status(Connection::Synced),
        version: "0.1.0".to_owned(),
        data_path: "/home/lin/Stoa".to_owned(),
        local_server: None,
    }
}

#[derive(Properties, PartialEq)]
struct StandProps {
    tag: AttrValue,
    state: Rc<AppState>,
    children: Html,
}

/// The contexts of the window around something.
#[component]
fn Stand(props: &StandProps) -> Html {
    let view: ViewHandle = use_reducer_eq(View::default);
    let host = use_memo((), |()| {
        Host::new(Rc::new(Fake::default()), Platform::Other)
    });
    html! {
        <ContextProvider<Host> context={(*host).clone()}>
        <ContextProvider<Words> context={Words::new(&props.tag)}>
        <ContextProvider<Commands> context={Commands::default()}>
        <ContextProvider<App> context={App(props.state.clone())}>
        <ContextProvider<Standing> context={Standing(props.state.sync.clone())}>
        <ContextProvider<Now> context={Now(Timestamp::from_millis(60_000))}>
        <ContextProvider<ViewHandle> context={view}>{ props.children.clone() }</ContextProvider<ViewHandle>>
        </ContextProvider<Now>>
        </ContextProvider<Standing>>
        </ContextProvider<App>>
        </ContextProvider<Commands>>
        </ContextProvider<Words>>
        </ContextProvider<Host>>
    }
}

/// The markup of something in a language, with a state around it.
pub(crate) fn drawn_with(tag: &'static str, state: AppState, draw: fn() -> Html) -> String {
    let props = move || StandProps {
        tag: tag.into(),
        state: Rc::new(state),
        children: draw(),
    };
    let renderer = yew::LocalServerRenderer::<Stand>::with_props(props());
    pollster::block_on(renderer.hydratable(false).render())
}

/// The markup of something in a language, in an open profile.
pub(crate) fn drawn(tag: &'static str, draw: fn() -> Html) -> String {
    drawn_with(tag, state(Stage::Open { profile: profile() }), draw)
}
