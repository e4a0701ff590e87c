//! How many lessons the courses have that a push adds to.

use std::collections::HashMap;

use stoa_domain::{CommunityId, DraftId};
use stoa_mutators::{Mutation, Row};

use super::{Act, Incoming};
use crate::db::{Ahead, DbError, Tx};
use crate::tables::draft;

/// The courses that mutations of a push fill, while these are decided.
#[derive(Default)]
pub(super) struct Courses {
    n_lessons: HashMap<DraftId, i64>,
}

impl Courses {
    /// Asks for what [`Courses::load`] reads.
    pub(super) fn ask_ahead(
        tx: &mut Ahead<'_>,
        community: CommunityId,
        incoming: &[Incoming],
    ) -> Result<(), DbError> {
        draft::n_lessons_each(tx, community, &filled(incoming)).map(drop)
    }

    /// Counts the lessons.
    pub(super) fn load(
        tx: &mut dyn Tx,
        community: CommunityId,
        incoming: &[Incoming],
    ) -> Result<Self, DbError> {
        let courses = filled(incoming);
        let counts = draft::n_lessons_each(tx, community, &courses)?;
        Ok(Self {
            n_lessons: courses.into_iter().zip(counts).collect(),
        })
    }

    /// How many lessons the course has that a mutation fills.
    pub(super) fn n_lessons_of(&self, mutation: &Mutation) -> usize {
        let course = mutation.fills();
        let n = course.and_then(|course| self.n_lessons.get(&course));
        n.map_or(0, |n| usize::try_from(*n).unwrap_or_default())
    }

    /// A row is another one now, or gone.
    pub(super) fn note(&mut self, before: Option<&Row>, after: Option<&Row>) {
        for (row, by) in [(before, -1), (after, 1)] {
            if let Some(Row::Draft(draft)) = row
                && let Some(lesson) = &draft.lesson
                && let Some(n) = self.n_lessons.get_mut(&lesson.course)
            {
                *n += by;
            }
        }
    }
}

fn filled(incoming: &[Incoming]) -> Vec<DraftId> {
    let mutations = incoming.iter().filter_map(|one| match &one.act {
        Act::Run(mutation) => mutation.fills(),
        Act::Refuse(_) => None,
    });
    let mut courses: Vec<DraftId> = mutations.collect();
    courses.sort_unstable();
    courses.dedup();
    courses
}
