//! The sequence has no gaps and no number appears after a larger one, however many write at once.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use stoa_domain::Role;

use stoa_protocol::error::ApiErrorCode;
use stoa_server::Rates;

use crate::support::{World, create, new_draft_id, on_both_databases, refused_with, words};

const WRITERS: usize = 8;
const PUSHES: usize = 25;

on_both_databases! {
    async fn a_reader_misses_nothing_that_eight_writers_write(world: &World) {
        let reader = world.device(Role::Owner).await;
        let is_done = Arc::new(AtomicBool::new(false));
        let done = Arc::clone(&is_done);
        let reading = tokio::spawn(async move {
            let (mut cursor, mut seen) = (0, Vec::new());
            loop {
                let was_done = done.load(Ordering::SeqCst);
                let page = reader.pull(cursor, 1000).await;
                seen.extend(page.rows.iter().chain(&page.people).map(|row| row.3));
                cursor = page.upto;
                if was_done && !page.more {
                    return seen;
                }
            }
        });
        let mut writers = tokio::task::JoinSet::new();
        for _ in 0..WRITERS {
            let mut device = world.device(Role::Editor).await;
            writers.spawn(async move {
                for n in 0..PUSHES {
                    let batch: Vec<_> =
                        (0..=n % 3).map(|_| create(new_draft_id(), "并发")).collect();
                    let answer = device.push(&batch).await;
                    assert!(words(&answer).iter().all(|word| word.starts_with("applied")));
                }
            });
        }
        while let Some(writer) = writers.join_next().await {
            writer.unwrap();
        }
        is_done.store(true, Ordering::SeqCst);
        let seen = reading.await.unwrap();
        let n_people = WRITERS + 1;
        let n_written = n_people + WRITERS * (0..PUSHES).map(|n| n % 3 + 1).sum::<usize>();
        assert_eq!(seen.len(), n_written, "each row was seen once");
        let numbers: BTreeSet<i64> = seen.into_iter().collect();
        let expected: BTreeSet<i64> = (1..=i64::try_from(n_written).unwrap()).collect();
        assert_eq!(numbers, expected, "no number is missing");
    }

    async fn a_push_that_is_refused_takes_nothing_of_those_beside_it(world: &World) {
        let reader = world.device(Role::Owner).await;
        let mut writers = tokio::task::JoinSet::new();
        for n in 0..WRITERS {
            let mut device = world.device(Role::Editor).await;
            let is_stale = n % 2 == 0;
            writers.spawn(async move {
                let epoch = device.epoch.clone();
                for _ in 0..PUSHES {
                    if is_stale {
                        "another".clone_into(&mut device.epoch);
                        let next_mid = device.next_mid;
                        let push = device.number(&[create(new_draft_id(), "旧纪元")]);
                        refused_with(device.try_push(&push).await, ApiErrorCode::EpochChanged).await;
                        device.next_mid = next_mid;
                        device.epoch.clone_from(&epoch);
                    }
                    let answer = device.push(&[create(new_draft_id(), "并发")]).await;
                    assert!(words(&answer).iter().all(|word| word.starts_with("applied")));
                }
            });
        }
        while let Some(writer) = writers.join_next().await {
            writer.unwrap();
        }
        let seen = reader.pull(0, 1000).await;
        let titles: Vec<_> = seen.rows.iter().map(|row| row.4["title"].to_string()).collect();
        assert_eq!(titles.len(), WRITERS * PUSHES);
        assert!(titles.iter().all(|title| title.contains("并发")), "{titles:?}");
    }
}

/// Why the sequence is a locked column and not a serial: a number is drawn before its transaction
/// commits, so a reader that goes by the largest number it has seen passes smaller ones by.
#[tokio::test(flavor = "multi_thread")]
async fn an_ordinary_serial_would_lose_rows() {
    let url = stoa_server::test_support::new_database().await.unwrap();
    let first = connect(&url).await;
    let second = connect(&url).await;
    let reader = connect(&url).await;
    first
        .batch_execute("create table noted (seq bigserial primary key, what text not null)")
        .await
        .unwrap();
    let insert = "insert into noted (what) values ('x')";
    first
        .batch_execute(&format!("begin; {insert}"))
        .await
        .unwrap();
    second.batch_execute(insert).await.unwrap();
    let after = |cursor: i64| {
        let reader = &reader;
        async move {
            let sql = "select seq from noted where seq > $1 order by seq";
            let rows = reader.query(sql, &[&cursor]).await.unwrap();
            rows.iter()
                .map(|row| row.get::<_, i64>(0))
                .collect::<Vec<_>>()
        }
    };
    let seen = after(0).await;
    assert_eq!(seen, [2], "the first number is not committed yet");
    first.batch_execute("commit").await.unwrap();
    assert_eq!(after(2).await, Vec::<i64>::new(), "number 1 is never seen");
    assert_eq!(after(0).await, [1, 2], "although it is there");
}

async fn connect(url: &str) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls)
        .await
        .unwrap();
    tokio::spawn(connection);
    client
}

/// Two server processes on one database: no number is missed, whichever a reader asks.
#[tokio::test(flavor = "multi_thread")]
async fn two_servers_on_one_database_share_one_sequence() {
    let url = stoa_server::test_support::new_database().await.unwrap();
    let one = World::start(Some(url.clone()), Rates::generous()).await;
    let other = one.second_server().await;
    let reader = other.device(Role::Owner).await;
    let mut writers = tokio::task::JoinSet::new();
    for n in 0..WRITERS {
        let world = if n % 2 == 0 { &one } else { &other };
        let mut device = world.device(Role::Editor).await;
        writers.spawn(async move {
            for _ in 0..PUSHES {
                device.push(&[create(new_draft_id(), "两台")]).await;
            }
        });
    }
    let (mut cursor, mut seen, mut n_drafts) = (0, BTreeSet::new(), 0);
    while n_drafts < WRITERS * PUSHES {
        let page = reader.pull(cursor, 1000).await;
        for row in &page.rows {
            assert!(seen.insert(row.3), "each number is seen once");
            n_drafts += usize::from(row.0 == "draft");
        }
        cursor = page.upto;
    }
    while let Some(writer) = writers.join_next().await {
        writer.unwrap();
    }
    // Every other number is one of the people's, who are not among the rows looked at here.
    let n_seen = i64::try_from(seen.len() + WRITERS + 1).unwrap();
    assert_eq!(cursor, n_seen, "no gap");
}
