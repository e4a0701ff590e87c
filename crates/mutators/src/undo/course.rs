//! What takes changes of a course back. Each section stands alone in the field that they share.

use serde_json::{Value, json};
use stoa_domain::{Draft, Lesson, SectionId};

use crate::{
    AddLesson, CreateSection, DeleteSection, DescribeLesson, MoveLesson, MoveSection, Mutation,
    RemoveLesson, RenameSection, Rows,
};

/// Before the id of a section, where the field is its name.
const SECTION: &str = "sections.";
/// Before the id of a section, where the field is its place.
const SECTION_PLACE: &str = "section_places.";
const COURSE: &str = "lesson.course";
const PLACE: &str = "lesson.place";
const OPENS: &str = "lesson.opens";
const REQUIRES: &str = "lesson.requires";

/// The fields that a change of a course is about.
pub(super) fn fields(mutation: &Mutation) -> Vec<String> {
    let field = match mutation {
        Mutation::CreateSection(args) => format!("{SECTION}{}", args.id),
        Mutation::RenameSection(args) => format!("{SECTION}{}", args.id),
        Mutation::DeleteSection(args) => format!("{SECTION}{}", args.id),
        Mutation::MoveSection(args) => format!("{SECTION_PLACE}{}", args.id),
        Mutation::AddLesson(_) | Mutation::RemoveLesson(_) => COURSE.to_owned(),
        Mutation::MoveLesson(_) => PLACE.to_owned(),
        Mutation::DescribeLesson(args) => {
            let opens = args.terms.opens.map(|_| OPENS.to_owned());
            let requires = args.terms.requires.map(|_| REQUIRES.to_owned());
            return opens.into_iter().chain(requires).collect();
        }
        _ => return Vec::new(),
    };
    vec![field]
}

/// What a draft holds in such a field; `None` for a field of another kind.
pub(super) fn mark(draft: &Draft, field: &str) -> Option<Value> {
    let section = |id: &str| {
        let id = id.parse::<SectionId>().ok()?;
        draft.sections.get(id)
    };
    if let Some(id) = field.strip_prefix(SECTION) {
        let title = section(id).and_then(|section| section.title.as_ref());
        return Some(title.map_or(Value::Null, |title| title.as_str().into()));
    }
    if let Some(id) = field.strip_prefix(SECTION_PLACE) {
        return Some(section(id).map_or(Value::Null, |section| section.position.as_str().into()));
    }
    let lesson = draft.lesson.as_deref();
    let of = |read: fn(&Lesson) -> Value| lesson.map_or(Value::Null, read);
    Some(match field {
        COURSE => of(|lesson| json!(lesson.course)),
        PLACE => of(|lesson| json!([lesson.course, lesson.section, lesson.position])),
        OPENS => of(|lesson| json!(lesson.opens)),
        REQUIRES => of(|lesson| json!(lesson.requires)),
        _ => return None,
    })
}

/// What takes a change of a course back.
pub(super) fn inverse(mutation: &Mutation, before: &Rows) -> Vec<Mutation> {
    let back = match mutation {
        Mutation::CreateSection(args) => Some(Mutation::DeleteSection(DeleteSection {
            id: args.id,
            course: args.course,
        })),
        Mutation::RenameSection(args) => name_before(args, before),
        Mutation::MoveSection(args) => section_place_before(args, before),
        Mutation::DeleteSection(args) => section_before(args, before),
        Mutation::AddLesson(args) => taking_out(args, before),
        Mutation::MoveLesson(args) => place_before(args, before),
        Mutation::RemoveLesson(args) => putting_back(args, before),
        Mutation::DescribeLesson(args) => terms_before(args, before),
        _ => None,
    };
    back.into_iter().collect()
}

fn name_before(args: &RenameSection, before: &Rows) -> Option<Mutation> {
    let section = before.draft(args.course)?.sections.get(args.id)?;
    let title = section.title.clone()?;
    (title != args.title).then(|| {
        Mutation::RenameSection(RenameSection {
            title,
            was: Some(args.title.clone()),
            ..args.clone()
        })
    })
}

fn section_place_before(args: &MoveSection, before: &Rows) -> Option<Mutation> {
    let section = before.draft(args.course)?.sections.get(args.id)?;
    (section.position != args.position).then(|| {
        Mutation::MoveSection(MoveSection {
            position: section.position.clone(),
            ..args.clone()
        })
    })
}

/// Its lessons come back with it.
fn section_before(args: &DeleteSection, before: &Rows) -> Option<Mutation> {
    let section = before.draft(args.course)?.sections.get(args.id)?;
    Some(Mutation::CreateSection(CreateSection {
        id: args.id,
        course: args.course,
        title: section.title.clone()?,
        position: section.position.clone(),
    }))
}

fn taking_out(args: &AddLesson, before: &Rows) -> Option<Mutation> {
    let lesson = before.draft(args.draft)?.lesson.as_ref();
    if lesson.is_some_and(|lesson| lesson.course == args.course) {
        return None;
    }
    let (draft, course) = (args.draft, args.course);
    Some(Mutation::RemoveLesson(RemoveLesson { draft, course }))
}

fn place_before(args: &MoveLesson, before: &Rows) -> Option<Mutation> {
    let lesson = before.draft(args.draft)?.lesson.as_ref()?;
    let is_same = lesson.section == args.section && lesson.position == args.position;
    (!is_same).then(|| {
        Mutation::MoveLesson(MoveLesson {
            section: lesson.section,
            position: lesson.position.clone(),
            ..args.clone()
        })
    })
}

fn putting_back(args: &RemoveLesson, before: &Rows) -> Option<Mutation> {
    let lesson = before.draft(args.draft)?.lesson.as_ref()?;
    (lesson.course == args.course).then(|| {
        Mutation::AddLesson(AddLesson {
            draft: args.draft,
            course: args.course,
            section: lesson.section,
            position: lesson.position.clone(),
            opens: lesson.opens,
            requires: lesson.requires,
            was_in: None,
        })
    })
}

fn terms_before(args: &DescribeLesson, before: &Rows) -> Option<Mutation> {
    let lesson = before.draft(args.draft)?.lesson.as_ref()?;
    let terms = args.terms.as_in(lesson);
    (terms != args.terms).then(|| {
        Mutation::DescribeLesson(DescribeLesson {
            terms,
            was: Some(args.terms.clone()),
            ..args.clone()
        })
    })
}

/// The same change by somebody who sees these rows.
pub(super) fn seeing(mutation: Mutation, rows: &Rows) -> Mutation {
    match mutation {
        Mutation::RenameSection(args) => {
            let course = rows.draft(args.course);
            let section = course.and_then(|course| course.sections.get(args.id));
            let here = section.and_then(|section| section.title.clone());
            Mutation::RenameSection(RenameSection {
                was: here.or(args.was),
                ..args
            })
        }
        Mutation::DescribeLesson(args) => {
            let draft = rows.draft(args.draft);
            let lesson = draft.and_then(|draft| draft.lesson.as_ref());
            let here = lesson.map(|lesson| args.terms.as_in(lesson));
            Mutation::DescribeLesson(DescribeLesson {
                was: here.or(args.was),
                ..args
            })
        }
        other => other,
    }
}
