//! What is put into a text by hand, and what is done to the block with the cursor: by toolbar, menu of
//! blocks, palette and keys.

use stoa_ipc::Shortcut;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::bridge::EditorState;
use super::images::SharedImages;
use super::link::{LinkDialog, LinkForm};
use super::pane::SharedSession;
use super::run;
use crate::commands::{use_command, use_commands};
use crate::host::use_host;
use crate::t;
use crate::texts::use_words;
use crate::view::{Step, Toast, use_view};

/// What asks for something before it is put into the text.
pub(crate) struct Inserting {
    /// A dialog and a chooser.
    pub(crate) parts: Html,
    /// Runs a tool of the toolbar.
    pub(crate) onrun: Callback<&'static str>,
    /// Runs what was chosen from the menu of blocks and asks for something.
    pub(crate) onask: Callback<String>,
}

#[hook]
pub(crate) fn use_inserting(
    session: &SharedSession,
    images: &SharedImages,
    state: &EditorState,
    editable: bool,
) -> Inserting {
    let commands = use_commands();
    let linking = use_state_eq(|| None::<LinkForm>);
    let (chooser, choose) = use_chooser(images, editable);
    let onrun = {
        let (session, linking, choose) = (session.clone(), linking.clone(), choose.clone());
        Callback::from(move |command: &'static str| match command {
            "link" => linking.set(Some(LinkForm::Words)),
            "image" => choose.emit(Chosen::Any),
            "file" => choose.emit(Chosen::Files),
            "comment" => {
                commands.run("review.comment");
            }
            other => run::run_tool(&session, other),
        })
    };
    let onask = {
        let linking = linking.clone();
        Callback::from(move |what: String| match what.as_str() {
            "image" => choose.emit(Chosen::Images),
            "media" => choose.emit(Chosen::Recordings),
            "file" => choose.emit(Chosen::Files),
            "embed" => linking.set(Some(LinkForm::Card)),
            _ => {}
        })
    };
    let form = *linking;
    let onclose = Callback::from(move |()| linking.set(None));
    let parts = html! {
        <>
            { chooser }
            if let Some(form) = form {
                <LinkDialog session={session.clone()} {form} address={state.link.clone()} {onclose} />
            }
        </>
    };
    Inserting {
        parts,
        onrun,
        onask,
    }
}

/// What is to be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Chosen {
    Any,
    Images,
    Recordings,
    /// Whatever is in them, readers are to keep them.
    Files,
}

impl Chosen {
    fn accept(self) -> &'static str {
        match self {
            Chosen::Any => {
                "image/png,image/jpeg,image/gif,image/webp,image/avif,audio/*,video/*,.mkv,.mka"
            }
            Chosen::Images => "image/png,image/jpeg,image/gif,image/webp,image/avif",
            Chosen::Recordings => "audio/*,video/*,.mkv,.mka",
            Chosen::Files => "",
        }
    }
}

/// The system's own way to choose files, and what opens it.
#[hook]
fn use_chooser(images: &SharedImages, editable: bool) -> (Html, Callback<Chosen>) {
    let node = use_node_ref();
    let wanted = use_mut_ref(|| Chosen::Any);
    let choose = {
        let (node, wanted) = (node.clone(), wanted.clone());
        Callback::from(move |chosen: Chosen| {
            *wanted.borrow_mut() = chosen;
            if let Some(input) = node.cast::<HtmlInputElement>() {
                input.set_accept(chosen.accept());
                input.click();
            }
        })
    };
    use_command("edit.image", editable, choose.reform(|()| Chosen::Any));
    use_command("edit.file", editable, choose.reform(|()| Chosen::Files));
    let onchange = {
        let images = images.clone();
        Callback::from(move |event: web_sys::Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            let Some(list) = input.files() else { return };
            let files = (0..list.length()).filter_map(|n| list.get(n));
            let chosen = *wanted.borrow();
            match chosen {
                Chosen::Files => images.0.take_to_keep(files.collect()),
                _ => images.0.take(files.collect(), None),
            }
            input.set_value("");
        })
    };
    let chooser = html! {
        <input ref={node} type="file" hidden=true multiple=true data-testid="choose-image" {onchange}
            accept={Chosen::Any.accept()} />
    };
    (chooser, choose)
}

/// What moves a block, and brings in the clipboard's letters alone.
#[hook]
pub(crate) fn use_block_commands(session: &SharedSession, state: &EditorState, editable: bool) {
    let run = |name: &'static str| {
        let session = session.clone();
        Callback::from(move |()| {
            if run::text_has_focus() {
                run::run_tool(&session, name);
            }
        })
    };
    use_command("edit.move_up", editable, run("move-up"));
    use_command("edit.move_down", editable, run("move-down"));
    use_table_commands(session, state, editable);
    let code = {
        let session = session.clone();
        Callback::from(move |()| run::edit_language(session.clone()))
    };
    use_command(
        "edit.code_language",
        editable && state.marks.has("codeblock"),
        code,
    );
    let mention = {
        let session = session.clone();
        Callback::from(move |()| run::run_tool(&session, "mention"))
    };
    let takes_mentions = editable && !state.marks.has("codeblock");
    use_command("edit.mention", takes_mentions, mention);
    let (host, words, view) = (use_host(), use_words(), use_view());
    let refused = Callback::from(move |()| {
        let keys = crate::keys::caps(PASTE_PLAIN, host.platform).join(" ");
        let said = t!(words, "paste-plain-refused", keys = keys);
        view.dispatch(Step::Say(Toast::said(said)));
    });
    let session = session.clone();
    let paste = Callback::from(move |()| run::paste_plain(session.clone(), refused.clone()));
    use_command("edit.paste_plain", editable, paste);
}

/// The key of browsers and systems for the same.
const PASTE_PLAIN: Shortcut = Shortcut("Mod+Shift+V");

/// What can be done to the table with the cursor.
#[hook]
fn use_table_commands(session: &SharedSession, state: &EditorState, editable: bool) {
    let able = |name: &str| editable && state.table.as_ref().is_some_and(|able| able.has(name));
    let run = |name: &'static str| {
        let session = session.clone();
        Callback::from(move |()| run::run_tool(&session, name))
    };
    use_command("table.row_before", able("row-before"), run("row-before"));
    use_command("table.row_after", able("row-after"), run("row-after"));
    use_command("table.row_delete", able("row-delete"), run("row-delete"));
    use_command(
        "table.column_before",
        able("column-before"),
        run("column-before"),
    );
    use_command(
        "table.column_after",
        able("column-after"),
        run("column-after"),
    );
    use_command(
        "table.column_delete",
        able("column-delete"),
        run("column-delete"),
    );
    use_command("table.align_left", able("align-left"), run("align-left"));
    use_command(
        "table.align_center",
        able("align-center"),
        run("align-center"),
    );
    use_command("table.align_right", able("align-right"), run("align-right"));
    use_command("table.delete", able("table-delete"), run("table-delete"));
}
