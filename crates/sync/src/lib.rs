//! Sync between a studio's store and its server.
//!
//! [`engine`] decides, without input or output; [`start`] runs the driver that carries its
//! decisions out over a [`transport::Transport`], of which [`http`] is the real one; [`account`]
//! looks at servers and signs in.
//!
//! Invariant: credentials and data go only to a server whose certificate the system or the user
//! trusts.

pub mod account;
mod address;
mod clock;
mod driver;
pub mod engine;
mod files;
mod hold;
pub mod http;
mod line;
mod perform;
mod session;
#[cfg(test)]
mod sim;
mod snapshot;
pub mod tls;
pub mod transport;
pub mod wipe;

pub use account::AccountError;
pub use clock::Clock;
pub use driver::{SyncHandle, SyncOptions, SyncState, start};
pub use engine::{Phase, Trouble};
pub use files::{FileTrouble, FilesHandle, FilesState, PartBody, StuckFile};
pub use transport::DeviceChange;
