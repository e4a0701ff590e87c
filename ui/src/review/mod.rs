//! Expert review of a draft: asking for it, the panel beside the text with checklist, comments and
//! verdict, and what has changed since the text was handed over.

mod ask;
mod comments;
mod compare;
mod compose;
mod margin;
mod new_comment;
mod panel;
mod standing;
mod state;
mod verdict;

pub(crate) use ask::AskReviewDialog;
pub(crate) use compare::CompareReviewDialog;
pub(crate) use margin::use_margin;
pub(crate) use panel::ReviewPanel;
