//! Push and pull: what is applied, repeated, refused and merged, and who sees it.

use stoa_domain::{Role, Timestamp};
use stoa_mutators::{Row, Table};
use stoa_protocol::error::ApiErrorCode;
use stoa_protocol::sync::{AckResults, BaseRow, BucketCursor, PushedMutation, row_checksum_input};

use crate::support::{
    NOW, Pulled, append, create, expect, new_draft_id, on_both_databases, pushed, refused_with,
    rename, words,
};

/// The sum of what was pulled, the way a device counts it.
fn sum_of(pulled: &Pulled, bucket: &str) -> String {
    let sum = pulled
        .rows
        .iter()
        .chain(&pulled.people)
        .filter(|row| Table::parse(&row.0).unwrap().bucket() == bucket)
        .fold(0_u64, |sum, (table, id, version, ..)| {
            let id = uuid::Uuid::parse_str(id).unwrap().into_bytes();
            let hash = blake3::hash(&row_checksum_input(table, &id, *version));
            sum.wrapping_add(u64::from_le_bytes(hash.as_bytes()[..8].try_into().unwrap()))
        });
    format!("{sum:016x}")
}

on_both_databases! {
    async fn a_draft_reaches_the_second_device(world: &World) {
        let email = world.person(Role::Owner).await;
        let mut first = world.sign_in(&email).await;
        let second = world.sign_in(&email).await;
        let id = new_draft_id();
        let answer = first.push(&[create(id, "知识付费"), append(id, "正文".as_bytes())]).await;
        assert_eq!(words(&answer), ["applied 2", "applied 3"]);
        assert_eq!((answer.lmid, answer.head), (2, 3));

        let pulled = second.pull(0, 100).await;
        assert_eq!((pulled.upto, pulled.more, pulled.lmid), (3, false, 0));
        let tables: Vec<&str> = pulled.rows.iter().map(|row| row.0.as_str()).collect();
        assert_eq!(tables, ["draft", "doc_update"]);
        assert_eq!(pulled.rows[0].4["title"], "知识付费");
        assert_eq!(pulled.rows[1].4["doc"], id.to_string());
        let sums: Vec<_> = pulled.sums.iter().map(|sum| (sum.bucket.as_str(), sum.n)).collect();
        assert_eq!(sums, [("core", 1), ("content", 1), ("texts", 1)]);
        for sum in &pulled.sums {
            assert_eq!(sum.x, sum_of(&pulled, &sum.bucket));
        }
        assert_eq!(pulled.people[0].4["role"], "owner");
        for (table, _, _, _, columns) in pulled.rows.iter().chain(&pulled.people) {
            let table = Table::parse(table).unwrap();
            Row::from_json(table, columns.as_object().unwrap().clone()).unwrap();
        }
        assert_eq!(second.pull(3, 100).await.rows, []);
    }

    async fn the_author_comes_from_the_session(world: &World) {
        let mut device = world.device(Role::Expert).await;
        let id = new_draft_id();
        device.push(&[create(id, "x")]).await;
        let me: stoa_protocol::account::Account = expect(
            device.request(reqwest::Method::GET, "/v1/accounts/me").send().await.unwrap(),
        ).await;
        let pulled = device.pull(0, 10).await;
        assert_eq!(pulled.rows[0].4["author"], me.user.to_string());
    }

    async fn a_repeated_push_is_answered_and_not_done_again(world: &World) {
        let mut device = world.device(Role::Owner).await;
        let id = new_draft_id();
        let push = device.number(&[create(id, "一"), rename(new_draft_id(), "二")]);
        let first: stoa_protocol::sync::PushAnswer = expect(device.try_push(&push).await).await;
        assert_eq!(words(&first), ["applied 2", "rejected not_found"]);
        let again: stoa_protocol::sync::PushAnswer = expect(device.try_push(&push).await).await;
        assert_eq!(words(&again), ["duplicate Some(2)", "rejected not_found"]);
        assert_eq!((again.lmid, again.head), (2, 2));

        let ack = AckResults { mid: 2 };
        let acknowledged = device.sync_request("results/ack").json(&ack).send().await.unwrap();
        assert_eq!(acknowledged.status(), 204);
        let later: stoa_protocol::sync::PushAnswer = expect(device.try_push(&push).await).await;
        assert_eq!(words(&later), ["duplicate Some(2)", "rejected not_found"]);
    }

    async fn a_number_used_twice_for_different_things_is_refused_in_the_open(world: &World) {
        let mut device = world.device(Role::Owner).await;
        device.push(&[create(new_draft_id(), "一")]).await;
        device.next_mid = 1;
        let answer = device.push(&[create(new_draft_id(), "另一篇")]).await;
        assert_eq!(words(&answer), ["rejected conflict"]);
        assert_eq!(device.pull(0, 10).await.rows.len(), 1);
    }

    async fn a_gap_is_refused_with_the_number_that_must_come(world: &World) {
        let mut device = world.device(Role::Owner).await;
        device.push(&[create(new_draft_id(), "一")]).await;
        device.next_mid = 4;
        let push = device.number(&[create(new_draft_id(), "四")]);
        let error = refused_with(device.try_push(&push).await, ApiErrorCode::OutOfOrder).await;
        assert_eq!(error.expected, Some(2));

        let mut hole = device.number(&[]);
        hole.mutations = [2, 4].map(|mid| pushed(mid, &create(new_draft_id(), "x"))).into();
        let error = refused_with(device.try_push(&hole).await, ApiErrorCode::OutOfOrder).await;
        assert_eq!(error.expected, Some(3));
        assert_eq!(device.pull(0, 10).await.upto, 2);
    }

    async fn results_stay_until_they_are_acknowledged(world: &World) {
        let mut device = world.device(Role::Owner).await;
        device.push(&[create(new_draft_id(), "一"), rename(new_draft_id(), "二")]).await;
        let pulled = device.pull(0, 10).await;
        assert_eq!((pulled.lmid, pulled.results.len()), (2, 2));
        let ack = AckResults { mid: 1 };
        device.sync_request("results/ack").json(&ack).send().await.unwrap();
        let pulled = device.pull(0, 10).await;
        assert_eq!(pulled.results.iter().map(|r| r.mid).collect::<Vec<_>>(), [2]);
    }

    async fn two_renames_keep_the_title_that_lost(world: &World) {
        let email = world.person(Role::Owner).await;
        let mut first = world.sign_in(&email).await;
        let mut second = world.sign_in(&email).await;
        let id = new_draft_id();
        first.push(&[create(id, "初稿"), rename(id, "他们的")]).await;
        let mut push = second.number(&[rename(id, "我的")]);
        push.mutations[0].base = vec![BaseRow {
            table: "draft".into(),
            pk: id.to_string(),
            version: 1,
        }];
        let answer: stoa_protocol::sync::PushAnswer = expect(second.try_push(&push).await).await;
        assert_eq!(words(&answer), ["merged 4"]);
        assert_eq!(first.pull(3, 10).await.rows[0].4["title"], "我的");
    }

    async fn a_role_is_judged_when_the_mutation_arrives(world: &World) {
        let email = world.person(Role::Editor).await;
        let mut device = world.sign_in(&email).await;
        let id = new_draft_id();
        device.push(&[create(id, "一")]).await;
        let community = world.community.to_string();
        stoa_server::admin::set_role(&world.config, &community, &email, Role::Member).await.unwrap();
        let answer = device.push(&[rename(id, "二")]).await;
        assert_eq!(words(&answer), ["rejected proposed"]);
        assert_eq!(answer.lmid, 2);
        let pulled = device.pull(0, 10).await;
        assert_eq!((pulled.rows.len(), pulled.buckets.len(), pulled.sums.len()), (0, 0, 0));
    }

    async fn bad_contents_are_refused_and_the_rest_goes_on(world: &World) {
        let mut device = world.device(Role::Owner).await;
        let id = new_draft_id();
        let mut push = device.number(&[create(id, "一"), append(id, b"abc"), rename(id, "二")]);
        push.mutations[1].args["b3"] = "0".repeat(64).into();
        let unknown = PushedMutation { name: "draft.fly".into(), mid: 4, ..push.mutations[2].clone() };
        let parked = PushedMutation { name: "sys.park".into(), mid: 5, ..push.mutations[2].clone() };
        push.mutations.extend([unknown, parked]);
        let answer: stoa_protocol::sync::PushAnswer = expect(device.try_push(&push).await).await;
        assert_eq!(
            words(&answer),
            ["applied 2", "rejected invalid b3", "applied 3", "rejected unknown", "rejected parked"]
        );
    }

    async fn arguments_that_do_not_fit_name_their_mutation(world: &World) {
        let mut device = world.device(Role::Owner).await;
        let mut push = device.number(&[create(new_draft_id(), "一"), create(new_draft_id(), "二")]);
        push.mutations[1].args["title"] = 7.into();
        let error = refused_with(device.try_push(&push).await, ApiErrorCode::InvalidMutation).await;
        assert_eq!(error.index, Some(1));
        assert_eq!(device.pull(0, 10).await.upto, 1);
    }

    async fn pages_never_split_a_change_and_end_with_everything(world: &World) {
        let mut device = world.device(Role::Owner).await;
        let id = new_draft_id();
        let mut mutations = vec![create(id, "一")];
        mutations.extend((0..40_u8).map(|n| append(id, &[n])));
        device.push(&mutations).await;
        let mut cursors: Vec<BucketCursor> = Vec::new();
        let mut rows = std::collections::BTreeMap::new();
        loop {
            let page = device.expect_pull(&device.pull_after(cursors.clone(), 7)).await;
            assert!(page.rows.len() + page.people.len() <= 8, "{}", page.rows.len());
            for row in &page.rows {
                let bucket = Table::parse(&row.0).unwrap().bucket();
                let at = |cursors: &[BucketCursor]| {
                    cursors.iter().find(|c| c.bucket == bucket).map_or(0, |c| c.cursor)
                };
                assert!(row.3 > at(&cursors) && row.3 <= at(&page.cursors));
            }
            let complete = page.cursors.iter().filter(|c| c.cursor == page.upto).count();
            assert_eq!((page.upto, page.sums.len()), (42, complete));
            rows.extend(page.rows.into_iter().map(|row| ((row.0, row.1), row.2)));
            cursors = page.cursors;
            if !page.more {
                break;
            }
        }
        assert_eq!(rows.len(), 41);
    }

    async fn lists_come_before_texts_and_what_belongs_together_comes_together(world: &World) {
        let mut device = world.device(Role::Owner).await;
        for n in 0..10_u8 {
            let id = new_draft_id();
            device.push(&[create(id, "一"), append(id, &[n])]).await;
        }
        let page = device.expect_pull(&device.pull_after(vec![], 12)).await;
        let tables: Vec<&str> = page.rows.iter().map(|row| row.0.as_str()).collect();
        assert_eq!(page.people.len(), 1);
        assert_eq!(tables, [["draft"; 10].as_slice(), &["doc_update"]].concat());
        assert!(page.more);
        // While texts are on their way, what is new in the lists comes first.
        let id = new_draft_id();
        device.push(&[create(id, "新")]).await;
        let page = device.expect_pull(&device.pull_after(page.cursors, 100)).await;
        assert_eq!(page.rows[0].4["title"], "新");
        assert!(!page.more && page.cursors.iter().all(|c| c.cursor == page.upto));
        // From then on, both rows of a change come in the same answer, however small it is.
        for n in 0..10_u8 {
            device.push(&[append(id, &[n, 1])]).await;
        }
        let mut cursors = page.cursors;
        loop {
            let page = device.expect_pull(&device.pull_after(cursors, 3)).await;
            assert!(page.cursors.iter().all(|c| c.cursor == page.cursors[0].cursor));
            cursors = page.cursors;
            if !page.more {
                break;
            }
        }
    }

    async fn memberships_come_as_rows_and_follow_every_change(world: &World) {
        let owner = world.device(Role::Owner).await;
        let email = world.person(Role::Editor).await;
        let page = owner.pull(0, 100).await;
        assert_eq!(page.people.len(), 2);
        let community = world.community.to_string();
        for (role, version) in [(Role::Moderator, 2), (Role::Moderator, 2), (Role::Member, 3)] {
            stoa_server::admin::set_role(&world.config, &community, &email, role).await.unwrap();
            let page = owner.pull(page.upto, 100).await;
            let person = &page.people[0];
            assert_eq!((person.2, &person.4["role"]), (version, &role.as_str().into()));
            assert_eq!(person.4["name"], "林");
            assert_eq!(page.sums[0].n, 2);
        }
    }

    async fn a_foreign_cursor_or_epoch_is_refused(world: &World) {
        let mut device = world.device(Role::Owner).await;
        device.push(&[create(new_draft_id(), "一")]).await;
        let ahead = device.try_pull(&device.pull_from(9, 10)).await;
        let error = refused_with(ahead, ApiErrorCode::CursorExpired).await;
        assert_eq!(error.field.as_deref(), Some("core"));

        let epoch = std::mem::replace(&mut device.epoch, "another".into());
        let answer = device.try_pull(&device.pull_from(0, 10)).await;
        let error = refused_with(answer, ApiErrorCode::EpochChanged).await;
        assert_eq!(error.epoch, Some(epoch));
        let push = device.number(&[create(new_draft_id(), "二")]);
        refused_with(device.try_push(&push).await, ApiErrorCode::EpochChanged).await;
    }

    async fn an_old_program_pushes_but_does_not_pull(world: &World) {
        let mut device = world.device(Role::Owner).await;
        let push = device.number(&[create(new_draft_id(), "一")]);
        let old = |request: reqwest::RequestBuilder| {
            let (client, request) = request.build_split();
            let mut request = request.unwrap();
            request.headers_mut().insert("stoa-schema", "0".parse().unwrap());
            async move { client.execute(request).await.unwrap() }
        };
        let answer = old(device.sync_request("push").json(&push)).await;
        assert_eq!(answer.status(), 200);
        let answer = old(device.sync_request("pull").json(&device.pull_from(0, 10))).await;
        let error = refused_with(answer, ApiErrorCode::ClientTooOld).await;
        assert_eq!(error.min_schema, Some(1));
    }

    async fn a_clock_ten_years_off_only_changes_what_is_shown(world: &World) {
        let mut device = world.device(Role::Owner).await;
        let ten_years = 10 * 365 * 86_400_000_i64;
        let (early, late) = (new_draft_id(), new_draft_id());
        let mut push = device.number(&[create(early, "早"), create(late, "晚"), rename(late, "更晚")]);
        for (mutation, offset) in push.mutations.iter_mut().zip([-ten_years, ten_years, -ten_years]) {
            mutation.made_at = Timestamp::from_millis(NOW + offset);
        }
        let answer: stoa_protocol::sync::PushAnswer = expect(device.try_push(&push).await).await;
        assert_eq!(words(&answer), ["applied 2", "applied 3", "applied 4"]);
        let rows = device.pull(0, 10).await.rows;
        assert_eq!(rows[0].4["edited_at"], NOW - ten_years);
        assert_eq!(rows[1].4["edited_at"], NOW);
        assert_eq!(rows[1].4["title"], "更晚");
    }

    async fn a_thousand_mutations_are_pushed_within_a_second_or_two(world: &World) {
        let mut device = world.device(Role::Owner).await;
        let id = new_draft_id();
        device.push(&[create(id, "一")]).await;
        let started = std::time::Instant::now();
        for _ in 0..2 {
            let batch: Vec<_> = (0..500).map(|_| append(id, &crate::support::random::<120>())).collect();
            let answer = device.push(&batch).await;
            assert_eq!(answer.results.len(), 500);
        }
        let took = started.elapsed();
        // Ten times the budget: a guard against a cost that grows with the batch, not a benchmark.
        assert!(took < std::time::Duration::from_secs(10), "{took:?}");
        assert_eq!(device.pull(0, 20_000).await.rows.len(), 1001);
    }
}
