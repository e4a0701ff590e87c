//! The versions of a draft by command.

use stoa_ipc::{
    CompareVersions, CreateDraft, DropVersion, ErrorCode, ListVersions, NameVersion, OpenDraft,
    OpenVersion, PublishPost, RenameVersion, RestoreVersion, Undo,
};

use crate::drafts::write;
use crate::support::{Computer, Program};

fn with_draft() -> (Computer, Program, stoa_domain::DraftId) {
    let computer = Computer::new();
    let program = computer.start();
    program.make_profile(None);
    let title = "定价".to_owned();
    let id = program.run(CreateDraft::article(title)).unwrap().id;
    (computer, program, id)
}

fn text(program: &Program, id: stoa_domain::DraftId) -> String {
    program.run(OpenDraft { id }).unwrap().markdown
}

#[test]
fn a_version_is_named_compared_opened_and_restored() {
    let (_computer, program, id) = with_draft();
    assert_eq!(program.run(ListVersions { id }).unwrap(), []);
    write(&program, id, "九折。");
    let name = "一审稿".to_owned();
    let named = program.run(NameVersion { id, name }).unwrap();
    write(&program, id, "八折。");
    let versions = program.run(ListVersions { id }).unwrap();
    assert!(versions[0].is_present);
    assert_eq!(versions[1].named, std::slice::from_ref(&named));
    let (old, new) = (named.text_at.clone(), None);
    let compared = program.run(CompareVersions { id, old, new }).unwrap();
    let spans: Vec<_> = compared.rows[0].new.iter().collect();
    let differing: String = spans
        .iter()
        .filter(|span| span.differs)
        .map(|span| span.text.as_str())
        .collect();
    assert_eq!(differing, "八折。");
    let text_at = named.text_at.clone();
    let opened = program.run(OpenVersion { id, text_at }).unwrap();
    assert_eq!(opened.markdown, "九折。");
    let text_at = named.text_at;
    program.run(RestoreVersion { id, text_at }).unwrap();
    assert_eq!(text(&program, id), "九折。");
    let undone = program.run(Undo {}).unwrap().unwrap();
    assert_eq!(undone.text.kind, "restore-text");
    assert_eq!(text(&program, id), "九折。八折。");
}

#[test]
fn a_name_is_checked_like_any_field_and_can_be_changed_and_taken_off() {
    let (_computer, program, id) = with_draft();
    write(&program, id, "字");
    let reason = |name: &str| {
        let name = name.to_owned();
        let failure = program.run(NameVersion { id, name }).unwrap_err();
        assert_eq!(failure.code, ErrorCode::InvalidInput);
        (
            failure.fields[0].field.clone(),
            failure.fields[0].reason.clone(),
        )
    };
    assert_eq!(reason(" \u{202E}\n"), ("name".into(), "required".into()));
    assert_eq!(reason(&"长".repeat(81)), ("name".into(), "too-long".into()));
    let name = "甲\u{202E}\0乙".to_owned();
    let version = program.run(NameVersion { id, name }).unwrap();
    assert_eq!(version.name.as_str(), "甲乙");
    let (version, name) = (version.id, "丙".to_owned());
    program.run(RenameVersion { id, version, name }).unwrap();
    let named = program.run(ListVersions { id }).unwrap()[0].named.clone();
    assert_eq!(named[0].name.as_str(), "丙");
    program.run(DropVersion { id, version }).unwrap();
    let gone = program.run(DropVersion { id, version }).unwrap_err();
    assert_eq!(gone.code, ErrorCode::NotFound);
}

#[test]
fn a_state_that_is_not_in_the_history_is_not_found() {
    let (_computer, program, id) = with_draft();
    write(&program, id, "字");
    let text_at = stoa_domain::TextVersion::parse("AQLMzMzMzMzMzMwBAA==").unwrap();
    let open = program.run(OpenVersion { id, text_at }).unwrap_err();
    assert_eq!(open.code, ErrorCode::NotFound);
}

#[test]
fn what_was_published_is_compared_with_what_there_is_now() {
    let (_computer, program, id) = with_draft();
    write(&program, id, "给会员的。");
    let publish = PublishPost {
        id,
        live_at: None,
        unless_after: None,
    };
    program.run(publish).unwrap();
    write(&program, id, "\n\n还没发的。");
    let compared = program.run(stoa_ipc::ComparePost { id }).unwrap();
    assert_eq!(
        (compared.published_title.as_str(), compared.title.as_str()),
        ("定价", "定价")
    );
    let is_new: Vec<bool> = compared
        .text
        .rows
        .iter()
        .map(|row| row.old.is_empty())
        .collect();
    assert_eq!(is_new, [false, true]);
    let versions = program.run(ListVersions { id }).unwrap();
    assert_eq!(versions[1].posts, [1]);
}
