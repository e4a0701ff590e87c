//! What a person may do in a community.

use serde::{Deserialize, Serialize};

/// A person's role in one community. A person has exactly one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Role {
    Member,
    Analyst,
    Moderator,
    Expert,
    Editor,
    Admin,
    Owner,
}

impl Role {
    /// Every role, lowest rank first.
    pub const ALL: [Role; 7] = [
        Role::Member,
        Role::Analyst,
        Role::Moderator,
        Role::Expert,
        Role::Editor,
        Role::Admin,
        Role::Owner,
    ];

    /// Whether this role may open the studio and write drafts of its own.
    pub fn writes_drafts(self) -> bool {
        !matches!(self, Role::Member | Role::Analyst)
    }

    /// Whether this role may know who else belongs to the community.
    pub fn knows_people(self) -> bool {
        self != Role::Member
    }

    /// Whether this role may change drafts that somebody else wrote.
    pub fn edits_any_draft(self) -> bool {
        matches!(self, Role::Owner | Role::Admin | Role::Editor)
    }

    /// Whether this role decides what members are shown.
    pub fn publishes(self) -> bool {
        self.edits_any_draft()
    }

    /// Whether this role decides which words mean the same tag, and renames tags.
    pub fn keeps_tags(self) -> bool {
        self.edits_any_draft()
    }

    /// Whether somebody with this role can be asked to review a draft, and decides then.
    pub fn reviews(self) -> bool {
        self == Role::Expert
    }

    /// Whether this role decides about changes that somebody made before losing the right to.
    pub fn decides_proposals(self) -> bool {
        matches!(self, Role::Owner | Role::Admin)
    }

    /// The name used on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Member => "member",
            Role::Analyst => "analyst",
            Role::Moderator => "moderator",
            Role::Expert => "expert",
            Role::Editor => "editor",
            Role::Admin => "admin",
            Role::Owner => "owner",
        }
    }

    /// Reads the name used on the wire and in the database.
    pub fn parse(name: &str) -> Option<Role> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_reads_back_from_its_name() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.as_str()), Some(role));
        }
        assert_eq!(Role::parse("Owner"), None);
    }

    #[test]
    fn only_staff_write_drafts_and_fewer_edit_those_of_others() {
        let writers: Vec<_> = Role::ALL
            .into_iter()
            .filter(|r| r.writes_drafts())
            .collect();
        assert_eq!(
            writers,
            [
                Role::Moderator,
                Role::Expert,
                Role::Editor,
                Role::Admin,
                Role::Owner
            ]
        );
        for role in Role::ALL {
            assert!(!role.edits_any_draft() || role.writes_drafts(), "{role:?}");
        }
    }
}
