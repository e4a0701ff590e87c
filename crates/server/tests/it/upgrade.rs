//! Every schema there has been, brought to today's on both databases: nothing is lost. A database
//! of a newer program is refused and stays as it is.

mod golden;

use std::collections::BTreeMap;

use stoa_domain::{CommunityId, Role};
use stoa_protocol::member::Article;
use stoa_server::{StartError, start};

use crate::support::{World, create, expect, new_draft_id};
use golden::{Database, Dump, versions};

/// The community of the golden rows.
fn community() -> CommunityId {
    "00000000-0000-0000-0000-0000000000c1".parse().unwrap()
}

#[test]
fn every_migration_has_its_golden_rows() {
    let wanted: Vec<i64> = golden::migrations()
        .into_iter()
        .map(|m| m.version)
        .collect();
    assert_eq!(
        versions(),
        wanted,
        "see crates/server/tests/golden/README.md"
    );
}

/// What a migration or the first start after it changes on purpose.
fn without_what_is_meant(version: i64, mut dump: Dump) -> Dump {
    let mut forget = |table: &str, columns: &[&str]| {
        for row in dump.get_mut(table).into_iter().flatten() {
            row.retain(|column, _| !columns.contains(&column.as_str()));
        }
    };
    // Sums were made up here, and are counted anew.
    forget("bucket", &["n", "checksum"]);
    if version < 3 {
        // People became rows in the sequence.
        forget("community", &["head"]);
    }
    for rows in dump.values_mut() {
        let was_asked = |row: &BTreeMap<String, String>| {
            row.get("key").is_some_and(|key| key == "must_recount")
        };
        rows.retain(|row| !was_asked(row));
    }
    dump
}

/// A post that was published when posts had no addresses is found by the one it would have got.
async fn posts_have_addresses(world: &World) {
    let path = format!("/v1/communities/{}/articles/by-address/first", community());
    let answer = world.client().get(world.url(&path)).send().await;
    let article: Article = expect(answer.unwrap()).await;
    assert_eq!(article.markdown.trim(), "公开。");
}

async fn comes_to_todays_schema(database: &Database, version: i64) {
    database.fill(version).await;
    let before = database.dump().await;
    for (table, rows) in &before {
        assert!(!rows.is_empty(), "{table} of {version} has no row");
    }
    let world = World::over(database.config(), community()).await;
    let after = database.dump().await;
    let lost = golden::lost(&without_what_is_meant(version, before), &after);
    assert!(lost.is_empty(), "{version}: {lost:#?}");
    works_as_before(&world).await;
    if version >= 8 {
        posts_have_addresses(&world).await;
    }
    world.server.stop().await;
}

/// A device can fetch what there was, and hand in new work.
async fn works_as_before(world: &World) {
    let mut device = world.device(Role::Editor).await;
    let pulled = device.pull(0, 100).await;
    let titles = pulled.rows.iter().filter(|row| row.0 == "draft");
    let titles: Vec<_> = titles.map(|row| row.4["title"].as_str().unwrap()).collect();
    assert_eq!(titles, ["第一篇", "扔掉的"]);
    assert!(pulled.rows.iter().any(|row| row.0 == "doc_update"));
    let names = pulled.people.iter().map(|row| row.4["name"].clone());
    assert!(names.filter(|name| name == "王").count() == 1);
    device.push(&[create(new_draft_id(), "新写的")]).await;
    assert_eq!(device.pull(pulled.upto, 10).await.rows.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_older_sqlite_database_comes_to_todays_schema_with_every_row() {
    for version in versions() {
        comes_to_todays_schema(&Database::sqlite(), version).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_older_postgres_database_comes_to_todays_schema_with_every_row() {
    for version in versions() {
        comes_to_todays_schema(&Database::postgres().await, version).await;
    }
}

async fn is_refused(database: &Database) {
    let before = database.dump().await;
    let started = start(database.config()).await;
    assert!(
        matches!(&started, Err(error) if says_too_new(error)),
        "a newer database was opened"
    );
    assert_eq!(database.dump().await, before);
}

/// A database as tomorrow's server leaves it.
async fn newer(database: &Database) {
    let latest = *versions().last().unwrap();
    database.fill(latest).await;
    database.note(latest + 1, "0099_of_tomorrow").await;
}

fn says_too_new(error: &StartError) -> bool {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = cause {
        if matches!(
            error.downcast_ref(),
            Some(stoa_server::DbError::TooNew { .. })
        ) {
            return true;
        }
        cause = error.source();
    }
    false
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_sqlite_database_is_refused_and_stays_as_it_is_to_the_byte() {
    let database = Database::sqlite();
    newer(&database).await;
    let file = database.config().data.join("stoa.sqlite");
    let bytes = std::fs::read(&file).unwrap();
    is_refused(&database).await;
    assert!(std::fs::read(&file).unwrap() == bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_postgres_database_is_refused_and_stays_as_it_is() {
    let database = Database::postgres().await;
    newer(&database).await;
    is_refused(&database).await;
}
