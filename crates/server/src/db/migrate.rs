//! The migrations of both databases, as plain SQL files, applied in order.

use super::DbError;

pub(super) struct Migration {
    pub(super) version: i64,
    pub(super) name: &'static str,
    pub(super) sqlite: &'static str,
    pub(super) postgres: &'static str,
}

macro_rules! migrations {
    ($($version:literal => $name:literal),+ $(,)?) => {
        pub(super) const MIGRATIONS: &[Migration] = &[$(Migration {
            version: $version,
            name: $name,
            sqlite: include_str!(concat!("../../../../migrations/server/sqlite/", $name, ".sql")),
            postgres: include_str!(concat!("../../../../migrations/server/postgres/", $name, ".sql")),
        }),+];
    };
}

migrations! {
    1 => "0001_accounts_and_sync",
    2 => "0002_proposals",
    3 => "0003_people",
    4 => "0004_attachments",
    5 => "0005_tombstones",
    7 => "0007_devices",
    8 => "0008_posts",
    9 => "0009_addresses",
    10 => "0010_versions",
    11 => "0011_reviews",
    12 => "0012_courses",
    13 => "0013_tags",
    14 => "0014_finished_lessons",
}

/// The migrations a database at version `found` still needs.
pub(super) fn needed(found: i64) -> Result<impl Iterator<Item = &'static Migration>, DbError> {
    let known = MIGRATIONS.last().map_or(0, |last| last.version);
    if found > known {
        return Err(DbError::TooNew { found, known });
    }
    Ok(MIGRATIONS.iter().filter(move |m| m.version > found))
}

/// Says which migration failed.
pub(super) fn failed(migration: &Migration, source: impl Into<DbError>) -> DbError {
    DbError::Migrate {
        version: migration.version,
        name: migration.name,
        source: Box::new(source.into()),
    }
}
