//! Changes to the text of a draft, as opaque document updates.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use stoa_domain::{DraftId, UpdateId};

use crate::{Context, DocUpdate, Key, Reject, RejectCode, Row, Rows, draft};

/// The largest document update, in bytes before base64: what still fits a mutation.
pub const MAX_UPDATE_BYTES: usize = 180 * 1024;

/// `doc.append@1`: one update to the text of a draft. Class E: updates of all devices merge.
///
/// The check of `b3` against the bytes is the receiver's, where a hash function is at hand; here
/// only size and form are looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppendDoc {
    pub id: UpdateId,
    pub doc: DraftId,
    /// The update in base64 (standard alphabet, padded).
    pub bytes: String,
    /// BLAKE3 of the decoded bytes, 64 lower-case hex digits.
    pub b3: String,
}

impl AppendDoc {
    /// The update itself.
    ///
    /// # Errors
    /// [`RejectCode::Invalid`] with the field, if it is no base64 or too large.
    pub fn decoded(&self) -> Result<Vec<u8>, Reject> {
        let invalid = || Reject::field(RejectCode::Invalid, "bytes");
        let bytes = STANDARD.decode(&self.bytes).map_err(|_| invalid())?;
        if bytes.is_empty() || bytes.len() > MAX_UPDATE_BYTES {
            return Err(invalid());
        }
        Ok(bytes)
    }

    pub(crate) fn apply(&self, rows: &mut Rows, ctx: &Context) -> Result<(), Reject> {
        self.decoded()?;
        if self.b3.len() != 64
            || !self
                .b3
                .bytes()
                .all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
        {
            return Err(Reject::field(RejectCode::Invalid, "b3"));
        }
        if rows.get(Key::doc_update(self.id)).is_some() {
            return Err(Reject::new(RejectCode::AlreadyExists));
        }
        draft::change(rows, ctx, self.doc, |draft, at| {
            draft.edited_at = draft.edited_at.max(at);
        })?;
        rows.put(Row::DocUpdate(DocUpdate {
            id: self.id,
            doc: self.doc,
            bytes: self.bytes.clone(),
            b3: self.b3.clone(),
            author: ctx.user,
            made_at: ctx.shown_at(),
        }));
        Ok(())
    }
}
