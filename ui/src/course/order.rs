//! Where a lesson or a section goes that is moved by one, and where one goes that is put down.

use stoa_domain::{DraftId, SectionId};
use stoa_ipc::{CourseOutline, OutlinePart};

/// What is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moved {
    Lesson(DraftId),
    Section(SectionId),
}

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Up,
    Down,
}

/// Where a lesson is to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) section: Option<SectionId>,
    pub(super) after: Option<DraftId>,
}

impl Spot {
    /// The end of a part.
    pub(super) fn end_of(part: &OutlinePart) -> Self {
        Self {
            section: section_of(part),
            after: part.lessons.last().map(|lesson| lesson.draft),
        }
    }
}

pub(super) fn section_of(part: &OutlinePart) -> Option<SectionId> {
    part.section.as_ref().map(|section| section.id)
}

/// The part and the place in it where a lesson stands.
pub(super) fn place_of(outline: &CourseOutline, id: DraftId) -> Option<(usize, usize)> {
    outline.parts.iter().enumerate().find_map(|(n, part)| {
        let at = part.lessons.iter().position(|lesson| lesson.draft == id)?;
        Some((n, at))
    })
}

/// Where a lesson stands after one step; beyond the end of a section lies the next one.
pub(super) fn lesson_step(outline: &CourseOutline, id: DraftId, way: Way) -> Option<Spot> {
    let (n, at) = place_of(outline, id)?;
    let part = &outline.parts[n];
    let behind = |at: Option<usize>| Spot {
        section: section_of(part),
        after: at.map(|at| part.lessons[at].draft),
    };
    match way {
        Way::Up if at > 0 => Some(behind(at.checked_sub(2))),
        Way::Up => n.checked_sub(1).map(|n| Spot::end_of(&outline.parts[n])),
        Way::Down if at + 1 < part.lessons.len() => Some(behind(Some(at + 1))),
        Way::Down => outline.parts.get(n + 1).map(|next| Spot {
            section: section_of(next),
            after: None,
        }),
    }
}

/// Behind which section one stands after one step; `None` where there is no step.
pub(super) fn section_step(
    outline: &CourseOutline,
    id: SectionId,
    way: Way,
) -> Option<Option<SectionId>> {
    let sections: Vec<SectionId> = outline.parts.iter().filter_map(section_of).collect();
    let at = sections.iter().position(|other| *other == id)?;
    match way {
        Way::Up if at > 0 => Some(at.checked_sub(2).map(|at| sections[at])),
        Way::Down => sections.get(at + 1).copied().map(Some),
        Way::Up => None,
    }
}

/// Where a lesson stands that is put down before or behind another one; `None` where that changes
/// nothing.
pub(super) fn put_beside(
    outline: &CourseOutline,
    id: DraftId,
    (other, is_behind): (DraftId, bool),
) -> Option<Spot> {
    let (n, at) = place_of(outline, other)?;
    let part = &outline.parts[n];
    let mut others = part.lessons[..at + usize::from(is_behind)].iter().rev();
    let after = others.find(|lesson| lesson.draft != id);
    let spot = Spot {
        section: section_of(part),
        after: after.map(|lesson| lesson.draft),
    };
    (Some(spot) != stands(outline, id)).then_some(spot)
}

/// Where a lesson stands that is put down on the head of a section: first in it.
pub(super) fn put_into(outline: &CourseOutline, id: DraftId, into: SectionId) -> Option<Spot> {
    let spot = Spot {
        section: Some(into),
        after: None,
    };
    (Some(spot) != stands(outline, id)).then_some(spot)
}

fn stands(outline: &CourseOutline, id: DraftId) -> Option<Spot> {
    let (n, at) = place_of(outline, id)?;
    let part = &outline.parts[n];
    Some(Spot {
        section: section_of(part),
        after: at.checked_sub(1).map(|at| part.lessons[at].draft),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::course::state::tests::{id, outline, section_id};

    fn spot(section: Option<u8>, after: Option<u8>) -> Option<Spot> {
        Some(Spot {
            section: section.map(section_id),
            after: after.map(id),
        })
    }

    #[test]
    fn a_step_leads_from_section_to_section() {
        // 1 | A: 2 3 | B: | C: 4
        let course = outline();
        let step = |n, way| lesson_step(&course, id(n), way);
        assert_eq!(step(1, Way::Up), None);
        assert_eq!(step(1, Way::Down), spot(Some(10), None));
        assert_eq!(step(2, Way::Up), spot(None, Some(1)));
        assert_eq!(step(2, Way::Down), spot(Some(10), Some(3)));
        assert_eq!(step(3, Way::Up), spot(Some(10), None));
        assert_eq!(step(3, Way::Down), spot(Some(11), None));
        assert_eq!(step(4, Way::Up), spot(Some(11), None));
        assert_eq!(step(4, Way::Down), None);
    }

    #[test]
    fn a_section_goes_past_the_next() {
        let course = outline();
        let step = |n, way| section_step(&course, section_id(n), way);
        assert_eq!(step(10, Way::Up), None);
        assert_eq!(step(10, Way::Down), Some(Some(section_id(11))));
        assert_eq!(step(11, Way::Up), Some(None));
        assert_eq!(step(12, Way::Up), Some(Some(section_id(10))));
        assert_eq!(step(12, Way::Down), None);
    }

    #[test]
    fn what_is_put_down_where_it_stands_stays() {
        let course = outline();
        let put = |n, other, is_behind| put_beside(&course, id(n), (id(other), is_behind));
        assert_eq!(put(2, 3, true), spot(Some(10), Some(3)));
        assert_eq!(put(3, 2, false), spot(Some(10), None));
        assert_eq!(put(4, 3, true), spot(Some(10), Some(3)));
        for (n, other, is_behind) in [(2, 2, true), (2, 2, false), (2, 3, false), (3, 2, true)] {
            assert_eq!(put(n, other, is_behind), None, "{n} {other} {is_behind}");
        }
        assert_eq!(put_into(&course, id(2), section_id(10)), None);
        assert_eq!(
            put_into(&course, id(1), section_id(11)),
            spot(Some(11), None)
        );
    }
}
