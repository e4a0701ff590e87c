//! One module for each table: its rows and every statement about them.

pub(crate) mod attachment;
pub(crate) mod blob;
pub(crate) mod bucket;
pub(crate) mod conflict;
pub(crate) mod doc;
pub(crate) mod doc_update;
pub(crate) mod doc_waiting;
pub(crate) mod draft;
pub(crate) mod draft_kept;
pub(crate) mod history;
pub(crate) mod imported;
pub(crate) mod journal;
pub(crate) mod listing;
pub(crate) mod meta;
pub(crate) mod other_row;
pub(crate) mod outbox;
pub(crate) mod person;
pub(crate) mod step;
pub(crate) mod tag;
pub(crate) mod used_file;

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use serde::Serialize;
use serde::de::DeserializeOwned;
use stoa_domain::{AttachmentId, DraftId, TagId, Timestamp, UpdateId, UserId};

/// A value in the form a column keeps it: ids as 16 bytes, times as milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sql<T>(pub(crate) T);

/// A column that holds JSON.
pub(crate) struct Json<T>(pub(crate) T);

impl<T: Serialize> ToSql for Json<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let json = serde_json::to_string(&self.0);
        json.map(ToSqlOutput::from)
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
    }
}

impl<T: DeserializeOwned> FromSql for Json<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?)
            .map(Self)
            .map_err(FromSqlError::other)
    }
}

macro_rules! id_columns {
    ($($id:ident),+) => {$(
        impl ToSql for Sql<$id> {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(ToSqlOutput::Borrowed(ValueRef::Blob(self.0.as_bytes())))
            }
        }

        impl FromSql for Sql<$id> {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                let bytes = value.as_blob()?;
                let bytes = bytes.try_into().map_err(|_| FromSqlError::InvalidBlobSize {
                    expected_size: 16,
                    blob_size: bytes.len(),
                })?;
                Ok(Sql($id::from_bytes(bytes)))
            }
        }
    )+};
}

id_columns!(AttachmentId, DraftId, TagId, UpdateId, UserId);

impl ToSql for Sql<Timestamp> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.millis().into())
    }
}

impl FromSql for Sql<Timestamp> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_i64().map(Timestamp::from_millis).map(Sql)
    }
}

/// A row of the base as it came, before it is stored.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BaseMark {
    pub(crate) version: i64,
    pub(crate) seq: i64,
    /// The bucket's generation when it came.
    pub(crate) generation: i64,
}
