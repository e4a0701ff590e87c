//! An open draft: state and title above, the page, count and reading time below.

use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use stoa_domain::DraftId;
use stoa_ipc::{Event, Failure, OpenedDraft, SetPreferences};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::adding::AddingNotice;
use super::bridge::{EditorState, focus_editor};
use super::deleted::DeletedNotice;
use super::find::{FindBar, Finding, use_finding};
use super::foot::Foot;
use super::head::Head;
use super::images::{ImageNews, Images, SharedImages};
use super::inserting::{use_block_commands, use_inserting};
use super::kind_start::KindStart;
use super::recordings::Adding;
use super::saved::Saving;
use super::session::{News, Session};
use super::surface::Surface;
use super::taken::{Refused, refusal};
use super::title::TitleField;
use super::toolbar::Toolbar;
use super::tools::use_media_tools;
use super::ways::use_writing;
use super::zen::use_zen;
use crate::commands::use_command;
use crate::course::{CoursePanel, LessonLine, use_course_panel};
use crate::host::{use_app, use_events, use_host, use_standing};
use crate::parts::{Button, Loaded, Notice, Remote};
use crate::publish::use_summary;
use crate::review::{ReviewPanel, use_margin};
use crate::t;
use crate::texts::use_words;
use crate::view::{Step, Toast, use_view};

#[derive(Properties, PartialEq)]
pub(crate) struct EditorPaneProps {
    pub(crate) id: DraftId,
}

/// What is known of the open draft.
#[derive(Clone, PartialEq)]
struct Progress {
    opened: Remote<OpenedDraft>,
    saving: Saving,
    n_words: u64,
    /// Somebody else deleted the draft while it was open here.
    is_deleted: bool,
}

#[component]
pub(crate) fn EditorPane(props: &EditorPaneProps) -> Html {
    let (session, progress) = use_session(props.id);
    let show = {
        let (saving, n_words) = (progress.saving.clone(), progress.n_words);
        let is_deleted = progress.is_deleted;
        Callback::from(move |opened: OpenedDraft| {
            html! { <Writing opened={opened} session={session.clone()} saving={saving.clone()} {n_words} {is_deleted} /> }
        })
    };
    let onretry = {
        let view = use_view();
        let id = props.id;
        Callback::from(move |()| {
            view.dispatch(Step::CloseDraft);
            view.dispatch(Step::Open(id));
        })
    };
    html! {
        <Loaded<OpenedDraft> value={progress.opened.clone()} {show} {onretry} n_bones=3 />
    }
}

/// Opens the draft when the pane appears and closes it when it goes.
#[hook]
fn use_session(id: DraftId) -> (SharedSession, UseStateHandle<Progress>) {
    let host = use_host();
    let progress = use_state(|| Progress {
        opened: Remote::Coming,
        saving: Saving::Writing,
        n_words: 0,
        is_deleted: false,
    });
    let news = {
        let progress = progress.clone();
        Callback::from(move |news: News| progress.set(after((*progress).clone(), news)))
    };
    let session = use_mut_ref(|| None::<Rc<Session>>);
    let shared = SharedSession(session);
    let held = shared.clone();
    use_effect_with((), move |()| {
        *held.0.borrow_mut() = Some(Session::open(host, id, news));
        move || {
            // Closing tells the editor, which may ask for the session: it is not held meanwhile.
            let session = held.0.borrow_mut().take();
            if let Some(session) = session {
                session.close();
            }
        }
    });
    {
        let shared = shared.clone();
        use_events(Callback::from(move |event: Event| {
            if let Event::Drafts(ids) = &event
                && (ids.is_empty() || ids.contains(&id))
            {
                shared.with(Session::look_elsewhere);
            }
        }));
    }
    (shared, progress)
}

fn after(mut progress: Progress, news: News) -> Progress {
    match news {
        News::Opened(opened) => {
            progress.saving = Saving::Saved(opened.summary.saved);
            progress.n_words = opened.summary.n_words;
            progress.opened = Remote::Here(*opened);
        }
        News::NotOpened(failure) => progress.opened = Remote::Failed(failure),
        News::Writing => {
            // A failure stays in sight until something was saved.
            if !matches!(progress.saving, Saving::Failed(_)) {
                progress.saving = Saving::Writing;
            }
        }
        News::Saved(reply) => {
            progress.saving = Saving::Saved(reply.saved);
            progress.n_words = reply.n_words;
        }
        News::NotSaved(failure) => progress.saving = Saving::Failed(failure),
        News::Deleted => progress.is_deleted = true,
    }
    progress
}

/// The session, once it has begun.
#[derive(Clone)]
pub(crate) struct SharedSession(Rc<std::cell::RefCell<Option<Rc<Session>>>>);

impl PartialEq for SharedSession {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl SharedSession {
    pub(crate) fn with<T>(&self, ask: impl FnOnce(&Rc<Session>) -> T) -> Option<T> {
        let session = self.0.borrow().clone();
        session.as_ref().map(ask)
    }
}

#[derive(Properties, PartialEq)]
struct WritingProps {
    opened: OpenedDraft,
    session: SharedSession,
    saving: Saving,
    n_words: u64,
    is_deleted: bool,
}

#[component]
fn Writing(props: &WritingProps) -> Html {
    let app = use_app();
    let view = use_view();
    let state = use_state_eq(EditorState::default);
    let editable = props.opened.editable && app.is_open() && !props.is_deleted;
    let source = app.preferences().source_mode;
    let id = props.opened.summary.id;
    use_text_commands(&props.session);
    let saving = props.saving.with_untold(state.untold);
    use_leaving(&props.session, &saving);
    use_quitting(&props.session);
    let is_shown = use_state_eq(|| false);
    let writing = use_writing(&props.session, *is_shown);
    let finding = use_finding(editable);
    let onkeydown = use_zen();
    use_block_commands(&props.session, &state, editable);
    let (images, adding) = use_images(id, &props.session);
    let (media_tools, onmedia) = use_media_tools(id, &images);
    let now = use_summary(id).unwrap_or_else(|| props.opened.summary.clone());
    let margin = use_margin(&props.session, &now);
    let onremark = {
        let margin = margin.clone();
        Callback::from(move |id: String| margin.go_to_comment(&id))
    };
    let writable = app.is_open() && !props.is_deleted && now.binned_at.is_none();
    let has_margin = margin.is_shown(&now);
    let (has_outline, show_outline) = use_course_panel(&now);
    let inserting = use_inserting(&props.session, &images, &state, editable);
    let is_ready = *is_shown;
    let onstate = {
        let state = state.clone();
        Callback::from(move |told| {
            is_shown.set(true);
            state.set(told);
        })
    };
    let stop_adding = {
        let images = images.clone();
        Callback::from(move |()| images.0.stop_adding())
    };
    let failure = match &props.saving {
        Saving::Failed(failure) if !props.is_deleted => Some(failure.clone()),
        _ => None,
    };
    let n_words = if state.n_words > 0 {
        state.n_words
    } else {
        props.n_words
    };
    let n_han = state.n_han.max(n_words.saturating_sub(state.n_words));
    html! {
        <article class={classes!("writing", (has_margin || has_outline).then_some("with-margin"))} {onkeydown}>
            <Head session={props.session.clone()} {saving} summary={props.opened.summary.clone()} {editable} {source} />
            <div>
                if props.is_deleted { <DeletedNotice title={props.opened.summary.title.clone()} session={props.session.clone()} /> }
                if let Some(failure) = failure { <NotSavedNotice {failure} session={props.session.clone()} /> }
                <LessonLine draft={now.clone()} />
                <TitleField {id} title={props.opened.summary.title.clone()} {editable} fresh={view.fresh_draft == Some(id)} />
                if editable && !source { <Toolbar marks={state.marks.clone()} table={state.table.clone()} onrun={inserting.onrun} /> }
                if *finding != Finding::Closed {
                    <FindBar session={props.session.clone()} found={state.found} {editable} finding={finding.clone()} />
                }
            </div>
            if let Some(adding) = (*adding).clone() {
                <AddingNotice {adding} onstop={stop_adding} />
            }
            if editable && adding.is_none() {
                <KindStart kind={now.content.kind} media={state.media.clone()} onask={inserting.onask.clone()} />
            }
            <div class="page-scroll">
                <Surface session={props.session.clone()} opened={props.opened.clone()} {editable} {source} {onstate} {images} {onmedia} {onremark} onask={inserting.onask} />
            </div>
            if has_margin {
                <ReviewPanel {id} session={props.session.clone()} margin={margin.clone()} is_ready={is_ready} {editable} {writable} />
            } else if has_outline {
                <CoursePanel {id} {writable} onclose={show_outline.reform(|()| false)} />
            }
            <Foot {n_words} {n_han} n_selected={state.n_selected} {writing} {source} />
            { inserting.parts }
            { media_tools }
        </article>
    }
}

/// The images of the draft, asked about again whenever files came or went.
#[hook]
fn use_images(
    id: DraftId,
    session: &SharedSession,
) -> (SharedImages, UseStateHandle<Option<Adding>>) {
    let adding = use_state_eq(|| None::<Adding>);
    let (host, words, view) = (use_host(), use_words(), use_view());
    let dispatcher = view.dispatcher();
    let session = session.clone();
    let setter = adding.setter();
    let images = use_memo(id, move |id| {
        let adding = Callback::from(move |adding| setter.set(adding));
        let refused = Callback::from(move |refused: Vec<Refused>| {
            let text = AttrValue::from(refusal(&words, &refused));
            dispatcher.dispatch(Step::Say(Toast::said(text)));
        });
        let news = ImageNews { refused, adding };
        SharedImages(Rc::new(Images::new(host, session, *id, news)))
    });
    let images = (*images).clone();
    let (held, before) = (images.clone(), adding.clone());
    use_events(Callback::from(move |event: Event| match event {
        Event::Adding(told) => held.0.adding_stands(&told, (*before).clone()),
        Event::Files => held.0.look_again(),
        Event::Transfer(status) => held.0.files_stand(&status),
        Event::Dropped(files) => held.0.dropped(files),
        _ => {}
    }));
    use_effect_with(images.clone(), |images| images.0.ask_standing());
    let standing = use_standing().connection;
    use_effect_with((images.clone(), standing), |(images, connection)| {
        images.0.connection_is(*connection);
    });
    (images, adding)
}

/// What the window asks before it closes.
#[hook]
fn use_leaving(session: &SharedSession, saving: &Saving) {
    let session = session.clone();
    let flush = Callback::from(move |()| {
        session.with(|session| session.flush());
    });
    use_command("editor.flush", true, flush);
    use_command(
        "editor.unsaved",
        matches!(saving, Saving::Writing),
        Callback::noop(),
    );
}

/// Undo and redo from the native menu, while the text has the focus.
#[hook]
fn use_text_commands(session: &SharedSession) {
    let run = |name: &'static str| {
        let session = session.clone();
        Callback::from(move |()| super::run::run_tool(&session, name))
    };
    let (undo_step, redo_step) = crate::undo::use_turns();
    // In the text undo is the text's; elsewhere it takes back what was done last.
    let either = |in_text: Callback<()>, elsewhere: Callback<()>| {
        Callback::from(move |()| match super::run::text_has_focus() {
            true => in_text.emit(()),
            false => elsewhere.emit(()),
        })
    };
    use_command("edit.undo", true, either(run("undo"), undo_step));
    use_command("edit.redo", true, either(run("redo"), redo_step));
}

/// Between asking whether everything is saved and asking again, while the program ends.
const ASK_AGAIN_MS: u32 = 5;

/// The program ends only after what was typed is saved. The shell does not wait for ever.
#[hook]
fn use_quitting(session: &SharedSession) {
    let host = use_host();
    let able = host.backend().has_window_commands();
    let session = session.clone();
    let quit = Callback::from(move |()| {
        let (host, session) = (host.clone(), session.clone());
        spawn_local(async move {
            session.with(|session| session.flush());
            while session.with(|session| session.is_all_saved()) == Some(false) {
                TimeoutFuture::new(ASK_AGAIN_MS).await;
            }
            host.backend().window_command("app.quit");
        });
    });
    use_command("app.quit", able, quit);
}

#[derive(Properties, PartialEq)]
struct NotSavedProps {
    failure: Failure,
    session: SharedSession,
}

/// The text is in the window only: say so, offer to copy it, and to try again.
#[component]
fn NotSavedNotice(props: &NotSavedProps) -> Html {
    let words = use_words();
    let view = use_view();
    let again = {
        let session = props.session.clone();
        Callback::from(move |()| {
            session.with(Session::try_again);
        })
    };
    let copy = {
        let (session, words) = (props.session.clone(), words.clone());
        Callback::from(move |_: MouseEvent| {
            let text = session
                .with(|session| session.with_editor(super::bridge::Editor::text))
                .flatten();
            super::run::copy(&text.unwrap_or_default());
            view.dispatch(Step::Say(Toast::said(t!(words, "copied-all"))));
            focus_editor();
        })
    };
    html! {
        <div class="writing-notice" data-testid="not-saved">
            <Notice failure={props.failure.clone()} onretry={again}>
                <Button icon="copy" label={t!(words, "copy-all")} onclick={copy} testid="copy-all" />
            </Notice>
        </div>
    }
}

/// Switches between the text and its Markdown.
pub(crate) fn toggled_source(source: bool) -> SetPreferences {
    SetPreferences {
        source_mode: Some(!source),
        ..SetPreferences::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stoa_domain::Timestamp;
    use stoa_ipc::{EditReply, ErrorCode, SavedState};

    #[test]
    fn a_failed_save_stays_in_sight_until_something_was_saved() {
        let start = Progress {
            opened: Remote::Coming,
            saving: Saving::Writing,
            n_words: 0,
            is_deleted: false,
        };
        let failure = Failure::new(ErrorCode::DiskFull, "");
        let failed = after(start, News::NotSaved(failure.clone()));
        let typed = after(failed, News::Writing);
        assert_eq!(typed.saving, Saving::Failed(failure));
        let reply = EditReply {
            saved: SavedState::OnThisComputer,
            n_words: 7,
            edited_at: Timestamp::default(),
            remote: None,
        };
        let saved = after(typed, News::Saved(reply));
        assert_eq!(
            (saved.saving, saved.n_words),
            (Saving::Saved(SavedState::OnThisComputer), 7)
        );
    }
}
