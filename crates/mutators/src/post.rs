//! What a draft is to become, and what of it members see.

use serde::{Deserialize, Serialize};
use stoa_domain::{
    Content, ContentValues, Draft, DraftId, Parts, Post, PublishedVersion, TextVersion, Timestamp,
    Title,
};

use crate::draft::{change, may_change};
use crate::{Context, Reject, RejectCode, Row, Rows};

/// `draft.describe@1`: other values for some of what a draft is to become. Class B, soft: each
/// value stands alone, the later arrival wins, the other value is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DescribeDraft {
    pub id: DraftId,
    #[serde(flatten)]
    pub values: ContentValues,
}

/// `post.publish@1`: members get a draft as it was seen, at once or from a time on; a post that
/// there is already is replaced. Class C: it is published over the post that was seen, by
/// somebody who has seen all there is of the draft; otherwise it is refused and a person looks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishPost {
    pub id: DraftId,
    /// The version of the post that was seen; 0 when there was none.
    pub over: u32,
    pub title: Title,
    #[serde(flatten)]
    pub content: Content,
    /// The updates to the text and the files that were seen.
    pub parts: Parts,
    pub text_at: TextVersion,
    /// From when on members see it; absent for at once. What they see already keeps the moment from
    /// which they do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live_at: Option<Timestamp>,
    /// It is not wanted any more when it arrives later than this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unless_after: Option<Timestamp>,
    /// Absent where a device shows its own change over whatever came meanwhile; see
    /// [`Mutation::unguarded`](crate::Mutation::unguarded).
    #[serde(skip, default = "yes")]
    pub is_guarded: bool,
}

fn yes() -> bool {
    true
}

/// `post.withdraw@1`: members do not see a post any more. Class C: about the version that was
/// seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WithdrawPost {
    pub id: DraftId,
    pub version: u32,
}

/// `draft.archive@1`: put away, out of every list but that of the archive. Class B, soft. What
/// members see has to be withdrawn before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchiveDraft {
    pub id: DraftId,
}

/// `draft.unarchive@1`: back to the drafts. Class B, soft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnarchiveDraft {
    pub id: DraftId,
}

impl DescribeDraft {
    pub(crate) fn apply(&self, rows: &mut Rows, ctx: &Context) -> Result<(), Reject> {
        let mut described = Content::default();
        self.values.apply_to(&mut described);
        must_be_sound(&described)?;
        change(rows, ctx, self.id, |draft, _| {
            self.values.apply_to(&mut draft.content);
        })
    }
}

impl PublishPost {
    pub(crate) fn apply(&self, rows: &mut Rows, ctx: &Context) -> Result<(), Reject> {
        let mut draft = may_publish(rows, ctx, self.id)?.clone();
        must_be_sound(&self.content)?;
        if self.is_guarded {
            self.check_seen(&draft, rows, ctx)?;
        }
        let first_at = draft.post.as_ref().map_or(ctx.now, |post| post.first_at);
        let version = draft.post.as_ref().map_or(0, |post| post.version);
        let seen_since = seen_since(draft.post.as_deref(), ctx.now);
        draft.post = Some(Box::new(Post {
            version: version + 1,
            title: self.title.clone(),
            content: self.content.clone(),
            parts: self.parts,
            text_at: self.text_at.clone(),
            by: ctx.user,
            first_at,
            at: ctx.now,
            live_at: self.live_at.unwrap_or(seen_since),
            withdrawn_at: None,
        }));
        draft.archived_at = None;
        draft.versions.publish(PublishedVersion {
            post: version + 1,
            text_at: self.text_at.clone(),
            by: ctx.user,
            at: ctx.now,
        });
        rows.put(Row::Draft(draft));
        Ok(())
    }

    /// Whether it arrives in time, and the draft and its post are as they were seen.
    fn check_seen(&self, draft: &Draft, rows: &Rows, ctx: &Context) -> Result<(), Reject> {
        if self.unless_after.is_some_and(|limit| ctx.now > limit) {
            return Err(Reject::new(RejectCode::TooLate));
        }
        let conflict = |field| Err(Reject::field(RejectCode::Conflict, field));
        if draft.binned_at.is_some() {
            return conflict("binned_at");
        }
        if draft.post.as_ref().map_or(0, |post| post.version) != self.over {
            return conflict("post");
        }
        if draft.title != self.title {
            return conflict("title");
        }
        if draft.content != self.content {
            return conflict("content");
        }
        if rows.parts() != self.parts {
            return conflict("text");
        }
        Ok(())
    }
}

/// From when on members see what is published at once: since they see the post that it replaces; what
/// they do not see yet, or not any more, is new to them now.
fn seen_since(post: Option<&Post>, now: Timestamp) -> Timestamp {
    let is_seen = |post: &&Post| post.withdrawn_at.is_none() && post.live_at <= now;
    post.filter(is_seen).map_or(now, |post| post.live_at)
}

impl WithdrawPost {
    pub(crate) fn apply(&self, rows: &mut Rows, ctx: &Context) -> Result<(), Reject> {
        let mut draft = may_publish(rows, ctx, self.id)?.clone();
        let Some(post) = &mut draft.post else {
            return Err(Reject::field(RejectCode::NotFound, "post"));
        };
        if post.version != self.version {
            return Err(Reject::field(RejectCode::Conflict, "post"));
        }
        if post.withdrawn_at.is_none() {
            post.withdrawn_at = Some(ctx.now);
            rows.put(Row::Draft(draft));
        }
        Ok(())
    }
}

impl ArchiveDraft {
    pub(crate) fn apply(&self, rows: &mut Rows, ctx: &Context) -> Result<(), Reject> {
        let is_offered = may_change(rows, ctx, self.id)?
            .post
            .as_ref()
            .is_some_and(|post| post.withdrawn_at.is_none());
        if is_offered {
            return Err(Reject::field(RejectCode::Invalid, "post"));
        }
        change(rows, ctx, self.id, |draft, at| {
            draft.archived_at.get_or_insert(at);
        })
    }
}

impl UnarchiveDraft {
    pub(crate) fn apply(&self, rows: &mut Rows, ctx: &Context) -> Result<(), Reject> {
        change(rows, ctx, self.id, |draft, _| draft.archived_at = None)
    }
}

fn must_be_sound(content: &Content) -> Result<(), Reject> {
    match content.unsound() {
        Some(field) => Err(Reject::field(RejectCode::Invalid, field)),
        None => Ok(()),
    }
}

/// A draft that exists and that the person may show to members.
fn may_publish<'r>(rows: &'r Rows, ctx: &Context, id: DraftId) -> Result<&'r Draft, Reject> {
    let draft = may_change(rows, ctx, id)?;
    match ctx.role.publishes() {
        true => Ok(draft),
        false => Err(Reject::new(RejectCode::NotAllowed)),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use stoa_domain::{
        Access, JoinLink, Kind, Minutes, Role, SearchTitle, Shelf, Tag, Tags, TierKey,
    };

    use super::*;
    use crate::{Ground, Mutation, Outcome, Stored, run};

    fn id() -> DraftId {
        DraftId::from_bytes([1; 16])
    }

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    fn ctx(role: Role) -> Context {
        Context {
            user: None,
            role,
            now: at(1_000),
            made_at: at(900),
        }
    }

    fn draft() -> Draft {
        Draft::new(id(), Title::parse("定价").unwrap(), None, at(1))
    }

    fn parts() -> Parts {
        [&[7; 16]].into_iter().collect()
    }

    fn publish() -> PublishPost {
        PublishPost {
            id: id(),
            over: 0,
            title: Title::parse("定价").unwrap(),
            content: Content::default(),
            parts: parts(),
            text_at: TextVersion::parse("AA==").unwrap(),
            live_at: None,
            unless_after: None,
            is_guarded: true,
        }
    }

    fn result(mutation: &Mutation, draft: Draft, ctx: &Context) -> Result<Draft, Reject> {
        let existing = [Stored {
            row: Row::Draft(draft.clone()),
            version: 1,
            field_versions: Default::default(),
        }];
        let ground = Ground {
            existing: &existing,
            gone: &[],
            parts: parts(),
            n_lessons: 0,
        };
        match run(mutation, &[], ground, ctx) {
            Outcome::Rejected(reject) => Err(reject),
            Outcome::Applied { changes, .. } => Ok(match changes.into_iter().next() {
                Some(change) => match change.row {
                    Row::Draft(draft) => draft,
                    other => panic!("{other:?}"),
                },
                None => draft,
            }),
        }
    }

    fn published(publish: PublishPost, draft: Draft) -> Result<Draft, Reject> {
        result(&Mutation::PublishPost(publish), draft, &ctx(Role::Editor))
    }

    fn conflict(field: &str) -> Reject {
        Reject::field(RejectCode::Conflict, field)
    }

    #[test]
    fn members_get_what_was_seen_and_the_server_says_when() {
        let draft = published(publish(), draft()).unwrap();
        let post = draft.post.clone().unwrap();
        assert_eq!(
            (post.version, post.at, post.live_at),
            (1, at(1_000), at(1_000))
        );
        assert_eq!(draft.shelf(at(1_000)), Shelf::Published);
    }

    #[test]
    fn what_changed_since_it_was_seen_is_not_published() {
        let renamed = Draft {
            title: Title::parse("别人的").unwrap(),
            ..draft()
        };
        assert_eq!(published(publish(), renamed), Err(conflict("title")));
        let mut described = draft();
        described.content.access = Access::Public;
        assert_eq!(published(publish(), described), Err(conflict("content")));
        let written = PublishPost {
            parts: Parts::default(),
            ..publish()
        };
        assert_eq!(published(written, draft()), Err(conflict("text")));
        let binned = Draft {
            binned_at: Some(at(5)),
            ..draft()
        };
        assert_eq!(published(publish(), binned), Err(conflict("binned_at")));
        let once = published(publish(), draft()).unwrap();
        assert_eq!(published(publish(), once.clone()), Err(conflict("post")));
        let over = PublishPost {
            over: 1,
            ..publish()
        };
        let twice = published(over, once).unwrap();
        assert_eq!(twice.post.unwrap().version, 2);
    }

    #[test]
    fn an_update_of_what_members_see_keeps_its_date_and_all_else_is_new() {
        let once = published(publish(), draft()).unwrap();
        let with_post = |change: fn(&mut Post)| {
            let mut draft = once.clone();
            change(draft.post.as_mut().unwrap());
            draft
        };
        let again = |draft: Draft, live_at| {
            let later = PublishPost {
                over: 1,
                live_at,
                ..publish()
            };
            published(later, draft).unwrap().post.unwrap()
        };
        let seen = with_post(|post| (post.at, post.live_at) = (at(100), at(300)));
        let updated = again(seen.clone(), None);
        assert_eq!((updated.live_at, updated.at), (at(300), at(1_000)));
        assert_eq!(again(seen, Some(at(2_000))).live_at, at(2_000));
        let scheduled = with_post(|post| post.live_at = at(5_000));
        assert_eq!(again(scheduled, None).live_at, at(1_000));
        let withdrawn = with_post(|post| {
            (post.live_at, post.withdrawn_at) = (at(300), Some(at(400)));
        });
        assert_eq!(again(withdrawn, None).live_at, at(1_000));
    }

    #[test]
    fn a_post_that_arrives_too_late_is_not_published() {
        let late = PublishPost {
            unless_after: Some(at(999)),
            ..publish()
        };
        assert_eq!(
            published(late, draft()),
            Err(Reject::new(RejectCode::TooLate))
        );
    }

    #[test]
    fn a_scheduled_post_goes_live_by_itself() {
        let later = PublishPost {
            live_at: Some(at(5_000)),
            ..publish()
        };
        let draft = published(later, draft()).unwrap();
        assert_eq!(draft.shelf(at(4_999)), Shelf::Scheduled);
        assert_eq!(draft.shelf(at(5_000)), Shelf::Published);
    }

    #[test]
    fn whoever_only_writes_does_not_publish() {
        for role in [Role::Expert, Role::Moderator] {
            let publish = Mutation::PublishPost(publish());
            let refused = result(&publish, draft(), &ctx(role));
            assert_eq!(refused, Err(Reject::new(RejectCode::NotAllowed)));
        }
    }

    #[test]
    fn only_the_version_that_was_seen_is_withdrawn_and_only_then_archived() {
        let once = published(publish(), draft()).unwrap();
        let owner = ctx(Role::Owner);
        let archive = Mutation::ArchiveDraft(ArchiveDraft { id: id() });
        let refused = result(&archive, once.clone(), &owner);
        assert_eq!(refused, Err(Reject::field(RejectCode::Invalid, "post")));
        let withdraw = |version| Mutation::WithdrawPost(WithdrawPost { id: id(), version });
        assert_eq!(
            result(&withdraw(2), once.clone(), &owner),
            Err(conflict("post"))
        );
        let back = result(&withdraw(1), once, &owner).unwrap();
        assert_eq!(back.shelf(at(2_000)), Shelf::Drafts);
        let away = result(&archive, back, &owner).unwrap();
        assert_eq!(away.shelf(at(2_000)), Shelf::Archived);
    }

    #[test]
    fn a_value_is_described_alone_and_one_that_lets_nobody_in_is_refused() {
        let describe = |values| Mutation::DescribeDraft(DescribeDraft { id: id(), values });
        let mut before = draft();
        before.content.tags = Tags::new(vec![Tag::parse("入门").unwrap()]).unwrap();
        let values = ContentValues {
            access: Some(Access::Paid {
                tiers: [TierKey::parse("vip").unwrap()].into(),
                singly: false,
            }),
            ..ContentValues::default()
        };
        let after = result(&describe(values), before.clone(), &ctx(Role::Editor)).unwrap();
        assert_eq!(after.content.tags, before.content.tags);
        let nobody = ContentValues {
            access: Some(Access::Paid {
                tiers: BTreeSet::new(),
                singly: false,
            }),
            ..ContentValues::default()
        };
        let refused = result(&describe(nobody), before, &ctx(Role::Editor));
        assert_eq!(refused, Err(Reject::field(RejectCode::Invalid, "access")));
    }

    #[test]
    fn a_live_session_is_described_value_by_value_and_published_with_all_of_them() {
        let describe = |values| Mutation::DescribeDraft(DescribeDraft { id: id(), values });
        let when = ContentValues {
            kind: Some(Kind::Live),
            starts_at: Some(Some(at(5_000))),
            lasts_minutes: Some(Minutes::new(90).unwrap()),
            ..ContentValues::default()
        };
        let whereto = ContentValues {
            join_link: Some(JoinLink::parse("https://meet.example/1").unwrap()),
            search_title: Some(SearchTitle::parse("直播答疑").unwrap()),
            ..ContentValues::default()
        };
        let editor = ctx(Role::Editor);
        let draft = result(&describe(when), draft(), &editor).unwrap();
        let draft = result(&describe(whereto), draft, &editor).unwrap();
        assert_eq!(draft.content.live().unwrap().starts_at, at(5_000));
        let publish = PublishPost {
            content: draft.content.clone(),
            ..publish()
        };
        let post = published(publish, draft.clone()).unwrap().post.unwrap();
        assert_eq!(post.content, draft.content);
    }

    #[test]
    fn a_session_that_no_calendar_has_is_refused() {
        let never = Content {
            starts_at: Some(at(i64::MAX)),
            ..Content::default()
        };
        let refused = Err(Reject::field(RejectCode::Invalid, "starts_at"));
        let values = ContentValues {
            starts_at: Some(never.starts_at),
            ..ContentValues::default()
        };
        let describe = Mutation::DescribeDraft(DescribeDraft { id: id(), values });
        assert_eq!(result(&describe, draft(), &ctx(Role::Editor)), refused);
        let publish = PublishPost {
            content: never,
            ..publish()
        };
        assert_eq!(published(publish, draft()), refused);
    }
}
