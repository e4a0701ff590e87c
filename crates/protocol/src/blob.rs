//! The contents of attachments, in parts.
//!
//! | Request | Body → answer |
//! |---|---|
//! | `POST /v1/blobs/{community}` | [`OfferBlob`] → [`MissingParts`] |
//! | `PUT /v1/blobs/{community}/{b3}/parts/{n}` | the bytes of the part → 204 |
//! | `POST /v1/blobs/{community}/{b3}/complete` | – → [`MissingParts`] |
//! | `GET /v1/blobs/{community}/{b3}/parts` | – → [`BlobParts`] |
//! | `GET /v1/blobs/{community}/{b3}` | – → bytes; `Range` |
//! | `POST /v1/blobs/{community}/missing` | [`WhichBlobs`] → [`MissingBlobs`] |

use serde::{Deserialize, Serialize};
use stoa_domain::BlobHash;
pub use stoa_domain::{PART_BYTES, n_parts, part_size, root_input};

/// How many parts of one file travel at once, at most.
pub const PARALLEL_PARTS: usize = 4;
/// The most files asked about in one [`WhichBlobs`].
pub const MAX_ASKED: usize = 500;

/// "This file I will send." Asked again after an interruption, it says what is still missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfferBlob {
    /// The root over size and parts, see [`root_input`].
    pub b3: BlobHash,
    /// Bytes, at least 1.
    pub size: u64,
    /// BLAKE3 of each part, in order.
    pub parts: Vec<BlobHash>,
}

/// The parts that the server does not have, by their place from 0. Empty: it has the whole file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MissingParts {
    pub missing: Vec<u32>,
}

/// What a whole file consists of, so that each part can be checked as it arrives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BlobParts {
    pub size: u64,
    pub parts: Vec<BlobHash>,
}

/// "Do you have these, whole?" At most [`MAX_ASKED`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WhichBlobs {
    pub blobs: Vec<BlobHash>,
    /// Whether the server looks in its object store too, and not only into its database: asked by
    /// a device that is about to take its own copy away.
    #[serde(default)]
    pub look: bool,
}

/// Those the server does not have whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MissingBlobs {
    pub missing: Vec<BlobHash>,
}
