//! A right that ends while a computer works, with a real server.

use stoa_domain::{DraftId, Role};
use stoa_protocol::proposal::{DecideProposals, ProposalReason};
use stoa_server::admin;
use stoa_store::ChangeState;
use stoa_store::test_support::tables_with;
use stoa_sync::{Phase, SyncHandle, SyncState};

use crate::place::{Computer, Place, until_state};

fn is_idle(state: &SyncState) -> bool {
    state.phase == Phase::Idle && state.last_synced_at.is_some()
}

#[tokio::test(flavor = "multi_thread")]
async fn work_written_offline_before_a_removal_reaches_the_owner_as_proposals() {
    let place = Place::new().await;
    let (boss, email) = (
        place.person(Role::Owner).await,
        place.person(Role::Editor).await,
    );
    let (owner, author) = (place.computer(&boss).await, place.computer(&email).await);
    let owner_sync = owner.sync();
    let shared = owner.create("共同的");
    owner.write(shared, "zugzwang");
    let own = written_before_the_removal(&place, &author, (shared, &email)).await;

    let sync = author.sync();
    until_state(&sync, "the end", |s| s.phase == Phase::NotAMember).await;
    author
        .until("nothing of the community to stay", |a| {
            a.n_waiting() == 0 && a.titles() == ["走之前写的"]
        })
        .await;
    assert_eq!(author.text(own), "一段");
    assert_eq!(tables_with(&author.store, "zugzwang"), Vec::<String>::new());
    let parked = author.store.failed(10).unwrap();
    let is_proposed = |code: &Option<String>| code.as_deref() == Some("proposed");
    assert_eq!(parked.len(), 3);
    assert!(
        parked
            .iter()
            .all(|e| e.state == ChangeState::Rejected && is_proposed(&e.code))
    );
    accept_all(&owner_sync).await;
    owner
        .until("the accepted work", |o| {
            o.titles().len() == 2 && o.text(own) == "一段"
        })
        .await;
    assert!(owner.titles().contains(&"改过的".to_owned()));
    sync.stop().await;
    owner_sync.stop().await;
}

/// Syncs, goes offline, writes, and loses the membership; answers the new draft.
async fn written_before_the_removal(
    place: &Place,
    author: &Computer,
    (shared, email): (DraftId, &str),
) -> DraftId {
    let sync = author.sync();
    author
        .until("the shared draft", |a| {
            a.titles() == ["共同的"] && a.text(shared) == "zugzwang"
        })
        .await;
    until_state(&sync, "the first contact", is_idle).await;
    sync.stop().await;
    author.rename(shared, "改过的");
    let own = author.create("走之前写的");
    author.write(own, "一段");
    place.clock.pass_minutes(1);
    admin::end_membership(&place.config, &place.community(), email)
        .await
        .unwrap();
    own
}

async fn accept_all(owner: &SyncHandle) {
    let people = owner.proposals().await.unwrap();
    assert_eq!(
        (people.len(), people[0].reason),
        (1, ProposalReason::MembershipEnded)
    );
    let ids = people[0].proposals.iter().map(|one| one.id.clone());
    let decision = DecideProposals {
        ids: ids.collect(),
        accept: true,
    };
    let decided = owner.decide(&decision).await.unwrap();
    assert_eq!((decided.n_done, decided.failed.len()), (3, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_lowered_while_online_takes_the_rows_away_by_itself() {
    let place = Place::new().await;
    let (boss, email) = (
        place.person(Role::Owner).await,
        place.person(Role::Editor).await,
    );
    let (owner, author) = (place.computer(&boss).await, place.computer(&email).await);
    let (owner_sync, sync) = (owner.sync(), author.sync());
    owner.create("zugzwang");
    author
        .until("the draft", |a| a.titles() == ["zugzwang"])
        .await;
    until_state(&sync, "idle", is_idle).await;
    place.clock.pass_minutes(1);
    admin::set_role(&place.config, &place.community(), &email, Role::Member)
        .await
        .unwrap();
    sync.now();
    author
        .until("the draft to go", |a| a.titles().is_empty())
        .await;
    assert_eq!(tables_with(&author.store, "zugzwang"), Vec::<String>::new());
    admin::set_role(&place.config, &place.community(), &email, Role::Editor)
        .await
        .unwrap();
    sync.now();
    author
        .until("the draft to come back", |a| a.titles() == ["zugzwang"])
        .await;
    sync.stop().await;
    owner_sync.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_let_in_again_goes_on_where_they_were() {
    let place = Place::new().await;
    let email = place.person(Role::Editor).await;
    let author = place.computer(&email).await;
    let sync = author.sync();
    author.create("早先的");
    author
        .until("the outbox to drain", |a| a.n_waiting() == 0)
        .await;
    until_state(&sync, "idle", is_idle).await;
    place.clock.pass_minutes(1);
    admin::end_membership(&place.config, &place.community(), &email)
        .await
        .unwrap();
    sync.now();
    author
        .until("the draft to go", |a| a.titles().is_empty())
        .await;
    admin::set_role(&place.config, &place.community(), &email, Role::Editor)
        .await
        .unwrap();
    sync.now();
    author
        .until("the draft to come back", |a| a.titles() == ["早先的"])
        .await;
    author.create("后来的");
    author
        .until("the outbox to drain again", |a| a.n_waiting() == 0)
        .await;
    sync.stop().await;
}
