//! What a server says when it cannot do what was asked.

use serde::{Deserialize, Serialize};

use crate::device::WipeOrder;

/// The body of every answer outside 2xx. The HTTP status belongs to the code, see each variant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApiError {
    pub code: ApiErrorCode,
    /// For the log and for developers; never shown to users.
    pub message: String,
    /// The field to blame, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// `out_of_order`: the mid that must come next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<i64>,
    /// `invalid_mutation`: the index within the push.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<usize>,
    /// `epoch_changed`: the server's epoch now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<String>,
    /// `client_too_old`: the lowest schema that may pull.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_schema: Option<u32>,
    /// `slow_down`, `unavailable`: seconds to wait, the same as the Retry-After header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
    /// `wipe_ordered`: the order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wipe: Option<WipeOrder>,
}

impl ApiError {
    /// An error without details.
    pub fn new(code: ApiErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            field: None,
            expected: None,
            index: None,
            epoch: None,
            min_schema: None,
            retry_after: None,
            wipe: None,
        }
    }
}

/// What went wrong, named for what the client does about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ApiErrorCode {
    /// 400: the envelope cannot be read.
    Malformed,
    /// 401: the access token is missing, expired or unknown. Refresh it.
    SignInAgain,
    /// 401 on sign-in: e-mail or password do not match.
    WrongPassword,
    /// 403: the device was revoked. Stop, keep the outbox, offer export.
    DeviceRevoked,
    /// 401: the device is to be wiped, as `wipe` says. An order that does not prove itself counts
    /// as `device_revoked`.
    WipeOrdered,
    /// 403: not with this role.
    NotAllowed,
    /// 404.
    NotFound,
    /// 409: a mid that does not follow the last one.
    OutOfOrder,
    /// 409: the server was restored or reset.
    EpochChanged,
    /// 409: the name, address or e-mail is taken.
    AlreadyExists,
    /// 410: the cursor lies below the tombstone horizon. Start the bucket anew.
    CursorExpired,
    /// 413: too many bytes or mutations.
    TooLarge,
    /// 422: readable, but wrong for the schema.
    InvalidMutation,
    /// 422: a field of a request breaks a rule.
    InvalidInput,
    /// 426: too old to pull; may still push.
    ClientTooOld,
    /// 416: no byte of the file lies in the range asked for.
    NoSuchRange,
    /// 429: too many requests.
    SlowDown,
    /// 500.
    Internal,
    /// 503: starting, stopping or overloaded.
    Unavailable,
    /// 507: no room for this file; `field` says whether of the `disk` or of the community's
    /// `quota`.
    NoRoom,
}

impl ApiErrorCode {
    /// The HTTP status that goes with the code.
    pub fn status(self) -> u16 {
        match self {
            Self::Malformed => 400,
            Self::SignInAgain | Self::WrongPassword | Self::WipeOrdered => 401,
            Self::DeviceRevoked | Self::NotAllowed => 403,
            Self::NotFound => 404,
            Self::OutOfOrder | Self::EpochChanged | Self::AlreadyExists => 409,
            Self::CursorExpired => 410,
            Self::TooLarge => 413,
            Self::NoSuchRange => 416,
            Self::InvalidMutation | Self::InvalidInput => 422,
            Self::ClientTooOld => 426,
            Self::SlowDown => 429,
            Self::Internal => 500,
            Self::Unavailable => 503,
            Self::NoRoom => 507,
        }
    }
}
