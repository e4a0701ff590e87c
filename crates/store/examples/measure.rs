//! Measures what has a budget: list and search in a large store, and the save of an edit.
//! `cargo run --release -p stoa-store --features test-support --example measure [drafts]`
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::time::{Duration, Instant};

use stoa_domain::{SearchQuery, Splice, Timestamp, Title};
use stoa_store::test_support::Profile;
use stoa_store::{DraftFilter, Store};

const WORDS: [&str; 12] = [
    "知识付费",
    "社群",
    "会员制",
    "课程",
    "运营",
    "内容",
    "专家",
    "直播",
    "复盘",
    "增长",
    "写作",
    "笔记",
];

fn text(n: usize) -> String {
    let mut out = format!("# 第 {n} 篇\n\n");
    for i in 0..60 {
        out.push_str(WORDS[(n * 7 + i * 5) % WORDS.len()]);
        out.push_str(if i % 6 == 5 { "。\n\n" } else { "与" });
    }
    out
}

fn main() {
    let n_drafts = std::env::args()
        .nth(1)
        .and_then(|n| n.parse().ok())
        .unwrap_or(20_000);
    let profile = Profile::new(1);
    let store = profile.open();
    let begun = Instant::now();
    for n in 0..n_drafts {
        let at = Timestamp::from_millis(n as i64);
        let title = Title::parse(&format!("{} {n}", WORDS[n % WORDS.len()])).unwrap();
        store
            .import_draft(title, &text(n), at, &profile.random)
            .unwrap();
    }
    println!("{n_drafts} drafts made in {:?}", begun.elapsed());
    show("list, first page of 50", &times(50, || page(&store, None)));
    for query in ["社群", "知识付费", "群", "会员制 直播", "第 777"] {
        show(
            &format!("search {query}"),
            &times(50, || page(&store, Some(query))),
        );
    }
    show("save in a 10,000-character draft", &saves(&profile, &store));
}

fn page(store: &Store, query: Option<&str>) {
    let filter = DraftFilter {
        query: query.and_then(SearchQuery::parse),
        limit: 50,
        ..DraftFilter::default()
    };
    assert!(!store.list_drafts(&filter).unwrap().drafts.is_empty());
}

fn saves(profile: &Profile, store: &Store) -> Vec<Duration> {
    let draft = store
        .import_draft(
            Title::parse("长").unwrap(),
            &"知识付费社群运营。\n\n".repeat(1_000),
            Timestamp::from_millis(0),
            &profile.random,
        )
        .unwrap();
    let session = store.open_text(draft.id, &profile.random).unwrap().session;
    let mut at = 5_000;
    times(500, || {
        let splice = Splice {
            at,
            delete: 0,
            insert: "字".to_owned(),
        };
        at += 1;
        store
            .edit_text(
                session,
                None,
                &[splice],
                Timestamp::from_millis(1),
                &profile.random,
            )
            .unwrap();
    })
}

fn times(n: usize, mut work: impl FnMut()) -> Vec<Duration> {
    let mut times: Vec<Duration> = (0..n)
        .map(|_| {
            let begun = Instant::now();
            work();
            begun.elapsed()
        })
        .collect();
    times.sort();
    times
}

fn show(what: &str, times: &[Duration]) {
    let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)];
    println!("{what}: p50 {:?}, p99 {:?}", at(50), at(99));
}
