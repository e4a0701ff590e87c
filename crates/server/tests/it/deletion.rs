//! Drafts that are deleted for good: who hears of it, for how long, and what is refused.

use stoa_domain::{DraftId, Parts, Role};
use stoa_mutators::{BinDraft, DeleteDraft, Mutation, RestoreDraft, SeenDraft};
use stoa_protocol::account::Tokens;
use stoa_protocol::error::ApiErrorCode;
use stoa_protocol::sync::BucketCursor;

use crate::support::{
    Device, append, create, expect, new_draft_id, on_both_databases, refused_with, rename, title,
    words,
};

const DAY: i64 = 86_400_000;

fn bin(id: DraftId) -> Mutation {
    Mutation::BinDraft(BinDraft { id })
}

/// Deletes a draft as it is seen: its title, and these changes to its text.
fn delete(id: DraftId, seen: &str, written: &[&Mutation]) -> Mutation {
    let ids = written.iter().map(|mutation| match mutation {
        Mutation::AppendDoc(append) => append.id.as_bytes(),
        other => panic!("{other:?} is no text"),
    });
    let parts: Parts = ids.collect();
    Mutation::DeleteDraft(DeleteDraft {
        id,
        seen: Some(SeenDraft {
            title: title(seen),
            parts,
        }),
    })
}

/// A draft with a text in the bin; answers the head.
async fn binned(device: &mut Device, id: DraftId, text: &Mutation) -> i64 {
    device
        .push(&[create(id, "会员定价"), text.clone(), bin(id)])
        .await
        .head
}

fn begun(cursors: Vec<BucketCursor>, began: i64) -> Vec<BucketCursor> {
    let with = |cursor| BucketCursor { began, ..cursor };
    cursors.into_iter().map(with).collect()
}

on_both_databases! {
    async fn a_deletion_reaches_who_had_the_draft_and_nobody_else(world: &World) {
        let email = world.person(Role::Owner).await;
        let mut first = world.sign_in(&email).await;
        let second = world.sign_in(&email).await;
        let id = new_draft_id();
        let text = append(id, b"1");
        let head = binned(&mut first, id, &text).await;
        assert_eq!(second.pull(0, 100).await.rows.len(), 2);
        let answer = first.push(&[delete(id, "会员定价", &[&text])]).await;
        assert_eq!(words(&answer), [format!("applied {}", head + 1)]);

        let pulled = second.pull(head, 100).await;
        assert_eq!(pulled.rows, []);
        let seq = head + 1;
        assert_eq!(pulled.deleted, [
            ("draft".to_owned(), id.to_string(), seq),
            ("doc".to_owned(), id.to_string(), seq),
        ]);
        let sums: Vec<_> = pulled.sums.iter().map(|sum| (sum.bucket.as_str(), sum.n, sum.x.as_str())).collect();
        assert_eq!(sums[1..], [("content", 0, "0000000000000000"), ("texts", 0, "0000000000000000")]);
        assert_eq!(second.pull(seq, 100).await.deleted, [], "told once");
        assert_eq!(second.pull(0, 100).await.deleted, [], "who has nothing needs none");
    }

    async fn a_first_sync_in_pages_hears_only_of_what_was_deleted_since_it_began(world: &World) {
        let mut device = world.device(Role::Owner).await;
        let ids = [new_draft_id(), new_draft_id(), new_draft_id(), new_draft_id()];
        for id in ids {
            device.push(&[create(id, "稿"), bin(id)]).await;
        }
        let before = device.push(&[delete(ids[1], "稿", &[])]).await.head;
        let page = device.pull(0, 3).await;
        assert!(page.more);
        let since = device.push(&[delete(ids[3], "稿", &[])]).await.head;
        let pull = device.pull_after(begun(page.cursors.clone(), before), 100);
        let rest = device.expect_pull(&pull).await;
        let told: Vec<_> = rest.deleted.iter().filter(|line| line.0 == "draft").collect();
        assert_eq!(told, [&("draft".to_owned(), ids[3].to_string(), since)]);
    }

    async fn what_was_changed_since_is_not_deleted(world: &World) {
        let mut device = world.device(Role::Owner).await;
        let id = new_draft_id();
        device.push(&[create(id, "会员定价"), bin(id)]).await;
        let written = append(id, b"1");
        let answer = device.push(&[
            written.clone(),
            delete(id, "会员定价", &[]),
            rename(id, "改过"),
            delete(id, "会员定价", &[&written]),
            Mutation::RestoreDraft(RestoreDraft { id }),
            delete(id, "改过", &[&written]),
        ]).await;
        let refused: Vec<_> = words(&answer).into_iter().filter(|word| word.starts_with("rejected")).collect();
        assert_eq!(refused, [
            "rejected conflict text",
            "rejected conflict title",
            "rejected conflict binned_at",
        ]);
        assert_eq!(device.pull(0, 100).await.rows.len(), 2);
    }

    async fn an_id_is_used_up_and_whoever_comes_late_is_told(world: &World) {
        let email = world.person(Role::Owner).await;
        let mut first = world.sign_in(&email).await;
        let mut second = world.sign_in(&email).await;
        let id = new_draft_id();
        first.push(&[create(id, "稿"), bin(id), delete(id, "稿", &[])]).await;
        let late = second.push(&[append(id, b"1"), rename(id, "二"), create(id, "稿"), bin(id)]).await;
        assert_eq!(words(&late), ["rejected deleted"; 4]);
        let again = second.push(&[delete(id, "稿", &[])]).await;
        assert_eq!(words(&again), [format!("applied {}", again.head)], "it is as it was wanted");
        assert_eq!(second.pull(0, 100).await.rows, []);
    }

    async fn what_is_made_and_deleted_in_one_push_leaves_only_the_tombstone(world: &World) {
        let mut device = world.device(Role::Owner).await;
        let other = new_draft_id();
        let head = device.push(&[create(other, "留下")]).await.head;
        let id = new_draft_id();
        let written = append(id, b"1");
        let answer = device.push(&[
            create(id, "稿"),
            written.clone(),
            bin(id),
            delete(id, "稿", &[&written]),
            append(id, b"2"),
        ]).await;
        assert_eq!(words(&answer).last().unwrap(), "rejected deleted");
        let pulled = device.pull(head, 100).await;
        assert_eq!((pulled.rows.len(), pulled.deleted.len()), (0, 2));
        let sums: Vec<_> = pulled.sums.iter().map(|sum| (sum.bucket.as_str(), sum.n)).collect();
        assert_eq!(sums[1..], [("content", 1), ("texts", 0)]);
    }

    async fn only_who_may_bin_a_draft_may_delete_it(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let mut expert = world.device(Role::Expert).await;
        let (theirs, own) = (new_draft_id(), new_draft_id());
        owner.push(&[create(theirs, "稿"), bin(theirs)]).await;
        let answer = expert.push(&[
            delete(theirs, "稿", &[]),
            create(own, "自己的"),
            bin(own),
            delete(own, "自己的", &[]),
        ]).await;
        let answer = words(&answer);
        assert_eq!(answer[0], "rejected not_allowed");
        assert!(answer[3].starts_with("applied"), "{answer:?}");
    }

    async fn a_cursor_from_before_old_tombstones_starts_its_bucket_anew(world: &World) {
        let email = world.person(Role::Owner).await;
        let mut device = world.sign_in(&email).await;
        let (id, other) = (new_draft_id(), new_draft_id());
        let before = device.push(&[create(other, "留下"), create(id, "稿"), bin(id)]).await.head;
        let head = device.push(&[delete(id, "稿", &[]), rename(other, "还在")]).await.head;
        device.pull(head, 100).await;
        world.pass_millis(179 * DAY);
        world.server.tidy().await;
        let device = world.sign_in(&email).await;
        assert_eq!(device.pull(before, 100).await.deleted.len(), 2, "kept for 180 days");
        world.pass_millis(181 * DAY);
        world.server.tidy().await;
        let device = world.sign_in(&email).await;
        let expired = device.try_pull(&device.pull_from(before, 100)).await;
        let error = refused_with(expired, ApiErrorCode::CursorExpired).await;
        assert_eq!(error.field.as_deref(), Some("content"));
        // Who has heard of all of it goes on, and so does who began after it.
        assert_eq!(device.pull(head, 100).await.rows, []);
        let late = begun(device.pull_from(1, 100).buckets, head);
        let filled = device.expect_pull(&device.pull_after(late, 100)).await;
        assert_eq!((filled.rows.len(), filled.deleted.len()), (1, 0));
    }

    async fn a_device_that_is_seen_holds_the_tombstones_it_has_not_heard_of(world: &World) {
        let email = world.person(Role::Owner).await;
        let mut device = world.sign_in(&email).await;
        let mut behind = world.sign_in(&email).await;
        let id = new_draft_id();
        let before = device.push(&[create(id, "稿"), bin(id)]).await.head;
        device.push(&[delete(id, "稿", &[])]).await;
        for _ in 0..10 {
            behind.pull(before, 100).await;
            world.pass_millis(20 * DAY);
            let answer = behind.refresh(&behind.tokens).await;
            behind.tokens = expect::<Tokens>(answer).await;
        }
        world.server.tidy().await;
        assert_eq!(behind.pull(before, 100).await.deleted.len(), 2);
        // Silent for as long, it holds them no more.
        world.pass_millis(181 * DAY);
        world.server.tidy().await;
        let device = world.sign_in(&email).await;
        let expired = device.try_pull(&device.pull_from(before, 100)).await;
        refused_with(expired, ApiErrorCode::CursorExpired).await;
    }
}
