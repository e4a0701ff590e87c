//! Work of somebody who lost the right to it waits for an owner, and is done or discarded.

use reqwest::Method;
use stoa_domain::Role;
use stoa_protocol::error::ApiErrorCode;
use stoa_protocol::proposal::{DecideProposals, Decided, ProposalReason, ProposedBy};
use stoa_protocol::sync::PushAnswer;
use stoa_server::admin;

use crate::support::{
    Device, World, append, create, expect, new_draft_id, on_both_databases, refused_with, rename,
    words,
};

async fn waiting(owner: &Device) -> Vec<ProposedBy> {
    let path = format!("/v1/sync/{}/proposals", owner.community);
    expect(owner.request(Method::GET, &path).send().await.unwrap()).await
}

async fn decide(owner: &Device, ids: Vec<String>, accept: bool) -> Decided {
    let request = DecideProposals { ids, accept };
    let asked = owner.sync_request("proposals/decide").json(&request);
    expect(asked.send().await.unwrap()).await
}

fn ids(by: &[ProposedBy]) -> Vec<String> {
    by.iter()
        .flat_map(|one| one.proposals.iter().map(|p| p.id.clone()))
        .collect()
}

async fn ended(world: &World, email: &str) {
    world.pass_millis(1_000);
    let community = world.community.to_string();
    admin::end_membership(&world.config, &community, email)
        .await
        .unwrap();
}

on_both_databases! {
    async fn work_handed_in_after_a_removal_waits_and_is_done_in_order(world: &World) {
        let owner = world.device(Role::Owner).await;
        let email = world.person(Role::Editor).await;
        let mut author = world.sign_in(&email).await;
        let before = new_draft_id();
        author.push(&[create(before, "走之前")]).await;
        ended(world, &email).await;

        let fresh = new_draft_id();
        let work = [create(fresh, "新写的"), append(fresh, b"text"), rename(before, "走之后")];
        let push = author.number(&work);
        let answer: PushAnswer = expect(author.try_push(&push).await).await;
        assert_eq!(words(&answer), ["rejected proposed"; 3]);
        let again: PushAnswer = expect(author.try_push(&push).await).await;
        assert_eq!(words(&again), ["rejected proposed"; 3]);
        refused_with(author.try_pull(&author.pull_from(0, 10)).await, ApiErrorCode::NotFound).await;

        let by = waiting(&owner).await;
        assert_eq!((by.len(), by[0].n, by[0].reason), (1, 3, ProposalReason::MembershipEnded));
        let titles: Vec<&str> = by[0].proposals.iter().map(|p| p.title.as_str()).collect();
        assert_eq!(titles, ["新写的", "", "走之后"]);
        assert_eq!(owner.pull(4, 10).await.rows, [], "nothing was done yet");

        let decided = decide(&owner, ids(&by), true).await;
        assert_eq!((decided.n_done, decided.failed.len()), (3, 0));
        let pulled = owner.pull(4, 10).await;
        assert_eq!((pulled.rows.len(), pulled.upto), (3, 7));
        let made = pulled.rows.iter().find(|row| row.1 == fresh.to_string()).unwrap();
        assert_eq!(made.4["author"], by[0].user.to_string(), "it stays the author's");
        assert_eq!(waiting(&owner).await, []);
    }

    async fn a_lowered_role_proposes_what_the_old_one_allowed_and_nothing_more(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let theirs = new_draft_id();
        owner.push(&[create(theirs, "别人的")]).await;
        let email = world.person(Role::Editor).await;
        let mut author = world.sign_in(&email).await;
        let expert = world.device(Role::Expert).await;
        world.pass_millis(1_000);
        let community = world.community.to_string();
        admin::set_role(&world.config, &community, &email, Role::Expert).await.unwrap();

        let answer = author.push(&[create(new_draft_id(), "自己的"), rename(theirs, "改")]).await;
        assert_eq!(words(&answer), ["applied 6", "rejected proposed"]);
        let mut never = expert;
        let answer = never.push(&[rename(theirs, "不许")]).await;
        assert_eq!(words(&answer), ["rejected not_allowed"]);

        let by = waiting(&owner).await;
        assert_eq!((by.len(), by[0].reason), (1, ProposalReason::RoleLowered));
        assert_eq!(decide(&owner, ids(&by), false).await.n_done, 1);
        assert_eq!(decide(&owner, ids(&by), true).await.n_done, 0, "decided once");
        assert_eq!(owner.pull(6, 10).await.rows, []);
        assert_eq!(waiting(&owner).await, []);
    }

    async fn what_a_proposal_builds_on_comes_first_or_it_goes_on_waiting(world: &World) {
        let owner = world.device(Role::Owner).await;
        let email = world.person(Role::Editor).await;
        let mut author = world.sign_in(&email).await;
        ended(world, &email).await;
        let id = new_draft_id();
        author.push(&[create(id, "稿")]).await;
        author.push(&[append(id, b"later push")]).await;
        let all = ids(&waiting(&owner).await);
        let decided = decide(&owner, vec![all[1].clone()], true).await;
        assert_eq!((decided.n_done, decided.failed[0].code.as_str()), (0, "not_found"));
        assert_eq!(decide(&owner, all, true).await.n_done, 2);
    }

    async fn somebody_who_signs_in_after_the_removal_hands_in_nothing(world: &World) {
        let email = world.person(Role::Editor).await;
        world.sign_in(&email).await;
        ended(world, &email).await;
        world.pass_millis(1_000);
        let mut late = world.sign_in(&email).await;
        let push = late.number(&[create(new_draft_id(), "迟了")]);
        refused_with(late.try_push(&push).await, ApiErrorCode::NotFound).await;
    }
}
