//! The small parts that screens are put together from.

mod button;
mod choice;
mod dialog;
mod field;
mod icon;
mod key_caps;
mod loaded;
mod notice;
mod picture;
mod recording;
mod rows;
mod tabs;
mod toasts;

pub(crate) use button::{Button, ButtonKind};
pub(crate) use choice::{Choice, Choices, Switch};
pub(crate) use dialog::{Dialog, cancelled, focused, use_modal};
pub(crate) use field::{Field, use_focus_once};
pub(crate) use icon::Icon;
pub(crate) use key_caps::KeyCaps;
pub(crate) use loaded::{Loaded, Remote};
pub(crate) use notice::Notice;
pub(crate) use picture::Picture;
pub(crate) use recording::Recording;
pub(crate) use rows::{InRow, RowOf, Rows};
pub(crate) use tabs::{Tab, Tabs};
pub(crate) use toasts::Toasts;
