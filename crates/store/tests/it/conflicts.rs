//! Two devices change the same thing without knowing of each other.

use stoa_domain::{DraftId, Splice};
use stoa_store::test_support::{Profile, SeededRandom};
use stoa_store::{Conflict, ConflictKind, Decision, HistoryKind, Saved, Settlement, Store};

use super::server::{Server, link, pull_all, push_all};
use super::{at, create, list, title, titles};

const TEXT: &str = "第一段。\n\n第二段。\n\n第三段。";

/// Two devices with one draft that both know.
struct Desk {
    server: Server,
    one: Profile,
    two: Profile,
    draft: DraftId,
}

impl Desk {
    fn new(seed: u64) -> (Self, Store, Store) {
        let (one, two) = (Profile::new(seed), Profile::new(seed + 1));
        let (first, second) = (one.open(), two.open());
        first.set_link(&link(1, "e")).unwrap();
        second.set_link(&link(2, "e")).unwrap();
        let draft = create(&first, "原题", 1, &one.random);
        put_text(&first, draft, TEXT, 2, &one.random);
        let mut server = Server::default();
        push_all(&mut server, 1, &first, at(3));
        pull_all(&server, 1, &first, at(3));
        pull_all(&server, 2, &second, at(3));
        let desk = Self {
            server,
            one,
            two,
            draft,
        };
        (desk, first, second)
    }

    fn exchange(&mut self, first: &Store, second: &Store, millis: i64) {
        for (device, store) in [(1, first), (2, second), (1, first), (2, second)] {
            push_all(&mut self.server, device, store, at(millis));
            pull_all(&self.server, device, store, at(millis));
        }
    }
}

/// Replaces the whole text as an editor does: by the splice that differs.
fn put_text(store: &Store, id: DraftId, text: &str, millis: i64, random: &SeededRandom) {
    let opened = store.open_text(id, random).unwrap();
    let splices: Vec<Splice> = stoa_domain::diff(&opened.markdown, text)
        .into_iter()
        .collect();
    store
        .edit_text(opened.session, None, &splices, at(millis), random)
        .unwrap();
    store.close_text(opened.session).unwrap();
}

fn only(store: &Store) -> Conflict {
    let mut open = store.conflicts(false, 10).unwrap();
    assert_eq!(open.len(), 1, "{open:?}");
    open.remove(0)
}

fn decide(store: &Store, random: &SeededRandom, decision: &Decision) {
    let id = only(store).id;
    store
        .settle_conflicts(&[id], decision, at(100), random)
        .unwrap();
    assert_eq!(store.counts().unwrap().n_conflicts, 0);
}

#[test]
fn two_titles_given_offline_wait_for_a_decision_with_all_three_values() {
    let (mut desk, first, second) = Desk::new(300);
    first
        .rename_draft(desk.draft, title("一的"), at(5))
        .unwrap();
    second
        .rename_draft(desk.draft, title("二的"), at(6))
        .unwrap();
    desk.exchange(&first, &second, 7);
    assert_eq!(first.conflicts(false, 10).unwrap(), []);
    drop(second);
    let second = desk.two.open();
    let found = only(&second);
    assert_eq!(found.kind, ConflictKind::Field);
    assert_eq!(
        (
            found.base.as_str(),
            found.mine.as_str(),
            found.theirs.as_deref()
        ),
        ("原题", "二的", Some("一的"))
    );
    // It is neither waiting nor failed, and the list shows what the server has.
    let counts = second.counts().unwrap();
    assert_eq!(
        (counts.n_waiting, counts.n_failed, counts.n_conflicts),
        (0, 0, 1)
    );
    assert_eq!(titles(&second), ["一的"]);
    assert_eq!(list(&second)[0].saved, Saved::NeedsAttention);
    decide(&second, &desk.two.random, &Decision::Mine);
    desk.exchange(&first, &second, 101);
    assert_eq!(
        (titles(&first), titles(&second)),
        (vec!["二的".into()], vec!["二的".into()])
    );
    // A decision is an ordinary change: it can be taken back, also after it was sent.
    second.undo(at(102)).unwrap().unwrap();
    assert_eq!(titles(&second), ["一的"]);
    second.redo(at(103)).unwrap().unwrap();
    desk.exchange(&first, &second, 104);
    assert_eq!(
        (titles(&first), titles(&second)),
        (vec!["二的".into()], vec!["二的".into()])
    );
    let settled = second.conflicts(true, 10).unwrap();
    assert_eq!(settled[0].settled.unwrap().by, Settlement::Mine);
    assert_eq!(settled[0].theirs.as_deref(), Some("一的"));
    let kinds: Vec<_> = second
        .history(20)
        .unwrap()
        .iter()
        .map(|line| line.kind)
        .collect();
    assert!(kinds.contains(&HistoryKind::Conflict) && kinds.contains(&HistoryKind::Resolved));
}

#[test]
fn a_title_typed_in_steps_conflicts_once_and_with_nobody_alone() {
    let (mut desk, first, second) = Desk::new(310);
    first.rename_draft(desk.draft, title("甲"), at(5)).unwrap();
    first
        .rename_draft(desk.draft, title("甲乙"), at(6))
        .unwrap();
    push_all(&mut desk.server, 1, &first, at(7));
    // The rows of the first two have not come back.
    first
        .rename_draft(desk.draft, title("甲乙丙"), at(8))
        .unwrap();
    push_all(&mut desk.server, 1, &first, at(9));
    assert_eq!(first.counts().unwrap().n_conflicts, 0);
    second.rename_draft(desk.draft, title("子"), at(8)).unwrap();
    second
        .rename_draft(desk.draft, title("子丑"), at(9))
        .unwrap();
    desk.exchange(&first, &second, 10);
    let found = only(&second);
    assert_eq!((found.base.as_str(), found.mine.as_str()), ("原题", "子丑"));
    assert_eq!(found.theirs.as_deref(), Some("甲乙丙"));
    decide(
        &second,
        &desk.two.random,
        &Decision::Written("合起来".into()),
    );
    desk.exchange(&first, &second, 101);
    assert_eq!(titles(&first), ["合起来"]);
}

#[test]
fn the_same_title_given_twice_is_no_conflict() {
    let (mut desk, first, second) = Desk::new(320);
    first.rename_draft(desk.draft, title("同"), at(5)).unwrap();
    second.rename_draft(desk.draft, title("同"), at(6)).unwrap();
    desk.exchange(&first, &second, 7);
    assert_eq!(second.conflicts(false, 10).unwrap(), []);
    // And one that becomes the same later has nothing left to decide.
    first.rename_draft(desk.draft, title("一"), at(8)).unwrap();
    second.rename_draft(desk.draft, title("二"), at(9)).unwrap();
    desk.exchange(&first, &second, 10);
    only(&second);
    first.rename_draft(desk.draft, title("二"), at(11)).unwrap();
    desk.exchange(&first, &second, 12);
    assert_eq!(second.conflicts(false, 10).unwrap(), []);
    let settled = second.conflicts(true, 10).unwrap();
    assert_eq!(settled[0].settled.unwrap().by, Settlement::Same);
}

#[test]
fn the_second_to_arrive_reviews_a_paragraph_that_both_changed() {
    let (mut desk, first, second) = Desk::new(330);
    let mine = TEXT.replace("第二段。", "第二段，二改过。");
    put_text(
        &first,
        desk.draft,
        &TEXT.replace("第二段。", "第二段，一改过。"),
        5,
        &desk.one.random,
    );
    put_text(&second, desk.draft, &mine, 6, &desk.two.random);
    desk.exchange(&first, &second, 7);
    assert_eq!(
        first.conflicts(false, 10).unwrap(),
        [],
        "only one device is asked"
    );
    let found = only(&second);
    assert_eq!(found.kind, ConflictKind::Text);
    assert_eq!(
        (found.base.as_str(), found.mine.as_str()),
        (TEXT, mine.as_str())
    );
    let clashes: Vec<_> = found
        .hunks()
        .into_iter()
        .filter(|hunk| hunk.is_clash())
        .collect();
    assert_eq!(clashes.len(), 1);
    assert_eq!(clashes[0].theirs, "第二段，一改过。\n\n");
    decide(&second, &desk.two.random, &Decision::Theirs);
    desk.exchange(&first, &second, 101);
    let expected = TEXT.replace("第二段。", "第二段，一改过。");
    assert_eq!(first.markdown(desk.draft).unwrap(), expected);
    assert_eq!(second.markdown(desk.draft).unwrap(), expected);
    // Both versions can still be had, as drafts of their own.
    let settled = second.conflicts(true, 10).unwrap().remove(0);
    let kept = second
        .keep_version(settled.id, true, at(102), &desk.two.random)
        .unwrap();
    assert_eq!(second.markdown(kept.id).unwrap(), mine);
}

#[test]
fn both_sent_before_either_received_and_still_one_is_asked() {
    let (mut desk, first, second) = Desk::new(340);
    put_text(
        &first,
        desk.draft,
        &TEXT.replace("第一段。", "第一段一。"),
        5,
        &desk.one.random,
    );
    put_text(
        &second,
        desk.draft,
        &TEXT.replace("第一段。", "第一段二。"),
        6,
        &desk.two.random,
    );
    push_all(&mut desk.server, 1, &first, at(7));
    push_all(&mut desk.server, 2, &second, at(7));
    pull_all(&desk.server, 1, &first, at(8));
    pull_all(&desk.server, 2, &second, at(8));
    let asked = [&first, &second].map(|store| store.counts().unwrap().n_conflicts);
    assert_eq!(asked, [0, 1]);
}

#[test]
fn different_paragraphs_merge_without_a_question() {
    let (mut desk, first, second) = Desk::new(350);
    put_text(
        &first,
        desk.draft,
        &TEXT.replace("第一段。", "第一段改。"),
        5,
        &desk.one.random,
    );
    put_text(
        &second,
        desk.draft,
        &format!("{TEXT}\n\n第四段。"),
        6,
        &desk.two.random,
    );
    desk.exchange(&first, &second, 7);
    assert_eq!(second.counts().unwrap().n_conflicts, 0);
    let expected = format!("{}\n\n第四段。", TEXT.replace("第一段。", "第一段改。"));
    assert_eq!(second.markdown(desk.draft).unwrap(), expected);
}

#[test]
fn what_was_written_after_the_conflict_stays_when_it_is_decided() {
    let (mut desk, first, second) = Desk::new(360);
    put_text(
        &first,
        desk.draft,
        &TEXT.replace("第二段。", "第二段一。"),
        5,
        &desk.one.random,
    );
    put_text(
        &second,
        desk.draft,
        &TEXT.replace("第二段。", "第二段二。"),
        6,
        &desk.two.random,
    );
    desk.exchange(&first, &second, 7);
    let merged = second.markdown(desk.draft).unwrap();
    put_text(
        &second,
        desk.draft,
        &format!("{merged}\n\n后来写的。"),
        8,
        &desk.two.random,
    );
    drop(second);
    let second = desk.two.open();
    decide(&second, &desk.two.random, &Decision::Mine);
    assert_eq!(
        second.markdown(desk.draft).unwrap(),
        format!("{}\n\n后来写的。", TEXT.replace("第二段。", "第二段二。"))
    );
}

#[test]
fn several_conflicts_are_settled_in_one_step_or_not_at_all() {
    let (mut desk, first, second) = Desk::new(370);
    let more: Vec<DraftId> = (0..3)
        .map(|n| create(&first, &format!("稿{n}"), 5, &desk.one.random))
        .collect();
    desk.exchange(&first, &second, 6);
    for id in &more {
        first.rename_draft(*id, title("一"), at(7)).unwrap();
        second.rename_draft(*id, title("二"), at(8)).unwrap();
    }
    desk.exchange(&first, &second, 9);
    let mut ids: Vec<i64> = second
        .conflicts(false, 10)
        .unwrap()
        .iter()
        .map(|c| c.id)
        .collect();
    assert_eq!(ids.len(), 3);
    ids.push(9_999);
    second
        .settle_conflicts(&ids, &Decision::Mine, at(10), &desk.two.random)
        .unwrap_err();
    assert_eq!(second.counts().unwrap().n_conflicts, 3);
    ids.pop();
    second
        .settle_conflicts(&ids, &Decision::Theirs, at(11), &desk.two.random)
        .unwrap();
    assert_eq!(second.counts().unwrap().n_waiting, 0);
    desk.exchange(&first, &second, 12);
    assert_eq!(
        titles(&first).iter().filter(|title| *title == "一").count(),
        3
    );
}
