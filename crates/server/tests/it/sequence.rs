//! The sequence has no gaps and no number appears after a larger one, however many write at once.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use stoa_domain::Role;

use crate::support::{create, new_draft_id, on_both_databases, words};

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
}
