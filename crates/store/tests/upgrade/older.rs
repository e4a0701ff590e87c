//! A database of an older program.

use stoa_domain::{DraftId, SearchQuery, Shelf};
use stoa_store::test_support::{Profile, SeededRandom};
use stoa_store::{ChangeState, DraftFilter, DraftListing, OutboxEntry, PushOutcome, Store};

use super::dump::{self, Dump};
use super::golden::{self, Golden};
use super::server::{Server, link, pull_all};
use super::{Found, at, latest};

/// What a migration changes on purpose: up to the schema, in the table, what is told of its rows.
fn without_what_is_meant(version: u32, mut dump: Dump) -> Dump {
    if version < 4 {
        // Buckets were divided anew: all is fetched again, and nothing taken away before.
        for row in dump.get_mut("bucket").into_iter().flatten() {
            for column in ["cursor", "gen", "refill"] {
                row.remove(column);
            }
        }
    }
    if version < 13
        && let Some(rows) = dump.get_mut("listing")
    {
        // Which list a draft is on has a name since then.
        for row in rows {
            let is_binned = row.remove("in_bin").is_some_and(|value| value == "1");
            let shelf = if is_binned { "bin" } else { "drafts" };
            row.insert("shelf".to_owned(), shelf.to_owned());
        }
    }
    // The second copy of what was not sent is a file beside the database, and begins anew
    // without it.
    if let Some(rows) = dump.get_mut("sync_meta") {
        rows.retain(|row| !row.values().any(|value| value.contains("unsent_line")));
    }
    dump
}

#[test]
fn every_older_database_comes_to_todays_schema_with_every_row() {
    for golden in golden::all() {
        let found = Found::new(&golden);
        let before = found.dump();
        let store = found.open_to_write();
        assert!(store.verify().unwrap().is_empty());
        drop(store);
        let after = found.dump();
        let lost = dump::lost(&without_what_is_meant(golden.version, before), &after);
        assert!(lost.is_empty(), "{}: {lost:#?}", golden.version);
        let version = found
            .raw()
            .query_row("pragma user_version", [], |row| row.get::<_, u32>(0));
        assert_eq!(version.unwrap(), latest());
    }
}

#[test]
fn a_copy_is_made_before_and_holds_all_that_was_there() {
    for golden in golden::all() {
        let found = Found::new(&golden);
        let before = found.dump();
        drop(found.open_to_write());
        let copies = found.backups();
        if golden.version == latest() {
            assert_eq!(copies, [] as [std::path::PathBuf; 0]);
            continue;
        }
        assert_eq!(copies.len(), 1, "{copies:?}");
        let name = copies[0].file_name().unwrap().to_str().unwrap();
        let end = format!("-from-{}.db", golden.version);
        assert!(name.starts_with("before-migration-") && name.ends_with(&end));
        // Put in the database's place, it is the database as it was.
        let again = Found::new(&golden);
        let bytes = std::fs::read(&copies[0]).unwrap();
        std::fs::write(again.path().join("studio.db"), bytes).unwrap();
        assert!(again.dump() == before, "{}", golden.version);
    }
}

#[test]
fn texts_titles_and_what_was_found_can_be_read_as_before() {
    for golden in golden::all() {
        let found = Found::new(&golden);
        let store = found.open_to_write();
        let drafts = all_drafts(&store);
        assert!(drafts.len() >= 7, "{}", golden.version);
        for draft in &drafts {
            let opened = store.open_text(draft.id, &SeededRandom::new(1)).unwrap();
            assert_eq!(opened.markdown, store.markdown(draft.id).unwrap());
            store.close_text(opened.session).unwrap();
        }
        let filter = DraftFilter {
            query: SearchQuery::parse("贵在坚持"),
            limit: 9,
            ..DraftFilter::default()
        };
        assert_eq!(store.list_drafts(&filter).unwrap().drafts.len(), 1);
        let n_failed = store.failed(9).unwrap().len();
        assert_eq!(n_failed, 2, "one refused, one set aside");
        if golden.version >= 3 {
            assert!(!store.conflicts(false, 9).unwrap().is_empty());
        }
        if golden.version >= 6 {
            let done = store.redo(at(1)).unwrap();
            assert!(done.is_some(), "what was undone can be done again");
        }
    }
}

#[test]
fn files_of_drafts_are_read_byte_for_byte() {
    for golden in golden::all().iter().filter(|golden| golden.version >= 7) {
        let found = Found::new(golden);
        let store = found.open_to_write();
        let files = store.files(None).unwrap();
        let n_imported = usize::from(golden.version >= 15);
        assert_eq!(files.len(), 2 + n_imported);
        for file in files {
            let mut reader = store.open_file(file.attachment.b3).unwrap().unwrap();
            let size = reader.size();
            let bytes = reader.read(0..size).unwrap();
            assert!(bytes.starts_with(b"\x89PNG"));
        }
    }
}

/// A server that knows nothing of this computer: everything it ever did is sent, what was accepted
/// from the journal, what was not from the outbox.
#[test]
fn all_work_of_an_older_program_reaches_a_server_and_another_computer() {
    for golden in golden::all() {
        let found = Found::new(&golden);
        let store = found.open_to_write();
        let unsent = store.waiting(99).unwrap();
        assert!(unsent.iter().any(|e| e.state == ChangeState::UnderWay));
        assert!(unsent.iter().any(|e| e.state == ChangeState::Waiting));
        release(&store, &unsent);
        store.resend_from(1).unwrap();
        let mut server = Server::default();
        let refused = push_everything(&mut server, &store);
        assert_eq!(refused, stand_ins(&golden), "{}", golden.version);
        assert_eq!(store.counts().unwrap().n_waiting, 0);
        let other = Profile::new(7_900);
        let elsewhere = other.open();
        elsewhere.set_link(&link(9, "e")).unwrap();
        pull_all(&server, 9, &elsewhere, at(9));
        for title in ["在路上改了题的", "还没发的"] {
            let (here, there) = (titled(&store, title), titled(&elsewhere, title));
            let text = store.markdown(here).unwrap();
            assert!(!text.is_empty());
            assert_eq!(text, elsewhere.markdown(there).unwrap());
        }
    }
}

/// What the server is sent in the place of work that is not to be carried out.
fn stand_ins(golden: &Golden) -> usize {
    // The refused draft and the one that was set aside; a refused title that became a conflict.
    2 + usize::from(golden.version >= 3)
}

fn release(store: &Store, unsent: &[OutboxEntry]) {
    for entry in unsent {
        for b3 in &entry.needs {
            store.attachment_arrived(b3).unwrap();
        }
        if entry.kept_back {
            store.keep_back(entry.lid, false).unwrap();
        }
    }
}

/// Sends all there is; how many were refused.
fn push_everything(server: &mut Server, store: &Store) -> usize {
    let mut n_refused = 0;
    loop {
        let batch = store.take_push(50, 1 << 20, at(5)).unwrap();
        if batch.is_empty() {
            return n_refused;
        }
        let mut answers = Vec::new();
        for mutation in &batch {
            let outcome = server.push(1, mutation, at(5));
            n_refused += usize::from(matches!(outcome, PushOutcome::Rejected { .. }));
            answers.push((mutation.mid, outcome));
        }
        store
            .apply_results(&answers, server.lmid(1), at(5))
            .unwrap();
    }
}

fn all_drafts(store: &Store) -> Vec<DraftListing> {
    [Shelf::Drafts, Shelf::Bin]
        .into_iter()
        .flat_map(|shelf| {
            let filter = DraftFilter {
                shelf,
                limit: 200,
                ..DraftFilter::default()
            };
            store.list_drafts(&filter).unwrap().drafts
        })
        .collect()
}

fn titled(store: &Store, title: &str) -> DraftId {
    let drafts = all_drafts(store);
    let found = drafts.iter().find(|draft| draft.title == title);
    found
        .unwrap_or_else(|| panic!("no draft is called {title}"))
        .id
}

#[test]
fn a_session_of_which_a_newer_server_told_before_is_there_after_the_upgrade() {
    let golden = Golden::of(18);
    let found = Found::new(&golden);
    let told = serde_json::json!({
        "starts_at": 86_400_000, "lasts_minutes": 90, "join_link": "https://meet.example/1",
        "recording": "", "search_title": "直播", "search_description": "", "newer": 1,
    });
    let plain = serde_json::json!({
        "starts_at": null, "lasts_minutes": 60, "join_link": "", "recording": "",
        "search_title": "", "search_description": "",
    });
    let id: Vec<u8> = {
        let db = found.raw();
        db.execute("update draft set _extra = ?1", [plain.to_string()])
            .unwrap();
        let live = "update draft set _extra = ?1,
                content = json_set(coalesce(content, '{}'), '$.kind', 'live')
            where id = (select min(id) from draft_v where id not in (select id from draft_o))
            returning id";
        db.query_row(live, [told.to_string()], |row| row.get(0))
            .unwrap()
    };
    let store = found.open_to_write();
    let id = DraftId::from_bytes(id.try_into().unwrap());
    let content = store.draft(id).unwrap().content;
    let live = content.live().unwrap();
    assert_eq!(
        (live.starts_at.millis(), live.lasts.get()),
        (86_400_000, 90)
    );
    assert_eq!(content.search_title.as_str(), "直播");
    drop(store);
    let left: Vec<String> = {
        let db = found.raw();
        let mut left = db
            .prepare("select _extra from draft where _extra is not null")
            .unwrap();
        let rows = left.query_map([], |row| row.get(0)).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    };
    assert_eq!(left, ["{\"newer\":1}"], "what nobody knows yet stays");
}
