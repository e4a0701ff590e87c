//! The values that go into and come out of a statement.

use std::error::Error;

use bytes::BytesMut;
use rusqlite::types::{ToSqlOutput, ValueRef};
use stoa_domain::{
    AttachmentId, CommunityId, DeviceId, DraftId, TagId, Timestamp, UpdateId, UserId,
};
use tokio_postgres::types::{IsNull, ToSql, Type};

use super::DbError;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Null,
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
    Id([u8; 16]),
}

/// Named parameters of one statement.
pub(crate) type Params = Vec<(&'static str, Value)>;

/// `params!["community" => id, "head" => 3]`
macro_rules! params {
    ($($name:literal => $value:expr),* $(,)?) => {
        vec![$(($name, $crate::db::Value::from($value))),*]
    };
}
pub(crate) use params;

macro_rules! from_ids {
    ($($id:ident),+) => {$(
        impl From<$id> for Value {
            fn from(id: $id) -> Self {
                Self::Id(*id.as_bytes())
            }
        }
    )+};
}
from_ids!(
    AttachmentId,
    CommunityId,
    DeviceId,
    DraftId,
    TagId,
    UpdateId,
    UserId
);

impl From<[u8; 16]> for Value {
    fn from(id: [u8; 16]) -> Self {
        Self::Id(id)
    }
}

impl From<[u8; 32]> for Value {
    fn from(bytes: [u8; 32]) -> Self {
        Self::Bytes(bytes.to_vec())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<Timestamp> for Value {
    fn from(at: Timestamp) -> Self {
        Self::Int(at.millis())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
            Self::Id(id) => ValueRef::Blob(id),
        }))
    }
}

impl ToSql for Value {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(number) if *ty == Type::INT4 => i32::try_from(*number)?.to_sql(ty, out),
            Self::Int(number) => number.to_sql(ty, out),
            Self::Text(text) => text.to_sql(ty, out),
            Self::Bytes(bytes) => bytes.to_sql(ty, out),
            Self::Id(id) => {
                out.extend_from_slice(id);
                Ok(IsNull::No)
            }
        }
    }

    fn accepts(ty: &Type) -> bool {
        matches!(
            *ty,
            Type::INT4 | Type::INT8 | Type::TEXT | Type::VARCHAR | Type::BYTEA | Type::UUID
        )
    }

    tokio_postgres::types::to_sql_checked!();
}

/// One row of an answer, read by position.
#[derive(Debug, Clone)]
pub(crate) struct Record(pub(super) Vec<Value>);

impl Record {
    fn value(&self, column: usize) -> Result<&Value, DbError> {
        self.0.get(column).ok_or(DbError::Column { column })
    }

    pub(crate) fn opt_int(&self, column: usize) -> Result<Option<i64>, DbError> {
        match self.value(column)? {
            Value::Null => Ok(None),
            Value::Int(number) => Ok(Some(*number)),
            _ => Err(DbError::Column { column }),
        }
    }

    pub(crate) fn int(&self, column: usize) -> Result<i64, DbError> {
        self.opt_int(column)?.ok_or(DbError::Column { column })
    }

    pub(crate) fn at(&self, column: usize) -> Result<Timestamp, DbError> {
        self.int(column).map(Timestamp::from_millis)
    }

    pub(crate) fn opt_at(&self, column: usize) -> Result<Option<Timestamp>, DbError> {
        Ok(self.opt_int(column)?.map(Timestamp::from_millis))
    }

    pub(crate) fn opt_text(&self, column: usize) -> Result<Option<&str>, DbError> {
        match self.value(column)? {
            Value::Null => Ok(None),
            Value::Text(text) => Ok(Some(text)),
            _ => Err(DbError::Column { column }),
        }
    }

    pub(crate) fn text(&self, column: usize) -> Result<&str, DbError> {
        self.opt_text(column)?.ok_or(DbError::Column { column })
    }

    pub(crate) fn bytes(&self, column: usize) -> Result<&[u8], DbError> {
        match self.value(column)? {
            Value::Bytes(bytes) => Ok(bytes),
            Value::Id(id) => Ok(id),
            _ => Err(DbError::Column { column }),
        }
    }

    pub(crate) fn opt_key(&self, column: usize) -> Result<Option<[u8; 32]>, DbError> {
        match self.value(column)? {
            Value::Null => Ok(None),
            _ => self.key(column).map(Some),
        }
    }

    pub(crate) fn key(&self, column: usize) -> Result<[u8; 32], DbError> {
        let bytes = self.bytes(column)?;
        bytes.try_into().map_err(|_| DbError::Column { column })
    }

    pub(crate) fn opt_id(&self, column: usize) -> Result<Option<[u8; 16]>, DbError> {
        match self.value(column)? {
            Value::Null => Ok(None),
            Value::Id(id) => Ok(Some(*id)),
            Value::Bytes(bytes) => bytes
                .as_slice()
                .try_into()
                .map(Some)
                .map_err(|_| DbError::Column { column }),
            _ => Err(DbError::Column { column }),
        }
    }

    pub(crate) fn id(&self, column: usize) -> Result<[u8; 16], DbError> {
        self.opt_id(column)?.ok_or(DbError::Column { column })
    }
}
