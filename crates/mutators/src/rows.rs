//! The rows mutations read and write, held in memory while one runs.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use stoa_domain::{
    Attachment, AttachmentId, Draft, DraftId, Parts, Person, TagEntry, TagId, Timestamp, UpdateId,
    UserId,
};

/// A synchronised table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Table {
    /// Memberships; written by the server alone.
    Person,
    Draft,
    DocUpdate,
    Attachment,
    /// Which words mean the same tag.
    Tag,
}

impl Table {
    /// Every synchronised table, in the order in which they are sent: who and what there is
    /// before the texts.
    pub const ALL: [Table; 5] = [
        Table::Person,
        Table::Tag,
        Table::Draft,
        Table::Attachment,
        Table::DocUpdate,
    ];

    /// The name on the wire and in both databases.
    pub fn as_str(self) -> &'static str {
        match self {
            Table::Person => "person",
            Table::Draft => "draft",
            Table::DocUpdate => "doc_update",
            Table::Attachment => "attachment",
            Table::Tag => "tag",
        }
    }

    /// Reads the name on the wire.
    pub fn parse(name: &str) -> Option<Table> {
        Self::ALL.into_iter().find(|table| table.as_str() == name)
    }

    /// The bucket whose cursor and checksum cover this table.
    pub fn bucket(self) -> &'static str {
        match self {
            Table::Person => "core",
            Table::Draft | Table::Attachment | Table::Tag => "content",
            Table::DocUpdate => "texts",
        }
    }

    /// The columns that this program knows, as they travel.
    pub fn columns(self) -> &'static [&'static str] {
        match self {
            Table::Person => &["id", "name", "role"],
            Table::Draft => &[
                "id",
                "title",
                "author",
                "created_at",
                "edited_at",
                "binned_at",
                "kind",
                "access",
                "excerpt",
                "slug",
                "tags",
                "cover",
                "canonical",
                "starts_at",
                "lasts_minutes",
                "join_link",
                "recording",
                "search_title",
                "search_description",
                "post",
                "archived_at",
                "versions",
                "reviews",
                "sections",
                "lesson",
            ],
            Table::DocUpdate => &["id", "doc", "bytes", "b3", "author", "made_at"],
            Table::Attachment => &[
                "id",
                "draft",
                "b3",
                "name",
                "media_type",
                "size",
                "width",
                "height",
                "author",
                "made_at",
                "removed_at",
            ],
            Table::Tag => &["id", "name", "synonyms"],
        }
    }
}

/// Which row: its table and the 16 bytes of its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Key {
    pub table: Table,
    pub id: [u8; 16],
}

impl Key {
    /// The row of a person.
    pub fn person(id: UserId) -> Self {
        Self {
            table: Table::Person,
            id: *id.as_bytes(),
        }
    }

    pub(crate) fn draft(id: DraftId) -> Self {
        Self {
            table: Table::Draft,
            id: *id.as_bytes(),
        }
    }

    pub(crate) fn doc_update(id: UpdateId) -> Self {
        Self {
            table: Table::DocUpdate,
            id: *id.as_bytes(),
        }
    }

    pub(crate) fn attachment(id: AttachmentId) -> Self {
        Self {
            table: Table::Attachment,
            id: *id.as_bytes(),
        }
    }

    pub(crate) fn tag(id: TagId) -> Self {
        Self {
            table: Table::Tag,
            id: *id.as_bytes(),
        }
    }
}

/// One update to the text of a draft: opaque to everything but the studio's document code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocUpdate {
    pub id: UpdateId,
    /// The document, which has the id of its draft.
    pub doc: DraftId,
    /// The update in base64 (standard alphabet, padded).
    pub bytes: String,
    /// BLAKE3 of the decoded bytes, 64 lower-case hex digits.
    pub b3: String,
    /// Who wrote it; set by the server from the session.
    pub author: Option<UserId>,
    pub made_at: Timestamp,
}

/// A row of one of the tables.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every row that is carried about is a draft"
)]
pub enum Row {
    Person(Person),
    Draft(Draft),
    DocUpdate(DocUpdate),
    Attachment(Attachment),
    Tag(TagEntry),
}

impl Row {
    /// Which row this is.
    pub fn key(&self) -> Key {
        match self {
            Row::Person(person) => Key::person(person.id),
            Row::Draft(draft) => Key::draft(draft.id),
            Row::DocUpdate(update) => Key::doc_update(update.id),
            Row::Attachment(attachment) => Key::attachment(attachment.id),
            Row::Tag(entry) => Key::tag(entry.id),
        }
    }

    /// The row as the JSON object that travels, one entry a column.
    pub fn to_json(&self) -> Map<String, Value> {
        let value = match self {
            Row::Person(person) => serde_json::to_value(person),
            Row::Draft(draft) => serde_json::to_value(draft),
            Row::DocUpdate(update) => serde_json::to_value(update),
            Row::Attachment(attachment) => serde_json::to_value(attachment),
            Row::Tag(entry) => serde_json::to_value(entry),
        };
        match value {
            Ok(Value::Object(columns)) => columns,
            _ => unreachable!("a row is a struct of plain columns"),
        }
    }

    /// Reads a row from the JSON object that travels. Unknown columns are not looked at.
    ///
    /// # Errors
    /// What serde says of the first column that does not fit.
    pub fn from_json(table: Table, columns: Map<String, Value>) -> Result<Row, serde_json::Error> {
        let value = Value::Object(columns);
        match table {
            Table::Person => serde_json::from_value(value).map(Row::Person),
            Table::Draft => serde_json::from_value(value).map(Row::Draft),
            Table::DocUpdate => serde_json::from_value(value).map(Row::DocUpdate),
            Table::Attachment => serde_json::from_value(value).map(Row::Attachment),
            Table::Tag => serde_json::from_value(value).map(Row::Tag),
        }
    }
}

/// The rows a mutation may see, and what it changed.
#[derive(Debug, Default, Clone)]
pub struct Rows {
    loaded: BTreeMap<Key, Row>,
    written: BTreeSet<Key>,
    /// Deleted for good before, or now.
    gone: BTreeSet<Key>,
    deleted: BTreeSet<Key>,
    parts: Parts,
    n_lessons: usize,
}

impl Rows {
    /// Starts from the rows that exist among those the mutation touches.
    pub fn new(existing: impl IntoIterator<Item = Row>) -> Self {
        Self {
            loaded: existing.into_iter().map(|row| (row.key(), row)).collect(),
            ..Self::default()
        }
    }

    /// With the rows that belong to the draft which the mutation deletes.
    #[must_use]
    pub fn with_parts(mut self, parts: Parts) -> Self {
        self.parts = parts;
        self
    }

    /// With the number of lessons of the course that the mutation fills.
    #[must_use]
    pub fn with_lessons(mut self, n_lessons: usize) -> Self {
        self.n_lessons = n_lessons;
        self
    }

    /// With those rows it touches that were deleted for good.
    #[must_use]
    pub fn with_gone(mut self, gone: impl IntoIterator<Item = Key>) -> Self {
        self.gone.extend(gone);
        self
    }

    /// The row as it stands now, if there is one.
    pub fn get(&self, key: Key) -> Option<&Row> {
        self.loaded.get(&key)
    }

    pub(crate) fn draft(&self, id: DraftId) -> Option<&Draft> {
        match self.loaded.get(&Key::draft(id)) {
            Some(Row::Draft(draft)) => Some(draft),
            _ => None,
        }
    }

    pub(crate) fn tag(&self, id: TagId) -> Option<&TagEntry> {
        match self.loaded.get(&Key::tag(id)) {
            Some(Row::Tag(entry)) => Some(entry),
            _ => None,
        }
    }

    /// Every entry of the book of tags that was loaded.
    pub(crate) fn tags(&self) -> impl Iterator<Item = &TagEntry> {
        self.loaded.values().filter_map(|row| match row {
            Row::Tag(entry) => Some(entry),
            _ => None,
        })
    }

    pub(crate) fn put(&mut self, row: Row) {
        let key = row.key();
        self.loaded.insert(key, row);
        self.written.insert(key);
    }

    pub(crate) fn parts(&self) -> Parts {
        self.parts
    }

    pub(crate) fn n_lessons(&self) -> usize {
        self.n_lessons
    }

    /// Whether a row was deleted for good.
    pub(crate) fn is_gone(&self, key: Key) -> bool {
        self.gone.contains(&key)
    }

    pub(crate) fn delete(&mut self, key: Key) {
        self.loaded.remove(&key);
        self.written.remove(&key);
        self.gone.insert(key);
        self.deleted.insert(key);
    }

    /// The rows that were deleted for good just now, and with a draft all that belongs to it.
    pub fn deleted(&self) -> impl Iterator<Item = Key> {
        self.deleted.iter().copied()
    }

    /// The rows that were written, as they stand now.
    pub fn written(&self) -> impl Iterator<Item = &Row> {
        self.written.iter().filter_map(|key| self.loaded.get(key))
    }
}
