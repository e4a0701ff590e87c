//! Drafts by command.

use std::fs;

use stoa_domain::{DraftId, Kind, Shelf, Splice};
use stoa_ipc::{
    BinDraft, CloseDraft, CreateDraft, DuplicateDraft, EditDraft, ErrorCode, ExportEverything,
    ImportFiles, ListChanges, ListDrafts, OpenDraft, PinyinKeys, RenameDraft, RestoreDraft, Undo,
};

use crate::support::{Computer, Program};

fn open_computer() -> (Computer, Program) {
    let computer = Computer::new();
    let program = computer.start();
    program.make_profile(None);
    (computer, program)
}

pub(crate) fn write(program: &Program, id: DraftId, text: &str) {
    let opened = program.run(OpenDraft { id }).unwrap();
    let session = opened.session;
    let splices = vec![Splice {
        at: opened.markdown.encode_utf16().count(),
        delete: 0,
        insert: text.to_owned(),
    }];
    let applied = None;
    program
        .run(EditDraft {
            session,
            applied,
            splices,
        })
        .unwrap();
    program.run(CloseDraft { session }).unwrap();
}

fn titles(program: &Program, query: &str, shelf: Shelf) -> Vec<String> {
    let page = program.run(ListDrafts {
        query: query.to_owned(),
        shelf,
        limit: 50,
        ..ListDrafts::default()
    });
    page.unwrap().drafts.into_iter().map(|d| d.title).collect()
}

#[test]
fn a_draft_is_written_found_renamed_copied_binned_and_restored() {
    let (_computer, program) = open_computer();
    let title = "初稿".to_owned();
    let id = program.run(CreateDraft::article(title)).unwrap().id;
    write(&program, id, "知识付费的第一课");
    assert_eq!(titles(&program, "付费", Shelf::Drafts), ["初稿"]);
    assert_eq!(
        titles(&program, "，。", Shelf::Drafts),
        Vec::<String>::new()
    );
    let title = "二稿".to_owned();
    program.run(RenameDraft { id, title }).unwrap();
    let title = "二稿（副本）".to_owned();
    let copy = program.run(DuplicateDraft { id, title }).unwrap();
    let opened = program.run(OpenDraft { id: copy.id }).unwrap();
    assert_eq!(opened.markdown, "知识付费的第一课");
    program.run(BinDraft { id }).unwrap();
    assert_eq!(titles(&program, "", Shelf::Bin), ["二稿"]);
    program.run(RestoreDraft { id }).unwrap();
    assert_eq!(titles(&program, "", Shelf::Bin), Vec::<String>::new());
}

#[test]
fn pages_follow_each_other() {
    let (_computer, program) = open_computer();
    for n in 0..5 {
        let title = format!("第 {n} 篇");
        program.run(CreateDraft::article(title)).unwrap();
    }
    let page = |after| {
        program.run(ListDrafts {
            after,
            limit: 2,
            ..ListDrafts::default()
        })
    };
    let first = page(None).unwrap();
    assert_eq!((first.drafts.len(), first.n_total), (2, 5));
    let second = page(first.next).unwrap();
    let last = page(second.next).unwrap();
    assert_eq!((last.drafts.len(), last.next), (1, None));
    let nonsense = page(Some("nonsense".to_owned())).unwrap_err();
    assert_eq!(nonsense.code, ErrorCode::InvalidInput);
}

#[test]
fn a_session_that_has_ended_says_so() {
    let (_computer, program) = open_computer();
    let edit = program.run(EditDraft {
        session: 4_711,
        applied: None,
        splices: Vec::new(),
    });
    assert_eq!(edit.unwrap_err().code, ErrorCode::SessionEnded);
    let unknown = DraftId::from_bytes([7; 16]);
    let open = program.run(OpenDraft { id: unknown });
    assert_eq!(open.unwrap_err().code, ErrorCode::NotFound);
}

#[test]
fn files_become_drafts_and_those_that_do_not_say_why() {
    let (computer, program) = open_computer();
    let path = |name: &str| computer.path().join(name).display().to_string();
    fs::write(path("定价.md"), "# 会员定价\n\n四种办法").unwrap();
    fs::write(path("old.txt"), encoding_rs::GB18030.encode("老文件").0).unwrap();
    fs::write(path("photo.png"), b"\x89PNG").unwrap();
    let paths = ["定价.md", "old.txt", "photo.png", "none.md"].map(path);
    let reply = program
        .run(ImportFiles {
            paths: paths.to_vec(),
        })
        .unwrap();
    let titles: Vec<_> = reply.drafts.iter().map(|d| d.title.as_str()).collect();
    assert_eq!(titles, ["会员定价", "old"]);
    let reasons: Vec<_> = reply.failures.iter().map(|f| f.reason.as_str()).collect();
    assert_eq!(reasons, ["not-markdown", "not-found"]);
}

#[test]
fn an_export_holds_every_draft_in_a_new_folder() {
    let (computer, program) = open_computer();
    let title = "带走".to_owned();
    let id = program.run(CreateDraft::article(title)).unwrap().id;
    write(&program, id, "可以带走的文字");
    let folder = Some(computer.path().display().to_string());
    let exported = program.run(ExportEverything { folder }).unwrap();
    assert_eq!(exported.n_drafts, 1);
    assert!(exported.path.contains("stoa-export-2026-"));
    let folder = Some(computer.path().join("nowhere").display().to_string());
    let refused = program.run(ExportEverything { folder }).unwrap_err();
    assert_eq!(refused.fields[0].reason, "not-a-folder");
}

#[test]
fn what_waits_is_listed_as_sentences() {
    let (_computer, program) = open_computer();
    let title = "待发".to_owned();
    program.run(CreateDraft::article(title)).unwrap();
    let changes = program.run(ListChanges {
        failed: false,
        limit: 100,
    });
    let changes = changes.unwrap();
    assert_eq!(changes[0].text.kind, "create");
    assert_eq!(changes[0].text.title, "待发");
    assert!(changes[0].can_discard);
}

#[test]
fn commands_also_travel_as_text() {
    let (_computer, program) = open_computer();
    let reply = program.call("draft.create", r#"{"title":"以文本发出"}"#);
    assert!(reply.unwrap().contains("以文本发出"));
    let unknown = program.call("draft.burn", "{}").unwrap_err();
    assert_eq!(unknown.code, ErrorCode::Internal);
    let unreadable = program.call("draft.create", r#"{"title":7}"#).unwrap_err();
    assert_eq!(unreadable.code, ErrorCode::InvalidInput);
    let texts = vec!["同步".to_owned()];
    let keys = program.run(PinyinKeys { texts }).unwrap();
    assert!(keys[0].contains(&"tb".to_owned()));
}

#[test]
fn every_kind_is_begun_in_one_step_and_taken_back_in_one() {
    let (_computer, program) = open_computer();
    for kind in Kind::ALL {
        let create = CreateDraft {
            title: "新的".to_owned(),
            kind,
        };
        let draft = program.run(create).unwrap();
        assert_eq!(draft.content.kind, kind);
        program.run(Undo {}).unwrap().unwrap();
        assert_eq!(titles(&program, "", Shelf::Drafts), Vec::<String>::new());
    }
}
