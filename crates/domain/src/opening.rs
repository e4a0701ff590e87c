//! To whom what is published is open, and from when: by itself, and as a lesson of a course.
//!
//! Invariant: a lesson is open to nobody to whom its course is closed, but for one that is public:
//! that is a free trial. What the course is open to counts whether it is published or not, so that
//! nothing opens by taking a course back. What a reader is to finish first is always something that
//! they can finish: no lesson waits for itself, for one that members do not see, or for one that is
//! closed to this reader.

use std::collections::BTreeSet;

use crate::{
    Access, Content, Draft, DraftId, Lesson, Opens, Post, Reader, TierKey, Timestamp, outline,
};

/// What somebody can have.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Product {
    Tier(TierKey),
    /// A single post; with a course or a column, what is in it.
    Post(DraftId),
}

/// What a member of a community has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holdings {
    pub joined_at: Timestamp,
    /// What is theirs now, each with when they had it first.
    pub products: Vec<(Product, Timestamp)>,
}

/// Somebody's rights in a community.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rights {
    /// Somebody without an account in it.
    Anybody,
    Member(Holdings),
    /// Somebody who works on drafts.
    Staff,
}

impl Rights {
    /// Who wants to read a post.
    pub fn reader(&self, id: DraftId) -> Reader {
        self.reader_of_either(id, id)
    }

    /// Who wants to read a post that is part of another one: buying either is buying it.
    fn reader_of_either(&self, id: DraftId, whole: DraftId) -> Reader {
        let products = match self {
            Self::Anybody => return Reader::Anybody,
            Self::Staff => return Reader::Staff,
            Self::Member(Holdings { products, .. }) => products,
        };
        let tier = |product: &Product| match product {
            Product::Tier(tier) => Some(tier.clone()),
            Product::Post(_) => None,
        };
        let is_it = |product: &Product| match product {
            Product::Tier(_) => false,
            Product::Post(post) => [id, whole].contains(post),
        };
        Reader::Member {
            holds: products.iter().filter_map(|(has, _)| tier(has)).collect(),
            bought: products.iter().any(|(has, _)| is_it(has)),
        }
    }

    /// Since when something with this access is open to them: since they joined or, where it is
    /// paid for, since they first had what opens it. Absent for whoever did not join.
    fn since(&self, access: &Access, id: DraftId) -> Option<Timestamp> {
        let Self::Member(holdings) = self else {
            return None;
        };
        let Access::Paid { tiers, singly } = access else {
            return Some(holdings.joined_at);
        };
        let opens = |product: &Product| match product {
            Product::Tier(tier) => tiers.contains(tier),
            Product::Post(post) => *singly && *post == id,
        };
        let held = holdings.products.iter();
        held.filter(|(product, _)| opens(product))
            .map(|(_, since)| *since)
            .min()
    }
}

/// Somebody who reads: what is theirs, and which lessons they have finished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Learner {
    pub rights: Rights,
    pub done: BTreeSet<DraftId>,
}

impl Learner {
    /// Somebody without an account.
    pub fn anybody() -> Self {
        Self {
            rights: Rights::Anybody,
            done: BTreeSet::new(),
        }
    }
}

/// Whether something is open to a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    pub is_open: bool,
    /// When it opens, where nothing but the time is missing.
    pub opens_at: Option<Timestamp>,
    /// The lesson that they are to finish first, where their rights let them in.
    pub after: Option<DraftId>,
}

impl Opening {
    fn now_or_never(is_open: bool) -> Self {
        Self {
            is_open,
            opens_at: None,
            after: None,
        }
    }
}

/// A lesson's place in a course that is there.
#[derive(Debug, Clone, Copy)]
pub struct InCourse<'d> {
    lesson: &'d Lesson,
    course: &'d Draft,
    /// What is to be finished first, with what members see of it.
    required: Option<(DraftId, &'d Post)>,
}

impl<'d> InCourse<'d> {
    /// The place, where the course has lessons: whatever was published as something else since, or
    /// deleted for good, leaves them as the posts they are.
    pub fn of(lesson: Option<&'d Lesson>, course: Option<&'d Draft>) -> Option<Self> {
        let course = course.filter(|course| planned(course).kind.has_lessons());
        Some(Self {
            lesson: lesson?,
            course: course?,
            required: None,
        })
    }

    /// The same with the lesson that the author wants to be finished first. It counts while members
    /// see it and it stands before this one, so that no two wait for each other, and nobody waits
    /// for what is not there.
    pub fn requiring(self, id: DraftId, required: Option<&'d Draft>, now: Timestamp) -> Self {
        let required = required.filter(|other| self.stands_before(other, id));
        let seen = required.and_then(|other| {
            let post = other.offered().filter(|post| post.live_at <= now)?;
            Some((other.id, post))
        });
        self.after(seen)
    }

    /// The same, where whoever asks has looked that it counts.
    pub fn after(self, required: Option<(DraftId, &'d Post)>) -> Self {
        Self { required, ..self }
    }

    fn stands_before(&self, other: &Draft, id: DraftId) -> bool {
        let lesson = other.lesson.as_deref();
        let Some(lesson) = lesson.filter(|lesson| lesson.course == self.course.id) else {
            return false;
        };
        let both = [(id, self.lesson, ()), (other.id, lesson, ())];
        let parts = outline(&self.course.sections, both);
        let mut order = parts.iter().flat_map(|part| &part.lessons);
        other.id != id && order.next().is_some_and(|(first, ..)| *first == other.id)
    }

    /// Whether the rights of a reader let them into a lesson here, whatever the time is.
    fn lets_in(&self, (id, access): (DraftId, &Access), rights: &Rights) -> bool {
        let course = self.course.id;
        // Who bought the course has bought what is in it.
        *access == Access::Public
            || planned(self.course).access.lets_in(&rights.reader(course))
                && access.lets_in(&rights.reader_of_either(id, course))
    }

    /// The lesson that a reader is to finish before this one: none where they finished either, and
    /// none that they are not let into.
    fn unfinished(&self, id: DraftId, learner: &Learner) -> Option<DraftId> {
        let (required, post) = self.required?;
        let is_done = [id, required].iter().any(|one| learner.done.contains(one));
        let may_finish = self.lets_in((required, &post.content.access), &learner.rights);
        (!is_done && may_finish).then_some(required)
    }
}

/// Whether something with this access is open to a reader, by itself and as a lesson.
pub fn opening(
    (id, access): (DraftId, &Access),
    place: Option<InCourse<'_>>,
    learner: &Learner,
    now: Timestamp,
) -> Opening {
    let rights = &learner.rights;
    match (place, rights) {
        (None, _) => Opening::now_or_never(access.lets_in(&rights.reader(id))),
        (Some(_), Rights::Staff) => Opening::now_or_never(true),
        (Some(place), _) if !place.lets_in((id, access), rights) => Opening::now_or_never(false),
        (Some(place), _) => in_time((id, access), place, learner, now),
    }
}

/// The same for a lesson into which their rights let a reader.
fn in_time(
    (id, access): (DraftId, &Access),
    place: InCourse<'_>,
    learner: &Learner,
    now: Timestamp,
) -> Opening {
    let (opens, after) = match (access, place.lesson.opens) {
        // Whoever tries it has not joined yet, and has nowhere to note what they finished.
        (Access::Public, Opens::AfterDays { .. }) => (Opens::AtOnce, None),
        (Access::Public, opens) => (opens, None),
        (_, opens) => (opens, place.unfinished(id, learner)),
    };
    let course = place.course;
    let since = learner.rights.since(&planned(course).access, course.id);
    let is_in_time = opens.is_open(since, now);
    Opening {
        is_open: is_in_time && after.is_none(),
        opens_at: match is_in_time || after.is_some() {
            true => None,
            false => opens.opens_at(since),
        },
        after,
    }
}

/// What a course is to members, or is to be.
fn planned(course: &Draft) -> &Content {
    let post = course.post.as_deref();
    post.map_or(&course.content, |post| &post.content)
}

#[cfg(test)]
mod tests;
