//! Reading the mutations of a push, before any of them is run.

use stoa_domain::Timestamp;
use stoa_mutators::{
    BaseVersion, Key, MAX_MUTATION_BYTES, Mutation, ParseError, Reject, RejectCode, Table,
};
use stoa_protocol::PUSH_MAX_MUTATIONS;
use stoa_protocol::error::{ApiError, ApiErrorCode};
use stoa_protocol::sync::{BaseRow, PushedMutation};
use uuid::Uuid;

use crate::refusal::Refusal;

/// What a device puts in the place of a mutation that made the server fail again and again.
const PARK: &str = "sys.park";

/// A mutation as it arrived, understood.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Incoming {
    pub(crate) mid: i64,
    pub(crate) name: String,
    pub(crate) version: u32,
    pub(crate) act: Act,
    pub(crate) base: Vec<BaseVersion>,
    pub(crate) made_at: Timestamp,
    /// BLAKE3 of name, version and arguments.
    pub(crate) digest: [u8; 32],
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Act {
    Run(Box<Mutation>),
    Refuse(Reject),
}

impl Incoming {
    /// A mutation that this server made.
    pub(super) fn of(mid: i64, mutation: &Mutation, made_at: Timestamp) -> Self {
        let (name, version) = (mutation.name(), mutation.version());
        Self {
            mid,
            name: name.to_owned(),
            version,
            act: Act::Run(Box::new(mutation.clone())),
            base: Vec::new(),
            made_at,
            digest: digest(name, version, &mutation.args().to_string()),
        }
    }

    /// Whether it only stands in for another mutation.
    pub(crate) fn is_park(&self) -> bool {
        self.name == PARK
    }
}

/// Reads a push.
///
/// A mutation this program does not know is refused for good later; arguments that do not fit
/// refuse the push (422), so that the device can set that one aside.
pub(crate) fn read(mutations: &[PushedMutation]) -> Result<Vec<Incoming>, Refusal> {
    if mutations.len() > PUSH_MAX_MUTATIONS {
        let message = format!("more than {PUSH_MAX_MUTATIONS} mutations in one push");
        return Err(Refusal::new(ApiErrorCode::TooLarge, message));
    }
    mutations
        .iter()
        .enumerate()
        .map(|(index, mutation)| {
            read_one(mutation).map_err(|(code, message)| at_index(code, message, index))
        })
        .collect()
}

fn at_index(code: ApiErrorCode, message: String, index: usize) -> Refusal {
    let mut error = ApiError::new(code, message);
    error.index = Some(index);
    error.into()
}

fn read_one(pushed: &PushedMutation) -> Result<Incoming, (ApiErrorCode, String)> {
    let args = pushed.args.to_string();
    let size = args.len() + pushed.name.len() + pushed.base.len() * 80;
    if size > MAX_MUTATION_BYTES {
        let message = format!("{size} bytes, more than {MAX_MUTATION_BYTES}");
        return Err((ApiErrorCode::TooLarge, message));
    }
    let base = pushed
        .base
        .iter()
        .filter_map(|row| base_version(row).transpose())
        .collect::<Result<_, _>>()
        .map_err(|message| (ApiErrorCode::InvalidMutation, message))?;
    Ok(Incoming {
        mid: pushed.mid,
        name: pushed.name.chars().take(64).collect(),
        version: pushed.version,
        act: act(pushed).map_err(|message| (ApiErrorCode::InvalidMutation, message))?,
        base,
        made_at: pushed.made_at,
        digest: digest(&pushed.name, pushed.version, &args),
    })
}

fn act(pushed: &PushedMutation) -> Result<Act, String> {
    if pushed.name == PARK {
        return Ok(Act::Refuse(Reject::new(RejectCode::Parked)));
    }
    match Mutation::parse(&pushed.name, pushed.version, &pushed.args) {
        Ok(mutation) => Ok(checked(mutation)),
        Err(ParseError::Unknown { .. }) => Ok(Act::Refuse(Reject::new(RejectCode::Unknown))),
        Err(error @ ParseError::Arguments { .. }) => Err(error.to_string()),
    }
}

/// The checks that need a hash function: an update must be the bytes it says it is.
fn checked(mutation: Mutation) -> Act {
    if let Mutation::AppendDoc(append) = &mutation {
        match append.decoded() {
            Err(reject) => return Act::Refuse(reject),
            Ok(bytes) if blake3::hash(&bytes).to_hex().as_str() != append.b3 => {
                return Act::Refuse(Reject::field(RejectCode::Invalid, "b3"));
            }
            Ok(_) => {}
        }
    }
    Act::Run(Box::new(mutation))
}

/// A row of a table this program does not know is not looked at.
fn base_version(row: &BaseRow) -> Result<Option<BaseVersion>, String> {
    let Some(table) = Table::parse(&row.table) else {
        return Ok(None);
    };
    let id = Uuid::parse_str(&row.pk).map_err(|_| format!("`{}` is not an id", row.pk))?;
    Ok(Some(BaseVersion {
        key: Key {
            table,
            id: id.into_bytes(),
        },
        version: row.version,
    }))
}

fn digest(name: &str, version: u32, args: &str) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(name.as_bytes());
    hasher.update(&[0]);
    hasher.update(&version.to_le_bytes());
    hasher.update(args.as_bytes());
    *hasher.finalize().as_bytes()
}
