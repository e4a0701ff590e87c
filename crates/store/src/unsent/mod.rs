//! The second copy of what waits: every change that the server has not accepted, in a file of its
//! own beside the database, so that it outlives the loss of that.
//!
//! `outbox.log` begins with [`MAGIC`]. Frames follow: [`FRAME`], the length as four bytes
//! (little-endian), and the encrypted [`Frame`]. The first ones are the *base*, everything that
//! waited when the file was written; each later one is what one commit changed, and counts one
//! further than the commit before it.
//!
//! Invariant: a frame is written after its commit is on the disk and before the commit is told. So
//! what was told is in both, and the file never knows of a commit that was told to have failed.

mod cipher;
mod frame;
mod reading;
mod writing;

pub(crate) use frame::{Frame, Unsent};
pub(crate) use reading::{Found, keep_aside, read};
pub(crate) use writing::{Base, UnsentLog};

pub(crate) const FILE: &str = "outbox.log";
const MAGIC: &[u8; 8] = b"STOAOUT1";
/// What a frame begins with, so that those behind a damaged one are found.
const FRAME: &[u8; 4] = b"\xf5frm";
/// The mark and the length.
const HEAD: usize = 8;
