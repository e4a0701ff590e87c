//! What a person may do now, and what they might when their session began.

use stoa_domain::Role;
use stoa_protocol::error::ApiErrorCode;
use stoa_protocol::proposal::ProposalReason;

use crate::db::Tx;
use crate::refusal::Refusal;
use crate::tables::{Sender, former_role, membership, session};

/// A right that was lost after the session had begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lost {
    pub(crate) role: Role,
    pub(crate) reason: ProposalReason,
}

/// The role that counts, and the one that was lost, if any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    /// Of somebody who does not belong any more: the lowest, which writes nothing.
    pub(crate) role: Role,
    pub(crate) lost: Option<Lost>,
}

impl From<Role> for Standing {
    fn from(role: Role) -> Self {
        Self { role, lost: None }
    }
}

impl Standing {
    /// How the person stands. Somebody who belonged to the community when the session began may
    /// still hand in what was written until then.
    pub(crate) fn of(tx: &mut dyn Tx, sender: Sender) -> Result<Self, Refusal> {
        let Sender {
            community, user, ..
        } = sender;
        let role = membership::role(tx, community, user)?;
        let before = match session::began_at(tx, user, sender.device)? {
            Some(began_at) => former_role::at(tx, community, user, began_at)?,
            None => None,
        };
        let lost = |role, reason| Lost { role, reason };
        match (role, before) {
            (Some(role), before) => Ok(Self {
                role,
                lost: before
                    .filter(|before| *before != role)
                    .map(|before| lost(before, ProposalReason::RoleLowered)),
            }),
            (None, Some(before)) => Ok(Self {
                role: Role::Member,
                lost: Some(lost(before, ProposalReason::MembershipEnded)),
            }),
            (None, None) => Err(Refusal::new(ApiErrorCode::NotFound, "no such community")),
        }
    }
}
