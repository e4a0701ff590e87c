//! The types and rules of a community, free of any input or output.
//!
//! Time, ids and randomness are always passed in, so that every rule gives the
//! same answer in the studio, on the server, in the window and in a test.

mod attachment;
mod away;
mod blob;
mod content;
mod content_values;
mod course;
mod draft;
mod id;
mod image;
mod listing;
mod live;
mod opening;
mod parts;
mod person;
mod range;
mod recording;
mod review;
mod role;
mod search;
mod seo;
mod splice;
mod tag_book;
mod text;
mod time;
mod version;

pub use attachment::{
    Attachment, BlobHash, BlobHashError, FileName, FileNameError, MAX_FILE_BYTES, MAX_IMAGE_BYTES,
    MAX_IMAGE_PIXELS, MediaType,
};
pub use away::{Contact, LockAfter};
pub use blob::{PART_BYTES, n_parts, part_size, root_input};
pub use content::{
    Access, Canonical, Content, ContentError, Excerpt, Kind, MAX_EXCERPT_CHARS, MAX_TAG_CHARS,
    MAX_TAGS, MAX_TIERS, Post, Reader, Shelf, Slug, TEASER_CHARS, Tag, Tags, TextVersion, TierKey,
};
pub use content_values::ContentValues;
pub use course::{
    Lesson, MAX_LESSONS, MAX_OPENS_AFTER_DAYS, MAX_SECTION_TITLE_CHARS, MAX_SECTIONS,
    MAX_SECTIONS_EVER, Opens, Part, Position, PositionError, Section, SectionTitle,
    SectionTitleError, Sections, outline,
};
pub use draft::{Draft, MAX_BODY_BYTES, MAX_TITLE_CHARS, Title, TitleError};
pub use id::{
    AttachmentId, CommunityId, DeviceId, DraftId, IdError, ReviewCommentId, ReviewId, SectionId,
    TagId, UpdateId, UserId, VersionId,
};
pub use image::{HEAD_BYTES, ImageError, ImageHead};
pub use listing::{
    AccessKind, By, ListFilter, ListLayout, ListLook, ListSort, MAX_FILTER_NAMES,
    MAX_VIEW_NAME_CHARS, MAX_VIEWS, SavedView, ViewName, ViewNameError,
};
pub use live::{JoinLink, LiveFinding, LiveSession, MAX_MINUTES, Minutes, RecordingLink};
pub use opening::{Holdings, InCourse, Learner, Opening, Product, Rights, opening};
pub use parts::Parts;
pub use person::Person;
pub use range::{Wanted, wanted};
pub use recording::{
    FILE_SCHEME, FileAddress, FileAddressError, MAX_PEAKS, MediaForm, MediaKind, NamedAs,
    Recording, named_as,
};
pub use review::{
    Anchor, Check, CheckLabel, CheckState, MAX_CHECK_CHARS, MAX_CHECKS, MAX_CLOSED_REVIEWS,
    MAX_COMMENTS_CHARS, MAX_QUOTE_CHARS, MAX_REVIEW_COMMENTS, MAX_REVIEW_TEXT_CHARS, Quote, Review,
    ReviewComment, ReviewStatus, ReviewText, ReviewTextError, ReviewVerdict, Reviews, TextPlace,
};
pub use role::Role;
pub use search::{SearchQuery, index_tokens};
pub use seo::{
    MAX_SEARCH_DESCRIPTION_CHARS, MAX_SEARCH_TITLE_CHARS, SearchDescription, SearchTitle, columns,
    cut_to,
};
pub use splice::{Splice, SpliceError, apply_splices, diff};
pub use tag_book::{MAX_SYNONYMS, MAX_TAG_ENTRIES, TagBook, TagEntry, fold};
pub use text::{clean, excerpt, is_han, word_count};
pub use time::{Timestamp, ZoneName, ZoneNameError};
pub use version::{
    MAX_NAMED_VERSIONS, MAX_PUBLISHED_VERSIONS, MAX_VERSION_NAME_CHARS, NamedVersion,
    PublishedVersion, SESSION_PAUSE_MS, VersionName, VersionNameError, Versions, is_same_session,
};
