//! Stoa's Markdown: plain text, counts, and what a file is called.

/// The text without marks.
pub fn plain_text(markdown: &str) -> String {
    todo!()
}
/// The first heading, as one line.
pub fn title_of(markdown: &str) -> Option<String> {
    todo!()
}
/// Words that a reader sees: Han characters and words.
pub fn word_count(markdown: &str) -> u64 {
    todo!()
}
/// What lies before and behind the paywall divider, if there is one.
pub fn split_at_paywall(markdown: &str) -> (&str, Option<&str>) {
    todo!()
}
