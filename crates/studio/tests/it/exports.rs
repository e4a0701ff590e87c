//! What is taken out can be brought in again.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use stoa_domain::{
    Access, ContentValues, DraftId, Excerpt, JoinLink, Kind, Minutes, Opens, RecordingLink,
    SearchDescription, SearchTitle, Shelf, Tag, TierKey, Timestamp,
};
use stoa_ipc::{
    BinDraft, ChangeSynonyms, CreateDraft, CreateLesson, CreateSection, DescribeDraft,
    DescribeLesson, ExportEverything, GetCourse, LessonInfo, ListFiles, ListTags, OutlinePart,
    UndoImport,
};

use crate::imports::{draft, drafts, import, open, text, vault};
use crate::support::Program;

fn exported(program: &Program, folder: &Path) -> String {
    let folder = Some(folder.display().to_string());
    program.run(ExportEverything { folder }).unwrap().path
}

fn bytes(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            let inside = bytes(&path).into_iter();
            found.extend(inside.map(|(inner, bytes)| (format!("{name}/{inner}"), bytes)));
        } else {
            found.insert(name, fs::read(path).unwrap());
        }
    }
    found
}

#[test]
fn an_export_comes_back_on_another_computer_with_texts_links_pictures_and_fields() {
    let (computer, program) = open();
    import(&program, vault().path());
    let pricing = draft(&program, "定价");
    let values = ContentValues {
        kind: Some(Kind::Course),
        access: Some(Access::Paid {
            tiers: [TierKey::parse("premium").unwrap()].into(),
            singly: true,
        }),
        excerpt: Some(Excerpt::parse("三个数字").unwrap()),
        ..ContentValues::default()
    };
    let alone = draft(&program, "社群").id;
    let values_alone = ContentValues {
        access: Some(Access::Paid {
            tiers: Default::default(),
            singly: true,
        }),
        ..ContentValues::default()
    };
    let sold = DescribeDraft {
        id: alone,
        values: values_alone,
    };
    let sold = program.run(sold).unwrap();
    let id = pricing.id;
    let described = program.run(DescribeDraft { id, values }).unwrap();
    program
        .run(BinDraft {
            id: draft(&program, "坏").id,
        })
        .unwrap();
    let folder = exported(&program, computer.path());

    let (_other, there) = open();
    let report = import(&there, Path::new(&folder));
    assert_eq!((report.n_new, report.n_files_missing), (2, 0), "{report:?}");
    assert_eq!(
        drafts(&there, Shelf::Drafts).len(),
        2,
        "the bin stays behind"
    );
    let came = draft(&there, "定价");
    assert_eq!(came.content.kind, Kind::Course);
    assert_eq!(came.content.access, described.content.access);
    assert_eq!(draft(&there, "社群").content.access, sold.content.access);
    assert_eq!(came.content.excerpt, described.content.excerpt);
    assert_eq!(came.content.tags, described.content.tags);
    assert_eq!(came.content.slug, described.content.slug);
    let (here, moved) = (text(&program, id), text(&there, came.id));
    let community = |program: &Program| draft(program, "社群").id.to_string();
    assert_eq!(
        here.replace(&community(&program), &community(&there)),
        moved
    );
    let picture = |program: &Program, id| {
        let draft = Some(id);
        program.run(ListFiles { draft }).unwrap()[0].b3
    };
    assert_eq!(picture(&program, id), picture(&there, came.id));
}

fn made(program: &Program, title: &str, kind: Kind) -> DraftId {
    let request = CreateDraft {
        kind,
        ..CreateDraft::article(title.to_owned())
    };
    program.run(request).unwrap().id
}

/// A lesson: its title, when it opens, and the title of the one it asks for.
type Lesson = (String, Opens, Option<String>);

/// What stands in a course, by titles.
fn outline(program: &Program, title: &str) -> Vec<(Option<String>, Vec<Lesson>)> {
    let id = draft(program, title).id;
    let told = program.run(GetCourse { id }).unwrap();
    let name = |id: DraftId| {
        let mut lessons = told.lessons();
        lessons.find(|one| one.draft == id).unwrap().title.clone()
    };
    let lesson = |one: &LessonInfo| (one.title.clone(), one.opens, one.requires.map(name));
    let part = |part: &OutlinePart| {
        let section = part.section.as_ref().map(|section| section.title.clone());
        (section, part.lessons.iter().map(lesson).collect())
    };
    told.parts.iter().map(part).collect()
}

#[test]
fn a_course_comes_back_with_its_sections_and_terms_and_one_undo_takes_all_of_it_back() {
    let (computer, program) = open();
    let made = |title: &str, kind: Kind| made(&program, title, kind);
    let (course, column) = (made("入门课", Kind::Course), made("专栏", Kind::Column));
    let section = program.run(CreateSection {
        course,
        title: "第一章".to_owned(),
        after: None,
    });
    let section = section.unwrap().parts[1].section.clone();
    let section = section.map(|section| section.id);
    let lesson = |course, title: &str, section, after| {
        let title = title.to_owned();
        let request = CreateLesson {
            course,
            title,
            section,
            after,
        };
        program.run(request).unwrap().id
    };
    lesson(course, "序", None, None);
    let first = lesson(course, "甲", section, None);
    let second = lesson(course, "乙", section, Some(first));
    lesson(column, "一期", None, None);
    let terms = DescribeLesson {
        course,
        draft: second,
        opens: Opens::AfterDays { days: 7 },
        requires: Some(first),
    };
    program.run(terms).unwrap();
    let folder = exported(&program, computer.path());

    let (_other, there) = open();
    let report = import(&there, Path::new(&folder));
    assert_eq!((report.n_new, report.n_lessons), (6, 4), "{report:?}");
    for title in ["入门课", "专栏"] {
        assert_eq!(outline(&there, title), outline(&program, title));
    }
    assert_eq!(outline(&there, "入门课")[1].1[1].2.as_deref(), Some("甲"));
    let report = import(&there, Path::new(&folder));
    assert_eq!((report.n_new, report.n_lessons), (0, 0), "{report:?}");

    let (_third, elsewhere) = open();
    let report = import(&elsewhere, Path::new(&folder));
    assert!(report.can_undo);
    elsewhere.run(UndoImport { import: 1 }).unwrap().unwrap();
    assert!(drafts(&elsewhere, Shelf::Drafts).is_empty());
}

#[test]
fn an_outline_that_no_course_can_have_costs_nothing_but_what_is_wrong_in_it() {
    let (computer, program) = open();
    let made = |title: &str, kind: Kind| made(&program, title, kind).to_string();
    let (course, other) = (made("入门课", Kind::Course), made("另一门", Kind::Course));
    let (one, two) = (made("甲", Kind::Article), made("乙", Kind::Article));
    let folder = exported(&program, computer.path());
    let parts = serde_json::json!([
        { "lessons": [{ "post": course }, { "post": other }, { "post": "nobody" }] },
        { "section": " ", "lessons": [{ "post": one, "requires": one }, { "post": one }] },
        { "section": "第一章", "lessons": [{ "post": two, "opens": { "when": "after_days", "days": 0 } }] },
    ]);
    let outline = serde_json::json!({
        "format": "stoa-courses",
        "courses": [{ "course": course, "parts": parts }, { "course": course, "parts": [] }],
    });
    fs::write(Path::new(&folder).join("courses.json"), outline.to_string()).unwrap();
    let (_other, there) = open();
    let report = import(&there, Path::new(&folder));
    assert_eq!((report.n_new, report.failure), (4, None), "{report:?}");
    let id = draft(&there, "入门课").id;
    let told = there.run(GetCourse { id }).unwrap();
    let titles: Vec<&str> = told.lessons().map(|one| one.title.as_str()).collect();
    assert_eq!(titles, ["甲", "乙"]);
    assert!(told.lessons().all(|one| one.requires.is_none()));
}

#[test]
fn the_words_for_tags_go_along_and_one_undo_takes_the_import_back_with_them() {
    let (computer, program) = open();
    import(&program, vault().path());
    let tag = |text: &str| Tag::parse(text).unwrap();
    let change = ChangeSynonyms {
        tag: tag("人工智能"),
        add: vec![tag("AI"), tag("Artificial Intelligence")],
        remove: Vec::new(),
    };
    program.run(change).unwrap();
    let folder = exported(&program, computer.path());
    let (other, there) = open();
    let report = import(&there, Path::new(&folder));
    assert_eq!((report.n_synonyms, report.n_synonyms_left), (2, 0));
    let synonyms = |program: &Program| {
        let tags = program.run(ListTags {}).unwrap().tags;
        let ai = tags.into_iter().find(|one| one.name == tag("人工智能"));
        ai.map(|one| one.synonyms).unwrap_or_default()
    };
    assert_eq!(synonyms(&there), synonyms(&program));
    let again = exported(&there, other.path());
    let [one, two] = [&folder, &again].map(|folder| bytes(Path::new(folder)));
    assert_eq!(one["tags.json"], two["tags.json"]);
    there.run(UndoImport { import: 1 }).unwrap().unwrap();
    assert_eq!(synonyms(&there), []);
    assert_eq!(drafts(&there, Shelf::Drafts).len(), 0);
}

#[test]
fn the_same_drafts_are_exported_as_the_same_bytes() {
    let (computer, program) = open();
    import(&program, vault().path());
    let first = exported(&program, computer.path());
    let second = exported(&program, computer.path());
    assert_ne!(first, second);
    let files = bytes(Path::new(&first));
    assert_eq!(files, bytes(Path::new(&second)));
    let media = files.keys().filter(|path| path.starts_with("media/"));
    assert_eq!(media.count(), 1, "{:?}", files.keys());
}

fn write(program: &Program, id: stoa_domain::DraftId, markdown: &str) {
    let opened = program.run(stoa_ipc::OpenDraft { id }).unwrap();
    let splice = stoa_domain::diff(&opened.markdown, markdown);
    let edit = stoa_ipc::EditDraft {
        session: opened.session,
        applied: None,
        splices: splice.into_iter().collect(),
    };
    program.run(edit).unwrap();
    let session = opened.session;
    program.run(stoa_ipc::CloseDraft { session }).unwrap();
}

#[test]
fn a_recording_comes_back_with_what_belongs_to_it() {
    let (computer, program) = open();
    let id = program
        .run(stoa_ipc::CreateDraft::article("第一讲".to_owned()))
        .unwrap()
        .id;
    let film = crate::media::film(&program, id);
    let track = stoa_ipc::AddTrack {
        draft: id,
        name: "章节.vtt".to_owned(),
        text: "WEBVTT\n\n00:00.000 --> 00:01.000\n开场\n".to_owned(),
    };
    let chapters = program.run(track).unwrap().b3;
    let markdown = format!("![第一讲.mp4]({film};chapters=attachment:{chapters})\n");
    write(&program, id, &markdown);
    let folder = exported(&program, computer.path());

    let (_other, there) = open();
    let report = import(&there, Path::new(&folder));
    assert_eq!((report.n_new, report.n_files_missing), (1, 0), "{report:?}");
    let came = draft(&there, "第一讲");
    assert_eq!(text(&there, came.id).trim(), markdown.trim());
}

#[test]
fn a_live_session_comes_back_with_its_recording_and_is_exported_alike() {
    let (computer, program) = open();
    let title = "直播答疑".to_owned();
    let id = program
        .run(stoa_ipc::CreateDraft::article(title))
        .unwrap()
        .id;
    write(&program, id, "提纲。\n");
    // The text does not name it: it belongs to the session alone.
    let film = crate::media::film(&program, id);
    let values = ContentValues {
        kind: Some(Kind::Live),
        starts_at: Some(Some(Timestamp::from_millis(2_051_604_000_000))),
        lasts_minutes: Some(Minutes::new(90).unwrap()),
        join_link: Some(JoinLink::parse("https://meet.example/j?a=1&b=2").unwrap()),
        recording: Some(RecordingLink::parse(&film).unwrap()),
        search_title: Some(SearchTitle::parse("会员定价: 直播").unwrap()),
        search_description: Some(SearchDescription::parse("三步 \"定价\"").unwrap()),
        ..ContentValues::default()
    };
    let before = program.run(DescribeDraft { id, values }).unwrap().content;
    let folder = exported(&program, computer.path());
    let note = fs::read_to_string(Path::new(&folder).join("posts/直播答疑.md")).unwrap();
    for line in [
        "starts_at: \"2035-01-05T10:00:00",
        "lasts_minutes: 90\n",
        "join_link: \"https://meet.example/j?a=1&b=2\"\n",
        "recording: \"../media/",
        "search_title: \"会员定价: 直播\"\n",
    ] {
        assert!(note.contains(line), "{line}: {note}");
    }
    let again = exported(&program, computer.path());
    assert_eq!(bytes(Path::new(&folder)), bytes(Path::new(&again)));

    let (_other, there) = open();
    let report = import(&there, Path::new(&folder));
    assert_eq!((report.n_new, report.n_files_missing), (1, 0), "{report:?}");
    let came = draft(&there, "直播答疑");
    assert_eq!(came.content, before);
    let files = ListFiles {
        draft: Some(came.id),
    };
    let b3 = came.content.recording.address().unwrap().b3;
    assert_eq!(there.run(files).unwrap()[0].b3, b3, "it is the draft's own");
}
