//! A draft as its readers will see it, what is to be looked at, and copies for elsewhere.

use stoa_domain::{
    Access, ContentValues, DraftId, JoinLink, Kind, Opens, RecordingLink, TierKey, Timestamp,
};
use stoa_ipc::{
    CheckDraft, CopyDraft, CopyForm, CreateDraft, CreateLesson, DescribeDraft, DescribeLesson,
    DraftPreview, ErrorCode, PagePart, PageTag, PreviewDraft, PreviewReader,
};

use crate::drafts::write;
use crate::support::{Computer, Program};

const TEXT: &str = "# 定价\n\n免费的开头，见[这里](javascript:alert(1))。\n\n<!-- paywall -->\n\n付费的**正文**。\n";

fn with_text(text: &str) -> (Computer, Program, DraftId) {
    let computer = Computer::new();
    let program = computer.start();
    program.make_profile(None);
    let title = "会员定价".to_owned();
    let id = program.run(CreateDraft::article(title)).unwrap().id;
    write(&program, id, text);
    (computer, program, id)
}

fn preview(program: &Program, id: DraftId, reader: PreviewReader) -> DraftPreview {
    joined_ago(program, (id, 0), reader)
}

fn joined_ago(
    program: &Program,
    (id, days): (DraftId, u16),
    reader: PreviewReader,
) -> DraftPreview {
    let joined_days_ago = days;
    program
        .run(PreviewDraft {
            id,
            reader,
            joined_days_ago,
            has_finished: false,
        })
        .unwrap()
}

fn words(preview: &DraftPreview) -> String {
    let text = |part: &PagePart| match part {
        PagePart::Text(text) => Some(text.clone()),
        _ => None,
    };
    preview.parts.iter().filter_map(text).collect()
}

fn vip() -> TierKey {
    TierKey::parse("vip").unwrap()
}

#[test]
fn each_reader_sees_what_is_open_to_them_and_nothing_else() {
    let (_computer, program, id) = with_text(TEXT);
    let access = Access::Paid {
        tiers: [vip()].into(),
        singly: true,
    };
    let values = ContentValues {
        access: Some(access),
        ..ContentValues::default()
    };
    program.run(DescribeDraft { id, values }).unwrap();
    let basic = TierKey::parse("basic").unwrap();
    for reader in [
        PreviewReader::Anybody,
        PreviewReader::Registered,
        PreviewReader::Tier { tier: basic },
    ] {
        let seen = preview(&program, id, reader);
        assert!(!seen.is_open);
        assert_eq!(words(&seen), "定价免费的开头，见这里。");
        assert!(!seen.teaser.contains("付费"), "{}", seen.teaser);
    }
    for reader in [PreviewReader::Tier { tier: vip() }, PreviewReader::Buyer] {
        let seen = preview(&program, id, reader);
        assert!(seen.is_open);
        assert!(words(&seen).ends_with("付费的正文。"));
    }
}

#[test]
fn parts_are_closed_as_they_were_opened_and_a_refused_link_leads_nowhere() {
    let (_computer, program, id) = with_text(TEXT);
    let seen = preview(&program, id, PreviewReader::Registered);
    let n_open = |parts: &[PagePart]| {
        parts.iter().fold(0_i32, |depth, part| match part {
            PagePart::Open(_) => depth + 1,
            PagePart::Close => depth - 1,
            _ => depth,
        })
    };
    assert_eq!(n_open(&seen.parts), 0);
    assert!(seen.parts.contains(&PagePart::Open(PageTag::DeadLink)));
    let leads_on = |part: &PagePart| matches!(part, PagePart::Open(PageTag::Link { .. }));
    assert!(!seen.parts.iter().any(leads_on), "{:?}", seen.parts);
}

#[test]
fn a_text_of_too_many_marks_is_shown_as_it_is_written() {
    let bomb = "> ".repeat(5_000);
    let (_computer, program, id) = with_text(&bomb);
    let seen = preview(&program, id, PreviewReader::Registered);
    assert!(seen.is_plain);
    assert_eq!(seen.parts, [PagePart::Text(bomb)]);
    let check = program.run(CheckDraft { id }).unwrap();
    assert_eq!(check.findings[0].code, "too-much");
    let refused = program.run(CopyDraft {
        id,
        form: CopyForm::Page,
        references: String::new(),
    });
    assert_eq!(refused.unwrap_err().code, ErrorCode::InvalidInput);
}

#[test]
fn what_was_found_stands_where_the_editor_counts_it() {
    let (_computer, program, id) = with_text("😀字\n\n![](a.png)\n\n[x](ftp://a)\n");
    let check = program.run(CheckDraft { id }).unwrap();
    let found: Vec<_> = check
        .findings
        .iter()
        .map(|finding| (finding.code.as_str(), finding.at, finding.line))
        .collect();
    // The smiley is two units and four bytes.
    assert_eq!(
        found,
        [("image-without-alt", 5, 3), ("refused-link", 17, 5)]
    );
    assert_eq!(check.findings[0].quote, "![](a.png)");
    assert_eq!(check.n_images, 1);
}

#[test]
fn a_kind_without_what_it_is_made_of_is_found() {
    let sound = format!("![第一讲](attachment:{}#audio/mpeg)\n", "a".repeat(64));
    for (kind, text, missing) in [
        (Kind::Audio, "只有说明。", Some("audio-missing")),
        (Kind::Video, sound.as_str(), Some("video-missing")),
        (Kind::Audio, sound.as_str(), None),
        (Kind::Images, sound.as_str(), Some("images-missing")),
        (Kind::Images, "![海](a.png)\n", None),
        (Kind::Article, "只有说明。", None),
    ] {
        let (_computer, program, id) = with_text(text);
        let values = ContentValues {
            kind: Some(kind),
            ..ContentValues::default()
        };
        program.run(DescribeDraft { id, values }).unwrap();
        let check = program.run(CheckDraft { id }).unwrap();
        let found = check.findings.iter().map(|finding| finding.code.as_str());
        let found: Vec<&str> = found.filter(|code| code.ends_with("-missing")).collect();
        assert_eq!(found, Vec::from_iter(missing), "{kind:?} {text}");
    }
}

#[test]
fn a_copy_for_a_gongzhonghao_keeps_its_styles_and_names_its_links_at_the_end() {
    let (_computer, program, id) =
        with_text("见[官网](https://zhixing.example/)。\n\n![图](a.png)\n");
    let copy = |form| {
        let references = "参考链接".to_owned();
        program
            .run(CopyDraft {
                id,
                form,
                references,
            })
            .unwrap()
    };
    let wechat = copy(CopyForm::WeChat);
    for part in ["style=", "参考链接", "https://zhixing.example/"] {
        assert!(wechat.html.contains(part), "{part}: {}", wechat.html);
    }
    assert!(!wechat.html.contains("<a "), "{}", wechat.html);
    assert_eq!(wechat.n_files, 1);
    assert!(wechat.plain.contains("见官网。"), "{}", wechat.plain);
    let page = copy(CopyForm::Page);
    assert!(page.html.contains("<a "), "{}", page.html);
}

#[test]
fn each_reader_sees_when_a_session_is_and_only_its_tier_where() {
    let (_computer, program, id) = with_text("提纲");
    let at = |millis| Some(Some(Timestamp::from_millis(millis)));
    let film = crate::media::film(&program, id);
    let values = ContentValues {
        kind: Some(Kind::Live),
        access: Some(Access::Paid {
            tiers: [vip()].into(),
            singly: false,
        }),
        starts_at: at(2_051_604_000_000),
        join_link: Some(JoinLink::parse("https://meet.example/1").unwrap()),
        recording: Some(RecordingLink::parse(&film).unwrap()),
        ..ContentValues::default()
    };
    program.run(DescribeDraft { id, values }).unwrap();
    let live = |reader| preview(&program, id, reader).live.unwrap();
    let told = |reader| {
        let live = live(reader);
        assert_eq!(live.ends_at.millis() - live.starts_at.millis(), 3_600_000);
        (live.join_link.is_some(), live.has_recording)
    };
    assert_eq!(told(PreviewReader::Anybody), (false, false));
    assert_eq!(told(PreviewReader::Tier { tier: vip() }), (true, false));
    let past = ContentValues {
        starts_at: at(1_000),
        ..ContentValues::default()
    };
    program.run(DescribeDraft { id, values: past }).unwrap();
    assert_eq!(told(PreviewReader::Anybody), (false, false));
    assert_eq!(told(PreviewReader::Tier { tier: vip() }), (false, true));
}

/// A course for one tier, and a lesson of it with a text.
struct WithLesson {
    _computer: Computer,
    program: Program,
    course: DraftId,
    lesson: DraftId,
}

fn with_lesson() -> WithLesson {
    let (computer, program, course) = with_text("课程介绍");
    let values = ContentValues {
        kind: Some(Kind::Course),
        access: Some(Access::Paid {
            tiers: [vip()].into(),
            singly: true,
        }),
        ..ContentValues::default()
    };
    let id = course;
    program.run(DescribeDraft { id, values }).unwrap();
    let new = CreateLesson {
        course,
        title: "第一课".to_owned(),
        section: None,
        after: None,
    };
    let lesson = program.run(new).unwrap().id;
    write(&program, lesson, TEXT);
    describe_access(&program, lesson, Access::Registered);
    WithLesson {
        _computer: computer,
        program,
        course,
        lesson,
    }
}

fn describe_access(program: &Program, id: DraftId, access: Access) {
    let values = ContentValues {
        access: Some(access),
        ..ContentValues::default()
    };
    program.run(DescribeDraft { id, values }).unwrap();
}

fn opens(with: &WithLesson, opens: Opens) {
    let describe = DescribeLesson {
        course: with.course,
        draft: with.lesson,
        opens,
        requires: None,
    };
    with.program.run(describe).unwrap();
}

#[test]
fn a_lesson_is_shown_as_its_course_lets_readers_in() {
    let with = with_lesson();
    let is_open = |reader| preview(&with.program, with.lesson, reader).is_open;
    assert!(!is_open(PreviewReader::Anybody));
    assert!(!is_open(PreviewReader::Registered));
    assert!(is_open(PreviewReader::Tier { tier: vip() }));
    assert!(is_open(PreviewReader::Buyer));
    describe_access(&with.program, with.lesson, Access::Public);
    assert!(is_open(PreviewReader::Anybody), "a free trial");
}

#[test]
fn a_lesson_that_waits_for_days_is_closed_to_who_joins_now() {
    let with = with_lesson();
    opens(&with, Opens::AfterDays { days: 7 });
    let vip = || PreviewReader::Tier { tier: vip() };
    let seen = |days| joined_ago(&with.program, (with.lesson, days), vip());
    let (today, almost, week) = (seen(0), seen(6), seen(7));
    assert!(!today.is_open && !words(&today).contains("付费"));
    let (from, until) = (almost.opens_at.unwrap(), today.opens_at.unwrap());
    assert!(from < until, "{from:?} {until:?}");
    assert!(week.is_open && week.opens_at.is_none());
    for seen in [today, almost, week] {
        assert_eq!(seen.opens_after_days, Some(7));
    }
    // To whom it is closed anyway, and who only tries it, waits for no days.
    let closed = preview(&with.program, with.lesson, PreviewReader::Registered);
    assert_eq!((closed.opens_at, closed.opens_after_days), (None, None));
    describe_access(&with.program, with.lesson, Access::Public);
    let trial = preview(&with.program, with.lesson, PreviewReader::Registered);
    assert!(trial.is_open && trial.opens_after_days.is_none());
}

#[test]
fn before_its_date_nothing_of_a_free_trial_is_in_its_teaser() {
    let with = with_lesson();
    describe_access(&with.program, with.lesson, Access::Public);
    let at = Timestamp::from_millis(2_051_604_000_000);
    opens(&with, Opens::At { at });
    let seen = preview(&with.program, with.lesson, PreviewReader::Anybody);
    assert_eq!((seen.is_open, seen.opens_at), (false, Some(at)));
    assert!(!seen.teaser.contains("付费"), "{}", seen.teaser);
}

#[test]
fn a_lesson_shows_what_has_to_be_finished_first_once_members_see_that() {
    let with = with_lesson();
    let new = CreateLesson {
        course: with.course,
        title: "序".to_owned(),
        section: None,
        after: None,
    };
    let first = with.program.run(new).unwrap().id;
    let describe = DescribeLesson {
        course: with.course,
        draft: with.lesson,
        opens: Opens::AtOnce,
        requires: Some(first),
    };
    with.program.run(describe).unwrap();
    let seen = |has_finished| {
        let request = PreviewDraft {
            id: with.lesson,
            reader: PreviewReader::Tier { tier: vip() },
            joined_days_ago: 0,
            has_finished,
        };
        with.program.run(request).unwrap()
    };
    // Nobody waits for what is no post yet.
    for has_finished in [false, true] {
        let seen = seen(has_finished);
        assert!(seen.is_open && seen.asks_for.is_none());
    }
    describe_access(&with.program, first, Access::Registered);
    write(&with.program, first, "序言。");
    crate::mentions::publish(&with.program, first);
    let title = Some("序".to_owned());
    let waits = seen(false);
    assert_eq!((waits.is_open, &waits.opens_after), (false, &title));
    assert!(!words(&waits).contains("付费"));
    let done = seen(true);
    assert!(done.is_open && done.opens_after.is_none());
    assert_eq!([waits.asks_for, done.asks_for], [title.clone(), title]);
}
