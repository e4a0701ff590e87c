//! What the owner of a golden profile has done: all that a program of a schema's time could do,
//! sent and answered, refused, under way and not sent yet.

use std::io::Cursor;

use stoa_domain::{
    Access, ContentValues, DraftId, JoinLink, Kind, ListFilter, ListLook, Minutes, Opens,
    ReviewCommentId, ReviewText, Role, SearchTitle, SectionId, SectionTitle, Splice, Tag, TierKey,
    Timestamp, Title, VersionName, ViewName,
};
use stoa_mutators::{ChangeSynonyms, LessonTerms};
use stoa_store::test_support::{Profile, SeededRandom};
use stoa_store::{
    BulkChange, ChangeState, HistoryKind, LessonSpot, NewComment, NewFile, PostToImport, PublishAt,
    Store, StoredTokens, Which,
};

use super::server::{Server, link, pull_all, push_all};

/// Rows that come about where two programs of different age or a damaged disk meet, or between
/// two answers of a server: since which schema, and the SQL that makes them.
pub(crate) const BY_NOBODY: &[(u32, &str)] = &[
    (
        1,
        "insert into other_row (tbl, id, columns, _v, _seq, _gen)
         values ('poll', x'0000000000000000000000000000aa01', '{\"question\":\"几点开课？\"}', 1, 2, 0);
         insert into doc_set_aside (id, doc, bytes, why, at)
         select x'0000000000000000000000000000aa02', id, x'0102', 'checksum or size', 1700000000000
         from draft limit 1;",
    ),
    (
        4,
        "insert into person (rid, id, name, role, _v, _seq, _gen)
         values (1, x'0000000000000000000000000000aa03', '王敏', 'editor', 1, 1, 0);
         insert into doc_waiting (doc, at) select doc, 1700000000000 from doc_update limit 1;",
    ),
    (
        7,
        "insert into blob (b3, size, parts, here, on_server, wanted, used_at)
         select zeroblob(32), 9000000, zeroblob(64), 'partial', 1, 1, 1700000000000;
         insert into blob_part (b3, n) values (zeroblob(32), 0);",
    ),
    (
        10,
        "insert into draft_gone (id) values (x'0000000000000000000000000000aa04');
         insert into draft_kept (draft, title, markdown, files, at)
         values (x'0000000000000000000000000000aa05', '那边删掉的', '这边还在写。', '[]',
                 1700000000000);",
    ),
    (
        12,
        "insert into blob_released (b3, at) values (zeroblob(32), 1700000000000);",
    ),
];

/// A profile after all the work of a schema's time, closed, with nothing in its log.
pub(crate) fn profile_of(version: u32) -> Profile {
    let mut desk = Desk::new(version);
    desk.exchange();
    if version >= 3 {
        desk.change_the_same();
    }
    if version >= 7 {
        desk.use_a_file("已发.png", 1);
        desk.meet();
    }
    if version >= 13 {
        desk.publish();
    }
    if version >= 14 {
        desk.name_versions();
    }
    if version >= 15 {
        desk.import();
    }
    if version >= 16 {
        desk.comments();
    }
    if version >= 17 {
        desk.mark_and_keep_a_view();
    }
    if version >= 18 {
        desk.course();
    }
    if version >= 19 {
        desk.plan_a_session();
    }
    if version >= 20 {
        desk.tags();
    }
    desk.leave_work();
    if version >= 7 {
        desk.use_a_file("未发.png", 2);
    }
    if version >= 16 {
        let id = desk.create("有批注还没发的");
        desk.comment(id, "还没发的批注", None);
    }
    if version >= 18 {
        desk.put_into_a_course("还没发的课时");
    }
    if version >= 20 {
        desk.synonym("人工智能", "还没发的同义词");
    }
    if version >= 6 {
        desk.take_back();
    }
    assert!(desk.here.verify().unwrap().is_empty());
    desk.profile
}

/// Two computers of one person, and a server between them.
struct Desk {
    version: u32,
    profile: Profile,
    here: Store,
    other: Profile,
    there: Store,
    server: Server,
    known: DraftId,
    course: Option<DraftId>,
    n_calls: i64,
}

impl Desk {
    fn new(version: u32) -> Self {
        let (profile, other) = (Profile::new(7_000), Profile::new(7_001));
        let (here, there) = (profile.open(), other.open());
        let mut own = link(1, "e");
        own.tokens = Some(StoredTokens {
            access: "access".to_owned().into(),
            access_expires_at: Timestamp::from_millis(1_700_000_900_000),
            refresh: "refresh".to_owned().into(),
            nonce: "nonce".to_owned(),
        });
        here.set_link(&own).unwrap();
        there.set_link(&link(2, "e")).unwrap();
        let mut desk = Self {
            version,
            profile,
            here,
            other,
            there,
            server: Server::default(),
            known: DraftId::from_bytes([0; 16]),
            course: None,
            n_calls: 0,
        };
        desk.known = desk.create("两台电脑都有的");
        desk
    }

    fn now(&mut self) -> Timestamp {
        self.n_calls += 1;
        Timestamp::from_millis(1_700_000_000_000 + 1_000 * self.n_calls)
    }

    fn create(&mut self, title: &str) -> DraftId {
        let now = self.now();
        create(&self.here, title, now, &self.profile.random)
    }

    fn write(&mut self, id: DraftId, text: &str) {
        let now = self.now();
        write(&self.here, id, text, now, &self.profile.random);
    }

    /// Writes and leaves the text open: its document is a snapshot and what came after it.
    fn write_and_go_on(&mut self, id: DraftId, text: &str) {
        let (now, random) = (self.now(), &self.profile.random);
        let opened = self.here.open_text(id, random).unwrap();
        let splices = [insert(text)];
        self.here
            .edit_text(opened.session, None, &splices, now, random)
            .unwrap();
    }

    fn write_there(&mut self, id: DraftId, text: &str) {
        let now = self.now();
        write(&self.there, id, text, now, &self.other.random);
    }

    /// Everything goes to the server and comes from it, on both.
    fn meet(&mut self) {
        for _ in 0..2 {
            for device in [1, 2] {
                let now = self.now();
                let store = if device == 1 { &self.here } else { &self.there };
                push_all(&mut self.server, device, store, now);
                pull_all(&self.server, device, store, now);
            }
        }
    }

    fn exchange(&mut self) {
        self.write(self.known, "第一段。\n\n第二段。\n\n第三段。");
        let binned = self.create("扔掉的");
        self.write(binned, "写了又不要的。");
        let now = self.now();
        self.here.bin_draft(binned, now).unwrap();
        self.meet();
        let now = self.now();
        let theirs = create(&self.there, "那边的", now, &self.other.random);
        self.write_there(theirs, "在另一台电脑上写的。");
        self.meet();
        // A title that a pull takes away while another is on its way.
        let now = self.now();
        self.there
            .rename_draft(theirs, title("那边改的题"), now)
            .unwrap();
        self.meet();
    }

    /// Both change the title and a paragraph of one draft without knowing of each other.
    fn change_the_same(&mut self) {
        let now = self.now();
        self.there
            .rename_draft(self.known, title("那边定的题"), now)
            .unwrap();
        self.here
            .rename_draft(self.known, title("这边定的题"), now)
            .unwrap();
        self.write_there(self.known, "那边加的。");
        self.write(self.known, "这边加的。");
        let now = self.now();
        push_all(&mut self.server, 2, &self.there, now);
        self.meet();
        assert!(!self.here.conflicts(false, 9).unwrap().is_empty());
    }

    fn leave_work(&mut self) {
        let now = self.now();
        self.refused();
        let taken = self.create("收下了还没回来的");
        self.write(taken, "服务器已经有了。");
        push_all(&mut self.server, 1, &self.here, now);
        self.create("搁置的");
        let parked = self.here.take_push(9, 1 << 20, now).unwrap();
        self.here.park(parked[0].mid, "malformed", now).unwrap();
        let sent = self.create("在路上的");
        self.write(sent, "发出去了，没有回音。");
        let n_sent = self.here.take_push(9, 1 << 20, now).unwrap().len();
        assert_eq!(n_sent, 3);
        let unsent = self.create("还没发的");
        self.write(unsent, &"知识付费，贵在坚持。\n\n".repeat(20));
        self.write_and_go_on(unsent, "还在写。");
        let now = self.now();
        self.here
            .rename_draft(sent, title("在路上改了题的"), now)
            .unwrap();
        self.here.bin_draft(taken, now).unwrap();
        self.here
            .record(HistoryKind::Offline, 1, None, now)
            .unwrap();
        self.order(unsent);
    }

    /// The last step is taken back; what is done afterwards would end that it can be done again.
    fn take_back(&mut self) {
        self.create("撤销掉的");
        let now = self.now();
        self.here.undo(now).unwrap().unwrap();
    }

    fn refused(&mut self) {
        self.create("被拒的");
        let now = self.now();
        self.server.role = Some(Role::Member);
        push_all(&mut self.server, 1, &self.here, now);
        self.server.role = None;
        assert_eq!(self.here.counts().unwrap().n_failed, 1);
    }

    /// What waits for a file, is kept back and goes first.
    fn order(&mut self, unsent: DraftId) {
        let waiting = self.here.waiting(99).unwrap();
        let lids: Vec<i64> = waiting
            .iter()
            .filter(|entry| entry.draft == unsent && entry.state == ChangeState::Waiting)
            .map(|entry| entry.lid)
            .collect();
        if self.version >= 2 {
            let last = *lids.last().unwrap();
            self.here.wait_for(last, &["0a".repeat(32)]).unwrap();
        }
        if self.version >= 5 {
            self.here.send_first(lids[0]).unwrap();
            self.create("先留着的");
            let waiting = self.here.waiting(99).unwrap();
            let kept = waiting.iter().map(|entry| entry.lid).max().unwrap();
            self.here.keep_back(kept, true).unwrap();
        }
    }

    fn use_a_file(&mut self, name: &str, width: u32) {
        let now = self.now();
        let new = NewFile {
            draft: self.known,
            name: name.to_owned(),
            must_be_image: true,
        };
        let added = self
            .here
            .add_file(
                &new,
                &mut Cursor::new(png(width)),
                now,
                &self.profile.random,
            )
            .unwrap();
        if width == 1 {
            self.here.file_was_sent(added.b3).unwrap();
        }
    }

    /// One that members see and that was changed since, one that goes to them later, one put away.
    fn publish(&mut self) {
        let ids = ["给会员的", "定时的", "收起来的"].map(|title| self.create(title));
        for id in ids {
            self.write(id, "给会员看的一段。");
        }
        let values = ContentValues {
            access: Some(Access::Paid {
                tiers: [TierKey::parse("vip").unwrap()].into(),
                singly: true,
            }),
            ..ContentValues::default()
        };
        let now = self.now();
        self.here.describe_draft(ids[0], values, now).unwrap();
        self.here
            .publish(ids[0], PublishAt::default(), now)
            .unwrap();
        self.here.archive_draft(ids[2], now).unwrap();
        let later = PublishAt {
            live_at: Some(now.plus_millis(86_400_000)),
            unless_after: None,
        };
        self.here.publish(ids[1], later, now).unwrap();
        self.meet();
        self.write(ids[0], "还没有更新的一段。");
        self.meet();
    }

    /// A version that has a name on the server too, and one that has none any more.
    fn name_versions(&mut self) {
        let id = self.create("有版本的");
        self.write(id, "一审的字。");
        let now = self.now();
        let random = &self.profile.random;
        let name = |text: &str| VersionName::parse(text).unwrap();
        self.here
            .name_version(id, name("一审稿"), now, random)
            .unwrap();
        let second = self
            .here
            .name_version(id, name("二审稿"), now, random)
            .unwrap();
        self.meet();
        self.here.drop_version(id, second.id, now).unwrap();
        self.meet();
    }
}

impl Desk {
    /// Comments in the margin: one on a passage that is dealt with, one on the whole text.
    /// Drafts with tags that were changed together, and a list of them under a name.
    fn mark_and_keep_a_view(&mut self) {
        let ids = ["一起改的", "也一起改的"].map(|title| self.create(title));
        let tag = Tag::parse("定价").unwrap();
        let now = self.now();
        let which = Which::These(ids.to_vec());
        let change = BulkChange::AddTag(tag.clone());
        self.here.change_drafts(&which, &change, now).unwrap();
        let look = ListLook {
            filter: ListFilter {
                tags: [tag].into(),
                ..ListFilter::default()
            },
            ..ListLook::default()
        };
        let name = ViewName::parse("说价钱的").unwrap();
        self.here.save_view(name, look).unwrap().unwrap();
        self.meet();
    }

    /// Words for tags that came back from the server.
    fn tags(&mut self) {
        self.synonym("人工智能", "AI");
        self.synonym("定价", "价格");
        self.meet();
    }

    fn synonym(&mut self, tag: &str, word: &str) {
        let now = self.now();
        let change = ChangeSynonyms {
            tag: Tag::parse(tag).unwrap(),
            add: vec![Tag::parse(word).unwrap()],
            remove: Vec::new(),
        };
        self.here.change_synonyms(change, now).unwrap();
    }

    fn comments(&mut self) {
        let id = self.create("有批注的");
        self.write(id, "按月付费，还是按年？");
        let first = self.comment(id, "按什么算？", Some(0..4));
        let now = self.now();
        self.here.resolve_comment(id, first, true, now).unwrap();
        self.comment(id, "整体不错", None);
        self.meet();
    }

    fn comment(
        &mut self,
        id: DraftId,
        body: &str,
        at: Option<std::ops::Range<usize>>,
    ) -> ReviewCommentId {
        let new = NewComment {
            body: ReviewText::parse(body).unwrap(),
            at,
            session: None,
        };
        let now = self.now();
        let random = &self.profile.random;
        self.here.write_comment(id, new, now, random).unwrap()
    }

    /// A live session that members know of, with words for search engines.
    fn plan_a_session(&mut self) {
        let id = self.create("直播答疑");
        let now = self.now();
        let values = ContentValues {
            kind: Some(Kind::Live),
            starts_at: Some(Some(now.plus_millis(86_400_000))),
            lasts_minutes: Some(Minutes::new(90).unwrap()),
            join_link: Some(JoinLink::parse("https://meet.example/1").unwrap()),
            search_title: Some(SearchTitle::parse("会员定价答疑").unwrap()),
            ..ContentValues::default()
        };
        self.here.describe_draft(id, values, now).unwrap();
        self.here.publish(id, PublishAt::default(), now).unwrap();
        self.meet();
    }

    /// A course with a section that stands, one that was deleted, and lessons in both.
    fn course(&mut self) {
        let id = self.create("定价课");
        let values = ContentValues {
            kind: Some(Kind::Course),
            ..ContentValues::default()
        };
        let now = self.now();
        self.here.describe_draft(id, values, now).unwrap();
        self.course = Some(id);
        let first = self.section("第一章", None);
        let second = self.section("第二章", Some(first));
        let lesson = self.put_into_a_course("第一课");
        let spot = LessonSpot {
            section: Some(second),
            after: None,
        };
        let now = self.now();
        let random = &self.profile.random;
        self.here
            .move_lesson((id, lesson), spot, now, random)
            .unwrap();
        let terms = LessonTerms {
            opens: Some(Opens::AfterDays { days: 7 }),
            requires: None,
        };
        self.here.describe_lesson(id, lesson, terms, now).unwrap();
        self.here.delete_section(id, second, now).unwrap();
        self.meet();
    }

    fn section(&mut self, name: &str, after: Option<SectionId>) -> SectionId {
        let now = self.now();
        let course = self.course.unwrap();
        let title = SectionTitle::parse(name).unwrap();
        let random = &self.profile.random;
        let made = self
            .here
            .create_section(course, (title, after), now, random);
        made.unwrap()
    }

    fn put_into_a_course(&mut self, text: &str) -> DraftId {
        let now = self.now();
        let course = self.course.unwrap();
        let title = Title::parse(text).unwrap();
        let random = &self.profile.random;
        let spot = LessonSpot::default();
        let made = self.here.create_lesson(course, (title, spot), now, random);
        made.unwrap().id
    }

    /// Posts of another program.
    fn import(&mut self) {
        let now = self.now();
        let random = &self.profile.random;
        let picture = self
            .here
            .take_file("封面.png", &mut Cursor::new(png(3)), now, random)
            .unwrap();
        let markdown = format!("![封面](attachment:{})\n\n以前写的。", picture.b3());
        let post = PostToImport {
            source_id: "ghost:65f0",
            hash: [7; 32],
            draft: Store::new_draft_id(now, random),
            title: title("搬来的"),
            markdown: &markdown,
            values: ContentValues::default(),
            cover: Some(picture.b3()),
            files: vec![&picture],
            is_published: false,
            scheduled_at: None,
        };
        self.here.import_posts(&[post], None, now, random).unwrap();
        self.meet();
    }
}

/// A PNG by its header.
fn png(width: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(1_u32.to_be_bytes());
    bytes.extend([8, 2, 0, 0, 0]);
    bytes
}

fn title(text: &str) -> Title {
    Title::parse(text).unwrap()
}

fn create(store: &Store, name: &str, now: Timestamp, random: &SeededRandom) -> DraftId {
    store.create_draft(title(name), now, random).unwrap().id
}

/// Writes at the beginning of a draft's text.
fn write(store: &Store, id: DraftId, text: &str, now: Timestamp, random: &SeededRandom) {
    let opened = store.open_text(id, random).unwrap();
    store
        .edit_text(opened.session, None, &[insert(text)], now, random)
        .unwrap();
    store.close_text(opened.session).unwrap();
}

fn insert(text: &str) -> Splice {
    Splice {
        at: 0,
        delete: 0,
        insert: text.to_owned(),
    }
}
