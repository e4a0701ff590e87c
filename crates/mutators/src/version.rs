//! Names for states of a draft's text.

use serde::{Deserialize, Serialize};
use stoa_domain::{
    Draft, DraftId, MAX_NAMED_VERSIONS, NamedVersion, TextVersion, Timestamp, VersionId,
    VersionName,
};

use crate::draft::may_change;
use crate::{Context, Reject, RejectCode, Row, Rows};

/// `version.keep@1`: a state of a draft's text gets a name. Class A (insert once): whoever names
/// it makes the id, and what others name meanwhile stands beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeepVersion {
    pub id: VersionId,
    pub draft: DraftId,
    pub name: VersionName,
    pub text_at: TextVersion,
    /// When it was named, by the device's clock; one that is brought back keeps its time.
    pub at: Timestamp,
}

/// `version.rename@1`: another name. Class B, soft: the later arrival wins, the name that somebody
/// else gave meanwhile is kept in the field history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenameVersion {
    pub id: VersionId,
    pub draft: DraftId,
    pub name: VersionName,
    /// The name that was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<VersionName>,
}

/// `version.drop@1`: a version loses its name. Its text stays in the history of the draft.
/// Class B, soft; of one that is gone it changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DropVersion {
    pub id: VersionId,
    pub draft: DraftId,
}

impl KeepVersion {
    pub(crate) fn apply(&self, rows: &mut Rows, ctx: &Context) -> Result<(), Reject> {
        let mut draft = may_change(rows, ctx, self.draft)?.clone();
        if draft.versions.named(self.id).is_some() {
            return Err(Reject::new(RejectCode::AlreadyExists));
        }
        if draft.versions.named.len() >= MAX_NAMED_VERSIONS {
            return Err(Reject::field(RejectCode::Invalid, "versions"));
        }
        let version = NamedVersion {
            id: self.id,
            name: self.name.clone(),
            text_at: self.text_at.clone(),
            by: ctx.user,
            at: self.at.min(ctx.now),
        };
        let place = draft.versions.named.partition_point(|v| v.at <= version.at);
        draft.versions.named.insert(place, version);
        rows.put(Row::Draft(draft));
        Ok(())
    }
}

impl RenameVersion {
    pub(crate) fn apply(&self, rows: &mut Rows, ctx: &Context) -> Result<(), Reject> {
        let mut draft = may_change(rows, ctx, self.draft)?.clone();
        let mut named = draft.versions.named.iter_mut();
        let version = named
            .find(|version| version.id == self.id)
            .ok_or(Reject::field(RejectCode::NotFound, "versions"))?;
        version.name = self.name.clone();
        rows.put(Row::Draft(draft));
        Ok(())
    }

    /// The name that stands there and is neither the one that was seen nor the one that is wanted.
    pub(crate) fn overridden(&self, before: &Draft) -> Option<VersionName> {
        let here = &before.versions.named(self.id)?.name;
        let is_other = self.was.as_ref().is_some_and(|was| was != here) && self.name != *here;
        is_other.then(|| here.clone())
    }
}

impl DropVersion {
    pub(crate) fn apply(&self, rows: &mut Rows, ctx: &Context) -> Result<(), Reject> {
        let mut draft = may_change(rows, ctx, self.draft)?.clone();
        draft.versions.named.retain(|version| version.id != self.id);
        rows.put(Row::Draft(draft));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use stoa_domain::{Role, Title, UserId};

    use super::*;
    use crate::{BaseVersion, Key, Mutation, Outcome, Stored, Superseded, run};

    fn draft_id() -> DraftId {
        DraftId::from_bytes([1; 16])
    }

    fn name(text: &str) -> VersionName {
        VersionName::parse(text).unwrap()
    }

    fn ctx(role: Role) -> Context {
        let now = Timestamp::from_millis(1_000);
        Context {
            user: Some(UserId::from_bytes([9; 16])),
            role,
            now,
            made_at: now,
        }
    }

    fn keep(n: u8, text: &str, millis: i64) -> Mutation {
        Mutation::KeepVersion(KeepVersion {
            id: VersionId::from_bytes([n; 16]),
            draft: draft_id(),
            name: name(text),
            text_at: TextVersion::parse("AA==").unwrap(),
            at: Timestamp::from_millis(millis),
        })
    }

    fn rename(n: u8, text: &str, was: &str) -> Mutation {
        Mutation::RenameVersion(RenameVersion {
            id: VersionId::from_bytes([n; 16]),
            draft: draft_id(),
            name: name(text),
            was: Some(name(was)),
        })
    }

    fn drop_version(n: u8) -> Mutation {
        Mutation::DropVersion(DropVersion {
            id: VersionId::from_bytes([n; 16]),
            draft: draft_id(),
        })
    }

    fn draft() -> Stored {
        let at = Timestamp::from_millis(1);
        Stored {
            row: Row::Draft(Draft::new(draft_id(), Title::default(), None, at)),
            version: 1,
            field_versions: Default::default(),
        }
    }

    fn applied(
        mutation: &Mutation,
        before: &Stored,
        base: &[BaseVersion],
    ) -> (Stored, Vec<Superseded>) {
        match run(
            mutation,
            base,
            std::slice::from_ref(before),
            &ctx(Role::Editor),
        ) {
            Outcome::Applied {
                changes,
                superseded,
                ..
            } => {
                let after = changes.into_iter().next();
                (after.unwrap_or_else(|| before.clone()), superseded)
            }
            Outcome::Rejected(reject) => panic!("{mutation:?} was refused: {reject:?}"),
        }
    }

    fn names(stored: &Stored) -> Vec<&str> {
        let Row::Draft(draft) = &stored.row else {
            panic!("a draft");
        };
        let named = draft.versions.named.iter();
        named.map(|version| version.name.as_str()).collect()
    }

    /// Two devices had both seen the first version of the row.
    fn seen_first() -> [BaseVersion; 1] {
        [BaseVersion {
            key: Key::draft(draft_id()),
            version: 1,
        }]
    }

    #[test]
    fn what_two_devices_name_without_knowing_of_each_other_stands_side_by_side() {
        let (one, _) = applied(&keep(1, "一审稿", 20), &draft(), &seen_first());
        let (both, superseded) = applied(&keep(2, "before lunch", 10), &one, &seen_first());
        assert_eq!(names(&both), ["before lunch", "一审稿"]);
        assert_eq!(superseded, []);
        let refused = run(&keep(1, "again", 30), &[], &[both], &ctx(Role::Editor));
        assert!(matches!(refused, Outcome::Rejected(r) if r.code == RejectCode::AlreadyExists));
    }

    #[test]
    fn of_two_new_names_the_later_wins_and_the_other_is_kept() {
        let (kept, _) = applied(&keep(1, "一审稿", 20), &draft(), &[]);
        let (first, superseded) = applied(&rename(1, "二审稿", "一审稿"), &kept, &seen_first());
        assert_eq!(superseded, []);
        let (second, superseded) = applied(&rename(1, "终稿", "一审稿"), &first, &seen_first());
        assert_eq!(names(&second), ["终稿"]);
        assert_eq!(superseded.len(), 1);
        assert_eq!(superseded[0].field, "versions");
        assert_eq!(superseded[0].value, Value::from("二审稿"));
        let (gone, superseded) = applied(&drop_version(1), &second, &seen_first());
        assert_eq!((names(&gone), superseded), (Vec::<&str>::new(), vec![]));
        // Taking the name off twice is no mistake; renaming what is gone is.
        applied(&drop_version(1), &gone, &[]);
        let late = run(&rename(1, "x", "终稿"), &[], &[gone], &ctx(Role::Editor));
        assert!(matches!(late, Outcome::Rejected(r) if r.code == RejectCode::NotFound));
    }

    #[test]
    fn only_who_may_write_in_a_draft_names_its_versions() {
        let refused = run(&keep(1, "名", 1), &[], &[draft()], &ctx(Role::Member));
        assert!(matches!(refused, Outcome::Rejected(r) if r.code == RejectCode::NotAllowed));
    }

    #[test]
    fn a_time_that_lies_ahead_is_not_believed_and_names_end_somewhere() {
        let (kept, _) = applied(&keep(1, "名", i64::MAX), &draft(), &[]);
        let Row::Draft(mut full) = kept.row.clone() else {
            panic!("a draft");
        };
        assert_eq!(full.versions.named[0].at, Timestamp::from_millis(1_000));
        let one = full.versions.named[0].clone();
        full.versions.named = vec![one; MAX_NAMED_VERSIONS];
        let full = Stored {
            row: Row::Draft(full),
            ..kept
        };
        let refused = run(&keep(2, "名", 1), &[], &[full], &ctx(Role::Owner));
        assert!(matches!(refused, Outcome::Rejected(r) if r.code == RejectCode::Invalid));
    }
}
