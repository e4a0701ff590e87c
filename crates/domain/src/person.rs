//! Somebody who belongs to a community.

use serde::{Deserialize, Serialize};

use crate::{Role, UserId};

/// Somebody who belongs or belonged to a community, as everybody who works there may know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub id: UserId,
    /// The name to show.
    pub name: String,
    /// Absent when the membership has ended.
    pub role: Option<Role>,
}
