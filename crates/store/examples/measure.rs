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
    versions(&profile, &store);
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

/// A draft of 20,000 characters that was written in 300 sessions.
fn versions(profile: &Profile, store: &Store) {
    const N_SESSIONS: i64 = 300;
    let random = &profile.random;
    let begun = Timestamp::from_millis(1_700_000_000_000);
    let id = store
        .create_draft(Title::parse("长稿").unwrap(), begun, random)
        .unwrap()
        .id;
    for session in 0..N_SESSIONS {
        let opened = store.open_text(id, random).unwrap();
        let mut length = opened.markdown.encode_utf16().count();
        for n in 0..9 {
            let now = begun.plus_millis(session * 1_200_000 + n * 5_000);
            let insert = "社群运营与内容。"[..21 + 3 * usize::from(n % 2 == 0)].to_owned();
            // Most is written at the end, some of it taken out again elsewhere.
            let splice = Splice {
                at: if n == 5 { length / 3 } else { length },
                delete: if n == 5 {
                    4.min(length - length / 3)
                } else {
                    0
                },
                insert,
            };
            length = length - splice.delete + splice.insert.encode_utf16().count();
            store
                .edit_text(opened.session, None, &[splice], now, random)
                .unwrap();
        }
        store.close_text(opened.session).unwrap();
    }
    let states = store.text_states(id).unwrap();
    let chars = store.markdown(id).unwrap().chars().count();
    println!("{} versions of {chars} characters", states.len());
    show(
        "list versions",
        &times(20, || drop(store.text_states(id).unwrap())),
    );
    for at in [0, states.len() / 2, states.len() - 1] {
        let text_at = &states[at].text_at;
        let open = || drop(store.text_at(id, text_at).unwrap());
        show(&format!("open version {at}"), &times(20, open));
    }
}
