//! The editor: title, text, toolbar, and the session that keeps the text safe.

mod adding;
mod attaching;
mod away;
mod bridge;
mod calls;
mod crop;
mod deleted;
mod find;
mod foot;
mod head;
mod images;
mod inserting;
mod known;
mod link;
mod mentions;
mod outline;
mod pane;
mod queue;
mod recordings;
mod rectangle;
mod run;
mod saved;
mod sending;
mod session;
mod surface;
mod taken;
mod texts;
mod title;
mod toolbar;
mod tools;
mod ways;
mod zen;

pub(crate) use bridge::{Editor, HeldPassage, Remark, focus_editor};
pub(crate) use pane::{EditorPane, SharedSession};
pub(crate) use run::{copy, is_on_text};
pub(crate) use sending::{send_image, send_recording};
