//! Expert review of a draft: asking for it, the checklist, the margin, the verdict.

use std::ops::Range;

use rusqlite::Connection;
use stoa_domain::{
    Anchor, CheckState, Draft, DraftId, Review, ReviewComment, ReviewCommentId, ReviewId,
    ReviewStatus, ReviewText, ReviewVerdict, Reviews, Role, Timestamp, UserId,
};
use stoa_mutators::{
    CheckItem, DecideReview, DropComment, EditComment, Mutation, Reject, RejectCode, RequestReview,
    ResolveComment, WithdrawReview, WriteComment,
};

use super::drafts::change;
use super::text::may_change;
use super::versions::merge_what_waits;
use super::{Store, actor, present, read_point};
use crate::table::{draft, person};
use crate::text::Document;
use crate::{
    CommentShown, DraftListing, NewComment, NewReview, Random, ReviewBadge, ReviewShown, Reviewer,
    ReviewsShown, StepKind, StoreError, merging, random,
};

impl Store {
    /// Everybody who can be asked to review a draft, by name.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for a draft that is not there, and the disk's error.
    pub fn reviewers(&self, id: DraftId) -> Result<Vec<Reviewer>, StoreError> {
        self.read(|db| {
            let author = shown(db, id)?.author;
            let me = actor(db, Timestamp::default())?.user;
            let people = person::all(db)?.into_iter().filter_map(|person| {
                let role = person.role.filter(|role| role.reviews())?;
                let is_own = Some(person.id) == me || Some(person.id) == author;
                (!is_own).then_some(Reviewer {
                    id: person.id,
                    name: person.name,
                    role,
                })
            });
            let mut people: Vec<Reviewer> = people.collect();
            people.sort_by(|a, b| a.name.cmp(&b.name));
            Ok(people)
        })
    }

    /// Hands a draft over for review as it is.
    ///
    /// # Errors
    /// [`StoreError::Rejected`] when the rules do not allow it.
    pub fn request_review(
        &self,
        id: DraftId,
        new: NewReview,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<DraftListing, StoreError> {
        self.write(|work| {
            shown(work.db, id)?;
            merge_what_waits(work, id, now)?;
            let request = Mutation::RequestReview(RequestReview {
                id: random::review_id(now, random),
                draft: id,
                reviewer: new.reviewer,
                text_at: present(work, id)?,
                checks: new.checks,
                note: new.note,
                at: now,
            });
            change(work, &request, StepKind::RequestReview, (id, now))
        })
    }

    /// Takes the open request back.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when none is open.
    pub fn withdraw_review(&self, id: DraftId, now: Timestamp) -> Result<DraftListing, StoreError> {
        let review = self.open_review(id)?;
        let withdraw = Mutation::WithdrawReview(WithdrawReview {
            id: review,
            draft: id,
        });
        self.change(id, &withdraw, StepKind::WithdrawReview, now)
    }

    /// Says what the reviewer found of an entry of the checklist.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when no review is open, [`StoreError::Rejected`] for anybody else.
    pub fn check_item(
        &self,
        id: DraftId,
        (item, state): (u8, CheckState),
        now: Timestamp,
    ) -> Result<DraftListing, StoreError> {
        let review = self.open_review(id)?;
        let check = Mutation::CheckItem(CheckItem {
            id: review,
            draft: id,
            item,
            state,
        });
        self.change(id, &check, StepKind::CheckItem, now)
    }

    /// The reviewer's verdict. It is held before it is sent, and final then.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when no review is open, [`StoreError::Rejected`] for anybody else
    /// and where changes are wanted without a reason.
    pub fn decide_review(
        &self,
        id: DraftId,
        verdict: ReviewVerdict,
        reason: Option<ReviewText>,
        now: Timestamp,
    ) -> Result<DraftListing, StoreError> {
        let review = self.open_review(id)?;
        let decide = Mutation::DecideReview(DecideReview {
            id: review,
            draft: id,
            verdict,
            reason,
            is_guarded: true,
        });
        self.change(id, &decide, StepKind::DecideReview, now)
    }

    /// Writes a comment.
    ///
    /// # Errors
    /// [`StoreError::Rejected`] when the rules do not allow it, with the field `at` for a place
    /// that is no passage of the text; [`StoreError::SessionEnded`].
    pub fn write_comment(
        &self,
        id: DraftId,
        new: NewComment,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<ReviewCommentId, StoreError> {
        let anchor = match new.at {
            Some(at) => Some(self.anchor(id, new.session, at)?),
            None => None,
        };
        let comment = random::comment_id(now, random);
        let write = Mutation::WriteComment(WriteComment {
            id: comment,
            draft: id,
            anchor,
            body: new.body,
            at: now,
        });
        self.change(id, &write, StepKind::WriteComment, now)?;
        Ok(comment)
    }

    /// Gives a comment other words.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when it is gone, [`StoreError::Rejected`] for anybody else's.
    pub fn edit_comment(
        &self,
        id: DraftId,
        comment: ReviewCommentId,
        body: ReviewText,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let was = self.comment(id, comment)?.body;
        if was == body {
            return Ok(());
        }
        let edit = Mutation::EditComment(EditComment {
            id: comment,
            draft: id,
            body,
            was: Some(was),
        });
        self.change(id, &edit, StepKind::EditComment, now).map(drop)
    }

    /// Takes a comment away.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when it is gone, [`StoreError::Rejected`] for anybody else's.
    pub fn drop_comment(
        &self,
        id: DraftId,
        comment: ReviewCommentId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.comment(id, comment)?;
        let drop_it = Mutation::DropComment(DropComment {
            id: comment,
            draft: id,
        });
        self.change(id, &drop_it, StepKind::DropComment, now)
            .map(drop)
    }

    /// Says that a comment is dealt with, or is not after all.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when it is gone, [`StoreError::Rejected`] for who takes no part.
    pub fn resolve_comment(
        &self,
        id: DraftId,
        comment: ReviewCommentId,
        is_resolved: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.comment(id, comment)?;
        let resolve = Mutation::ResolveComment(ResolveComment {
            id: comment,
            draft: id,
            is_resolved,
        });
        self.change(id, &resolve, StepKind::ResolveComment, now)
            .map(drop)
    }

    /// The reviews of a draft and what was said, with the passages as an editing session shows
    /// them, or as they are on the disk.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for a draft that is not there, [`StoreError::SessionEnded`].
    pub fn reviews(&self, id: DraftId, session: Option<u64>) -> Result<ReviewsShown, StoreError> {
        let draft = self.read(|db| shown(db, id))?;
        let look = |document: &Document| Seen::of(&draft.reviews, document);
        let seen = match session {
            Some(session) => {
                self.with_shown(session, |of, shown| (of == id).then(|| look(shown)))?
            }
            None => self.read(|db| Ok(merging::document(db, id)?.as_ref().map(look)))?,
        };
        self.read(|db| told(db, &draft, &seen.unwrap_or_default()))
    }

    fn anchor(
        &self,
        id: DraftId,
        session: Option<u64>,
        at: Range<usize>,
    ) -> Result<Anchor, StoreError> {
        let hold = |document: &Document| document.anchor(at);
        let anchor = match session {
            Some(session) => self.with_shown(session, |of, shown| match of == id {
                true => hold(shown),
                false => None,
            })?,
            None => self.read(|db| Ok(merging::document(db, id)?.as_ref().and_then(hold)))?,
        };
        anchor.ok_or_else(|| StoreError::Rejected(Reject::field(RejectCode::Invalid, "at")))
    }

    fn open_review(&self, id: DraftId) -> Result<ReviewId, StoreError> {
        let open = self.read(|db| shown(db, id))?.reviews.open;
        open.map(|open| open.id).ok_or(StoreError::NotFound)
    }

    fn comment(&self, id: DraftId, comment: ReviewCommentId) -> Result<ReviewComment, StoreError> {
        let reviews = self.read(|db| shown(db, id))?.reviews;
        let found = reviews.comment(comment).cloned();
        found.ok_or(StoreError::NotFound)
    }
}

/// What lists show of the reviews of a draft.
pub(super) fn badge(db: &Connection, reviews: &Reviews) -> Result<Option<ReviewBadge>, StoreError> {
    let latest = reviews.latest();
    let Some(latest) = latest.filter(|r| r.status != ReviewStatus::Withdrawn) else {
        return Ok(None);
    };
    let me = actor(db, Timestamp::default())?.user;
    Ok(Some(ReviewBadge {
        status: latest.status,
        is_for_me: me == Some(latest.reviewer),
        closed_at: latest.closed_at,
        n_unresolved: reviews.n_unresolved() as u64,
    }))
}

fn shown(db: &Connection, id: DraftId) -> Result<Draft, StoreError> {
    draft::shown(db, id)?.ok_or(StoreError::NotFound)
}

/// What a text says of reviews and comments, each in their order.
#[derive(Default)]
struct Seen {
    /// Whether the state that was handed over is here, and whether the text went on since.
    reviews: Vec<(bool, bool)>,
    comments: Vec<Option<Range<usize>>>,
}

impl Seen {
    fn of(reviews: &Reviews, document: &Document) -> Self {
        let present = document.version();
        let handed_over = |review: &Review| {
            let closure = read_point(&review.text_at).and_then(|point| document.closure(&point));
            match closure {
                Some(closure) => (true, closure != present),
                None => (false, false),
            }
        };
        let passage = |comment: &ReviewComment| {
            let anchor = comment.anchor.as_ref();
            let anchor = anchor.filter(|_| comment.resolved_at.is_none());
            anchor.and_then(|anchor| document.passage(anchor))
        };
        Self {
            reviews: in_order(reviews).map(handed_over).collect(),
            comments: reviews.comments.iter().map(passage).collect(),
        }
    }
}

fn in_order(reviews: &Reviews) -> impl Iterator<Item = &Review> {
    let open = reviews.open.as_deref().into_iter();
    open.chain(reviews.closed.iter().rev())
}

fn told(db: &Connection, draft: &Draft, seen: &Seen) -> Result<ReviewsShown, StoreError> {
    let who = actor(db, Timestamp::default())?;
    let name = |id: Option<UserId>| -> Result<Option<String>, StoreError> {
        match id {
            Some(id) => Ok(person::find(db, id)?.map(|person| person.name)),
            None => Ok(None),
        }
    };
    let reviews = in_order(&draft.reviews).enumerate().map(|(n, review)| {
        let (is_here, is_changed_since) = seen.reviews.get(n).copied().unwrap_or_default();
        Ok(ReviewShown {
            reviewer_name: name(Some(review.reviewer))?,
            by_name: name(review.by)?,
            is_for_me: who.user == Some(review.reviewer),
            is_here,
            is_changed_since,
            review: review.clone(),
        })
    });
    let comments = draft
        .reviews
        .comments
        .iter()
        .enumerate()
        .map(|(n, comment)| {
            Ok(CommentShown {
                by_name: name(comment.by)?,
                is_own: comment.by == who.user,
                at: seen.comments.get(n).cloned().flatten(),
                comment: comment.clone(),
            })
        });
    let mut comments = comments.collect::<Result<Vec<_>, StoreError>>()?;
    comments.sort_by_key(|shown| match (&shown.comment.anchor, &shown.at) {
        (None, _) => (0, 0),
        (Some(_), Some(at)) => (1, at.start),
        (Some(_), None) => (2, 0),
    });
    let open = draft.reviews.open.as_deref();
    let is_asked = open.is_some_and(|open| who.user == Some(open.reviewer));
    let may_change = may_change(db, draft.id)?;
    let is_away = draft.binned_at.is_some() || draft.archived_at.is_some();
    Ok(ReviewsShown {
        reviews: reviews.collect::<Result<_, StoreError>>()?,
        comments,
        may_ask: may_change && who.user.is_some() && open.is_none() && !is_away,
        may_comment: may_change || is_asked && who.role.writes_drafts(),
        may_decide: is_asked && Role::reviews(who.role),
    })
}
