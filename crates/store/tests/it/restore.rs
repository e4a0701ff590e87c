//! Going back to a backup: nothing is deleted, nothing that was written is lost.

use std::collections::BTreeMap;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use stoa_domain::DraftId;
use stoa_store::test_support::{Profile, table_rows};
use stoa_store::{BackupKind, OpenError, RestoreFrom, Store, backups, restore};

use super::server::{Server, link, pull_all, push_all};
use super::{at, create, list, title, titles, write};

/// Restores of the drill.
const N_RESTORES: u64 = 200;

/// Titles and texts of all drafts.
fn texts(store: &Store) -> BTreeMap<String, String> {
    let text = |draft: stoa_store::DraftListing| {
        let markdown = store.markdown(draft.id).unwrap();
        (draft.title, markdown)
    };
    list(store).into_iter().map(text).collect()
}

fn go_back(profile: &Profile, name: &str, millis: i64) -> std::path::PathBuf {
    let from = RestoreFrom::Backup(name);
    restore(
        profile.dir(),
        &profile.key,
        from,
        at(millis),
        &profile.random,
    )
    .unwrap()
}

#[test]
fn backups_say_when_they_were_made_what_for_and_with_which_schema() {
    let profile = Profile::new(970);
    assert_eq!(backups(profile.dir(), &profile.key).unwrap(), []);
    let store = profile.open();
    create(&store, "稿", 1, &profile.random);
    let hour = 3_600_000;
    store.backup(at(hour)).unwrap();
    store.keep_copy(at(2 * hour)).unwrap();
    let damaged = store.backup(at(3 * hour)).unwrap();
    let mut bytes = std::fs::read(&damaged).unwrap();
    bytes[100] ^= 1;
    std::fs::write(&damaged, bytes).unwrap();
    let found = backups(profile.dir(), &profile.key).unwrap();
    let told: Vec<_> = found
        .iter()
        .map(|backup| (backup.kind, backup.made_at, backup.schema.is_some()))
        .collect();
    assert_eq!(
        told,
        [
            (BackupKind::Rolling, Some(at(3 * hour)), false),
            (BackupKind::BeforeRefetch, Some(at(2 * hour)), true),
            (BackupKind::Rolling, Some(at(hour)), true),
        ]
    );
    assert!(found.iter().all(|backup| backup.bytes > 4_096));
}

#[test]
fn what_was_there_stays_aside_and_what_was_written_since_comes_back() {
    let profile = Profile::new(971);
    let store = profile.open();
    create(&store, "一", 1, &profile.random);
    store.backup(at(2)).unwrap();
    let second = create(&store, "二", 3, &profile.random);
    write(&store, second, "备份之后写的", 4, &profile.random);
    let before = texts(&store);
    drop(store);
    let replaced = std::fs::read(profile.dir().join("studio.db")).unwrap();
    let name = backups(profile.dir(), &profile.key).unwrap()[0]
        .name
        .clone();
    let aside = go_back(&profile, &name, 5);
    let kept = aside.join("studio.db");
    assert!(std::fs::read(&kept).unwrap() == replaced);
    assert!(std::fs::metadata(&kept).unwrap().permissions().readonly());
    assert!(aside.join("outbox.log").exists());
    let store = profile.open();
    assert_eq!(texts(&store), before);
    assert!(store.verify().unwrap().is_empty());
    let counted = store.storage().unwrap().set_aside;
    assert_eq!(counted.n, 1);
    assert!(
        counted.bytes > replaced.len() as u64,
        "with the second copy of unsent work: {counted:?}"
    );
}

#[test]
fn a_damaged_or_missing_database_is_replaced_and_kept() {
    for damage in [true, false] {
        let profile = Profile::new(972);
        let store = profile.open();
        let id = create(&store, "稿", 1, &profile.random);
        store.backup(at(2)).unwrap();
        write(&store, id, "后来写的", 3, &profile.random);
        drop(store);
        let path = profile.dir().join("studio.db");
        if damage {
            std::fs::write(&path, [7; 9_000]).unwrap();
        } else {
            std::fs::remove_file(&path).unwrap();
        }
        assert!(profile.try_open(at(4)).is_err());
        let name = backups(profile.dir(), &profile.key).unwrap()[0]
            .name
            .clone();
        let aside = go_back(&profile, &name, 5);
        assert_eq!(aside.join("studio.db").exists(), damage);
        assert_eq!(profile.open().markdown(id).unwrap(), "后来写的");
    }
}

#[test]
fn without_any_backup_an_empty_database_gets_what_was_never_sent_and_the_server_the_rest() {
    let profile = Profile::new(973);
    let mut server = Server::default();
    let store = profile.open();
    store.set_link(&link(1, "e")).unwrap();
    let sent = create(&store, "发出的", 1, &profile.random);
    write(&store, sent, "发出的正文", 2, &profile.random);
    push_all(&mut server, 1, &store, at(3));
    pull_all(&server, 1, &store, at(3));
    write(&store, sent, "没发的。", 4, &profile.random);
    let unsent = create(&store, "没发的", 5, &profile.random);
    write(&store, unsent, "没发的正文", 6, &profile.random);
    let before = texts(&store);
    drop(store);
    std::fs::remove_file(profile.dir().join("studio.db")).unwrap();
    let from = RestoreFrom::Nothing;
    restore(profile.dir(), &profile.key, from, at(7), &profile.random).unwrap();
    let store = profile.open();
    assert_eq!(titles(&store), ["没发的"]);
    store.set_link(&link(2, "e")).unwrap();
    push_all(&mut server, 2, &store, at(8));
    pull_all(&server, 2, &store, at(9));
    assert_eq!(texts(&store), before);
    assert_eq!(store.failed(10).unwrap(), []);
}

/// As after a disk that took the commit and not the second copy.
#[test]
fn a_second_copy_that_is_behind_is_brought_up_to_date_before_anything_is_replaced() {
    let profile = Profile::new(977);
    let store = profile.open();
    create(&store, "一", 1, &profile.random);
    store.backup(at(2)).unwrap();
    drop(store);
    let log = profile.dir().join("outbox.log");
    let behind = std::fs::read(&log).unwrap();
    create(&profile.open(), "二", 3, &profile.random);
    std::fs::write(&log, behind).unwrap();
    let name = backups(profile.dir(), &profile.key).unwrap()[0]
        .name
        .clone();
    go_back(&profile, &name, 5);
    assert_eq!(titles(&profile.open()), ["二", "一"]);
}

#[test]
fn what_is_no_backup_of_this_profile_is_refused_and_changes_nothing() {
    let (profile, other) = (Profile::new(974), Profile::new(975));
    other.open().backup(at(1)).unwrap();
    let store = profile.open();
    create(&store, "稿", 1, &profile.random);
    let own = store.backup(at(1)).unwrap();
    let from = |name| {
        restore(
            profile.dir(),
            &profile.key,
            RestoreFrom::Backup(name),
            at(2),
            &profile.random,
        )
    };
    assert!(matches!(from("studio-x.db"), Err(OpenError::InUse)));
    drop(store);
    let before = std::fs::read(profile.dir().join("studio.db")).unwrap();
    for name in [
        "",
        "studio-none.db",
        "../studio.db",
        "..\\studio.db",
        "/etc/passwd",
    ] {
        assert!(matches!(from(name), Err(OpenError::NoSuchBackup)), "{name}");
    }
    let foreign = std::fs::read(&backups_folder(&other)[0]).unwrap();
    std::fs::write(profile.dir().join("backups/studio-foreign.db"), foreign).unwrap();
    assert!(from("studio-foreign.db").is_err());
    let mut damaged = std::fs::read(own).unwrap();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    std::fs::write(profile.dir().join("backups/studio-damaged.db"), damaged).unwrap();
    assert!(matches!(
        from("studio-damaged.db"),
        Err(OpenError::Damaged(_))
    ));
    assert!(std::fs::read(profile.dir().join("studio.db")).unwrap() == before);
    assert!(!profile.dir().join("replaced").exists());
    assert_eq!(titles(&profile.open()), ["稿"]);
}

fn backups_folder(profile: &Profile) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(profile.dir().join("backups")).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

/// Nothing was written since the backup, and still the server may know numbers that it does not.
#[test]
fn a_restored_database_goes_on_as_another_device_each_time() {
    let profile = Profile::new(976);
    let store = profile.open();
    store.set_link(&link(1, "e")).unwrap();
    create(&store, "稿", 1, &profile.random);
    store.backup(at(2)).unwrap();
    drop(store);
    let name = backups(profile.dir(), &profile.key).unwrap()[0]
        .name
        .clone();
    let mut devices = vec![link(1, "e").device];
    for n in 0..2 {
        go_back(&profile, &name, 3 + n);
        let store = match profile.try_open(at(10 + n)).unwrap() {
            stoa_store::Opened::ReadWrite(store) => store,
            stoa_store::Opened::ReadOnly(_) => panic!("read-only"),
        };
        let link = store.link().unwrap().unwrap();
        assert!(link.tokens.is_none() && !devices.contains(&link.device));
        devices.push(link.device);
        drop(store);
        // Opened again it stays who it is.
        assert_eq!(
            profile.open().link().unwrap().unwrap().device,
            devices[devices.len() - 1]
        );
    }
}

/// Somebody at work, by chance.
struct Drill {
    profile: Profile,
    random: StdRng,
    drafts: Vec<DraftId>,
    clock: i64,
}

impl Drill {
    fn work(&mut self, store: &Store) {
        for _ in 0..self.random.random_range(1..4) {
            self.clock += 1;
            let chosen = self.random.random_range(0..4);
            let draft = self
                .drafts
                .get(self.random.random_range(0..self.drafts.len().max(1)));
            match (chosen, draft) {
                (1 | 2, Some(id)) => {
                    let text = format!("第 {} 次写。", self.clock);
                    write(store, *id, &text, self.clock, &self.profile.random);
                }
                (3, Some(id)) => {
                    let name = title(&format!("改名 {}", self.clock));
                    store.rename_draft(*id, name, at(self.clock)).unwrap();
                }
                _ => {
                    let name = format!("第 {} 篇", self.clock);
                    self.drafts
                        .push(create(store, &name, self.clock, &self.profile.random));
                }
            }
        }
    }
}

#[test]
fn two_hundred_restores_each_give_back_every_row() {
    let mut drill = Drill {
        profile: Profile::new(980),
        random: StdRng::seed_from_u64(980),
        drafts: Vec::new(),
        clock: 1,
    };
    let key = &drill.profile.key.clone();
    let path = drill.profile.dir().join("studio.db");
    for n in 0..N_RESTORES {
        let store = drill.profile.open();
        drill.work(&store);
        // So that some older ones are kept.
        drill.clock += 1_000_000;
        let backup = store.backup(at(drill.clock)).unwrap();
        drill.work(&store);
        let before = texts(&store);
        drop(store);
        let hashes = table_rows(&backup, key);
        assert!(hashes.len() > 20);
        // Any of those that are kept, but mostly the newest.
        let all = backups(drill.profile.dir(), &drill.profile.key).unwrap();
        let chosen = match drill.random.random_bool(0.7) {
            true => 0,
            false => drill.random.random_range(0..all.len()),
        };
        drill.clock += 1;
        go_back(&drill.profile, &all[chosen].name, drill.clock);
        let expected = table_rows(
            &drill.profile.dir().join("backups").join(&all[chosen].name),
            key,
        );
        let mut found = table_rows(&path, key);
        // It notes that it was put back, and nothing else.
        found.insert("sync_meta".to_owned(), expected["sync_meta"].clone());
        assert_eq!(found, expected, "restore {n}");
        // What waits comes back when it is opened.
        assert_eq!(texts(&drill.profile.open()), before, "restore {n}");
    }
}
