//! Tags by command: synonyms, renaming everywhere, an export and its import.

use stoa_domain::{ContentValues, DraftId, Kind, ListFilter, Tag, Tags};
use stoa_ipc::{
    ChangeSynonyms, CreateDraft, DescribeDraft, ErrorCode, GetFacets, GetUndo, ListDrafts,
    ListTags, RenameTag, Undo,
};

use crate::support::{Computer, Program};

fn open_computer() -> (Computer, Program) {
    let computer = Computer::new();
    let program = computer.start();
    program.make_profile(None);
    (computer, program)
}

fn tag(text: &str) -> Tag {
    Tag::parse(text).unwrap()
}

fn create(program: &Program, title: &str, tags: &[&str]) -> DraftId {
    let create = CreateDraft {
        title: title.to_owned(),
        kind: Kind::Article,
    };
    let id = program.run(create).unwrap().id;
    let values = ContentValues {
        tags: Some(Tags::new(tags.iter().map(|text| tag(text)).collect()).unwrap()),
        ..ContentValues::default()
    };
    program.run(DescribeDraft { id, values }).unwrap();
    id
}

fn give(program: &Program, to: &str, words: &[&str]) -> Result<u64, stoa_ipc::Failure> {
    let change = ChangeSynonyms {
        tag: tag(to),
        add: words.iter().map(|word| tag(word)).collect(),
        remove: Vec::new(),
    };
    program.run(change).map(|changed| changed.n)
}

fn titles(program: &Program, word: &str) -> Vec<String> {
    let page = program.run(ListDrafts {
        filter: ListFilter {
            tags: [tag(word)].into(),
            ..ListFilter::default()
        },
        limit: 50,
        ..ListDrafts::default()
    });
    page.unwrap().drafts.into_iter().map(|d| d.title).collect()
}

#[test]
fn a_synonym_is_given_found_by_and_taken_back() {
    let (_computer, program) = open_computer();
    create(&program, "甲", &["人工智能"]);
    create(&program, "乙", &["ai"]);
    let list = program.run(ListTags {}).unwrap();
    assert!(list.may_change);
    assert_eq!(list.n_total, 2);
    assert_eq!(give(&program, "人工智能", &["AI"]), Ok(1));
    // With nothing to give there is no step to take back.
    assert_eq!(give(&program, "人工智能", &["ａｉ"]), Ok(0));
    let tags = program.run(ListTags {}).unwrap().tags;
    assert_eq!((tags.len(), tags[0].n), (1, 2));
    assert_eq!(tags[0].synonyms, [tag("AI")]);
    let written: Vec<&str> = tags[0].written.iter().map(|one| one.tag.as_str()).collect();
    assert_eq!(written, ["ai", "人工智能"]);
    assert_eq!(titles(&program, "AI").len(), 2);
    let facets = program.run(GetFacets {}).unwrap();
    assert_eq!(
        (facets.tags[0].tag.as_str(), facets.tags[0].n),
        ("人工智能", 2)
    );
    let step = program.run(GetUndo {}).unwrap().undo.unwrap();
    assert_eq!(
        (step.kind.as_str(), step.title.as_str()),
        ("tag-synonyms", "AI → 人工智能")
    );
    program.run(Undo {}).unwrap().unwrap();
    assert_eq!(titles(&program, "AI"), ["乙"]);
}

#[test]
fn what_cannot_be_a_synonym_says_why() {
    let (_computer, program) = open_computer();
    give(&program, "人工智能", &["AI"]).unwrap();
    let many: Vec<String> = (0..21).map(|n| n.to_string()).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for (to, words, reason) in [
        ("机器学习", vec!["ai"], "word-taken"),
        ("AI", vec!["A.I."], "word-taken"),
        ("人工智能", vec!["人工智能"], "same-word"),
        ("数字", many, "too-many-synonyms"),
    ] {
        let failure = give(&program, to, &words).unwrap_err();
        assert_eq!(failure.code, ErrorCode::InvalidInput);
        assert_eq!(failure.fields[0].reason, reason, "{to}");
    }
}

#[test]
fn a_tag_is_renamed_everywhere_and_one_undo_takes_it_back() {
    let (_computer, program) = open_computer();
    for title in ["甲", "乙", "丙"] {
        create(&program, title, &["旧名"]);
    }
    create(&program, "丁", &["新名"]);
    let rename = RenameTag {
        from: tag("旧名"),
        into: tag("新名"),
        keep: true,
    };
    let done = program.run(rename).unwrap();
    assert_eq!((done.n_changed, done.n_left, done.can_undo), (3, 0, true));
    let tags = program.run(ListTags {}).unwrap().tags;
    assert_eq!((tags.len(), tags[0].n), (1, 4));
    assert_eq!(tags[0].synonyms, [tag("旧名")]);
    let step = program.run(GetUndo {}).unwrap().undo.unwrap();
    assert_eq!((step.kind.as_str(), step.n_of), ("rename-tag", 3));
    program.run(Undo {}).unwrap().unwrap();
    assert_eq!(titles(&program, "旧名").len(), 3);
    assert_eq!(
        program.run(GetUndo {}).unwrap().undo.unwrap().kind,
        "describe"
    );
}
