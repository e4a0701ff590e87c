//! The editor: title, text, toolbar, and the session that keeps the text safe.

mod away;
mod bridge;
mod deleted;
mod head;
mod images;
mod link;
mod outline;
mod pane;
mod queue;
mod run;
mod saved;
mod session;
mod surface;
mod taken;
mod texts;
mod title;
mod toolbar;

pub(crate) use bridge::focus_editor;
pub(crate) use pane::EditorPane;
pub(crate) use run::{copy, is_on_text};
