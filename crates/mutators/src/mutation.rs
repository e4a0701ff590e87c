//! The list of mutations: their names, versions and conflict classes.

use serde::de::DeserializeOwned;
use serde_json::Value;
use stoa_domain::{BlobHash, DraftId};
use thiserror::Error;

use crate::{
    AddAttachment, AddLesson, AppendDoc, ArchiveDraft, BinDraft, ChangeSynonyms, CheckItem,
    Context, CreateDraft, CreateSection, DecideReview, DeleteDraft, DeleteSection, DescribeDraft,
    DescribeLesson, DropComment, DropVersion, EditComment, KeepVersion, Key, MoveLesson,
    MoveSection, MoveTag, PublishPost, Reject, RemoveAttachment, RemoveLesson, RenameDraft,
    RenameSection, RenameVersion, RequestReview, ResolveComment, RestoreDraft, Rows,
    UnarchiveDraft, WithdrawPost, WithdrawReview, WriteComment,
};

/// The largest mutation as JSON, in bytes. Checked before it is queued and when it arrives.
pub const MAX_MUTATION_BYTES: usize = 256 * 1024;

/// How two changes to the same thing are brought together. Every mutation declares one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// A, append-only (events, comments, the audit): whoever writes makes the id, it is inserted
    /// once, and sending it again changes nothing.
    Append,
    /// B, field by field: fields that only one side changed do not meet. In a soft field the later
    /// arrival wins and the other value is kept in the field history. A `guarded` field carries
    /// the value that was seen; if another one stands there by then, the change is refused with
    /// [`RejectCode::Conflict`] and a person decides.
    ///
    /// [`RejectCode::Conflict`]: crate::RejectCode::Conflict
    Fields { guarded: &'static [&'static str] },
    /// C, a state machine (review items, subscriptions, RSVPs): the first decision counts. A later
    /// one is refused with [`RejectCode::AlreadyDecided`] and kept as a second opinion. See
    /// [`decide`](crate::decide).
    ///
    /// [`RejectCode::AlreadyDecided`]: crate::RejectCode::AlreadyDecided
    State,
    /// D, money and entitlement: never final on a device. The device queues what is wanted, the
    /// server computes amounts, and the ledger keeps a key of the business beside (device, mid).
    Money,
    /// E, long text: updates of all devices merge. A paragraph that two of them changed without
    /// knowing of each other is shown for review; both versions stay within reach.
    Text,
    /// F, an order (lessons, playlists): a fractional index with the device at its end, so that
    /// two insertions in one place both stay. See [`key_between`](crate::key_between).
    Order,
    /// G, derived (likes, points, scores): computed where the facts are, never sent as a count.
    Derived,
    /// H, unique names (slugs, coupons, handles): the server may adjust one that is taken and says
    /// so. See [`free_name`](crate::free_name).
    Unique,
}

impl Class {
    /// The letter it is known by.
    pub fn letter(self) -> char {
        match self {
            Self::Append => 'A',
            Self::Fields { .. } => 'B',
            Self::State => 'C',
            Self::Money => 'D',
            Self::Text => 'E',
            Self::Order => 'F',
            Self::Derived => 'G',
            Self::Unique => 'H',
        }
    }
}

/// A guarded field: what the person saw in it, and what they put there.
#[derive(Debug, Clone, PartialEq)]
pub struct Guarded {
    pub key: Key,
    pub field: &'static str,
    pub seen: Value,
    pub wanted: Value,
}

/// One named change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mutation {
    CreateDraft(CreateDraft),
    RenameDraft(RenameDraft),
    BinDraft(BinDraft),
    RestoreDraft(RestoreDraft),
    DeleteDraft(DeleteDraft),
    AppendDoc(AppendDoc),
    AddAttachment(AddAttachment),
    RemoveAttachment(RemoveAttachment),
    DescribeDraft(DescribeDraft),
    ArchiveDraft(ArchiveDraft),
    UnarchiveDraft(UnarchiveDraft),
    PublishPost(PublishPost),
    WithdrawPost(WithdrawPost),
    KeepVersion(KeepVersion),
    RenameVersion(RenameVersion),
    DropVersion(DropVersion),
    RequestReview(RequestReview),
    WithdrawReview(WithdrawReview),
    CheckItem(CheckItem),
    DecideReview(DecideReview),
    WriteComment(WriteComment),
    EditComment(EditComment),
    DropComment(DropComment),
    ResolveComment(ResolveComment),
    CreateSection(CreateSection),
    RenameSection(RenameSection),
    MoveSection(MoveSection),
    DeleteSection(DeleteSection),
    AddLesson(AddLesson),
    MoveLesson(MoveLesson),
    RemoveLesson(RemoveLesson),
    DescribeLesson(DescribeLesson),
    ChangeSynonyms(ChangeSynonyms),
    MoveTag(MoveTag),
}

/// Why a named mutation could not be read.
#[derive(Debug, Error)]
pub enum ParseError {
    #[error("there is no mutation `{name}@{version}`")]
    Unknown { name: String, version: u32 },
    #[error("the arguments of `{name}` do not fit: {source}")]
    Arguments {
        name: String,
        source: serde_json::Error,
    },
}

impl Mutation {
    /// Reads a mutation from its name, version and arguments; old versions are brought up to date.
    ///
    /// # Errors
    /// [`ParseError`] for an unknown name or version, or arguments that do not fit.
    pub fn parse(name: &str, version: u32, args: &Value) -> Result<Self, ParseError> {
        match (name, version) {
            ("draft.create", 1) => read(name, args).map(Self::CreateDraft),
            ("draft.rename", 1) => read(name, args).map(RenameDraft::of_version_1),
            ("draft.rename", 2) => read(name, args).and_then(RenameDraft::of_version_2),
            ("draft.bin", 1) => read(name, args).map(Self::BinDraft),
            ("draft.restore", 1) => read(name, args).map(Self::RestoreDraft),
            ("draft.delete", 1) => read(name, args).and_then(DeleteDraft::of_version_1),
            ("doc.append", 1) => read(name, args).map(Self::AppendDoc),
            ("attachment.add", 1) => read(name, args).map(Self::AddAttachment),
            ("attachment.remove", 1) => read(name, args).map(Self::RemoveAttachment),
            ("draft.describe", 1) => read(name, args).map(Self::DescribeDraft),
            ("draft.archive", 1) => read(name, args).map(Self::ArchiveDraft),
            ("draft.unarchive", 1) => read(name, args).map(Self::UnarchiveDraft),
            ("post.publish", 1) => read(name, args).map(Self::PublishPost),
            ("post.withdraw", 1) => read(name, args).map(Self::WithdrawPost),
            ("version.keep", 1) => read(name, args).map(Self::KeepVersion),
            ("version.rename", 1) => read(name, args).map(Self::RenameVersion),
            ("version.drop", 1) => read(name, args).map(Self::DropVersion),
            ("review.request", 1) => read(name, args).map(Self::RequestReview),
            ("review.withdraw", 1) => read(name, args).map(Self::WithdrawReview),
            ("review.check", 1) => read(name, args).map(Self::CheckItem),
            ("review.decide", 1) => read(name, args).map(Self::DecideReview),
            ("review.comment", 1) => read(name, args).map(Self::WriteComment),
            ("review.comment_edit", 1) => read(name, args).map(Self::EditComment),
            ("review.comment_drop", 1) => read(name, args).map(Self::DropComment),
            ("review.resolve", 1) => read(name, args).map(Self::ResolveComment),
            ("section.create", 1) => read(name, args).map(Self::CreateSection),
            ("section.rename", 1) => read(name, args).map(Self::RenameSection),
            ("section.move", 1) => read(name, args).map(Self::MoveSection),
            ("section.delete", 1) => read(name, args).map(Self::DeleteSection),
            ("lesson.add", 1) => read(name, args).map(Self::AddLesson),
            ("lesson.move", 1) => read(name, args).map(Self::MoveLesson),
            ("lesson.remove", 1) => read(name, args).map(Self::RemoveLesson),
            ("lesson.describe", 1) => read(name, args).map(Self::DescribeLesson),
            ("tag.synonyms", 1) => read(name, args).map(Self::ChangeSynonyms),
            ("tag.move", 1) => read(name, args).map(Self::MoveTag),
            _ => Err(ParseError::Unknown {
                name: name.chars().take(64).collect(),
                version,
            }),
        }
    }

    /// The name that travels, for ever.
    pub fn name(&self) -> &'static str {
        match self {
            Self::CreateDraft(_) => "draft.create",
            Self::RenameDraft(_) => "draft.rename",
            Self::BinDraft(_) => "draft.bin",
            Self::RestoreDraft(_) => "draft.restore",
            Self::DeleteDraft(_) => "draft.delete",
            Self::AppendDoc(_) => "doc.append",
            Self::AddAttachment(_) => "attachment.add",
            Self::RemoveAttachment(_) => "attachment.remove",
            Self::DescribeDraft(_) => "draft.describe",
            Self::ArchiveDraft(_) => "draft.archive",
            Self::UnarchiveDraft(_) => "draft.unarchive",
            Self::PublishPost(_) => "post.publish",
            Self::WithdrawPost(_) => "post.withdraw",
            Self::KeepVersion(_) => "version.keep",
            Self::RenameVersion(_) => "version.rename",
            Self::DropVersion(_) => "version.drop",
            Self::RequestReview(_) => "review.request",
            Self::WithdrawReview(_) => "review.withdraw",
            Self::CheckItem(_) => "review.check",
            Self::DecideReview(_) => "review.decide",
            Self::WriteComment(_) => "review.comment",
            Self::EditComment(_) => "review.comment_edit",
            Self::DropComment(_) => "review.comment_drop",
            Self::ResolveComment(_) => "review.resolve",
            Self::CreateSection(_) => "section.create",
            Self::RenameSection(_) => "section.rename",
            Self::MoveSection(_) => "section.move",
            Self::DeleteSection(_) => "section.delete",
            Self::AddLesson(_) => "lesson.add",
            Self::MoveLesson(_) => "lesson.move",
            Self::RemoveLesson(_) => "lesson.remove",
            Self::DescribeLesson(_) => "lesson.describe",
            Self::ChangeSynonyms(_) => "tag.synonyms",
            Self::MoveTag(_) => "tag.move",
        }
    }

    /// The version that fits what it carries.
    pub fn version(&self) -> u32 {
        match self {
            Self::RenameDraft(RenameDraft { was: Some(_), .. }) => 2,
            _ => 1,
        }
    }

    /// The arguments that travel.
    pub fn args(&self) -> Value {
        let value = match self {
            Self::CreateDraft(args) => serde_json::to_value(args),
            Self::RenameDraft(args) => serde_json::to_value(args),
            Self::BinDraft(args) => serde_json::to_value(args),
            Self::RestoreDraft(args) => serde_json::to_value(args),
            Self::DeleteDraft(args) => serde_json::to_value(args),
            Self::AppendDoc(args) => serde_json::to_value(args),
            Self::AddAttachment(args) => serde_json::to_value(args),
            Self::RemoveAttachment(args) => serde_json::to_value(args),
            Self::DescribeDraft(args) => serde_json::to_value(args),
            Self::ArchiveDraft(args) => serde_json::to_value(args),
            Self::UnarchiveDraft(args) => serde_json::to_value(args),
            Self::PublishPost(args) => serde_json::to_value(args),
            Self::WithdrawPost(args) => serde_json::to_value(args),
            Self::KeepVersion(args) => serde_json::to_value(args),
            Self::RenameVersion(args) => serde_json::to_value(args),
            Self::DropVersion(args) => serde_json::to_value(args),
            Self::RequestReview(args) => serde_json::to_value(args),
            Self::WithdrawReview(args) => serde_json::to_value(args),
            Self::CheckItem(args) => serde_json::to_value(args),
            Self::DecideReview(args) => serde_json::to_value(args),
            Self::WriteComment(args) => serde_json::to_value(args),
            Self::EditComment(args) => serde_json::to_value(args),
            Self::DropComment(args) => serde_json::to_value(args),
            Self::ResolveComment(args) => serde_json::to_value(args),
            Self::CreateSection(args) => serde_json::to_value(args),
            Self::RenameSection(args) => serde_json::to_value(args),
            Self::MoveSection(args) => serde_json::to_value(args),
            Self::DeleteSection(args) => serde_json::to_value(args),
            Self::AddLesson(args) => serde_json::to_value(args),
            Self::MoveLesson(args) => serde_json::to_value(args),
            Self::RemoveLesson(args) => serde_json::to_value(args),
            Self::DescribeLesson(args) => serde_json::to_value(args),
            Self::ChangeSynonyms(args) => serde_json::to_value(args),
            Self::MoveTag(args) => serde_json::to_value(args),
        };
        value.expect("arguments are structs of plain values")
    }

    /// The rows it reads or writes. The host loads those that exist.
    pub fn touches(&self) -> Vec<Key> {
        match self {
            Self::CreateDraft(args) => vec![Key::draft(args.id)],
            Self::RenameDraft(args) => vec![Key::draft(args.id)],
            Self::BinDraft(args) => vec![Key::draft(args.id)],
            Self::RestoreDraft(args) => vec![Key::draft(args.id)],
            Self::DeleteDraft(args) => vec![Key::draft(args.id)],
            Self::AppendDoc(args) => vec![Key::draft(args.doc), Key::doc_update(args.id)],
            Self::AddAttachment(args) => vec![Key::draft(args.draft), Key::attachment(args.id)],
            Self::RemoveAttachment(args) => vec![Key::draft(args.draft), Key::attachment(args.id)],
            Self::DescribeDraft(args) => vec![Key::draft(args.id)],
            Self::ArchiveDraft(args) => vec![Key::draft(args.id)],
            Self::UnarchiveDraft(args) => vec![Key::draft(args.id)],
            Self::PublishPost(args) => vec![Key::draft(args.id)],
            Self::WithdrawPost(args) => vec![Key::draft(args.id)],
            Self::KeepVersion(args) => vec![Key::draft(args.draft)],
            Self::RenameVersion(args) => vec![Key::draft(args.draft)],
            Self::DropVersion(args) => vec![Key::draft(args.draft)],
            Self::RequestReview(args) => vec![Key::draft(args.draft), Key::person(args.reviewer)],
            Self::WithdrawReview(args) => vec![Key::draft(args.draft)],
            Self::CheckItem(args) => vec![Key::draft(args.draft)],
            Self::DecideReview(args) => vec![Key::draft(args.draft)],
            Self::WriteComment(args) => vec![Key::draft(args.draft)],
            Self::EditComment(args) => vec![Key::draft(args.draft)],
            Self::DropComment(args) => vec![Key::draft(args.draft)],
            Self::ResolveComment(args) => vec![Key::draft(args.draft)],
            Self::CreateSection(args) => vec![Key::draft(args.course)],
            Self::RenameSection(args) => vec![Key::draft(args.course)],
            Self::MoveSection(args) => vec![Key::draft(args.course)],
            Self::DeleteSection(args) => vec![Key::draft(args.course)],
            Self::AddLesson(args) => [args.draft, args.course]
                .into_iter()
                .chain(args.was_in)
                .map(Key::draft)
                .collect(),
            Self::MoveLesson(args) => vec![Key::draft(args.draft), Key::draft(args.course)],
            Self::RemoveLesson(args) => vec![Key::draft(args.draft), Key::draft(args.course)],
            Self::DescribeLesson(args) => vec![Key::draft(args.draft), Key::draft(args.course)],
            Self::ChangeSynonyms(args) => vec![Key::tag(args.tag.id())],
            Self::MoveTag(args) if args.is_spelling() => vec![Key::tag(args.from.id())],
            Self::MoveTag(args) => vec![Key::tag(args.from.id()), Key::tag(args.into.id())],
        }
    }

    /// Whether it looks at the whole book of tags. The host loads every entry then that stands for
    /// something, beside the rows it touches.
    pub fn reads_tags(&self) -> bool {
        matches!(self, Self::ChangeSynonyms(_) | Self::MoveTag(_))
    }

    /// The draft of which it says all that was seen. The host says then what belongs to that one.
    pub fn weighs(&self) -> Option<DraftId> {
        match self {
            Self::DeleteDraft(args) => Some(args.id),
            Self::PublishPost(args) => Some(args.id),
            _ => None,
        }
    }

    /// The course of which the host says how many lessons it has.
    pub fn fills(&self) -> Option<DraftId> {
        match self {
            Self::AddLesson(args) => Some(args.course),
            _ => None,
        }
    }

    /// The contents that must be on the server before it is sent.
    pub fn needs(&self) -> Vec<BlobHash> {
        match self {
            Self::AddAttachment(args) => vec![args.b3],
            _ => Vec::new(),
        }
    }

    /// Its conflict class.
    pub fn class(&self) -> Class {
        match self {
            Self::CreateDraft(_)
            | Self::AddAttachment(_)
            | Self::KeepVersion(_)
            | Self::WriteComment(_) => Class::Append,
            Self::RenameDraft(RenameDraft { was: Some(_), .. }) => Class::Fields {
                guarded: &["title"],
            },
            // Nobody chooses between its values: where they differ, the draft stays.
            Self::DeleteDraft(_) => Class::Fields {
                guarded: &["title", "binned_at"],
            },
            Self::RenameDraft(_)
            | Self::BinDraft(_)
            | Self::RestoreDraft(_)
            | Self::RemoveAttachment(_)
            | Self::DescribeDraft(_)
            | Self::ArchiveDraft(_)
            | Self::UnarchiveDraft(_)
            | Self::RenameVersion(_)
            | Self::DropVersion(_)
            | Self::CheckItem(_)
            | Self::EditComment(_)
            | Self::DropComment(_)
            | Self::ResolveComment(_)
            | Self::RenameSection(_)
            | Self::DeleteSection(_)
            | Self::RemoveLesson(_)
            | Self::DescribeLesson(_)
            | Self::ChangeSynonyms(_)
            | Self::MoveTag(_) => Class::Fields { guarded: &[] },
            Self::PublishPost(_)
            | Self::WithdrawPost(_)
            | Self::RequestReview(_)
            | Self::WithdrawReview(_)
            | Self::DecideReview(_) => Class::State,
            Self::AppendDoc(_) => Class::Text,
            Self::CreateSection(_)
            | Self::MoveSection(_)
            | Self::AddLesson(_)
            | Self::MoveLesson(_) => Class::Order,
        }
    }

    /// The guarded fields it changes.
    pub fn guarded(&self) -> Vec<Guarded> {
        match self {
            Self::RenameDraft(RenameDraft {
                id,
                title,
                was: Some(was),
            }) => vec![Guarded {
                key: Key::draft(*id),
                field: "title",
                seen: Value::from(was.as_str()),
                wanted: Value::from(title.as_str()),
            }],
            _ => Vec::new(),
        }
    }

    /// The same change as the device that made it shows it over whatever came meanwhile: whether
    /// a guarded field has met another change is for the server to say.
    #[must_use]
    pub fn unguarded(self) -> Self {
        match self {
            Self::RenameDraft(rename) => Self::RenameDraft(RenameDraft {
                was: None,
                ..rename
            }),
            Self::DeleteDraft(delete) => Self::DeleteDraft(DeleteDraft {
                seen: None,
                ..delete
            }),
            Self::PublishPost(publish) => Self::PublishPost(PublishPost {
                is_guarded: false,
                ..publish
            }),
            Self::DecideReview(decide) => Self::DecideReview(DecideReview {
                is_guarded: false,
                ..decide
            }),
            other => other,
        }
    }

    pub(crate) fn apply(&self, rows: &mut Rows, ctx: &Context) -> Result<(), Reject> {
        match self {
            Self::CreateDraft(args) => args.apply(rows, ctx),
            Self::RenameDraft(args) => args.apply(rows, ctx),
            Self::BinDraft(args) => args.apply(rows, ctx),
            Self::RestoreDraft(args) => args.apply(rows, ctx),
            Self::DeleteDraft(args) => args.apply(rows, ctx),
            Self::AppendDoc(args) => args.apply(rows, ctx),
            Self::AddAttachment(args) => args.apply(rows, ctx),
            Self::RemoveAttachment(args) => args.apply(rows, ctx),
            Self::DescribeDraft(args) => args.apply(rows, ctx),
            Self::ArchiveDraft(args) => args.apply(rows, ctx),
            Self::UnarchiveDraft(args) => args.apply(rows, ctx),
            Self::PublishPost(args) => args.apply(rows, ctx),
            Self::WithdrawPost(args) => args.apply(rows, ctx),
            Self::KeepVersion(args) => args.apply(rows, ctx),
            Self::RenameVersion(args) => args.apply(rows, ctx),
            Self::DropVersion(args) => args.apply(rows, ctx),
            Self::RequestReview(args) => args.apply(rows, ctx),
            Self::WithdrawReview(args) => args.apply(rows, ctx),
            Self::CheckItem(args) => args.apply(rows, ctx),
            Self::DecideReview(args) => args.apply(rows, ctx),
            Self::WriteComment(args) => args.apply(rows, ctx),
            Self::EditComment(args) => args.apply(rows, ctx),
            Self::DropComment(args) => args.apply(rows, ctx),
            Self::ResolveComment(args) => args.apply(rows, ctx),
            Self::CreateSection(args) => args.apply(rows, ctx),
            Self::RenameSection(args) => args.apply(rows, ctx),
            Self::MoveSection(args) => args.apply(rows, ctx),
            Self::DeleteSection(args) => args.apply(rows, ctx),
            Self::AddLesson(args) => args.apply(rows, ctx),
            Self::MoveLesson(args) => args.apply(rows, ctx),
            Self::RemoveLesson(args) => args.apply(rows, ctx),
            Self::DescribeLesson(args) => args.apply(rows, ctx),
            Self::ChangeSynonyms(args) => args.apply(rows, ctx),
            Self::MoveTag(args) => args.apply(rows, ctx),
        }
    }
}

fn read<T: DeserializeOwned>(name: &str, args: &Value) -> Result<T, ParseError> {
    T::deserialize(args).map_err(|source| ParseError::Arguments {
        name: name.to_owned(),
        source,
    })
}
