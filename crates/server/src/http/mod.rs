//! The HTTP face: routes, bodies, sessions, limits.

pub(crate) mod accounts;
pub(crate) mod address;
pub(crate) mod articles;
pub(crate) mod blobs;
pub(crate) mod body;
pub(crate) mod caller;
pub(crate) mod devices;
pub(crate) mod feeds;
pub(crate) mod lessons;
pub(crate) mod live;
pub(crate) mod proposals;
pub(crate) mod rates;
pub(crate) mod router;
pub(crate) mod short;
pub(crate) mod snapshots;
mod streamed;
pub(crate) mod sync;
pub(crate) mod system;
