//! Lists by command: filters, changes to many drafts, views that are kept.

use stoa_domain::{
    Access, ContentValues, DraftId, Kind, ListFilter, ListLook, ListSort, Shelf, Tag, ViewName,
};
use stoa_ipc::{
    ChangeDrafts, ChangeView, CreateDraft, DeleteView, DescribeDraft, DraftsChange, DraftsMeant,
    ErrorCode, GetFacets, GetUndo, ListDrafts, ListViews, MeantList, PublishPost, PutBackView,
    SaveView, Undo,
};

use crate::support::{Computer, Program};

fn open_computer() -> (Computer, Program) {
    let computer = Computer::new();
    let program = computer.start();
    program.make_profile(None);
    (computer, program)
}

fn create(program: &Program, title: &str) -> DraftId {
    let title = title.to_owned();
    program.run(CreateDraft::article(title)).unwrap().id
}

fn describe(program: &Program, id: DraftId, kind: Kind) {
    let values = ContentValues {
        kind: Some(kind),
        ..ContentValues::default()
    };
    program.run(DescribeDraft { id, values }).unwrap();
}

fn tag(text: &str) -> Tag {
    Tag::parse(text).unwrap()
}

fn tagged(text: &str) -> ListFilter {
    ListFilter {
        tags: [tag(text)].into(),
        ..ListFilter::default()
    }
}

fn titles(program: &Program, filter: ListFilter, sort: ListSort) -> Vec<String> {
    let page = program.run(ListDrafts {
        filter,
        sort,
        limit: 50,
        ..ListDrafts::default()
    });
    page.unwrap().drafts.into_iter().map(|d| d.title).collect()
}

#[test]
fn many_drafts_are_changed_told_and_taken_back_in_one_go() {
    let (_computer, program) = open_computer();
    let ids = ["阿明", "会员", "周报"].map(|title| create(&program, title));
    let id = ids[1];
    program
        .run(PublishPost {
            id,
            live_at: None,
            unless_after: None,
        })
        .unwrap();
    let change = |which: DraftsMeant, change: DraftsChange| {
        program.run(ChangeDrafts { which, change }).unwrap()
    };
    let done = change(
        DraftsMeant::These(ids.to_vec()),
        DraftsChange::AddTag(tag("旧文")),
    );
    assert_eq!((done.n_changed, done.n_same, done.left.len()), (3, 0, 0));
    assert_eq!(
        titles(&program, tagged("旧文"), ListSort::Title),
        ["阿明", "周报"]
    );
    let done = change(DraftsMeant::These(ids.to_vec()), DraftsChange::Archive);
    assert_eq!(done.n_changed, 2);
    let left = &done.left[0];
    assert_eq!((left.reason.as_str(), left.n), ("published", 1));
    assert_eq!(left.titles, ["会员"]);
    let step = program.run(GetUndo {}).unwrap().undo.unwrap();
    assert_eq!((step.kind.as_str(), step.n_of), ("archive", 2));
    program.run(Undo {}).unwrap().unwrap();
    assert_eq!(
        titles(&program, ListFilter::default(), ListSort::OldestEdited),
        ["阿明", "周报"]
    );
    let all = MeantList {
        filter: tagged("旧文"),
        ..MeantList::default()
    };
    let done = change(
        DraftsMeant::All(all),
        DraftsChange::SetAccess(Access::Public),
    );
    assert_eq!(done.n_changed, 2);
    let nothing = MeantList {
        query: "，。".to_owned(),
        ..MeantList::default()
    };
    let done = change(DraftsMeant::All(nothing), DraftsChange::Bin);
    assert_eq!((done.n_changed, done.n_same), (0, 0));
    let nobody = Access::Paid {
        tiers: Default::default(),
        singly: false,
    };
    let refused = program.run(ChangeDrafts {
        which: DraftsMeant::These(ids.to_vec()),
        change: DraftsChange::SetAccess(nobody),
    });
    assert_eq!(refused.unwrap_err().fields[0].field, "access");
}

#[test]
fn what_lists_can_be_narrowed_by_is_told() {
    let (_computer, program) = open_computer();
    let first = create(&program, "课程");
    create(&program, "文章");
    describe(&program, first, Kind::Course);
    let values = ContentValues {
        tags: Some(stoa_domain::Tags::new(vec![tag("定价")]).unwrap()),
        ..ContentValues::default()
    };
    program.run(DescribeDraft { id: first, values }).unwrap();
    let facets = program.run(GetFacets {}).unwrap();
    let tags: Vec<(&str, u64)> = facets.tags.iter().map(|t| (t.tag.as_str(), t.n)).collect();
    assert_eq!(tags, [("定价", 1)]);
    let tiers: Vec<&str> = facets.tiers.iter().map(|tier| tier.as_str()).collect();
    assert_eq!(tiers, ["basic", "premium", "vip"]);
    let courses = ListFilter {
        kinds: [Kind::Course].into(),
        ..ListFilter::default()
    };
    assert_eq!(titles(&program, courses, ListSort::default()), ["课程"]);
    let many = ListFilter {
        tags: (0..21).map(|n| tag(&n.to_string())).collect(),
        ..ListFilter::default()
    };
    let refused = program.run(ListDrafts {
        filter: many,
        limit: 10,
        ..ListDrafts::default()
    });
    assert_eq!(refused.unwrap_err().code, ErrorCode::InvalidInput);
}

#[test]
fn views_are_kept_over_a_restart_renamed_deleted_and_put_back() {
    let (computer, program) = open_computer();
    let name = |text: &str| ViewName::parse(text).unwrap();
    let look = ListLook {
        shelf: Shelf::Published,
        filter: tagged("定价"),
        sort: ListSort::Live,
        ..ListLook::default()
    };
    for text in ["待更新", "课程"] {
        let (name, look) = (name(text), look.clone());
        program.run(SaveView { name, look }).unwrap();
    }
    let first = program.run(ListViews {}).unwrap()[0].clone();
    let views = program.run(ChangeView {
        id: first.id,
        name: Some(name("要更新")),
        look: None,
    });
    assert_eq!(views.unwrap()[0].name.as_str(), "要更新");
    program.stop();
    let program = computer.start();
    program.settled();
    let views = program.run(ListViews {}).unwrap();
    assert_eq!(views.len(), 2);
    assert_eq!(views[0].look, look);
    let left = program.run(DeleteView { id: first.id }).unwrap();
    assert_eq!(left.len(), 1);
    let view = views[0].clone();
    let back = program.run(PutBackView { view, at: 0 }).unwrap();
    assert_eq!(back, views);
    let gone = program.run(DeleteView { id: 99 });
    assert_eq!(gone.unwrap_err().code, ErrorCode::NotFound);
}
