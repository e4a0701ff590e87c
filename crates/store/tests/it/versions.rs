//! The versions of a draft: where sessions end, who wrote them, what stood at each, and the way
//! back to it.

use proptest::prelude::*;
use stoa_domain::{
    DraftId, MAX_NAMED_VERSIONS, Splice, TextVersion, UserId, VersionName, apply_splices,
};
use stoa_protocol::sync::row_checksum_input;
use stoa_store::test_support::Profile;
use stoa_store::{
    ChangeKind, PassedOver, PublishAt, Snapshot, SnapshotPart, SnapshotRow, StateKind, Store,
    StoreError, TextState,
};

use super::server::{BUCKET, Server, link, pull_all, push_all};
use super::{at, create, insert, write};

const MINUTE: i64 = 60_000;

fn name(text: &str) -> VersionName {
    VersionName::parse(text).unwrap()
}

/// What each state looks like, the latest first.
fn told(store: &Store, id: DraftId) -> Vec<(StateKind, String)> {
    let states = store.text_states(id).unwrap();
    states
        .iter()
        .map(|state| (state.kind, store.text_at(id, &state.text_at).unwrap()))
        .collect()
}

fn texts(store: &Store, id: DraftId) -> Vec<String> {
    told(store, id).into_iter().map(|(_, text)| text).collect()
}

/// The state with a text.
fn with_text(store: &Store, id: DraftId, text: &str) -> TextState {
    let states = store.text_states(id).unwrap();
    let has_text = |state: &TextState| store.text_at(id, &state.text_at).unwrap() == text;
    states.into_iter().find(has_text).unwrap()
}

/// Two computers of two people, with one draft that both know.
struct Two {
    server: Server,
    one: Profile,
    other: Profile,
    a: Store,
    b: Store,
    id: DraftId,
}

/// Whose draft it is.
fn lin() -> UserId {
    UserId::from_bytes([7; 16])
}

/// The other one.
fn su() -> UserId {
    UserId::from_bytes([8; 16])
}

impl Two {
    fn sharing(seed: u64) -> Self {
        let (one, other) = (Profile::new(seed), Profile::new(seed + 1));
        let (a, b) = (one.open(), other.open());
        a.set_link(&link(1, "e")).unwrap();
        let mut of_su = link(2, "e");
        of_su.user = su();
        b.set_link(&of_su).unwrap();
        let id = create(&a, "会员定价", 0, &one.random);
        write(&a, id, "开头。", 1, &one.random);
        let mut server = Server::default();
        server.users.insert(2, su());
        let mut two = Self {
            server,
            one,
            other,
            a,
            b,
            id,
        };
        two.exchange(2);
        two
    }

    fn send_a(&mut self, now: i64) {
        push_all(&mut self.server, 1, &self.a, at(now));
        pull_all(&self.server, 1, &self.a, at(now));
    }

    fn send_b(&mut self, now: i64) {
        push_all(&mut self.server, 2, &self.b, at(now));
        pull_all(&self.server, 2, &self.b, at(now));
    }

    fn exchange(&mut self, now: i64) {
        self.send_a(now);
        self.send_b(now);
        self.send_a(now);
    }
}

#[test]
fn a_session_ends_where_nobody_wrote_for_ten_minutes() {
    let profile = Profile::new(1_700);
    let store = profile.open();
    let id = create(&store, "稿", 0, &profile.random);
    assert_eq!(store.text_states(id).unwrap(), []);
    for (minute, text) in [(0, "三"), (9, "二"), (18, "一")] {
        write(&store, id, text, minute * MINUTE, &profile.random);
    }
    write(&store, id, "零", 28 * MINUTE, &profile.random);
    assert_eq!(texts(&store, id), ["零一二三", "一二三"]);
    let states = store.text_states(id).unwrap();
    let times: Vec<_> = states.iter().map(|s| (s.began_at, s.at)).collect();
    assert_eq!(
        times,
        [(at(28 * MINUTE), at(28 * MINUTE)), (at(0), at(18 * MINUTE))]
    );
    let counts: Vec<_> = states.iter().map(|s| (s.n_added, s.n_removed)).collect();
    assert_eq!(counts, [(1, 0), (3, 0)]);
    assert!(states[0].is_present && !states[1].is_present);
    assert!(states.iter().all(|state| state.is_own && state.is_here));
    assert_eq!(states[0].before.as_ref(), Some(&states[1].text_at));
}

#[test]
fn versions_are_the_same_after_they_were_sent_and_on_another_computer() {
    let mut two = Two::sharing(1_710);
    let id = two.id;
    for (minute, text) in [(60, "二"), (90, "一")] {
        write(&two.a, id, text, minute * MINUTE, &two.one.random);
    }
    let before = told(&two.a, id);
    assert_eq!(before.len(), 3);
    two.exchange(91 * MINUTE);
    assert_eq!(told(&two.a, id), before);
    assert_eq!(told(&two.b, id), before);
    let theirs = two.b.text_states(id).unwrap();
    assert!(theirs.iter().all(|s| s.by == Some(lin()) && !s.is_own));
    drop(two.b);
    // Closing has stored the document as one snapshot; its history is still there.
    assert_eq!(told(&two.other.open(), id), before);
}

#[test]
fn what_two_people_write_offline_stands_under_both_and_so_does_its_coming_together() {
    let mut two = Two::sharing(1_720);
    let id = two.id;
    write(&two.a, id, "林写的。", 60 * MINUTE, &two.one.random);
    write(&two.b, id, "苏写的。", 61 * MINUTE, &two.other.random);
    two.exchange(70 * MINUTE);
    for store in [&two.a, &two.b] {
        let states = store.text_states(id).unwrap();
        let kinds: Vec<_> = states.iter().map(|s| (s.kind, s.by)).collect();
        assert_eq!(
            kinds,
            [
                (StateKind::Merged, None),
                (StateKind::Written, Some(su())),
                (StateKind::Written, Some(lin())),
                (StateKind::Written, Some(lin())),
            ]
        );
        assert_eq!(
            texts(store, id)[1..],
            ["苏写的。开头。", "林写的。开头。", "开头。"]
        );
        assert_eq!(texts(store, id)[0], store.markdown(id).unwrap());
        assert!(states[0].is_present);
    }
    // Writing on soon afterwards is another session: the text that came together stays in sight.
    let together = two.a.markdown(id).unwrap();
    write(&two.a, id, "接着写。", 62 * MINUTE, &two.one.random);
    assert_eq!(texts(&two.a, id)[1], together);
    two.exchange(80 * MINUTE);
    assert_eq!(told(&two.a, id), told(&two.b, id));
    assert_eq!(told(&two.a, id).len(), 5);
}

#[test]
fn who_writes_in_turn_goes_on_with_the_own_session() {
    let mut two = Two::sharing(1_730);
    let id = two.id;
    for round in 0..3 {
        write(&two.a, id, "林", (60 + 2 * round) * MINUTE, &two.one.random);
        two.exchange((61 + 2 * round) * MINUTE);
        write(
            &two.b,
            id,
            "苏",
            (61 + 2 * round) * MINUTE,
            &two.other.random,
        );
        two.exchange((61 + 2 * round) * MINUTE);
    }
    let states = two.a.text_states(id).unwrap();
    let by: Vec<_> = states.iter().map(|state| state.by).collect();
    assert_eq!(by, [Some(su()), Some(lin()), Some(lin())]);
}

#[test]
fn a_version_comes_back_as_one_step_and_what_stood_there_stays_a_version() {
    let shapes = [
        ("第一段\n\n第二段\n", "第二段\n\n\n\n第三段\n\n"),
        ("", "全部删掉"),
        ("\n\n\n开头空行", "a\u{202E}b👨‍👩‍👧\n"),
        ("同样\n\n同样\n\n同样", "同样"),
    ];
    for (n, (old, new)) in shapes.into_iter().enumerate() {
        for is_sent in [false, true] {
            let mut two = Two::sharing(1_740 + 10 * n as u64 + u64::from(is_sent) * 2);
            let id = two.id;
            replace(&two.a, id, old, 60, &two.one);
            if is_sent {
                two.exchange(61 * MINUTE);
            }
            replace(&two.a, id, new, 90, &two.one);
            if is_sent {
                two.exchange(91 * MINUTE);
            }
            let back_to = match old {
                "" => TextVersion::parse("AA==").unwrap(),
                old => with_text(&two.a, id, old).text_at,
            };
            let now = at(92 * MINUTE);
            two.a
                .restore_text(id, &back_to, now, &two.one.random)
                .unwrap();
            assert_eq!(two.a.markdown(id).unwrap(), old);
            let states = told(&two.a, id);
            assert_eq!(states[0], (StateKind::Restored, old.to_owned()));
            assert_eq!(states[1], (StateKind::Written, new.to_owned()));
            turned(&mut two, (old, new), is_sent);
        }
    }
}

/// Back and forth, before the restored text was sent and after.
fn turned(two: &mut Two, (old, new): (&str, &str), is_sent: bool) {
    let id = two.id;
    for round in 0..3 {
        let now = (93 + round) * MINUTE;
        two.a.undo(at(now)).unwrap().unwrap();
        assert_eq!(two.a.markdown(id).unwrap(), new, "{round}");
        if is_sent {
            two.exchange(now);
        }
        let redone = two.a.redo(at(now)).unwrap().unwrap();
        assert_eq!(redone.passed_over, None);
        assert_eq!(two.a.markdown(id).unwrap(), old, "{round}");
        if is_sent && round > 0 {
            two.exchange(now);
        }
    }
    two.exchange(99 * MINUTE);
    two.a.undo(at(100 * MINUTE)).unwrap().unwrap();
    assert_eq!(two.a.markdown(id).unwrap(), new);
    two.exchange(101 * MINUTE);
    assert_eq!(two.b.markdown(id).unwrap(), new);
    let twice = two.a.restore_text(
        id,
        &with_text(&two.a, id, new).text_at,
        at(102 * MINUTE),
        &two.one.random,
    );
    twice.unwrap();
    let undo = two.a.undo_state().unwrap().undo;
    assert_ne!(
        undo.map(|step| step.kind),
        Some(stoa_store::StepKind::RestoreText),
        "what made no difference is no step"
    );
}

fn replace(store: &Store, id: DraftId, text: &str, minute: i64, profile: &Profile) {
    let opened = store.open_text(id, &profile.random).unwrap();
    let whole = Splice {
        at: 0,
        delete: opened.markdown.encode_utf16().count(),
        insert: text.to_owned(),
    };
    store
        .edit_text(
            opened.session,
            None,
            &[whole],
            at(minute * MINUTE),
            &profile.random,
        )
        .unwrap();
    store.close_text(opened.session).unwrap();
}

#[test]
fn a_restored_text_that_was_written_on_is_not_taken_back_with_what_was_written() {
    let two = Two::sharing(1_790);
    let id = two.id;
    write(&two.a, id, "后来的。", 60 * MINUTE, &two.one.random);
    let first = with_text(&two.a, id, "开头。").text_at;
    let random = &two.one.random;
    two.a
        .restore_text(id, &first, at(61 * MINUTE), random)
        .unwrap();
    write(&two.a, id, "又写了。", 62 * MINUTE, random);
    let turned = two.a.undo(at(63 * MINUTE)).unwrap().unwrap();
    assert_eq!(turned.passed_over, Some(PassedOver::ChangedSince));
    assert_eq!(two.a.markdown(id).unwrap(), "又写了。开头。");
    // Everything that ever stood there is still within reach.
    assert_eq!(
        texts(&two.a, id),
        ["又写了。开头。", "后来的。开头。", "开头。"]
    );
}

#[test]
fn an_open_editor_is_offered_the_restored_text() {
    let two = Two::sharing(1_795);
    let (id, random) = (two.id, &two.one.random);
    write(&two.a, id, "后来的。", 60 * MINUTE, random);
    let window = two.a.open_text(id, random).unwrap();
    let first = with_text(&two.a, id, "开头。").text_at;
    two.a
        .restore_text(id, &first, at(61 * MINUTE), random)
        .unwrap();
    let looked = two
        .a
        .edit_text(window.session, None, &[], at(62 * MINUTE), random)
        .unwrap();
    let (_, splices) = looked.remote.unwrap();
    let shown = apply_splices(&window.markdown, &splices).unwrap();
    assert_eq!(shown, "开头。");
}

#[test]
fn a_name_stands_by_the_text_it_was_given_to_also_in_the_midst_of_writing() {
    let profile = Profile::new(1_800);
    let store = profile.open();
    let random = &profile.random;
    let id = create(&store, "稿", 0, random);
    write(&store, id, "二", 1, random);
    let named = store
        .name_version(id, name("一审稿"), at(2), random)
        .unwrap();
    let latest = store.text_states(id).unwrap().remove(0);
    assert_eq!(latest.named, std::slice::from_ref(&named));
    write(&store, id, "一", 3, random);
    let states = store.text_states(id).unwrap();
    assert_eq!(store.text_at(id, &named.text_at).unwrap(), "二");
    let names: Vec<_> = states.iter().map(|state| state.named.len()).collect();
    assert_eq!((names, states.len()), (vec![0, 1], 2));
    assert_eq!(states[1].kind, StateKind::Kept);
    assert!(!states[1].is_present);
}

#[test]
fn names_are_given_offline_reach_other_computers_and_can_be_taken_back() {
    let mut two = Two::sharing(1_810);
    let (id, random) = (two.id, &two.one.random);
    let kept = two
        .a
        .name_version(id, name("送审"), at(10), random)
        .unwrap();
    let theirs = two
        .b
        .name_version(id, name("مسودة"), at(11), &two.other.random)
        .unwrap();
    assert_eq!(two.a.waiting(9).unwrap()[0].kind, ChangeKind::NameVersion);
    two.exchange(20);
    assert_eq!(two.a.counts().unwrap().n_failed, 0);
    let names = |store: &Store| -> Vec<String> {
        let states = store.text_states(id).unwrap();
        let named = states.iter().flat_map(|state| &state.named);
        named.map(|named| named.name.as_str().to_owned()).collect()
    };
    assert_eq!(names(&two.a), ["送审", "مسودة"]);
    assert_eq!(names(&two.b), ["送审", "مسودة"]);
    two.b
        .rename_version(id, kept.id, name("已审"), at(30))
        .unwrap();
    two.b.drop_version(id, theirs.id, at(31)).unwrap();
    two.send_b(40);
    two.send_a(40);
    assert_eq!(names(&two.a), ["已审"]);
    two.b.undo(at(50)).unwrap();
    two.b.undo(at(51)).unwrap();
    two.send_b(60);
    two.send_a(60);
    assert_eq!(names(&two.a), ["送审", "مسودة"]);
    // Who writes it again meanwhile is not overruled by an undo.
    two.a
        .rename_version(id, kept.id, name("甲"), at(70))
        .unwrap();
    two.exchange(71);
    two.b
        .rename_version(id, kept.id, name("乙"), at(72))
        .unwrap();
    two.send_b(73);
    two.send_a(73);
    let undone = two.a.undo(at(74)).unwrap().unwrap();
    assert_eq!(undone.passed_over, Some(PassedOver::ChangedSince));
    assert_eq!(names(&two.a), ["乙", "مسودة"]);
    let gone = two.a.rename_version(
        id,
        stoa_domain::VersionId::from_bytes([9; 16]),
        name("无"),
        at(75),
    );
    assert!(matches!(gone, Err(StoreError::NotFound)), "{gone:?}");
}

#[test]
fn a_named_version_is_not_a_change_that_members_wait_for() {
    let mut two = Two::sharing(1_820);
    let (id, random) = (two.id, &two.one.random);
    two.a.publish(id, PublishAt::default(), at(10)).unwrap();
    two.a
        .name_version(id, name("发布之前"), at(11), random)
        .unwrap();
    assert!(!two.a.draft(id).unwrap().is_changed);
    two.exchange(20);
    assert_eq!(two.a.counts().unwrap().n_failed, 0);
    write(&two.a, id, "新的。", 60 * MINUTE, &two.one.random);
    two.a
        .publish(id, PublishAt::default(), at(61 * MINUTE))
        .unwrap();
    two.exchange(62 * MINUTE);
    let states = two.b.text_states(id).unwrap();
    let posts: Vec<_> = states.iter().map(|state| state.posts.clone()).collect();
    assert_eq!(posts, [vec![2], vec![1]]);
    assert_eq!(states[1].named.len(), 1);
}

#[test]
fn there_is_an_end_to_names() {
    let profile = Profile::new(1_830);
    let store = profile.open();
    let random = &profile.random;
    let id = create(&store, "稿", 0, random);
    write(&store, id, "字", 1, random);
    for n in 0..MAX_NAMED_VERSIONS {
        let label = name(&format!("{n}{}", "长".repeat(70)));
        store.name_version(id, label, at(2), random).unwrap();
    }
    let refused = store.name_version(id, name("多了"), at(3), random);
    assert!(matches!(refused, Err(StoreError::Rejected(_))));
    assert_eq!(
        store.text_states(id).unwrap()[0].named.len(),
        MAX_NAMED_VERSIONS
    );
}

#[test]
fn a_version_whose_text_has_not_come_yet_says_so() {
    let profile = Profile::new(1_840);
    let store = profile.open();
    store.set_link(&link(1, "e")).unwrap();
    // A first sync brings the list before the texts.
    let id = DraftId::from_bytes([1; 16]);
    let far = "AQLMzMzMzMzMzMwBAA==";
    let columns = serde_json::json!({
        "id": id, "title": "先到的", "author": null,
        "created_at": 1, "edited_at": 2, "binned_at": null,
        "versions": {
            "named": [{ "id": "00000000-0000-0000-0000-0000000000d1", "name": "送审",
                        "text_at": far, "by": null, "at": 5 }],
            "published": [],
        },
    });
    take_snapshot(&store, id, &columns.to_string());
    let states = store.text_states(id).unwrap();
    assert_eq!(states.len(), 1);
    assert_eq!(states[0].named[0].name.as_str(), "送审");
    assert!(!states[0].is_here && !states[0].is_present);
    let opened = store.text_at(id, &states[0].text_at);
    assert!(matches!(opened, Err(StoreError::NotFound)), "{opened:?}");
    let restored = store.restore_text(id, &states[0].text_at, at(9), &profile.random);
    assert!(matches!(restored, Err(StoreError::NotFound)));
}

/// A bucket that comes as a snapshot of one draft.
fn take_snapshot(store: &Store, id: DraftId, columns: &str) {
    let hash = blake3::hash(&row_checksum_input("draft", id.as_bytes(), 1));
    let x = u64::from_le_bytes(hash.as_bytes()[..8].try_into().unwrap());
    let part = columns.as_bytes();
    let snapshot = Snapshot {
        bucket: BUCKET.to_owned(),
        id: "one".to_owned(),
        seq: 70,
        n: 1,
        x: format!("{x:016x}"),
        tables: vec!["draft".to_owned()],
        parts: vec![SnapshotPart {
            size: part.len() as u64,
            rows: 1,
            b3: blake3::hash(part).to_hex().to_string(),
        }],
    };
    store.begin_snapshot(&snapshot).unwrap();
    store.put_part(&snapshot, 0, part).unwrap();
    let pk = id.to_string();
    let unpack = |part: &[u8], take: &mut stoa_store::TakeRow<'_>| {
        take(SnapshotRow {
            table: "draft",
            pk: &pk,
            version: 1,
            seq: 60,
            columns: std::str::from_utf8(part).unwrap(),
        })
    };
    store.finish_snapshot(&snapshot, &unpack, at(6)).unwrap();
}

#[test]
fn names_of_places_that_nobody_can_read_do_no_harm() {
    let two = Two::sharing(1_850);
    for hostile in [
        "AA==",
        "////",
        "AQ==",
        "gICAgICAgICA",
        "=",
        "AQLMzMzMzMzMzMwBAA==",
    ] {
        let Some(hostile) = TextVersion::parse(hostile) else {
            continue;
        };
        if let Ok(text) = two.a.text_at(two.id, &hostile) {
            assert!(text.is_empty(), "{hostile:?}");
        }
    }
}

/// What somebody does with a text.
#[derive(Debug, Clone)]
enum Deed {
    Write {
        at: usize,
        delete: usize,
        text: String,
    },
    Pause,
    Send,
    Restart,
    Name,
    Restore(usize),
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        6 => (any::<usize>(), 0..6_usize, "[a-c一二三\n😀]{0,6}")
            .prop_map(|(at, delete, text)| Deed::Write { at, delete, text }),
        3 => Just(Deed::Pause),
        2 => Just(Deed::Send),
        1 => Just(Deed::Restart),
        1 => Just(Deed::Name),
        1 => any::<usize>().prop_map(Deed::Restore),
    ];
    prop::collection::vec(deed, 1..30)
}

/// One computer with its server, and what has to be found afterwards.
struct Desk {
    profile: Profile,
    store: Option<Store>,
    server: Server,
    id: DraftId,
    now: i64,
    /// The texts at the ends of sessions, oldest first; whether the last one goes on.
    stood: Vec<String>,
    goes_on: bool,
    named: Vec<(TextVersion, String)>,
}

impl Desk {
    fn new() -> Self {
        let profile = Profile::new(1_860);
        let store = profile.open();
        store.set_link(&link(1, "e")).unwrap();
        let id = create(&store, "稿", 0, &profile.random);
        Self {
            profile,
            store: Some(store),
            server: Server::default(),
            id,
            now: 0,
            stood: Vec::new(),
            goes_on: false,
            named: Vec::new(),
        }
    }

    fn store(&self) -> &Store {
        self.store.as_ref().unwrap()
    }

    fn stands(&mut self) {
        let text = self.store().markdown(self.id).unwrap();
        if self.goes_on {
            self.stood.pop();
        }
        self.stood.push(text);
        self.goes_on = true;
    }

    fn carry_out(&mut self, deed: &Deed) {
        self.now += 1_000;
        match deed {
            Deed::Write { at, delete, text } => self.write((*at, *delete), text),
            Deed::Pause => {
                self.now += 10 * MINUTE;
                self.goes_on = false;
            }
            Deed::Send => {
                let store = self.store.as_ref().unwrap();
                push_all(&mut self.server, 1, store, at(self.now));
                pull_all(&self.server, 1, store, at(self.now));
            }
            Deed::Restart => {
                self.store = None;
                self.store = Some(self.profile.open());
            }
            Deed::Name => {
                let random = &self.profile.random;
                let named = self
                    .store()
                    .name_version(self.id, name("名"), at(self.now), random)
                    .unwrap();
                let text = self.store().markdown(self.id).unwrap();
                self.named.push((named.text_at, text));
            }
            Deed::Restore(n) => self.restore(*n),
        }
    }

    fn write(&mut self, (place, delete): (usize, usize), text: &str) {
        let random = &self.profile.random;
        let opened = self.store().open_text(self.id, random).unwrap();
        let places: Vec<usize> = opened
            .markdown
            .char_indices()
            .map(|(at, _)| opened.markdown[..at].encode_utf16().count())
            .chain([opened.markdown.encode_utf16().count()])
            .collect();
        let from = place % places.len();
        let to = (from + delete).min(places.len() - 1);
        let splice = Splice {
            at: places[from],
            delete: places[to] - places[from],
            insert: text.to_owned(),
        };
        let changes = splice.delete > 0 || !text.is_empty();
        self.store()
            .edit_text(opened.session, None, &[splice], at(self.now), random)
            .unwrap();
        self.store().close_text(opened.session).unwrap();
        if changes {
            self.stands();
        }
    }

    fn restore(&mut self, n: usize) {
        let states = self.store().text_states(self.id).unwrap();
        if states.is_empty() {
            return;
        }
        let state = &states[n % states.len()];
        let wanted = self.store().text_at(self.id, &state.text_at).unwrap();
        let present = self.store().markdown(self.id).unwrap();
        let random = &self.profile.random;
        self.store()
            .restore_text(self.id, &state.text_at, at(self.now), random)
            .unwrap();
        assert_eq!(self.store().markdown(self.id).unwrap(), wanted);
        if wanted != present {
            // The text before it ended where it stood.
            self.goes_on = false;
            self.stands();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn opening_a_version_gives_exactly_the_text_that_stood_at_that_moment(deeds in deeds()) {
        let mut desk = Desk::new();
        for deed in &deeds {
            desk.carry_out(deed);
        }
        let states = desk.store().text_states(desk.id).unwrap();
        let of = |state: &TextState| desk.store().text_at(desk.id, &state.text_at).unwrap();
        let mut written: Vec<String> = states
            .iter()
            .filter(|state| state.kind != StateKind::Kept)
            .map(of)
            .collect();
        written.reverse();
        prop_assert_eq!(&written, &desk.stood);
        for (text_at, text) in &desk.named {
            prop_assert_eq!(&desk.store().text_at(desk.id, text_at).unwrap(), text);
        }
        let labelled: usize = states.iter().map(|state| state.named.len()).sum();
        prop_assert_eq!(labelled, desk.named.len());
        let n_present = states.iter().filter(|state| state.is_present).count();
        prop_assert_eq!(n_present, usize::from(!states.is_empty()));
    }
}

#[test]
fn a_hand_that_typed_far_into_the_text_is_counted_by_characters() {
    let profile = Profile::new(1_870);
    let store = profile.open();
    let random = &profile.random;
    let id = create(&store, "稿", 0, random);
    write(&store, id, "会员价九折，长期有效。", 0, random);
    let opened = store.open_text(id, random).unwrap();
    let eight = Splice {
        at: 3,
        delete: 1,
        insert: "八".to_owned(),
    };
    let splices = [eight, insert(11, "👍🏽")];
    store
        .edit_text(opened.session, None, &splices, at(20 * MINUTE), random)
        .unwrap();
    let states = store.text_states(id).unwrap();
    assert_eq!((states[0].n_added, states[0].n_removed), (3, 1));
}
