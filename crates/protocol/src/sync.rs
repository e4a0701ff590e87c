//! Push, pull and pokes.
//!
//! | Request | Body → answer |
//! |---|---|
//! | `GET /v1/sync/hello` | – → [`Hello`] |
//! | `POST /v1/sync/{community}/push` | [`Push`] → [`PushAnswer`] |
//! | `POST /v1/sync/{community}/pull` | [`Pull`] → NDJSON of [`PullLine`] |
//! | `GET /v1/sync/{community}/snapshots/{bucket}` | – → [`SnapshotManifest`] |
//! | `GET /v1/sync/{community}/snapshots/{bucket}/{id}/{part}` | – → a part of it |
//! | `POST /v1/sync/{community}/results/ack` | [`AckResults`] → 204 |
//! | `POST /v1/sync/{community}/live-ticket` | – → [`LiveTicket`] |
//! | `GET /v1/sync/{community}/live?ticket=…` | WebSocket of [`Poke`] |

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use stoa_domain::{CommunityId, Role, Timestamp};

use crate::error::ApiErrorCode;

/// What the server is and what it takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Hello {
    /// Never changes for one server database.
    pub server_id: String,
    /// Minted when the database is created or restored.
    pub epoch: String,
    pub proto: Range,
    pub schema: Range,
    pub communities: Vec<CommunityHead>,
    pub limits: Limits,
    pub server_time: Timestamp,
    /// The Ed25519 key under which this server orders devices to be wiped, 64 lower-case hex
    /// digits. A device keeps the first one it is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_key: Option<String>,
}

/// The versions a server takes, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Range {
    pub min: u32,
    pub max: u32,
}

/// One community as the asking account sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CommunityHead {
    pub id: CommunityId,
    pub name: String,
    pub role: Role,
    /// The sequence number of the last change.
    pub head: i64,
    /// The IANA name of the time zone in which the community tells time; absent from a server of
    /// before, or where it is not one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
    /// While much is to be taken away on purpose: what the heads of pulls name then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reset_token: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Limits {
    pub push_max_mutations: usize,
    /// Bytes of a push body before compression.
    pub push_max_bytes: usize,
    /// Bytes of one mutation as JSON.
    pub mutation_max_bytes: usize,
}

/// Mutations of one device, in order, without a gap.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Push {
    pub epoch: String,
    pub mutations: Vec<PushedMutation>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PushedMutation {
    /// 1, 2, 3 … for each device and community.
    pub mid: i64,
    pub name: String,
    #[serde(rename = "ver")]
    pub version: u32,
    pub args: Value,
    /// The row versions this change was made on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub base: Vec<BaseRow>,
    pub made_at: Timestamp,
}

/// The version of one row that the device had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BaseRow {
    #[serde(rename = "t")]
    pub table: String,
    /// The row's id as a hyphenated UUID.
    pub pk: String,
    #[serde(rename = "v")]
    pub version: i64,
}

/// One result for each mutation that was looked at, in order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PushAnswer {
    /// The last mid of this device that has a result.
    pub lmid: i64,
    pub head: i64,
    pub results: Vec<MutationResult>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MutationResult {
    pub mid: i64,
    #[serde(flatten)]
    pub outcome: MutationOutcome,
}

/// What became of a mutation. All but `deferred` are final.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum MutationOutcome {
    /// Done, with the sequence number of its changes.
    Applied { seq: i64 },
    /// Done, and a value of another device was overridden; it is kept in the field history.
    Merged { seq: i64, note: MergeNote },
    /// It had been done before. One that had been rejected is answered as rejected again; `seq` is
    /// absent only when a stand-in comes for it.
    Duplicate { seq: Option<i64> },
    /// Refused for good; the number is used up all the same.
    Rejected {
        /// The name of a reject code of the mutators.
        code: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        field: Option<String>,
    },
    /// Not looked at; the batch ends here. Seconds to wait.
    Deferred { retry_after: u64 },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MergeNote {
    /// Both sides changed the same field; this one arrived later.
    Overrode,
}

/// Everything after the cursors given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Pull {
    pub epoch: String,
    pub buckets: Vec<BucketCursor>,
    /// The most rows of one answer; there may be more behind it.
    pub limit: usize,
    /// Whether the device takes a large bucket that it does not have yet as a snapshot.
    #[serde(default)]
    pub snapshots: bool,
}

/// Where a device stands in one bucket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BucketCursor {
    #[serde(rename = "b")]
    pub bucket: String,
    /// The sequence number up to which the device has everything; 0 for nothing.
    pub cursor: i64,
    /// Where the head was when the device began with this bucket: what was deleted up to then it
    /// never got. In an answer always 0.
    #[serde(default)]
    pub began: i64,
}

/// One line of a pull. The client stages lines and applies them together, only after `ok`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum PullLine {
    /// First line.
    #[serde(rename = "h")]
    Head(PullHead),
    /// A row: table, id, version, sequence number, columns.
    #[serde(rename = "p")]
    Put(
        String,
        String,
        i64,
        i64,
        #[cfg_attr(feature = "openapi", schema(value_type = Object))] Map<String, Value>,
    ),
    /// Something was deleted for good: table, id, sequence number. With `draft` its files go, and
    /// `doc`, under the draft's id, is all updates to its text.
    #[serde(rename = "d")]
    Delete(String, String, i64),
    /// Where this device's own mutations stand, and results it has not acknowledged.
    #[serde(rename = "r")]
    Results(PullResults),
    /// What a device holds in a bucket when it has applied this pull. Only of complete buckets.
    #[serde(rename = "sum")]
    Sum(BucketSum),
    /// Last line: complete up to this sequence number.
    #[serde(rename = "ok")]
    Ok(i64),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PullHead {
    /// The sequence number of the last change when this was read.
    pub upto: i64,
    pub epoch: String,
    /// The buckets of this role, the most urgent first. A bucket the device holds and that is
    /// not here is taken away.
    pub buckets: Vec<String>,
    /// Up to where each of these buckets is complete with this answer.
    pub cursors: Vec<BucketCursor>,
    /// Which table belongs to which bucket, also tables the device does not know.
    pub tables: BTreeMap<String, String>,
    /// Buckets of which this answer has nothing: they are large and come as snapshots.
    #[serde(default)]
    pub snapshots: Vec<String>,
    /// Whether any bucket is not complete up to `upto`.
    pub more: bool,
    /// The same as in the hello: what this answer takes away is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reset_token: Option<String>,
}

/// A bucket as it was at one moment, in parts that never change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SnapshotManifest {
    /// The name of the snapshot: 32 hex digits.
    pub id: String,
    pub bucket: String,
    pub epoch: String,
    /// The sequence number up to which it is complete.
    pub seq: i64,
    /// Rows, and the bucket's checksum over them as in [`BucketSum`].
    pub n: i64,
    pub x: String,
    /// The tables whose rows it holds.
    pub tables: Vec<String>,
    pub parts: Vec<SnapshotPart>,
}

/// One part: a zstd frame of NDJSON, each line a [`PullLine::Put`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SnapshotPart {
    /// Bytes as they travel, at most [`crate::SNAPSHOT_PART_BYTES`].
    pub size: u64,
    /// Bytes of its lines.
    pub raw: u64,
    pub rows: u64,
    /// BLAKE3 of the bytes as they travel, 64 lower-case hex digits.
    pub b3: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PullResults {
    pub lmid: i64,
    pub results: Vec<MutationResult>,
}

/// A bucket's rows: how many, and the sum of [`row_checksum`] modulo 2⁶⁴ as 16 hex digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BucketSum {
    #[serde(rename = "b")]
    pub bucket: String,
    pub n: i64,
    pub x: String,
}

/// The bytes whose BLAKE3 (first eight bytes, little-endian) is a row's share of the checksum.
pub fn row_checksum_input(table: &str, id: &[u8; 16], version: i64) -> Vec<u8> {
    let mut input = Vec::with_capacity(table.len() + 25);
    input.extend_from_slice(table.as_bytes());
    input.push(0);
    input.extend_from_slice(id);
    input.extend_from_slice(&version.to_le_bytes());
    input
}

/// "I have stored the results up to this mid."
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AckResults {
    pub mid: i64,
}

/// Opens one WebSocket within 30 seconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LiveTicket {
    pub ticket: String,
}

/// Something is there to be pulled. Data never comes this way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Poke {
    pub head: i64,
}

/// The parts of an [`crate::error::ApiError`] a client reacts to differ by code; a retry is only
/// for these.
pub fn is_worth_retrying(code: ApiErrorCode) -> bool {
    matches!(
        code,
        ApiErrorCode::SlowDown | ApiErrorCode::Internal | ApiErrorCode::Unavailable
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_line(line: &PullLine, json: &str) {
        assert_eq!(serde_json::to_string(line).ok().as_deref(), Some(json));
        assert_eq!(&serde_json::from_str::<PullLine>(json).unwrap(), line);
    }

    #[test]
    fn pull_lines_keep_their_form() {
        check_line(
            &PullLine::Put("draft".into(), "id".into(), 2, 7, Map::new()),
            r#"{"p":["draft","id",2,7,{}]}"#,
        );
        check_line(&PullLine::Ok(812), r#"{"ok":812}"#);
        check_line(
            &PullLine::Sum(BucketSum {
                bucket: "content".into(),
                n: 1,
                x: "00".into(),
            }),
            r#"{"sum":{"b":"content","n":1,"x":"00"}}"#,
        );
    }

    #[test]
    fn results_keep_their_form() {
        let result = MutationResult {
            mid: 3,
            outcome: MutationOutcome::Rejected {
                code: "not_allowed".into(),
                field: None,
            },
        };
        assert_eq!(
            serde_json::to_string(&result).unwrap(),
            r#"{"mid":3,"status":"rejected","code":"not_allowed"}"#
        );
    }
}
