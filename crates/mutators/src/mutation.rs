//! The list of mutations: their names, versions and conflict classes.

use serde::de::DeserializeOwned;
use serde_json::Value;
use thiserror::Error;

use crate::{
    AppendDoc, BinDraft, Context, CreateDraft, Key, Reject, RenameDraft, RestoreDraft, Rows,
};

/// The largest mutation as JSON, in bytes. Checked before it is queued and when it arrives.
pub const MAX_MUTATION_BYTES: usize = 256 * 1024;

/// How two changes to the same thing are brought together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// A: inserted once, never changed.
    Append,
    /// B: field by field. In `guarded` fields two changes conflict; in all others the later
    /// arrival wins and the other value is kept in the field history.
    Fields { guarded: &'static [&'static str] },
    /// E: a text that merges.
    Text,
}

/// One named change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mutation {
    CreateDraft(CreateDraft),
    RenameDraft(RenameDraft),
    BinDraft(BinDraft),
    RestoreDraft(RestoreDraft),
    AppendDoc(AppendDoc),
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
            ("draft.rename", 1) => read(name, args).map(Self::RenameDraft),
            ("draft.bin", 1) => read(name, args).map(Self::BinDraft),
            ("draft.restore", 1) => read(name, args).map(Self::RestoreDraft),
            ("doc.append", 1) => read(name, args).map(Self::AppendDoc),
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
            Self::AppendDoc(_) => "doc.append",
        }
    }

    /// The version that this program writes.
    pub fn version(&self) -> u32 {
        1
    }

    /// The arguments that travel.
    pub fn args(&self) -> Value {
        let value = match self {
            Self::CreateDraft(args) => serde_json::to_value(args),
            Self::RenameDraft(args) => serde_json::to_value(args),
            Self::BinDraft(args) => serde_json::to_value(args),
            Self::RestoreDraft(args) => serde_json::to_value(args),
            Self::AppendDoc(args) => serde_json::to_value(args),
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
            Self::AppendDoc(args) => vec![Key::draft(args.doc), Key::doc_update(args.id)],
        }
    }

    /// Its conflict class.
    pub fn class(&self) -> Class {
        match self {
            Self::CreateDraft(_) => Class::Append,
            Self::RenameDraft(_) | Self::BinDraft(_) | Self::RestoreDraft(_) => {
                Class::Fields { guarded: &[] }
            }
            Self::AppendDoc(_) => Class::Text,
        }
    }

    pub(crate) fn apply(&self, rows: &mut Rows, ctx: &Context) -> Result<(), Reject> {
        match self {
            Self::CreateDraft(args) => args.apply(rows, ctx),
            Self::RenameDraft(args) => args.apply(rows, ctx),
            Self::BinDraft(args) => args.apply(rows, ctx),
            Self::RestoreDraft(args) => args.apply(rows, ctx),
            Self::AppendDoc(args) => args.apply(rows, ctx),
        }
    }
}

fn read<T: DeserializeOwned>(name: &str, args: &Value) -> Result<T, ParseError> {
    T::deserialize(args).map_err(|source| ParseError::Arguments {
        name: name.to_owned(),
        source,
    })
}
