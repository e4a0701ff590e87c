use proptest::prelude::*;
use stoa_domain::{
    Check, CheckLabel, CheckState, Content, ContentValues, Draft, DraftId, JoinLink, Kind, Lesson,
    Minutes, NamedVersion, Opens, Person, Position, Review, ReviewComment, ReviewCommentId,
    ReviewId, ReviewStatus, ReviewText, ReviewVerdict, Reviews, Role, SearchTitle, Section,
    SectionId, SectionTitle, Sections, TextVersion, Timestamp, Title, UpdateId, UserId, VersionId,
    VersionName, Versions,
};

use super::*;
use crate::{
    AppendDoc, CheckItem, Context, CreateDraft, CreateSection, DecideReview, DeleteDraft,
    DeleteSection, DescribeLesson, DropComment, EditComment, LessonTerms, MoveLesson, MoveSection,
    Outcome, RemoveLesson, RenameSection, ResolveComment, Stored, WithdrawReview, WriteComment,
    run,
};

fn id() -> DraftId {
    DraftId::from_bytes([1; 16])
}

fn title(text: &str) -> Title {
    Title::parse(text).unwrap()
}

fn name(text: &str) -> VersionName {
    VersionName::parse(text).unwrap()
}

fn version(n: u8, text: &str) -> KeepVersion {
    KeepVersion {
        id: VersionId::from_bytes([n; 16]),
        draft: id(),
        name: name(text),
        text_at: TextVersion::parse("AA==").unwrap(),
        at: Timestamp::from_millis(2),
    }
}

/// One version has a name.
fn versions() -> Versions {
    let named = NamedVersion {
        id: VersionId::from_bytes([2; 16]),
        name: name("一审稿"),
        text_at: TextVersion::parse("AA==").unwrap(),
        by: None,
        at: Timestamp::from_millis(1),
    };
    Versions {
        named: vec![named],
        published: Vec::new(),
    }
}

fn words(text: &str) -> ReviewText {
    ReviewText::parse(text).unwrap()
}

fn reviewer() -> UserId {
    UserId::from_bytes([9; 16])
}

fn comment_id(n: u8) -> ReviewCommentId {
    ReviewCommentId::from_bytes([n; 16])
}

/// A review with one entry waits, and a comment is dealt with; both are the reviewer's.
fn reviews() -> Reviews {
    let review = Review {
        id: ReviewId::from_bytes([5; 16]),
        reviewer: reviewer(),
        by: None,
        text_at: TextVersion::parse("AA==").unwrap(),
        checks: vec![Check {
            label: CheckLabel::parse("数据有出处").unwrap(),
            state: CheckState::Wanting,
        }],
        note: None,
        at: Timestamp::from_millis(1),
        status: ReviewStatus::Requested,
        reason: None,
        closed_at: None,
    };
    let comment = ReviewComment {
        id: comment_id(6),
        review: Some(review.id),
        anchor: None,
        body: words("出处？"),
        by: Some(reviewer()),
        at: Timestamp::from_millis(1),
        resolved_at: Some(Timestamp::from_millis(2)),
    };
    Reviews {
        open: Some(Box::new(review)),
        closed: Vec::new(),
        comments: vec![comment],
    }
}

fn titles() -> impl Strategy<Value = Title> {
    prop::sample::select(vec!["", "会员定价", "Second thoughts", "第三稿"]).prop_map(title)
}

fn drafts() -> impl Strategy<Value = Draft> {
    (titles(), prop::option::of(1_i64..50), 1_i64..50).prop_map(|(title, binned, edited)| Draft {
        edited_at: Timestamp::from_millis(edited),
        binned_at: binned.map(Timestamp::from_millis),
        versions: versions(),
        reviews: Box::new(reviews()),
        sections: sections(),
        lesson: Some(Box::new(lesson())),
        ..Draft::new(id(), title, None, Timestamp::from_millis(1))
    })
}

fn mutations() -> impl Strategy<Value = Mutation> {
    let append = AppendDoc {
        id: UpdateId::from_bytes([2; 16]),
        doc: id(),
        bytes: "AA==".to_owned(),
        b3: "0".repeat(64),
    };
    prop_oneof![
        titles().prop_map(|title| Mutation::CreateDraft(CreateDraft { id: id(), title })),
        titles().prop_map(|title| Mutation::RenameDraft(RenameDraft {
            id: id(),
            title,
            was: None
        })),
        Just(Mutation::BinDraft(BinDraft { id: id() })),
        Just(Mutation::RestoreDraft(RestoreDraft { id: id() })),
        Just(Mutation::AppendDoc(append)),
        Just(Mutation::ArchiveDraft(ArchiveDraft { id: id() })),
        Just(Mutation::UnarchiveDraft(UnarchiveDraft { id: id() })),
        Just(Mutation::KeepVersion(version(3, "新"))),
        Just(Mutation::RenameVersion(RenameVersion {
            id: VersionId::from_bytes([2; 16]),
            draft: id(),
            name: name("别名"),
            was: None,
        })),
        Just(Mutation::DropVersion(DropVersion {
            id: VersionId::from_bytes([2; 16]),
            draft: id(),
        })),
        prop::sample::select(review_changes()),
        prop::sample::select(course_changes()),
        prop::sample::select(descriptions())
            .prop_map(|values| Mutation::DescribeDraft(DescribeDraft { id: id(), values })),
    ]
}

fn descriptions() -> Vec<ContentValues> {
    let kinds = Kind::ALL.into_iter().map(|kind| ContentValues {
        kind: Some(kind),
        ..ContentValues::default()
    });
    let times = [None, Some(4), Some(9)].map(|at| ContentValues {
        starts_at: Some(at.map(Timestamp::from_millis)),
        ..ContentValues::default()
    });
    let others = ContentValues {
        lasts_minutes: Some(Minutes::new(5).unwrap()),
        join_link: Some(JoinLink::parse("https://meet.example/1").unwrap()),
        search_title: Some(SearchTitle::parse("直播答疑").unwrap()),
        ..ContentValues::default()
    };
    kinds.chain(times).chain([others]).collect()
}

/// What the reviewer does.
fn review_changes() -> Vec<Mutation> {
    let draft = id();
    let (mine, new) = (comment_id(6), comment_id(7));
    let check = |state| {
        Mutation::CheckItem(CheckItem {
            id: ReviewId::from_bytes([5; 16]),
            draft,
            item: 0,
            state,
        })
    };
    let resolve = |is_resolved| {
        Mutation::ResolveComment(ResolveComment {
            id: mine,
            draft,
            is_resolved,
        })
    };
    vec![
        check(CheckState::Fine),
        check(CheckState::Wanting),
        Mutation::WriteComment(WriteComment {
            id: new,
            draft,
            anchor: None,
            body: words("新"),
            at: Timestamp::from_millis(3),
        }),
        Mutation::EditComment(EditComment {
            id: mine,
            draft,
            body: words("出处在哪？"),
            was: None,
        }),
        Mutation::DropComment(DropComment { id: mine, draft }),
        resolve(true),
        resolve(false),
    ]
}

fn section_id(n: u8) -> SectionId {
    SectionId::from_bytes([n; 16])
}

fn position(text: &str) -> Position {
    Position::parse(text).unwrap()
}

fn section_title(text: &str) -> SectionTitle {
    SectionTitle::parse(text).unwrap()
}

/// Two sections.
fn sections() -> Sections {
    let section = |n, at| Section {
        id: section_id(n),
        title: Some(section_title("章")),
        into: None,
        position: position(at),
    };
    vec![section(2, "V"), section(3, "W")].into()
}

/// The course in which the draft stands.
fn course() -> Draft {
    let course = DraftId::from_bytes([4; 16]);
    Draft::new(course, title("课"), None, Timestamp::from_millis(1))
}

fn lesson() -> Lesson {
    Lesson {
        course: course().id,
        section: Some(section_id(2)),
        position: position("V"),
        opens: Opens::AfterDays { days: 7 },
        requires: None,
    }
}

/// What is done to sections, and to the draft as a lesson.
fn course_changes() -> Vec<Mutation> {
    let (draft, course) = (id(), course().id);
    vec![
        Mutation::CreateSection(CreateSection {
            id: section_id(5),
            course: draft,
            title: section_title("新"),
            position: position("X"),
        }),
        Mutation::RenameSection(RenameSection {
            id: section_id(3),
            course: draft,
            title: section_title("别名"),
            was: None,
        }),
        Mutation::MoveSection(MoveSection {
            id: section_id(3),
            course: draft,
            position: position("A"),
        }),
        Mutation::DeleteSection(DeleteSection {
            id: section_id(3),
            course: draft,
        }),
        Mutation::MoveLesson(MoveLesson {
            draft,
            course,
            section: None,
            position: position("B"),
        }),
        Mutation::RemoveLesson(RemoveLesson { draft, course }),
        Mutation::DescribeLesson(DescribeLesson {
            draft,
            course,
            terms: LessonTerms {
                opens: Some(Opens::AtOnce),
                requires: Some(Some(DraftId::from_bytes([6; 16]))),
            },
            was: None,
        }),
    ]
}

/// A new mutation has to be thought of here and in `mutations` above.
fn makes_a_row(mutation: &Mutation) -> bool {
    match mutation {
        Mutation::CreateDraft(_) => true,
        Mutation::RenameDraft(_)
        | Mutation::BinDraft(_)
        | Mutation::RestoreDraft(_)
        | Mutation::DeleteDraft(_)
        | Mutation::AppendDoc(_)
        | Mutation::AddAttachment(_)
        | Mutation::RemoveAttachment(_)
        | Mutation::DescribeDraft(_)
        | Mutation::ArchiveDraft(_)
        | Mutation::UnarchiveDraft(_)
        | Mutation::PublishPost(_)
        | Mutation::WithdrawPost(_)
        | Mutation::KeepVersion(_)
        | Mutation::RenameVersion(_)
        | Mutation::DropVersion(_)
        | Mutation::RequestReview(_)
        | Mutation::WithdrawReview(_)
        | Mutation::CheckItem(_)
        | Mutation::DecideReview(_)
        | Mutation::WriteComment(_)
        | Mutation::EditComment(_)
        | Mutation::DropComment(_)
        | Mutation::ResolveComment(_)
        | Mutation::CreateSection(_)
        | Mutation::RenameSection(_)
        | Mutation::MoveSection(_)
        | Mutation::DeleteSection(_)
        | Mutation::AddLesson(_)
        | Mutation::MoveLesson(_)
        | Mutation::RemoveLesson(_)
        | Mutation::DescribeLesson(_)
        // What takes these back is tested beside them.
        | Mutation::ChangeSynonyms(_)
        | Mutation::MoveTag(_) => false,
    }
}

fn done(mutation: &Mutation, before: &[Stored], at: i64) -> Vec<Stored> {
    done_by(Some(reviewer()), mutation, before, at)
}

fn done_by(user: Option<UserId>, mutation: &Mutation, before: &[Stored], at: i64) -> Vec<Stored> {
    let now = Timestamp::from_millis(at);
    let ctx = Context {
        user,
        role: Role::Owner,
        now,
        made_at: now,
    };
    match run(mutation, &[], before, &ctx) {
        Outcome::Applied { changes, .. } => {
            let mut after: Vec<Stored> = before
                .iter()
                .filter(|stored| changes.iter().all(|c| c.row.key() != stored.row.key()))
                .cloned()
                .collect();
            after.extend(changes);
            after
        }
        Outcome::Rejected(reject) => panic!("{mutation:?} was refused: {reject:?}"),
    }
}

fn rows(stored: &[Stored]) -> Rows {
    Rows::new(stored.iter().map(|stored| stored.row.clone()))
}

type Seen = (
    (String, bool, Content, bool),
    Versions,
    Reviews,
    (Vec<Section>, Option<Box<Lesson>>),
);

/// What a person sees of a draft, whenever it was.
fn seen(stored: &[Stored]) -> Option<Seen> {
    rows(stored).draft(id()).map(|draft| {
        let mut reviews = draft.reviews.clone();
        for comment in &mut reviews.comments {
            comment.resolved_at = comment.resolved_at.and(Some(Timestamp::default()));
        }
        let title = draft.title.as_str().to_owned();
        let is_archived = draft.archived_at.is_some();
        // One that was deleted is only remembered.
        let standing = draft
            .sections
            .standing()
            .map(|(one, _)| one.clone())
            .collect();
        let is_binned = draft.binned_at.is_some();
        (
            (title, is_binned, draft.content.clone(), is_archived),
            named_by_nobody(&draft.versions),
            *reviews,
            (standing, draft.lesson.clone()),
        )
    })
}

/// A name that is brought back is by whoever brings it back.
fn named_by_nobody(versions: &Versions) -> Versions {
    let mut versions = versions.clone();
    for version in &mut versions.named {
        version.by = None;
    }
    versions
}

proptest! {
    #[test]
    fn a_change_and_its_inverse_leave_what_was_before(
        draft in drafts(),
        mutation in mutations(),
    ) {
        let before = if makes_a_row(&mutation) {
            Vec::new()
        } else {
            let mut draft = draft;
            if matches!(mutation, Mutation::RemoveLesson(_)) {
                // What has sections of its own, or lies in the bin, does not become a lesson.
                draft.sections = Sections::default();
                draft.binned_at = None;
            }
            let rows = [draft, course()].map(Row::Draft);
            let stored = |row| Stored { row, version: 1, field_versions: Default::default() };
            rows.into_iter().map(stored).collect()
        };
        let mut after = done(&mutation, &before, 60);
        let left = mutation.marks(&rows(&after));
        prop_assert!(left.iter().all(|mark| mark.stands(rows(&after).get(mark.key))));
        let Inverse::Changes(changes) = mutation.inverse(&rows(&before)) else {
            return Err(TestCaseError::fail("each of these can be taken back"));
        };
        for change in &changes {
            after = done(change, &after, 70);
        }
        if makes_a_row(&mutation) {
            // What exists everywhere cannot be made never to have been; it is out of sight.
            prop_assert_eq!(seen(&after).map(|((_, is_binned, ..), ..)| is_binned), Some(true));
        } else {
            prop_assert_eq!(seen(&after), seen(&before));
        }
    }
}

#[test]
fn another_value_in_the_same_field_shows_and_one_beside_it_does_not() {
    let draft = |text: &str, binned: Option<i64>| {
        Row::Draft(Draft {
            binned_at: binned.map(Timestamp::from_millis),
            ..Draft::new(id(), title(text), None, Timestamp::from_millis(1))
        })
    };
    let rename = Mutation::RenameDraft(RenameDraft {
        id: id(),
        title: title("新"),
        was: None,
    });
    let left = rename.marks(&Rows::new([draft("新", None)]));
    let stands = |row: Option<&Row>| left.iter().all(|mark| mark.stands(row));
    assert!(stands(Some(&draft("新", Some(9)))));
    assert!(!stands(Some(&draft("别人的", None))));
    assert!(!stands(None));
    let bin = Mutation::BinDraft(BinDraft { id: id() });
    let left = bin.marks(&Rows::new([draft("新", Some(9))]));
    // The server has set its own time.
    assert!(left[0].stands(Some(&draft("新", Some(11)))));
}

#[test]
fn a_session_that_somebody_else_moved_is_not_moved_back() {
    let live = |millis| {
        let mut draft = Draft::new(id(), title("直播"), None, Timestamp::from_millis(1));
        draft.content.starts_at = Some(Timestamp::from_millis(millis));
        Row::Draft(draft)
    };
    let values = ContentValues {
        starts_at: Some(Some(Timestamp::from_millis(5))),
        ..ContentValues::default()
    };
    let describe = Mutation::DescribeDraft(DescribeDraft { id: id(), values });
    let left = describe.marks(&Rows::new([live(5)]));
    assert!(left.iter().all(|mark| mark.stands(Some(&live(5)))));
    assert!(!left.iter().all(|mark| mark.stands(Some(&live(6)))));
}

#[test]
fn what_is_deleted_for_good_is_held_and_has_no_way_back() {
    let delete = Mutation::DeleteDraft(DeleteDraft {
        id: id(),
        seen: None,
    });
    assert_eq!(delete.reach(), Reach::Outward);
    assert_eq!(delete.inverse(&Rows::default()), Inverse::Nothing);
}

#[test]
fn a_request_is_withdrawn_and_asked_again_as_it_stood() {
    let stored = |row| Stored {
        row,
        version: 1,
        field_versions: Default::default(),
    };
    let draft = Draft {
        reviews: Box::new(reviews()),
        ..Draft::new(id(), title("稿"), None, Timestamp::from_millis(1))
    };
    let expert = Person {
        id: reviewer(),
        name: "顾问".to_owned(),
        role: Some(Role::Expert),
    };
    let before = [stored(Row::Draft(draft)), stored(Row::Person(expert))];
    let withdraw = Mutation::WithdrawReview(WithdrawReview {
        id: ReviewId::from_bytes([5; 16]),
        draft: id(),
    });
    let after = done_by(None, &withdraw, &before, 60);
    assert!(rows(&after).draft(id()).unwrap().reviews.open.is_none());
    let Inverse::Changes(changes) = withdraw.inverse(&rows(&before)) else {
        panic!("it can be taken back");
    };
    let again = done_by(None, &changes[0], &after, 70);
    assert_eq!(seen(&again), seen(&before));
    // And what asks is taken back by what withdraws.
    assert_eq!(
        changes[0].inverse(&rows(&after)),
        Inverse::Changes(vec![withdraw])
    );
}

#[test]
fn a_verdict_is_held_and_has_no_way_back() {
    let decide = Mutation::DecideReview(DecideReview {
        id: ReviewId::from_bytes([5; 16]),
        draft: id(),
        verdict: ReviewVerdict::Approved,
        reason: None,
        is_guarded: true,
    });
    assert_eq!(decide.reach(), Reach::Outward);
    assert_eq!(decide.inverse(&Rows::default()), Inverse::Nothing);
}
