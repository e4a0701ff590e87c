//! Work that was refused because a role was lowered or a membership ended, kept for an owner.
//!
//! | Request | Body → answer |
//! |---|---|
//! | `GET /v1/sync/{community}/proposals` | – → list of [`ProposedBy`] |
//! | `POST /v1/sync/{community}/proposals/decide` | [`DecideProposals`] → [`Decided`] |
//!
//! Only owners and admins may ask.

use serde::{Deserialize, Serialize};
use stoa_domain::{Timestamp, UserId};

/// The most ids in one decision.
pub const MOST_DECIDED: usize = 500;

/// What one person proposes, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProposedBy {
    pub user: UserId,
    pub name: String,
    pub reason: ProposalReason,
    /// How many there are; `proposals` holds the first 500.
    pub n: u64,
    pub proposals: Vec<Proposal>,
}

/// What took the right away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ProposalReason {
    RoleLowered,
    MembershipEnded,
}

/// One change that waits for a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Proposal {
    /// A UUID.
    pub id: String,
    /// The draft it is about: what belongs together is decided together.
    pub subject: String,
    /// The name of the mutation.
    pub name: String,
    /// The title the draft has, or would get.
    pub title: String,
    pub made_at: Timestamp,
    /// Bytes of its arguments.
    pub size: u64,
}

/// Accepts (in the order they were made, with the right of who decides) or discards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DecideProposals {
    /// At most [`MOST_DECIDED`].
    pub ids: Vec<String>,
    pub accept: bool,
}

/// What came of a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Decided {
    pub n_done: u64,
    /// Those that could not be carried out; they go on waiting.
    pub failed: Vec<NotDone>,
}

/// A proposal that could not be accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NotDone {
    pub id: String,
    /// The name of a reject code of the mutators.
    pub code: String,
}
