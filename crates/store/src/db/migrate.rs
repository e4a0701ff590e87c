//! Bringing a database to the schema of this program, one migration at a time, each together
//! with its number in one transaction.

use rusqlite::{Connection, TransactionBehavior};

use super::{open_error, schema_version};
use crate::OpenError;

pub(crate) struct Migration {
    pub(crate) version: u32,
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "only the test compares it with the folder")
    )]
    pub(crate) file: &'static str,
    pub(crate) sql: &'static str,
}

macro_rules! migrations {
    ($($version:literal => $file:literal),+ $(,)?) => {
        &[$(Migration {
            version: $version,
            file: $file,
            sql: include_str!(concat!("../../../../migrations/studio/", $file)),
        }),+]
    };
}

pub(crate) const MIGRATIONS: &[Migration] = migrations! {
    1 => "0001_first_light.sql",
    2 => "0002_needs.sql",
    3 => "0003_conflict.sql",
    4 => "0004_buckets.sql",
    5 => "0005_order.sql",
    6 => "0006_undo.sql",
    7 => "0007_attachments.sql",
    10 => "0010_deletion.sql",
    11 => "0011_hidden_rows.sql",
    12 => "0012_released_files.sql",
    13 => "0013_posts.sql",
    14 => "0014_versions.sql",
    15 => "0015_imported.sql",
    16 => "0016_reviews.sql",
    17 => "0017_listing.sql",
    18 => "0018_courses.sql",
    19 => "0019_live_sessions.sql",
    20 => "0020_tags.sql",
};

/// The schema this program reads and writes.
pub(crate) fn latest() -> u32 {
    MIGRATIONS.last().map_or(0, |migration| migration.version)
}

/// Runs every migration the database has not seen. A migration that fails leaves no trace.
pub(crate) fn run(db: &mut Connection, migrations: &[Migration]) -> Result<(), OpenError> {
    let present = schema_version(db).map_err(open_error)?;
    for migration in migrations.iter().filter(|m| m.version > present) {
        run_one(db, migration).map_err(|error| match open_error(error) {
            full @ (OpenError::DiskFull | OpenError::DiskFailed(_)) => full,
            other => OpenError::Migration {
                version: migration.version,
                message: other.to_string(),
            },
        })?;
    }
    Ok(())
}

fn run_one(db: &mut Connection, migration: &Migration) -> rusqlite::Result<()> {
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    tx.execute_batch(migration.sql)?;
    tx.pragma_update(None, "user_version", migration.version)?;
    tx.commit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_migration_file_is_in_the_list_under_its_number() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations/studio");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.ends_with(".sql"))
            .collect();
        files.sort();
        let listed: Vec<&str> = MIGRATIONS.iter().map(|m| m.file).collect();
        assert_eq!(files, listed);
        assert!(MIGRATIONS.is_sorted_by(|one, next| one.version < next.version));
        for Migration { version, file, .. } in MIGRATIONS {
            assert!(file.starts_with(&format!("{version:04}_")));
        }
    }

    #[test]
    fn a_migration_that_fails_leaves_schema_and_version_as_they_were() {
        let mut db = Connection::open_in_memory().unwrap();
        run(&mut db, MIGRATIONS).unwrap();
        let broken = [Migration {
            version: latest() + 1,
            file: "",
            sql: "create table half (a); create table half (a);",
        }];
        let result = run(&mut db, &broken);
        assert!(
            matches!(result, Err(OpenError::Migration { version, .. }) if version == latest() + 1)
        );
        assert_eq!(schema_version(&db).unwrap(), latest());
        assert!(db.prepare("select * from half").is_err());
    }
}
