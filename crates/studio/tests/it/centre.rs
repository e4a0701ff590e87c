//! The sync centre with two computers and a server.

use std::fs;

use stoa_domain::Splice;
use stoa_ipc::{
    BackUpNow, Conflict, ConflictAbout, Connection, CreateDraft, Decision, DraftSummary, EditDraft,
    ExportHistory, GetConflict, GetStorage, KeepBack, KeepVersion, ListChanges, ListConflicts,
    ListDrafts, ListHistory, OpenDraft, ParagraphChoice, Piece, RenameDraft, ResolveConflict,
    Stretch, UndoStep,
};

use crate::support::{Computer, Program};
use crate::syncing::{Backend, signed_in, synced, titles};

/// Two computers that know one draft, and a server that is away.
pub(super) struct Apart {
    pub(super) backend: Backend,
    pub(super) first: Program,
    pub(super) second: Program,
    pub(super) draft: DraftSummary,
}

pub(super) fn apart(title: &str, text: &str, computers: (&Computer, &Computer)) -> Apart {
    let mut backend = Backend::start();
    let first = signed_in(computers.0, &backend);
    let title = title.to_owned();
    let draft = first.run(CreateDraft::article(title)).unwrap();
    put(&first, &draft, text);
    synced(&first);
    let second = signed_in(computers.1, &backend);
    second.until(|state| {
        state.sync.connection == Connection::Synced && state.sync.last_synced_at.is_some()
    });
    backend.go_away();
    for program in [&first, &second] {
        program.until(|state| state.sync.connection == Connection::Offline);
    }
    Apart {
        backend,
        first,
        second,
        draft,
    }
}

impl Apart {
    /// The first arrives, then the second, which is asked.
    fn meet(&mut self) -> Conflict {
        self.backend.come_back();
        self.first.run(stoa_ipc::SyncNow {}).unwrap();
        synced(&self.first);
        self.second.run(stoa_ipc::SyncNow {}).unwrap();
        self.second.until(|state| {
            state.sync.n_conflicts == 1 && state.sync.connection == Connection::Conflict
        });
        conflicts(&self.second, false).remove(0)
    }
}

fn conflicts(program: &Program, settled: bool) -> Vec<Conflict> {
    program.run(ListConflicts { settled, limit: 10 }).unwrap()
}

/// Replaces the text of a draft by the splice that differs.
pub(super) fn put(program: &Program, draft: &DraftSummary, text: &str) {
    let opened = program.run(OpenDraft { id: draft.id }).unwrap();
    let splices: Vec<Splice> = stoa_domain::diff(&opened.markdown, text)
        .into_iter()
        .collect();
    let edit = EditDraft {
        session: opened.session,
        applied: None,
        splices,
    };
    program.run(edit).unwrap();
    let session = opened.session;
    program.run(stoa_ipc::CloseDraft { session }).unwrap();
}

pub(super) fn text_of(program: &Program, draft: &DraftSummary) -> String {
    program.run(OpenDraft { id: draft.id }).unwrap().markdown
}

#[test]
fn two_offline_titles_are_decided_on_the_second_computer() {
    let computers = (Computer::new(), Computer::new());
    let mut apart = apart("原题", "文", (&computers.0, &computers.1));
    for (program, title) in [(&apart.first, "甲的题"), (&apart.second, "乙的题")] {
        let (id, title) = (apart.draft.id, title.to_owned());
        program.run(RenameDraft { id, title }).unwrap();
    }
    let found = apart.meet();
    let about = ConflictAbout::Field {
        field: "title".to_owned(),
        base: "原题".to_owned(),
        mine: "乙的题".to_owned(),
        theirs: Some("甲的题".to_owned()),
    };
    assert_eq!(found.about, about);
    let text = "两个都要".to_owned();
    let decision = Decision::Written { text };
    let done = apart.second.run(ResolveConflict {
        id: found.id,
        decision,
        alike: false,
    });
    assert_eq!(done.unwrap().n, 1);
    synced(&apart.second);
    let list = ListDrafts {
        limit: 5,
        ..ListDrafts::default()
    };
    apart
        .first
        .until(|state| state.sync.connection == Connection::Synced);
    let titles = || {
        apart.first.run(list.clone()).unwrap().drafts[0]
            .title
            .clone()
    };
    apart.first.until(|_| titles() == "两个都要");
    assert_eq!(
        conflicts(&apart.second, true)[0]
            .settled
            .as_ref()
            .unwrap()
            .by,
        "written"
    );
}

#[test]
fn a_paragraph_of_two_computers_is_decided_word_by_word_and_both_stay() {
    let computers = (Computer::new(), Computer::new());
    let mut apart = apart(
        "定价",
        "头。\n\n会员价九折。\n\n尾。",
        (&computers.0, &computers.1),
    );
    put(&apart.first, &apart.draft, "头。\n\n会员价七折。\n\n尾。");
    put(&apart.second, &apart.draft, "头。\n\n会员价八折。\n\n尾。");
    let found = apart.meet();
    assert_eq!(found.about, ConflictAbout::Text { n_clashes: 1 });
    let shown = apart.second.run(GetConflict { id: found.id }).unwrap();
    let Some(Stretch::Clash { base, mine, theirs }) = shown.stretches.get(1) else {
        panic!("{shown:?}");
    };
    let new = |text: &str| Piece::New(text.to_owned());
    assert_eq!(base, "会员价九折。");
    assert!(
        mine.contains(&new("八")) && theirs.contains(&new("七")),
        "{shown:?}"
    );
    let wrong = Decision::Paragraphs { choices: vec![] };
    let refused = apart.second.run(ResolveConflict {
        id: found.id,
        decision: wrong,
        alike: false,
    });
    assert_eq!(refused.unwrap_err().fields[0].field, "choices");
    let choices = vec![ParagraphChoice::Both];
    let decision = Decision::Paragraphs { choices };
    apart
        .second
        .run(ResolveConflict {
            id: found.id,
            decision,
            alike: false,
        })
        .unwrap();
    synced(&apart.second);
    let both = "头。\n\n会员价八折。\n\n会员价七折。\n\n尾。";
    apart
        .first
        .until(|_| text_of(&apart.first, &apart.draft) == both);
    let kept = apart
        .second
        .run(KeepVersion {
            id: found.id,
            mine: false,
        })
        .unwrap();
    assert_eq!(
        text_of(&apart.second, &kept),
        "头。\n\n会员价七折。\n\n尾。"
    );
}

#[test]
fn a_new_draft_waits_as_one_thing_and_can_be_kept_back() {
    let computer = Computer::new();
    let mut backend = Backend::start();
    let program = signed_in(&computer, &backend);
    synced(&program);
    backend.go_away();
    let title = "一".to_owned();
    let draft = program.run(CreateDraft::article(title)).unwrap();
    put(&program, &draft, "第一稿");
    program.run(CreateDraft::article("二".to_owned())).unwrap();
    program.until(|state| state.sync.n_waiting == 2);
    let waiting = || {
        program
            .run(ListChanges {
                failed: false,
                limit: 10,
            })
            .unwrap()
    };
    let rows = waiting();
    assert_eq!(rows.iter().map(|row| row.n).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(
        rows.iter().map(|row| row.can_go_first).collect::<Vec<_>>(),
        [false, true]
    );
    let lid = rows[0].lid;
    program
        .run(KeepBack {
            lid,
            kept_back: true,
        })
        .unwrap();
    backend.come_back();
    program.run(stoa_ipc::SyncNow {}).unwrap();
    program.until(|_| waiting().len() == 1);
    assert!(waiting()[0].kept_back);
    program
        .run(KeepBack {
            lid,
            kept_back: false,
        })
        .unwrap();
    synced(&program);
}

#[test]
fn a_new_draft_waits_under_the_title_it_has_now() {
    let computer = Computer::new();
    let mut backend = Backend::start();
    let program = signed_in(&computer, &backend);
    synced(&program);
    backend.go_away();
    let title = String::new();
    let draft = program.run(CreateDraft::article(title)).unwrap();
    put(&program, &draft, "先写正文，再想标题。");
    let title = "线下活动的三点想法".to_owned();
    let id = draft.id;
    program.run(RenameDraft { id, title }).unwrap();
    let failed = false;
    let rows = program.run(ListChanges { failed, limit: 10 }).unwrap();
    let said = rows.iter().map(|row| (&*row.text.kind, &*row.text.title));
    assert_eq!(said.collect::<Vec<_>>(), [("create", "线下活动的三点想法")]);
}

#[test]
fn storage_counts_what_is_here_and_a_backup_is_made() {
    let computer = Computer::new();
    let program = computer.start();
    program.make_profile(Some("a long passphrase"));
    program.run(CreateDraft::article("稿".to_owned())).unwrap();
    let storage = program.run(GetStorage {}).unwrap();
    assert_eq!((storage.n_drafts, storage.n_backups), (1, 0));
    assert!(storage.locks.passphrase && storage.database_bytes > 4096);
    let after = program.run(BackUpNow {}).unwrap();
    assert!(after.n_backups == 1 && after.last_backup_at.is_some() && after.backup_bytes > 4096);
}

#[test]
fn the_report_for_support_holds_no_title_and_no_text() {
    let computer = Computer::new();
    let backend = Backend::start();
    let program = signed_in(&computer, &backend);
    let title = "不可外传的标题".to_owned();
    let draft = program.run(CreateDraft::article(title)).unwrap();
    put(&program, &draft, "不可外传的正文");
    synced(&program);
    let folder = Some(computer.path().display().to_string());
    let first = program
        .run(ExportHistory {
            folder: folder.clone(),
        })
        .unwrap();
    let second = program.run(ExportHistory { folder }).unwrap();
    assert_ne!(first.path, second.path);
    let text = fs::read_to_string(&first.path).unwrap();
    assert!(text.contains("pushed"), "{text}");
    assert!(
        !text.contains("不可外传") && !text.contains("example"),
        "{text}"
    );
}

#[test]
fn what_is_decided_of_one_title_is_decided_of_the_others_like_it() {
    let computers = (Computer::new(), Computer::new());
    let mut backend = Backend::start();
    let first = signed_in(&computers.0, &backend);
    let drafts: Vec<DraftSummary> = ["一", "二", "三"]
        .map(|title| {
            let title = title.to_owned();
            first.run(CreateDraft::article(title)).unwrap()
        })
        .into();
    // One more, whose text is in conflict, is of another kind.
    let title = "文".to_owned();
    let text = first.run(CreateDraft::article(title)).unwrap();
    put(&first, &text, "头。\n\n九折。\n\n尾。");
    synced(&first);
    let second = signed_in(&computers.1, &backend);
    second.until(|state| {
        state.sync.connection == Connection::Synced && state.sync.last_synced_at.is_some()
    });
    backend.go_away();
    for (program, by, other) in [(&first, "甲", "七"), (&second, "乙", "八")] {
        program.until(|state| state.sync.connection == Connection::Offline);
        for draft in &drafts {
            let (id, title) = (draft.id, format!("{}{by}", draft.title));
            program.run(RenameDraft { id, title }).unwrap();
        }
        put(program, &text, &format!("头。\n\n{other}折。\n\n尾。"));
    }
    backend.come_back();
    first.run(stoa_ipc::SyncNow {}).unwrap();
    synced(&first);
    second.run(stoa_ipc::SyncNow {}).unwrap();
    second.until(|state| {
        state.sync.n_conflicts == 4 && state.sync.connection == Connection::Conflict
    });
    let open = conflicts(&second, false);
    let is_text = |conflict: &&Conflict| matches!(conflict.about, ConflictAbout::Text { .. });
    let one = open.iter().find(|conflict| !is_text(conflict)).unwrap();
    assert_eq!(one.n_alike, 2);
    assert_eq!(open.iter().find(is_text).unwrap().n_alike, 0);
    let done = second.run(ResolveConflict {
        id: one.id,
        decision: Decision::Mine,
        alike: true,
    });
    assert_eq!(done.unwrap().n, 3);
    let left = conflicts(&second, false);
    assert_eq!((left.len(), left.iter().filter(is_text).count()), (1, 1));
    second.until(|state| state.sync.n_waiting == 0);
    first.until(|_| {
        let mut titles = titles(&first);
        titles.sort();
        titles == ["一乙", "三乙", "二乙", "文"]
    });
    // One step takes all three decisions back.
    let undone = second.run(stoa_ipc::Undo {}).unwrap().unwrap();
    assert_eq!(
        (undone.text.kind.as_str(), undone.text.n_of),
        ("resolve", 3)
    );
}

#[test]
fn the_history_takes_one_step_of_several_back() {
    let computer = Computer::new();
    let program = computer.start();
    program.make_profile(None);
    let [first, _] = ["一", "二"].map(|title| {
        let title = title.to_owned();
        program.run(CreateDraft::article(title)).unwrap()
    });
    let done = |program: &Program| -> Vec<_> {
        let lines = program.run(ListHistory { limit: 100 }).unwrap();
        lines.into_iter().filter_map(|line| line.step).collect()
    };
    let steps = done(&program);
    assert_eq!(steps.len(), 2);
    let of_first = steps.iter().find(|step| step.text.title == "一").unwrap();
    assert_eq!(of_first.stays, None);
    let n = of_first.n;
    let turned = program.run(UndoStep { n }).unwrap().unwrap();
    assert_eq!((turned.draft, turned.passed_over), (first.id, None));
    assert_eq!(titles(&program), ["二"]);
    assert!(done(&program).iter().all(|step| step.n != n));
    assert_eq!(program.run(UndoStep { n }).unwrap(), None);
}
