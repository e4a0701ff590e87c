//! The studio as its hosts use it: real stores, a real server over HTTPS.

mod drafts;
mod first_run;
mod log;
mod opening;
mod support;
mod syncing;
