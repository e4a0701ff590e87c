//! The server over the wire, on both databases.

mod access;
mod accounts;
mod bodies;
mod copies;
mod limits;
mod live;
mod program;
mod seed;
mod sequence;
mod support;
mod sync;
