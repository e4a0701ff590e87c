//! A document as HTML, for pages, mails and feeds, and for pasting into a 公众号.
//!
//! Our own writer escapes everything it writes; a sanitiser with a list of what may stand there
//! then goes over the whole, once, as the last step.

mod clean;
mod notes;
mod styles;
mod writer;

use stoa_domain::DraftId;

use crate::document::Document;

/// Whom the HTML is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HtmlProfile {
    /// A page, a mail or a feed.
    Page,
    /// A 公众号: it keeps styles only inside elements, and no links that lead away from it. They
    /// become numbered references at the end.
    WeChat,
}

/// What the writer has to be told.
pub struct HtmlOptions<'a> {
    pub profile: HtmlProfile,
    /// The language of the text, such as `zh-CN`.
    pub lang: &'a str,
    /// Where an image, a recording or another file is found; `None` shows only what describes it.
    pub source: &'a dyn Fn(&str) -> Option<String>,
    /// Where a post that the text mentions is read; `None` leaves its words.
    pub post: &'a dyn Fn(DraftId) -> Option<String>,
    /// What stands above the references of a 公众号 text.
    pub references: &'a str,
}

/// Writes a document. The divider of a paywall is not written: for who may not read all of it, only
/// [`crate::open_part`] is read.
pub fn html(document: &Document, options: &HtmlOptions<'_>) -> String {
    let written = writer::write(document, options);
    clean::clean(&written, options.profile)
}
