//! Which files a draft uses.

use serde::{Deserialize, Serialize};
use stoa_domain::{
    Attachment, AttachmentId, BlobHash, DraftId, FileName, MAX_FILE_BYTES, MAX_IMAGE_BYTES,
    MAX_IMAGE_PIXELS, MediaType,
};

use crate::{Context, Key, Reject, RejectCode, Row, Rows, draft};

/// `attachment.add@1`: a draft uses a file. Class A (insert once).
///
/// That the contents are on the server is not asked here: the sender waits with it until they
/// are, and a row whose contents are missing is healed by sending them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddAttachment {
    pub id: AttachmentId,
    pub draft: DraftId,
    pub b3: BlobHash,
    pub name: FileName,
    pub media_type: MediaType,
    /// Bytes.
    pub size: u64,
    /// Pixels; of images and of nothing else.
    #[serde(default)]
    pub width: Option<u32>,
    #[serde(default)]
    pub height: Option<u32>,
}

/// `attachment.remove@1`: a draft does not use a file any more. Class B, soft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoveAttachment {
    pub id: AttachmentId,
    pub draft: DraftId,
}

impl AddAttachment {
    pub(crate) fn apply(&self, rows: &mut Rows, ctx: &Context) -> Result<(), Reject> {
        self.check()?;
        draft::may_change(rows, ctx, self.draft)?;
        if rows.get(Key::attachment(self.id)).is_some() {
            return Err(Reject::new(RejectCode::AlreadyExists));
        }
        rows.put(Row::Attachment(Attachment {
            id: self.id,
            draft: self.draft,
            b3: self.b3,
            name: self.name.clone(),
            media_type: self.media_type,
            size: self.size,
            width: self.width,
            height: self.height,
            author: ctx.user,
            made_at: ctx.shown_at(),
            removed_at: None,
        }));
        Ok(())
    }

    fn check(&self) -> Result<(), Reject> {
        let is_image = self.media_type.is_image();
        let most = if is_image {
            MAX_IMAGE_BYTES
        } else {
            MAX_FILE_BYTES
        };
        if self.size == 0 || self.size > most {
            return Err(Reject::field(RejectCode::Invalid, "size"));
        }
        let pixels = match (self.width, self.height) {
            (Some(width), Some(height)) => Some(u64::from(width) * u64::from(height)),
            (None, None) => None,
            _ => return Err(Reject::field(RejectCode::Invalid, "width")),
        };
        let fits = match pixels {
            Some(n) => is_image && (1..=MAX_IMAGE_PIXELS).contains(&n),
            None => !is_image,
        };
        if fits {
            Ok(())
        } else {
            Err(Reject::field(RejectCode::Invalid, "width"))
        }
    }
}

impl RemoveAttachment {
    pub(crate) fn apply(&self, rows: &mut Rows, ctx: &Context) -> Result<(), Reject> {
        let Some(Row::Attachment(held)) = rows.get(Key::attachment(self.id)) else {
            return Err(Reject::new(RejectCode::NotFound));
        };
        let mut attachment = held.clone();
        // The draft named is only where to look; the row says whose file it is.
        if attachment.draft != self.draft {
            return Err(Reject::field(RejectCode::Invalid, "draft"));
        }
        draft::may_change(rows, ctx, self.draft)?;
        if attachment.removed_at.is_none() {
            attachment.removed_at = Some(ctx.shown_at());
            rows.put(Row::Attachment(attachment));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use stoa_domain::{Role, Timestamp, Title, UserId};

    use super::*;
    use crate::{CreateDraft, Mutation, Outcome, Stored, run};

    fn ctx(role: Role) -> Context {
        let now = Timestamp::from_millis(5);
        Context {
            user: Some(UserId::from_bytes([9; 16])),
            role,
            now,
            made_at: now,
        }
    }

    fn add() -> AddAttachment {
        AddAttachment {
            id: AttachmentId::from_bytes([2; 16]),
            draft: DraftId::from_bytes([1; 16]),
            b3: BlobHash::from_bytes([3; 32]),
            name: FileName::parse("图.png").unwrap(),
            media_type: MediaType::Png,
            size: 100,
            width: Some(10),
            height: Some(10),
        }
    }

    fn rows_after(
        mutation: &Mutation,
        existing: &[Stored],
        role: Role,
    ) -> Result<Vec<Stored>, Reject> {
        match run(mutation, &[], existing, &ctx(role)) {
            Outcome::Applied { changes, .. } => Ok(changes),
            Outcome::Rejected(reject) => Err(reject),
        }
    }

    fn draft() -> Vec<Stored> {
        let create = CreateDraft {
            id: DraftId::from_bytes([1; 16]),
            title: Title::default(),
        };
        rows_after(&Mutation::CreateDraft(create), &[], Role::Editor).unwrap()
    }

    #[test]
    fn a_file_is_added_once_and_removed_once() {
        let mut rows = draft();
        rows.extend(rows_after(&Mutation::AddAttachment(add()), &rows, Role::Editor).unwrap());
        let again = rows_after(&Mutation::AddAttachment(add()), &rows, Role::Editor);
        assert_eq!(again.unwrap_err().code, RejectCode::AlreadyExists);
        let remove = Mutation::RemoveAttachment(RemoveAttachment {
            id: add().id,
            draft: add().draft,
        });
        let removed = rows_after(&remove, &rows, Role::Editor).unwrap();
        assert!(matches!(&removed[0].row, Row::Attachment(a) if a.removed_at.is_some()));
        let rows = [rows[0].clone(), removed[0].clone()];
        assert_eq!(rows_after(&remove, &rows, Role::Editor), Ok(vec![]));
    }

    #[test]
    fn a_file_needs_a_draft_and_the_right_to_write_in_it() {
        let nowhere = rows_after(&Mutation::AddAttachment(add()), &[], Role::Owner);
        assert_eq!(nowhere.unwrap_err().code, RejectCode::NotFound);
        let member = rows_after(&Mutation::AddAttachment(add()), &draft(), Role::Member);
        assert_eq!(member.unwrap_err().code, RejectCode::NotAllowed);
    }

    #[test]
    fn sizes_that_cannot_be_are_refused() {
        let wrong = [
            AddAttachment { size: 0, ..add() },
            AddAttachment {
                size: MAX_IMAGE_BYTES + 1,
                ..add()
            },
            AddAttachment {
                width: None,
                ..add()
            },
            AddAttachment {
                width: None,
                height: None,
                ..add()
            },
            AddAttachment {
                width: Some(100_000),
                height: Some(100_000),
                ..add()
            },
            AddAttachment {
                width: Some(0),
                ..add()
            },
            AddAttachment {
                media_type: MediaType::Bytes,
                ..add()
            },
        ];
        for add in wrong {
            let refused = rows_after(&Mutation::AddAttachment(add), &draft(), Role::Owner);
            assert_eq!(refused.unwrap_err().code, RejectCode::Invalid);
        }
    }
}
