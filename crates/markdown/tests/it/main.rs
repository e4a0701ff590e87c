//! What becomes of texts, and what no text can do.

mod hostile;
mod oracle;
mod pages;
mod trees;
