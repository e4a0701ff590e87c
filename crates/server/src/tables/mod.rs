//! One module for each table, with all the SQL about it.

pub(crate) mod account;
pub(crate) mod answered_request;
pub(crate) mod attachment;
pub(crate) mod audit;
pub(crate) mod blob;
pub(crate) mod bucket;
pub(crate) mod community;
pub(crate) mod device;
pub(crate) mod device_place;
pub(crate) mod device_progress;
pub(crate) mod doc_update;
pub(crate) mod draft;
pub(crate) mod entitlement;
pub(crate) mod field_history;
pub(crate) mod finished_lesson;
pub(crate) mod former_role;
pub(crate) mod live_ticket;
pub(crate) mod membership;
pub(crate) mod mutation_result;
#[cfg(feature = "test-support")]
pub(crate) mod oracle;
pub(crate) mod person;
pub(crate) mod post_address;
pub(crate) mod post_text;
pub(crate) mod proposal;
pub(crate) mod server;
pub(crate) mod session;
pub(crate) mod tag;
pub(crate) mod token;
pub(crate) mod tombstone;

use serde::Serialize;
use serde::de::DeserializeOwned;
use stoa_domain::{CommunityId, DeviceId, UserId};

use crate::db::DbError;

/// Who pushes: a device of a person in a community.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sender {
    pub(crate) community: CommunityId,
    pub(crate) user: UserId,
    pub(crate) device: DeviceId,
}

fn to_json<T: Serialize>(value: &T) -> Result<String, DbError> {
    serde_json::to_string(value).map_err(|error| DbError::Stored(error.to_string()))
}

fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, DbError> {
    serde_json::from_str(text).map_err(|error| DbError::Stored(error.to_string()))
}

fn unreadable(what: impl std::fmt::Display) -> DbError {
    DbError::Stored(what.to_string())
}
