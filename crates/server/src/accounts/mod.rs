//! Accounts: registering, signing in, sessions and devices.

pub(crate) mod password;
pub(crate) mod register;
pub(crate) mod rules;
pub(crate) mod session;
pub(crate) mod sign_in;
pub(crate) mod step_up;
pub(crate) mod wipe;

use stoa_domain::UserId;
use stoa_protocol::account::{Account, Membership};
use stoa_protocol::error::ApiErrorCode;

use crate::db::Tx;
use crate::refusal::Refusal;
use crate::tables::{account, membership};

/// The person with the communities they belong to.
pub(crate) fn account_of(tx: &mut dyn Tx, user: UserId) -> Result<Account, Refusal> {
    let (email, name) = account::find(tx, user)?
        .ok_or_else(|| Refusal::new(ApiErrorCode::SignInAgain, "the account is gone"))?;
    let communities = membership::of_user(tx, user)?
        .into_iter()
        .map(|head| Membership {
            community: head.id,
            name: head.name,
            role: head.role,
        })
        .collect();
    Ok(Account {
        user,
        email,
        name,
        communities,
    })
}
