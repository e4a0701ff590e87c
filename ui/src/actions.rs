//! What the window can always do: the commands that belong to no page.

use stoa_ipc::{
    Density, Event, ExportEverything, GetImport, ImportDropped, ImportReply, ImportStage, Language,
    LookAtDropped, PauseSync, Preferences,
};
use stoa_ipc::{ProfileKind, SetPreferences, SyncNow, Theme};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::commands::{Commands, use_command, use_commands};
use crate::drafts::NewDrafts;
use crate::host::{use_app, use_events, use_host, use_standing};
use crate::listen_keys::use_key_dispatcher;
use crate::panes::move_focus;
use crate::sync::use_wake;
use crate::t;
use crate::tell::use_tell;
use crate::texts::{Words, use_words};
use crate::view::{Overlay, Route, Step, SyncTab, Toast, use_view};

/// Commands that the desktop shell carries out itself.
const OF_THE_SHELL: [&str; 5] = [
    "app.quit",
    "window.close",
    "window.minimize",
    "window.fullscreen",
    "help.data_folder",
];

/// Carries out the commands of the whole window; draws nothing.
#[component]
pub(crate) fn Actions() -> Html {
    use_key_dispatcher();
    use_menu_and_imports();
    use_import_in_hand();
    use_going();
    use_looks();
    use_work();
    crate::undo::use_undo();
    crate::drafts::use_saved_views();
    use_sync_commands();
    use_wake();
    use_left_over();
    use_menu_state();
    html! {
        <>
            <NewDrafts />
            { for OF_THE_SHELL.iter().map(|id| html! { <OfTheShell id={*id} /> }) }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct OfTheShellProps {
    id: &'static str,
}

#[component]
fn OfTheShell(props: &OfTheShellProps) -> Html {
    let host = use_host();
    let commands = use_commands();
    let id = props.id;
    let able = host.backend().has_window_commands();
    let run = Callback::from(move |()| {
        let (host, commands) = (host.clone(), commands.clone());
        spawn_local(async move {
            hand_over(&commands).await;
            host.backend().window_command(id);
        });
    });
    use_command(id, able, run);
    Html::default()
}

/// Waits until what was typed is saved, but never keeps anybody from leaving.
pub(crate) async fn hand_over(commands: &Commands) {
    commands.run("editor.flush");
    for _ in 0..20 {
        if !commands.can_run("editor.unsaved") {
            return;
        }
        gloo_timers::future::TimeoutFuture::new(50).await;
    }
}

/// Tells the native menu what can be chosen just now.
#[hook]
fn use_menu_state() {
    let (host, commands) = (use_host(), use_commands());
    let told = use_mut_ref(Vec::<&'static str>::new);
    use_effect(move || {
        if host.backend().has_window_commands() {
            spawn_local(async move {
                // After the effects of this drawing, in which commands come and go.
                gloo_timers::future::TimeoutFuture::new(0).await;
                let able = stoa_ipc::commands()
                    .iter()
                    .map(|spec| spec.id)
                    .filter(|id| commands.can_run(id));
                let able: Vec<&'static str> = able.collect();
                if *told.borrow() != able {
                    host.backend().able_to(&able);
                    told.replace(able);
                }
            });
        }
    });
}

/// Runs what was chosen in the native menu, and opens files that became drafts.
#[hook]
fn use_menu_and_imports() {
    let (words, commands, view) = (use_words(), use_commands(), use_view());
    let import = use_import_dropped();
    let look = use_look_at_dropped();
    use_events(Callback::from(move |event: Event| match event {
        Event::Command(id) => {
            commands.run(&id);
        }
        // What lands on a text is the editor's.
        Event::Dropped(files) if is_export(&files.names) => look.emit(files.drop),
        Event::Dropped(files) if !crate::editor::is_on_text(files.x, files.y) => {
            let indexes = (0..).zip(&files.names).map(|(index, _)| index).collect();
            import.emit(ImportDropped {
                drop: files.drop,
                indexes,
            });
        }
        // Whoever began to read it, what it holds is to be seen.
        Event::Import(Some(import)) if import.stage == ImportStage::Reading => {
            view.dispatch(Step::Show(Overlay::Import));
        }
        Event::Imported(reply) => {
            if let Some(toast) = import_toast(&words, &reply) {
                view.dispatch(Step::Say(toast));
            }
            if let Some(draft) = reply.drafts.first() {
                view.dispatch(Step::Open(draft.id));
            }
        }
        _ => {}
    }));
}

/// Shows the import that is in hand already: one that was opened with Stoa before the page was
/// there, or that was left in the middle.
#[hook]
fn use_import_in_hand() {
    let (app, host, view) = (use_app(), use_host(), use_view());
    use_effect_with(app.is_open(), move |is_open| {
        let view = view.dispatcher();
        if *is_open {
            spawn_local(async move {
                if let Ok(Some(_)) = host.call(GetImport {}).await {
                    view.dispatch(Step::Show(Overlay::Import));
                }
            });
        }
    });
}

/// Whether one thing was dropped that is no text and no image: a folder, or an export.
fn is_export(names: &[String]) -> bool {
    let [name] = names else { return false };
    let ending = name
        .rsplit_once('.')
        .map(|(_, ending)| ending.to_ascii_lowercase());
    match ending.as_deref() {
        None => true,
        Some(ending) => ["zip", "json", "xml", "docx", "html", "htm"].contains(&ending),
    }
}

/// Reads the first of the files that were dropped as an export.
#[hook]
fn use_look_at_dropped() -> Callback<u64> {
    let (host, tell) = (use_host(), use_tell());
    Callback::from(move |drop: u64| {
        let (host, tell) = (host.clone(), tell.clone());
        spawn_local(async move {
            if let Err(failure) = host.call(LookAtDropped { drop, index: 0 }).await {
                tell.emit(failure);
            }
        });
    })
}

/// Makes drafts of files that were dropped beside a text.
#[hook]
fn use_import_dropped() -> Callback<ImportDropped> {
    let (host, tell) = (use_host(), use_tell());
    Callback::from(move |request: ImportDropped| {
        let (host, tell) = (host.clone(), tell.clone());
        spawn_local(async move {
            if let Err(failure) = host.call(request).await {
                tell.emit(failure);
            }
        });
    })
}

fn import_toast(words: &Words, reply: &ImportReply) -> Option<Toast> {
    if let Some(failure) = reply.failures.first() {
        let why = words.get(&format!("import-{}", failure.reason));
        return Some(Toast::said(t!(
            words,
            "import-failed",
            file = failure.file.as_str(),
            why = why.as_str()
        )));
    }
    let n = reply.drafts.len();
    (n > 0).then(|| Toast::said(t!(words, "imported", n = n)))
}

#[hook]
fn use_going() {
    let app = use_app();
    let open = app.is_open() || app.kind().is_some();
    let view = use_view();
    let go = |route: Route| {
        let view = view.clone();
        Callback::from(move |()| view.dispatch(Step::Go(route)))
    };
    let show = |overlay: Overlay| {
        let view = view.clone();
        Callback::from(move |()| view.dispatch(Step::Show(overlay.clone())))
    };
    use_command("go.content", open, go(Route::Content));
    use_command("go.bin", open, go(Route::Bin));
    use_command("go.tags", open, go(Route::Tags));
    use_command("go.sync", open, go(Route::Sync(SyncTab::Waiting)));
    use_command("app.settings", open, go(Route::Settings));
    use_command("app.about", open, go(Route::Settings));
    use_command("import.open", open, show(Overlay::Import));
    use_command("app.palette", open, show(Overlay::Palette));
    use_command("help.shortcuts", open, show(Overlay::Shortcuts));
    use_command("pane.next", open, Callback::from(|()| move_focus(true)));
    use_command(
        "pane.previous",
        open,
        Callback::from(|()| move_focus(false)),
    );
}

/// A callback that changes preferences.
#[hook]
pub(crate) fn use_set_preferences() -> Callback<SetPreferences> {
    let (host, tell) = (use_host(), use_tell());
    Callback::from(move |change: SetPreferences| {
        let (host, tell) = (host.clone(), tell.clone());
        spawn_local(async move {
            match host.call(change).await {
                Ok(preferences) => host.preferences_changed(preferences),
                Err(failure) => tell.emit(failure),
            }
        });
    })
}

#[hook]
fn use_looks() {
    let app = use_app();
    let now = app.preferences().clone();
    let words = use_words();
    let set = use_set_preferences();
    let change = |how: SetPreferences| {
        let set = set.clone();
        Callback::from(move |()| set.emit(how.clone()))
    };
    use_command("view.theme", true, change(theme(next_theme(now.theme))));
    use_command(
        "view.contrast",
        true,
        change(theme(with_contrast(now.theme))),
    );
    use_command(
        "view.density",
        true,
        change(SetPreferences {
            density: Some(next_density(now.density)),
            ..SetPreferences::default()
        }),
    );
    use_command(
        "view.language",
        true,
        change(SetPreferences {
            language: Some(other_language(words.tag())),
            ..SetPreferences::default()
        }),
    );
    use_command("view.zoom_in", true, change(zoom(zoomed(now.zoom, 10))));
    use_command("view.zoom_out", true, change(zoom(zoomed(now.zoom, -10))));
    use_command("view.zoom_reset", true, change(zoom(100)));
    use_command(
        "view.sidebar",
        app.kind().is_some(),
        change(SetPreferences {
            sidebar_shown: Some(!now.sidebar_shown),
            ..SetPreferences::default()
        }),
    );
    use_command("editor.source", app.kind().is_some(), change(source(&now)));
}

fn theme(theme: Theme) -> SetPreferences {
    SetPreferences {
        theme: Some(theme),
        ..SetPreferences::default()
    }
}

fn zoom(zoom: u16) -> SetPreferences {
    SetPreferences {
        zoom: Some(zoom),
        ..SetPreferences::default()
    }
}

fn source(now: &Preferences) -> SetPreferences {
    SetPreferences {
        source_mode: Some(!now.source_mode),
        ..SetPreferences::default()
    }
}

fn next_theme(theme: Theme) -> Theme {
    match theme {
        Theme::System | Theme::Contrast => Theme::Light,
        Theme::Light => Theme::Dark,
        Theme::Dark => Theme::System,
    }
}

fn with_contrast(theme: Theme) -> Theme {
    if theme == Theme::Contrast {
        Theme::System
    } else {
        Theme::Contrast
    }
}

fn next_density(density: Density) -> Density {
    match density {
        Density::Compact => Density::Regular,
        Density::Regular => Density::Comfortable,
        Density::Comfortable => Density::Compact,
    }
}

fn other_language(tag: &str) -> Language {
    if tag == Language::Chinese.tag() {
        Language::English
    } else {
        Language::Chinese
    }
}

fn zoomed(zoom: u16, by: i32) -> u16 {
    let wanted = (i32::from(zoom) + by).clamp(50, 300);
    u16::try_from(wanted).unwrap_or(100)
}

#[hook]
fn use_work() {
    let (host, view, tell) = (use_host(), use_view(), use_tell());
    let (words, app) = (use_words(), use_app());
    let export = Callback::from(move |()| {
        let (host, view, tell, words) = (host.clone(), view.clone(), tell.clone(), words.clone());
        spawn_local(async move {
            match host.call(ExportEverything { folder: None }).await {
                Ok(done) => view.dispatch(Step::Say(Toast::said(t!(
                    words,
                    "exported",
                    n = done.n_drafts,
                    path = done.path.as_str()
                )))),
                Err(failure) => tell.emit(failure),
            }
        });
    });
    use_command("app.export", app.kind().is_some(), export);
}

/// Says once after the start what was not sent before Stoa was closed: it is here, and goes on.
#[hook]
fn use_left_over() {
    let (words, view) = (use_words(), use_view());
    let (app, standing) = (use_app(), use_standing());
    let told = use_mut_ref(|| None::<String>);
    let profile = app.profile().map(|profile| profile.id.clone());
    let sends = app.kind() == Some(ProfileKind::Connected) && app.is_open();
    use_effect_with((profile, sends), move |(profile, sends)| {
        if *sends && *told.borrow() != *profile {
            told.replace(profile.clone());
            if standing.n_waiting > 0 {
                let text = t!(words, "left-over", n = standing.n_waiting);
                view.dispatch(Step::Say(Toast::said(text)));
            }
        }
    });
}

#[hook]
fn use_sync_commands() {
    let (host, view, tell) = (use_host(), use_view(), use_tell());
    let (app, standing) = (use_app(), use_standing());
    let has_account = app.profile().is_some_and(|profile| profile.email.is_some());
    let connected = app.kind() == Some(ProfileKind::Connected);
    let show = |overlay: Overlay| {
        let view = view.clone();
        Callback::from(move |()| view.dispatch(Step::Show(overlay.clone())))
    };
    use_command(
        "account.connect",
        app.is_open() && app.kind() != Some(ProfileKind::Demo),
        show(Overlay::Connect),
    );
    use_command("account.sign_out", has_account, show(Overlay::SignOut));
    let now = {
        let (host, tell) = (host.clone(), tell.clone());
        Callback::from(move |()| {
            let (host, tell) = (host.clone(), tell.clone());
            spawn_local(async move {
                if let Err(failure) = host.call(SyncNow {}).await {
                    tell.emit(failure);
                }
            });
        })
    };
    use_command("sync.now", connected, now);
    let paused = standing.connection == stoa_ipc::Connection::Paused;
    let pause = Callback::from(move |()| {
        let (host, tell) = (host.clone(), tell.clone());
        spawn_local(async move {
            match host.call(PauseSync { paused: !paused }).await {
                Ok(status) => host.sync_changed(status),
                Err(failure) => tell.emit(failure),
            }
        });
    });
    use_command("sync.pause", connected, pause);
}

#[cfg(test)]
mod tests {
    use super::*;
    use stoa_ipc::ImportFailure;

    #[test]
    fn zoom_stays_within_what_can_be_read() {
        let cases = [(100, 10, 110), (300, 10, 300), (50, -10, 50)];
        for (zoom, by, expected) in cases {
            assert_eq!(zoomed(zoom, by), expected);
        }
    }

    #[test]
    fn themes_go_round_and_contrast_comes_and_goes() {
        assert_eq!(
            next_theme(next_theme(next_theme(Theme::Light))),
            Theme::Light
        );
        assert_eq!(with_contrast(with_contrast(Theme::System)), Theme::System);
    }

    #[test]
    fn a_file_that_failed_is_named_with_the_reason() {
        let failure = ImportFailure {
            file: "照片.png".to_owned(),
            reason: "not-markdown".to_owned(),
        };
        let reply = ImportReply {
            drafts: vec![],
            failures: vec![failure],
        };
        let toast = import_toast(&Words::new("en"), &reply).unwrap();
        assert!(
            toast.text.contains("照片.png") && toast.text.contains(".md"),
            "{}",
            toast.text
        );
    }
}
