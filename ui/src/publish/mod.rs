//! A draft's way to members: who may read it, from when on, and how it stands there.

mod cover;
mod dialog;
mod editing;
mod fields;
mod form;
mod live;
mod planned;
mod recording;
mod search;
mod sending;
mod session;
mod state;
mod tags;

pub(crate) use dialog::PublishDialog;
pub(crate) use editing::RepublishDialog;
pub(crate) use state::{
    StateChip, live_stands, review_stands, stands, use_summary, use_this_moment,
};
