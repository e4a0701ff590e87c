//! Work of people who have lost the right to it, for owners and admins to decide about.

use serde::{Deserialize, Serialize};
use stoa_domain::Timestamp;

use crate::ChangeText;

/// Asks the server; refused with `not_allowed` for other roles.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListProposals {}

/// What one person proposes, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposedBy {
    pub name: String,
    /// `role_lowered` or `membership_ended`: key `proposed-<reason>`.
    pub reason: String,
    /// How many there are; `proposals` holds the first.
    pub n: u64,
    pub proposals: Vec<Proposal>,
}

/// One thing a person meant to do: a new draft stands with its title and its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// All that has to be decided together.
    pub ids: Vec<String>,
    pub text: ChangeText,
    pub made_at: Timestamp,
    pub size: u64,
}

/// Accepts, in the order of `ids`' making and with the own right, or discards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecideProposals {
    /// At most 500.
    pub ids: Vec<String>,
    pub accept: bool,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposalsDecided {
    pub n_done: u64,
    /// How many could not be carried out; they go on waiting.
    pub n_failed: u64,
}
