//! What can go wrong with a database.

use std::path::PathBuf;

use thiserror::Error;

/// Why a statement or a database could not be used.
#[derive(Debug, Error)]
pub enum DbError {
    #[error("the database cannot be opened")]
    OpenSqlite(#[source] rusqlite::Error),
    #[error("the database address cannot be read: {0}")]
    Address(String),
    #[error("{path} holds no certificate of an authority: {reason}")]
    Authority { path: PathBuf, reason: String },
    #[error("no connection to PostgreSQL")]
    Connect(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("migration {version} ({name}) failed")]
    Migrate {
        version: i64,
        name: &'static str,
        source: Box<DbError>,
    },
    #[error("the database has version {found}, this program knows versions up to {known}")]
    TooNew { found: i64, known: i64 },
    #[error("SQLite: {0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error("PostgreSQL: {}", describe(.0))]
    Postgres(#[from] tokio_postgres::Error),
    #[error("column {column} is not what the program expects")]
    Column { column: usize },
    #[error("a stored value cannot be read: {0}")]
    Stored(String),
    #[error("a job panicked and was rolled back")]
    Panicked,
    #[error("the database is closed")]
    Stopped,
}

impl DbError {
    /// Whether the same job may well succeed a moment later.
    pub(crate) fn is_passing(&self) -> bool {
        match self {
            Self::Connect(_) | Self::Stopped => true,
            Self::Sqlite(rusqlite::Error::SqliteFailure(error, _)) => matches!(
                error.code,
                rusqlite::ErrorCode::DatabaseBusy
                    | rusqlite::ErrorCode::DatabaseLocked
                    | rusqlite::ErrorCode::DiskFull
            ),
            Self::Postgres(error) => error.is_closed() || self.wants_retry(),
            _ => false,
        }
    }

    /// Whether PostgreSQL asks for the transaction to be run again.
    pub(crate) fn wants_retry(&self) -> bool {
        use tokio_postgres::error::SqlState;
        let Self::Postgres(error) = self else {
            return false;
        };
        matches!(error.code(), Some(code)
            if *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED)
    }
}

/// tokio-postgres says only "db error"; the server's own words are one level down.
fn describe(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(db) => format!("{} ({})", db.message(), db.code().code()),
        None => match std::error::Error::source(error) {
            Some(source) => format!("{error}: {source}"),
            None => error.to_string(),
        },
    }
}
