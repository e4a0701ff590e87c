//! The frame around every page: sidebar, status bar, strips and dialogs.

mod community;
mod connect;
mod connection;
mod frame;
mod overlays;
mod sidebar;
mod splitter;
mod status_bar;
mod strip;

pub(crate) use community::use_open_profile;
pub(crate) use connect::{ConnectForm, Prepare, wrong_text};
pub(crate) use connection::{ConnectionDot, name as connection_name};
pub(crate) use frame::Frame;
pub(crate) use splitter::Splitter;
pub(crate) use status_bar::label as connection_label;
