//! Another program's export becomes drafts, in one step that can be taken back.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use stoa_domain::{Access, DraftId, Kind, Role, Shelf, Timestamp};
use stoa_ipc::{
    CancelImport, CloseImport, DraftPlace, DraftSummary, ErrorCode, GetImport, GetPlanned,
    ImportAction, ImportFormat, ImportMapping, ImportPlan, ImportReport, ImportStage, ImportStatus,
    ListDrafts, ListFiles, ListImportProblems, LookAtImport, OpenDraft, PlanImport, Redo,
    RenameDraft, RunImport, Undo, UndoImport,
};

use crate::drafts::write;
use crate::support::{Computer, Program};
use crate::syncing::{Backend, signed_in, synced};

/// A PNG of one pixel.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\0\x05\0\x01\xff\x89\x99=\x1d\0\0\0\0IEND\xaeB`\x82";

pub(crate) fn open() -> (Computer, Program) {
    let computer = Computer::new();
    let program = computer.start();
    program.make_profile(None);
    (computer, program)
}

/// A few notes that lead to each other and show a picture.
pub(crate) fn vault() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| fs::write(dir.path().join(name), text).unwrap();
    fs::create_dir(dir.path().join("图")).unwrap();
    fs::write(dir.path().join("图/封面.png"), PNG).unwrap();
    put(
        "定价.md",
        "---\ntags: [知识付费, 定价]\nslug: pricing\nstatus: published\ndate: 2024-03-01\n---\n第一段。![封面](图/封面.png)\n\n见 [[社群]]。\n",
    );
    put("社群.md", "# 社群\n\n回到 [[定价]]。\n");
    put("坏.md", "看 ![没有](图/没有.png) 吧\n");
    dir
}

#[track_caller]
fn until(program: &Program, stage: ImportStage) -> ImportStatus {
    for _ in 0..3_000 {
        let status = program.run(GetImport {}).unwrap().unwrap();
        if status.stage == stage {
            return status;
        }
        assert!(status.stage != ImportStage::Ended, "{status:?}");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    panic!("it never was {stage:?}");
}

pub(crate) fn look(program: &Program, path: &Path) -> ImportStatus {
    let path = Some(path.display().to_string());
    let is_folder = false;
    program.run(LookAtImport { path, is_folder }).unwrap();
    until(program, ImportStage::Ready)
}

fn plan(program: &Program, import: u64, mapping: &ImportMapping) -> ImportPlan {
    let mapping = mapping.clone();
    let (from, limit) = (0, 500);
    program
        .run(PlanImport {
            import,
            mapping,
            from,
            limit,
        })
        .unwrap()
}

pub(crate) fn run(program: &Program, import: u64, mapping: ImportMapping) -> ImportReport {
    program.run(RunImport { import, mapping }).unwrap();
    until(program, ImportStage::Ended).report.unwrap()
}

pub(crate) fn import(program: &Program, path: &Path) -> ImportReport {
    let import = look(program, path).import;
    run(program, import, ImportMapping::default())
}

pub(crate) fn drafts(program: &Program, shelf: Shelf) -> Vec<DraftSummary> {
    let page = program.run(ListDrafts {
        shelf,
        limit: 200,
        ..ListDrafts::default()
    });
    page.unwrap().drafts
}

#[track_caller]
pub(crate) fn draft(program: &Program, title: &str) -> DraftSummary {
    let all = drafts(program, Shelf::Drafts);
    let found = all.into_iter().find(|draft| draft.title == title);
    found.unwrap_or_else(|| panic!("there is no {title}"))
}

pub(crate) fn text(program: &Program, id: DraftId) -> String {
    program.run(OpenDraft { id }).unwrap().markdown
}

#[test]
fn a_folder_of_notes_comes_with_its_links_pictures_and_fields() {
    let (_computer, program) = open();
    let vault = vault();
    let status = look(&program, vault.path());
    let found = status.found.clone().unwrap();
    assert_eq!(found.format, Some(ImportFormat::Markdown));
    assert_eq!((found.n_posts, found.n_published, found.n_files), (3, 1, 1));
    let planned = plan(&program, status.import, &ImportMapping::default());
    assert_eq!((planned.n_new, planned.n_rows), (3, 3));
    let report = run(&program, status.import, ImportMapping::default());
    assert_eq!((report.n_new, report.n_files_missing), (3, 0), "{report:?}");

    let pricing = draft(&program, "定价");
    let community = draft(&program, "社群");
    assert_eq!(pricing.content.slug.as_str(), "pricing");
    let tags = pricing.content.tags.as_slice();
    assert_eq!(tags.len(), 2, "{tags:?}");
    let files = program
        .run(ListFiles {
            draft: Some(pricing.id),
        })
        .unwrap();
    assert_eq!(files.len(), 1);
    assert_eq!(files[0].name, "封面.png");
    let shown = text(&program, pricing.id);
    assert!(
        shown.contains(&format!("](attachment:{})", files[0].b3)),
        "{shown}"
    );
    assert!(
        shown.contains(&format!("stoa:post/{}", community.id)),
        "{shown}"
    );
    let back = text(&program, community.id);
    assert!(
        back.contains(&format!("stoa:post/{}", pricing.id)),
        "{back}"
    );
}

#[test]
fn problems_are_named_with_their_place_and_hold_nothing_up() {
    let (_computer, program) = open();
    let vault = vault();
    let import = look(&program, vault.path()).import;
    let (from, limit) = (0, 100);
    let listed = program.run(ListImportProblems {
        import,
        from,
        limit,
    });
    let problems = listed.unwrap();
    assert_eq!(problems.n, 1, "{problems:?}");
    assert_eq!(problems.rows[0].code, "missing-file");
    assert!(problems.rows[0].detail.contains("没有.png"), "{problems:?}");
    let row = plan(&program, import, &ImportMapping::default());
    let broken = row.rows.iter().find(|row| row.title == "坏").unwrap();
    assert_eq!(broken.n_problems, 1);
}

#[test]
fn an_import_that_nobody_has_heard_of_is_taken_back_without_a_trace() {
    let (_computer, program) = open();
    let vault = vault();
    import(&program, vault.path());
    let turned = program.run(Undo {}).unwrap().unwrap();
    assert_eq!(turned.text.n_of, 3);
    assert_eq!(turned.place, DraftPlace::Nowhere);
    assert_eq!(drafts(&program, Shelf::Drafts).len(), 0);
    assert_eq!(drafts(&program, Shelf::Bin).len(), 0);
    program.run(Redo {}).unwrap().unwrap();
    assert_eq!(drafts(&program, Shelf::Drafts).len(), 3);
    assert!(text(&program, draft(&program, "定价").id).contains("第一段"));
}

#[test]
fn importing_the_same_again_brings_only_what_is_new_or_another_there() {
    let (_computer, program) = open();
    let vault = vault();
    import(&program, vault.path());
    let again = import(&program, vault.path());
    assert_eq!((again.n_new, again.n_changed, again.n_unchanged), (0, 0, 3));
    assert!(!again.can_undo, "nothing was done");

    write(&program, draft(&program, "社群").id, "这里加的。");
    let put = |name: &str, text: &str| fs::write(vault.path().join(name), text).unwrap();
    put("坏.md", "那边改好了\n");
    put("社群.md", "# 社群\n\n那边也改了。\n");
    put("新.md", "新的一篇\n");
    let third = import(&program, vault.path());
    assert_eq!(
        (
            third.n_new,
            third.n_changed,
            third.n_kept_here,
            third.n_unchanged
        ),
        (1, 1, 1, 1),
        "{third:?}"
    );
    assert_eq!(text(&program, draft(&program, "坏").id), "那边改好了\n");
    assert!(text(&program, draft(&program, "社群").id).contains("这里加的。"));
    assert_eq!(drafts(&program, Shelf::Drafts).len(), 4);

    program.run(Undo {}).unwrap();
    assert_eq!(drafts(&program, Shelf::Drafts).len(), 3);
    assert!(text(&program, draft(&program, "坏").id).starts_with("看 "));
}

#[test]
fn what_was_taken_back_or_binned_is_new_again() {
    let (_computer, program) = open();
    let vault = vault();
    import(&program, vault.path());
    program.run(Undo {}).unwrap();
    assert_eq!(import(&program, vault.path()).n_new, 3);
}

#[test]
fn a_mapping_renames_tags_leaves_posts_out_and_keeps_fields() {
    let (_computer, program) = open();
    let vault = vault();
    let import = look(&program, vault.path()).import;
    let first = plan(&program, import, &ImportMapping::default());
    let left_out = first.rows.iter().find(|row| row.title == "坏").unwrap();
    let mapping = ImportMapping {
        skipped: [left_out.source_id.clone()].into(),
        tags: [
            ("定价".to_owned(), "价格".to_owned()),
            ("知识付费".to_owned(), String::new()),
        ]
        .into(),
        keep_fields: true,
        ..ImportMapping::default()
    };
    let planned = plan(&program, import, &mapping);
    assert_eq!((planned.n_new, planned.n_skipped), (2, 1));
    let action = |title: &str| {
        planned
            .rows
            .iter()
            .find(|row| row.title == title)
            .unwrap()
            .action
    };
    assert_eq!(action("坏"), ImportAction::Skip);
    run(&program, import, mapping);
    let pricing = draft(&program, "定价");
    let tags: Vec<&str> = pricing
        .content
        .tags
        .as_slice()
        .iter()
        .map(|tag| tag.as_str())
        .collect();
    assert_eq!(tags, ["价格"]);
    let shown = text(&program, pricing.id);
    assert!(
        shown.contains("```yaml") && shown.contains("2024-03-01"),
        "{shown}"
    );
}

fn ghost() -> (tempfile::TempDir, PathBuf) {
    let packed = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../exchange/tests/data/ghost.json.gz"
    );
    let mut json = Vec::new();
    flate2::read::GzDecoder::new(fs::File::open(packed).unwrap())
        .read_to_end(&mut json)
        .unwrap();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("my-site.ghost.json");
    fs::write(&path, json).unwrap();
    (dir, path)
}

#[test]
fn a_ghost_export_keeps_who_may_read_what_and_reaches_the_server() {
    let backend = Backend::start();
    let computer = Computer::new();
    let program = signed_in(&computer, &backend);
    let (_dir, path) = ghost();
    let status = look(&program, &path);
    let found = status.found.unwrap();
    assert_eq!(
        (found.format, found.n_posts),
        (Some(ImportFormat::Ghost), 60)
    );
    let planned = plan(&program, status.import, &ImportMapping::default());
    let report = run(&program, status.import, ImportMapping::default());
    assert_eq!(report.n_new, planned.n_new, "{report:?}");
    let all = drafts(&program, Shelf::Drafts);
    assert_eq!(all.len() as u64, report.n_new);
    assert!(all.iter().all(|draft| draft.content.kind == Kind::Article));
    let n_paid = all
        .iter()
        .filter(|draft| matches!(draft.content.access, Access::Paid { .. }));
    assert!(n_paid.count() > 0, "tiers stay tiers");
    synced(&program);

    // What the server has goes to the bin; what was renamed since stays.
    let kept = all[0].id;
    let title = "改过名字".to_owned();
    program.run(RenameDraft { id: kept, title }).unwrap();
    let turned = program
        .run(UndoImport {
            import: status.import,
        })
        .unwrap()
        .unwrap();
    assert_eq!((turned.place, turned.passed_over), (DraftPlace::Bin, None));
    let left = drafts(&program, Shelf::Drafts);
    assert_eq!(
        left.iter().map(|draft| draft.id).collect::<Vec<_>>(),
        [kept]
    );
    assert_eq!(drafts(&program, Shelf::Bin).len(), all.len() - 1);
    synced(&program);
}

/// A Ghost site with a post that is to come out next century and one that should have.
fn ghost_with_schedule(dir: &Path) -> PathBuf {
    let post = |id: &str, title: &str, at: &str| {
        format!(
            r#"{{"id":"{id}","title":"{title}","slug":"{id}","html":"<p>正文</p>","status":"scheduled","visibility":"public","type":"post","published_at":"{at}"}}"#
        )
    };
    let posts = [
        post("65f0a1", "新年致辞", "2099-12-31T16:00:00.000Z"),
        post("65f0a2", "旧年致辞", "2001-12-31T16:00:00.000Z"),
    ];
    let json = format!(
        r#"{{"db":[{{"meta":{{"version":"5.0.0"}},"data":{{"posts":[{}]}}}}]}}"#,
        posts.join(",")
    );
    let path = dir.join("my-site.ghost.json");
    fs::write(&path, json).unwrap();
    path
}

#[test]
fn what_was_scheduled_there_becomes_a_draft_that_keeps_its_time() {
    let (_computer, program) = open();
    let dir = tempfile::tempdir().unwrap();
    let status = look(&program, &ghost_with_schedule(dir.path()));
    let at = Timestamp::from_millis(4_102_416_000_000);
    for publish in [false, true] {
        let mapping = ImportMapping {
            publish,
            ..ImportMapping::default()
        };
        let planned = plan(&program, status.import, &mapping);
        let row = planned.rows.iter().find(|row| row.title == "新年致辞");
        let row = row.unwrap();
        assert_eq!((row.scheduled_at, row.is_published), (Some(at), false));
        let past = planned.rows.iter().find(|row| row.title == "旧年致辞");
        let past = past.unwrap();
        assert_eq!((past.scheduled_at, past.is_published), (None, true));
        assert_eq!(planned.n_publish, u64::from(publish), "one came out there");
    }
    let report = run(&program, status.import, ImportMapping::default());
    assert_eq!((report.n_new, report.n_scheduled), (2, 1));
    let future = draft(&program, "新年致辞");
    assert!(future.post.is_none(), "nothing is scheduled by itself");
    let told = report.scheduled.iter().find(|one| one.draft == future.id);
    assert_eq!(told.unwrap().at, at);

    let planned = |title: &str| {
        let draft = draft(&program, title).id;
        program.run(GetPlanned { draft }).unwrap().at
    };
    assert_eq!(planned("新年致辞"), Some(at));
    assert_eq!(planned("旧年致辞"), None, "what has passed is not offered");
    program.stop();
}

#[test]
fn only_who_may_publish_publishes_by_importing() {
    let vault = vault();
    let mapping = ImportMapping {
        publish: true,
        ..ImportMapping::default()
    };
    let backend = Backend::start_as(Role::Expert);
    let computer = Computer::new();
    let program = signed_in(&computer, &backend);
    let import = look(&program, vault.path()).import;
    let refused = program.run(RunImport {
        import,
        mapping: mapping.clone(),
    });
    assert_eq!(refused.unwrap_err().code, ErrorCode::NotAllowed);

    let backend = Backend::start_as(Role::Owner);
    let computer = Computer::new();
    let program = signed_in(&computer, &backend);
    let status = look(&program, vault.path());
    assert_eq!(plan(&program, status.import, &mapping).n_publish, 1);
    let report = run(&program, status.import, mapping);
    assert_eq!((report.n_new, report.failure), (3, None), "{report:?}");
    let published = drafts(&program, Shelf::Published);
    assert_eq!(published.len(), 1, "{published:?}");
    assert_eq!(published[0].title, "定价");
    // Still held: taken back, nobody ever sees it.
    program.run(Undo {}).unwrap().unwrap();
    assert_eq!(drafts(&program, Shelf::Published).len(), 0);
}

#[test]
fn a_folder_that_is_opened_with_the_program_is_looked_at_and_notes_become_drafts() {
    let (_computer, program) = open();
    let notes = vault();
    let note = notes.path().join("单独的.md");
    fs::write(&note, "单独的一篇\n").unwrap();
    program.open_files(vec![note, notes.path().to_owned()]);
    let status = until(&program, ImportStage::Ready);
    assert!(status.found.unwrap().n_posts > 1);
    let titles: Vec<String> = drafts(&program, Shelf::Drafts)
        .into_iter()
        .map(|draft| draft.title)
        .collect();
    assert_eq!(titles, ["单独的"], "nothing is imported unasked");
}

#[test]
fn what_is_no_export_says_so_and_changes_nothing() {
    let (_computer, program) = open();
    let dir = tempfile::tempdir().unwrap();
    let bad = dir.path().join("bad.zip");
    fs::write(&bad, b"PK\x03\x04 and then nothing of the kind").unwrap();
    for (path, expected) in [
        (bad, ErrorCode::InvalidInput),
        (dir.path().join("none"), ErrorCode::NotFound),
    ] {
        let path = Some(path.display().to_string());
        let is_folder = false;
        program.run(LookAtImport { path, is_folder }).unwrap();
        let report = until(&program, ImportStage::Ended).report.unwrap();
        assert_eq!(report.failure, Some(expected));
    }
    let empty = tempfile::tempdir().unwrap();
    let found = look(&program, empty.path()).found.unwrap();
    assert_eq!((found.format, found.n_posts), (None, 0));
    assert_eq!(drafts(&program, Shelf::Drafts).len(), 0);
}

#[test]
fn an_import_of_many_is_stopped_in_between_goes_on_later_and_is_one_step_each() {
    let (_computer, program) = open();
    let dir = tempfile::tempdir().unwrap();
    for n in 0..400 {
        fs::write(dir.path().join(format!("{n}.md")), format!("第 {n} 篇\n")).unwrap();
    }
    let status = look(&program, dir.path());
    let mapping = ImportMapping::default();
    let import = status.import;
    program.run(RunImport { import, mapping }).unwrap();
    program.run(CancelImport { import }).unwrap();
    let stopped = until(&program, ImportStage::Ended).report.unwrap();
    assert!(stopped.is_cancelled && stopped.n_new < 400, "{stopped:?}");
    let again = look(&program, dir.path());
    let rest = run(&program, again.import, ImportMapping::default());
    assert_eq!(rest.n_new + rest.n_unchanged, 400, "{rest:?}");
    program.run(Undo {}).unwrap();
    let left = program.run(ListDrafts {
        limit: 1,
        ..ListDrafts::default()
    });
    assert_eq!(left.unwrap().n_total, stopped.n_new);
    program
        .run(CloseImport {
            import: again.import,
        })
        .unwrap();
    assert_eq!(program.run(GetImport {}).unwrap(), None);
}
