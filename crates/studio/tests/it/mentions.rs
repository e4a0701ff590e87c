//! What a text can mention, and whether members can follow it.

use stoa_domain::{Canonical, ContentValues, DraftId, Shelf};
use stoa_ipc::{
    ArchiveDraft, BinDraft, CheckDraft, CopyDraft, CopyForm, CreateDraft, DescribeDraft, ErrorCode,
    FindMentions, PagePart, PageTag, PreviewDraft, PreviewReader, PublishPost, WithdrawPost,
};

use crate::drafts::write;
use crate::support::{Computer, Program};

fn started() -> (Computer, Program) {
    let computer = Computer::new();
    let program = computer.start();
    program.make_profile(None);
    (computer, program)
}

fn made(program: &Program, title: &str) -> DraftId {
    let title = title.to_owned();
    program.run(CreateDraft::article(title)).unwrap().id
}

fn published(program: &Program, title: &str) -> DraftId {
    let id = made(program, title);
    write(program, id, "正文。");
    publish(program, id);
    id
}

pub(crate) fn publish(program: &Program, id: DraftId) {
    let publish = PublishPost {
        id,
        live_at: None,
        unless_after: None,
    };
    program.run(publish).unwrap();
}

fn found(program: &Program, query: &str, own: DraftId) -> Vec<(String, Shelf)> {
    let query = query.to_owned();
    let found = program.run(FindMentions { query, own }).unwrap();
    let posts = found.posts.into_iter();
    posts.map(|post| (post.title, post.shelf)).collect()
}

fn codes(program: &Program, id: DraftId) -> Vec<(String, u32)> {
    let check = program.run(CheckDraft { id }).unwrap();
    let findings = check.findings.into_iter();
    findings.map(|finding| (finding.code, finding.at)).collect()
}

#[test]
fn content_of_every_shelf_but_the_bin_is_found_what_members_see_first() {
    let (_computer, program) = started();
    published(&program, "会员定价");
    let archived = made(&program, "会员旧稿");
    program.run(ArchiveDraft { id: archived }).unwrap();
    let binned = made(&program, "会员废稿");
    program.run(BinDraft { id: binned }).unwrap();
    made(&program, "给会员的信");
    let own = made(&program, "会员通讯");
    made(&program, "");
    let name = |title: &str| title.to_owned();
    assert_eq!(
        found(&program, "会员", own),
        [
            (name("会员定价"), Shelf::Published),
            (name("会员旧稿"), Shelf::Archived),
            (name("给会员的信"), Shelf::Drafts),
        ]
    );
    assert_eq!(found(&program, "没有", own), []);
    assert_eq!(found(&program, "", own).len(), 3);
}

#[test]
fn the_oldest_of_many_is_found_by_its_letters_and_by_pinyin() {
    let (_computer, program) = started();
    made(&program, "会员定价 FAQ");
    for n in 0..210 {
        made(&program, &format!("周报 {n}"));
    }
    let own = made(&program, "新");
    for query in ["定价", "faq", "FAQ", "dingjia", "hydj", "dj"] {
        let titles: Vec<String> = found(&program, query, own)
            .into_iter()
            .map(|(title, _)| title)
            .collect();
        assert_eq!(titles, ["会员定价 FAQ"], "{query}");
    }
    assert_eq!(found(&program, "周", own).len(), 8);
    let query = "长".repeat(65);
    let refused = program.run(FindMentions { query, own }).unwrap_err();
    assert_eq!(refused.code, ErrorCode::InvalidInput);
    // Signs of the query are letters like others.
    assert_eq!(found(&program, "%", own), []);
}

#[test]
fn what_members_cannot_see_is_told_before_publishing_until_they_see_it() {
    let (_computer, program) = started();
    let pricing = made(&program, "定价");
    write(&program, pricing, "正文。");
    let own = made(&program, "周报");
    write(&program, own, &format!("见[定价](stoa:post/{pricing})。"));
    let unseen = [("unseen-mention".to_owned(), 1)];
    assert_eq!(codes(&program, own), unseen);
    publish(&program, pricing);
    assert_eq!(codes(&program, own), []);
    program.run(WithdrawPost { id: pricing }).unwrap();
    assert_eq!(codes(&program, own), unseen);
}

#[test]
fn preview_and_copy_lead_to_what_members_see() {
    let (_computer, program) = started();
    let pricing = made(&program, "定价");
    write(&program, pricing, "正文。");
    let values = ContentValues {
        canonical: Some(Canonical::parse("https://x.example/pricing").unwrap()),
        ..ContentValues::default()
    };
    program
        .run(DescribeDraft {
            id: pricing,
            values,
        })
        .unwrap();
    let own = made(&program, "周报");
    write(&program, own, &format!("见[定价](stoa:post/{pricing})。"));
    let is_followed = || {
        let reader = PreviewReader::Registered;
        let seen = program
            .run(PreviewDraft {
                id: own,
                reader,
                joined_days_ago: 0,
                has_finished: false,
            })
            .unwrap();
        let tags = seen.parts.into_iter().filter_map(|part| match part {
            PagePart::Open(PageTag::Mention { is_followed }) => Some(is_followed),
            _ => None,
        });
        tags.collect::<Vec<_>>()
    };
    let copy = |form| {
        let references = "参考".to_owned();
        let copy = CopyDraft {
            id: own,
            form,
            references,
        };
        program.run(copy).unwrap().html
    };
    assert_eq!(is_followed(), [false]);
    assert!(!copy(CopyForm::Page).contains("x.example"));
    publish(&program, pricing);
    assert_eq!(is_followed(), [true]);
    assert!(copy(CopyForm::Page).contains("href=\"https://x.example/pricing\""));
    assert!(copy(CopyForm::WeChat).contains("定价: https://x.example/pricing"));
}
