//! To whom what is published is open, and from when: by itself, and as a lesson of a course.
//!
//! Invariant: a lesson is open to nobody to whom its course is closed, but for one that is public:
//! that is a free trial. What the course is open to counts whether it is published or not, so that
//! nothing opens by taking a course back.

use crate::{Access, Content, Draft, DraftId, Lesson, Opens, Reader, TierKey, Timestamp};

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

/// Whether something is open to a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    pub is_open: bool,
    /// When it opens, where nothing but the time is missing.
    pub opens_at: Option<Timestamp>,
}

impl Opening {
    fn now_or_never(is_open: bool) -> Self {
        Self {
            is_open,
            opens_at: None,
        }
    }
}

/// A lesson's place in a course that is there.
#[derive(Debug, Clone, Copy)]
pub struct InCourse<'d> {
    lesson: &'d Lesson,
    course: &'d Draft,
}

impl<'d> InCourse<'d> {
    /// The place, where the course has lessons: whatever was published as something else since, or
    /// deleted for good, leaves them as the posts they are.
    pub fn of(lesson: Option<&'d Lesson>, course: Option<&'d Draft>) -> Option<Self> {
        let course = course.filter(|course| planned(course).kind.has_lessons());
        Some(Self {
            lesson: lesson?,
            course: course?,
        })
    }
}

/// Whether something with this access is open to a reader, by itself and as a lesson.
pub fn opening(
    (id, access): (DraftId, &Access),
    place: Option<InCourse<'_>>,
    rights: &Rights,
    now: Timestamp,
) -> Opening {
    match (place, rights) {
        (None, _) => Opening::now_or_never(access.lets_in(&rights.reader(id))),
        (Some(_), Rights::Staff) => Opening::now_or_never(true),
        (Some(place), _) => in_time((id, access), place, rights, now),
    }
}

fn in_time(
    (id, access): (DraftId, &Access),
    InCourse { lesson, course }: InCourse<'_>,
    rights: &Rights,
    now: Timestamp,
) -> Opening {
    let of_course = &planned(course).access;
    let (lets_in, opens) = match (access, lesson.opens) {
        // Whoever tries it has not joined yet.
        (Access::Public, Opens::AfterDays { .. }) => (true, Opens::AtOnce),
        (Access::Public, opens) => (true, opens),
        // Who bought the course has bought what is in it.
        (_, opens) => (
            of_course.lets_in(&rights.reader(course.id))
                && access.lets_in(&rights.reader_of_either(id, course.id)),
            opens,
        ),
    };
    let since = rights.since(of_course, course.id);
    let is_open = lets_in && opens.is_open(since, now);
    Opening {
        is_open,
        opens_at: match lets_in && !is_open {
            true => opens.opens_at(since),
            false => None,
        },
    }
}

/// What a course is to members, or is to be.
fn planned(course: &Draft) -> &Content {
    let post = course.post.as_deref();
    post.map_or(&course.content, |post| &post.content)
}

#[cfg(test)]
mod tests;
