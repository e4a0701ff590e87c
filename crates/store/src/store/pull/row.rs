//! A row as it came: read, checked, with the columns that only a newer version knows.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::de::{Deserializer as _, IgnoredAny, MapAccess, Visitor};
use stoa_domain::{Attachment, Draft, DraftId, Person, TagEntry};
use stoa_mutators::{DocUpdate, Row, Table};

use crate::table::doc_update::StoredUpdate;
use crate::{Columns, StoreError};

/// What a row says.
pub(in crate::store) enum What {
    Person(Person),
    Draft(Box<Draft>),
    Update(StoredUpdate),
    Attachment(Box<Attachment>),
    Tag(TagEntry),
    /// A row of a table that only a newer version knows, as JSON.
    Other {
        table: String,
        columns: String,
    },
}

/// A row on its way into the base.
pub(in crate::store) struct Incoming {
    pub(in crate::store) id: [u8; 16],
    pub(in crate::store) version: i64,
    pub(in crate::store) seq: i64,
    pub(in crate::store) what: What,
    /// Columns of a newer server, as JSON.
    pub(in crate::store) extra: Option<String>,
}

/// Where a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) struct Place {
    pub(in crate::store) id: [u8; 16],
    pub(in crate::store) version: i64,
    pub(in crate::store) seq: i64,
}

impl Incoming {
    pub(in crate::store) fn table(&self) -> &str {
        match &self.what {
            What::Person(_) => Table::Person.as_str(),
            What::Draft(_) => Table::Draft.as_str(),
            What::Update(_) => Table::DocUpdate.as_str(),
            What::Attachment(_) => Table::Attachment.as_str(),
            What::Tag(_) => Table::Tag.as_str(),
            What::Other { table, .. } => table,
        }
    }

    /// Reads a row from a map of columns.
    pub(in crate::store) fn from_columns(
        name: &str,
        place: Place,
        columns: Columns,
    ) -> Result<Self, StoreError> {
        let Some(table) = Table::parse(name) else {
            return Ok(Self::other(name, place, serde_json::to_string(&columns)?));
        };
        let extra: Columns = columns
            .iter()
            .filter(|(column, _)| !table.columns().contains(&column.as_str()))
            .map(|(column, value)| (column.clone(), value.clone()))
            .collect();
        let extra = match extra.is_empty() {
            true => None,
            false => Some(serde_json::to_string(&extra)?),
        };
        Self::known(place, Row::from_json(table, columns)?, extra)
    }

    /// Reads a row from JSON. Only one with columns of a newer server takes the way over a map.
    pub(in crate::store) fn from_text(
        name: &str,
        place: Place,
        text: &str,
    ) -> Result<Self, StoreError> {
        let Some(table) = Table::parse(name) else {
            let columns: Columns = serde_json::from_str(text)?;
            return Ok(Self::other(name, place, serde_json::to_string(&columns)?));
        };
        if n_columns(text)? != table.columns().len() {
            return Self::from_columns(name, place, serde_json::from_str(text)?);
        }
        let row = match table {
            Table::Person => Row::Person(serde_json::from_str(text)?),
            Table::Draft => Row::Draft(serde_json::from_str(text)?),
            Table::DocUpdate => Row::DocUpdate(serde_json::from_str(text)?),
            Table::Attachment => Row::Attachment(serde_json::from_str(text)?),
            Table::Tag => Row::Tag(serde_json::from_str(text)?),
        };
        Self::known(place, row, None)
    }

    fn known(place: Place, row: Row, extra: Option<String>) -> Result<Self, StoreError> {
        if row.key().id != place.id {
            return Err(StoreError::Internal(
                "the server sent a row under another id".to_owned(),
            ));
        }
        let what = match row {
            Row::Person(person) => What::Person(person),
            Row::Draft(draft) => What::Draft(Box::new(draft)),
            Row::DocUpdate(update) => What::Update(decoded(update)),
            Row::Attachment(attachment) => What::Attachment(Box::new(attachment)),
            Row::Tag(entry) => What::Tag(entry),
        };
        Ok(Self::new(place, what, extra))
    }

    fn other(table: &str, place: Place, columns: String) -> Self {
        let table = table.to_owned();
        Self::new(place, What::Other { table, columns }, None)
    }

    fn new(place: Place, what: What, extra: Option<String>) -> Self {
        Self {
            id: place.id,
            version: place.version,
            seq: place.seq,
            what,
            extra,
        }
    }
}

/// Reads an id as it travels.
pub(in crate::store) fn id_of(pk: &str) -> Result<[u8; 16], StoreError> {
    let id: DraftId = pk
        .parse()
        .map_err(|_| StoreError::Internal("the server sent a row without an id".to_owned()))?;
    Ok(*id.as_bytes())
}

/// How many columns a JSON object has, without keeping them.
fn n_columns(text: &str) -> Result<usize, serde_json::Error> {
    struct Count;
    impl<'de> Visitor<'de> for Count {
        type Value = usize;

        fn expecting(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            to.write_str("a row")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<usize, A::Error> {
            let mut n = 0;
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
                n += 1;
            }
            Ok(n)
        }
    }
    serde_json::Deserializer::from_str(text).deserialize_map(Count)
}

fn decoded(row: DocUpdate) -> StoredUpdate {
    StoredUpdate {
        id: row.id,
        doc: row.doc,
        // What is no base64 cannot have the right checksum and is set aside for that.
        bytes: STANDARD
            .decode(&row.bytes)
            .unwrap_or_else(|_| row.bytes.into_bytes()),
        b3: row.b3,
        author: row.author,
        made_at: row.made_at,
    }
}
