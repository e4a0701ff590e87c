//! Why a request was not done, on its way to becoming an answer.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use stoa_protocol::error::{ApiError, ApiErrorCode};

use crate::db::DbError;

/// Everything that ends a request before its answer.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// Said to the client as it is.
    Said(Box<ApiError>),
    /// Logged; the client only learns whether to try again.
    Database(DbError),
}

impl Refusal {
    pub(crate) fn new(code: ApiErrorCode, message: impl Into<String>) -> Self {
        ApiError::new(code, message).into()
    }

    /// A field of a request breaks a rule.
    pub(crate) fn field(field: &str, message: impl Into<String>) -> Self {
        let mut error = ApiError::new(ApiErrorCode::InvalidInput, message);
        error.field = Some(field.to_owned());
        error.into()
    }

    /// The same, where a request has another name for the field to blame.
    pub(crate) fn renamed(mut self, from: &str, to: &str) -> Self {
        if let Self::Said(error) = &mut self
            && error.field.as_deref() == Some(from)
        {
            error.field = Some(to.to_owned());
        }
        self
    }

    /// Too much at once; worth trying again after `seconds`.
    pub(crate) fn slow_down(seconds: u64) -> Self {
        let mut error = ApiError::new(ApiErrorCode::SlowDown, "too many requests");
        error.retry_after = Some(seconds);
        error.into()
    }
}

impl From<ApiError> for Refusal {
    fn from(error: ApiError) -> Self {
        Self::Said(Box::new(error))
    }
}

impl From<DbError> for Refusal {
    fn from(error: DbError) -> Self {
        Self::Database(error)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let error = match self {
            Self::Said(error) => *error,
            Self::Database(error) => said_of(&error),
        };
        let status =
            StatusCode::from_u16(error.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after = error.retry_after;
        let mut response = (status, Json(error)).into_response();
        if let Some(seconds) = retry_after {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

fn said_of(error: &DbError) -> ApiError {
    tracing::error!(error = %error, "the database refused a request");
    if error.is_passing() {
        let mut said = ApiError::new(ApiErrorCode::Unavailable, "the database is not available");
        said.retry_after = Some(5);
        said
    } else {
        ApiError::new(ApiErrorCode::Internal, "the server could not do it")
    }
}
