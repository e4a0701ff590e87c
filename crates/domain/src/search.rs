//! Full-text search that finds two-character Chinese words: overlapping pairs of Han characters
//! beside lower-cased words. The same tokens go into every index, local or hosted.

use crate::tag_book::fold;
use crate::text::is_han;

/// The tokens of a text, separated by spaces, ready for a full-text index.
///
/// A run of Han characters `知识付费` becomes `知识 识付 付费 费`: each pair, then the last
/// character alone, so that a single character is found as a prefix.
pub fn index_tokens(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for run in runs(text) {
        match run {
            Run::Han(chars) => {
                for pair in chars.windows(2) {
                    out.extend(pair);
                    out.push(' ');
                }
                out.extend(chars.last());
                out.push(' ');
            }
            Run::Word(word) => {
                out.push_str(&word);
                out.push(' ');
            }
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// What a person typed into a search box, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchQuery {
    terms: Vec<String>,
    words: Vec<String>,
    tag: String,
}

impl SearchQuery {
    /// Reads a query; `None` when nothing in it can be searched for (empty, only punctuation).
    pub fn parse(input: &str) -> Option<Self> {
        let runs = runs(input);
        let words = runs.iter().map(Run::text).collect();
        let terms: Vec<String> = runs.into_iter().map(term).collect();
        let tag = fold(input.trim().trim_start_matches(['#', '＃']));
        (!terms.is_empty()).then_some(Self { terms, words, tag })
    }

    /// The words in it, lower-cased, for finding the place that matches.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// All of it as one tag, folded; see [`Tag::folded`](crate::Tag::folded).
    pub fn as_tag(&self) -> &str {
        &self.tag
    }

    /// The query in the language of SQLite FTS5: every term must occur.
    pub fn to_fts5(&self) -> String {
        self.terms.join(" AND ")
    }
}

enum Run {
    Han(Vec<char>),
    Word(String),
}

impl Run {
    fn text(&self) -> String {
        match self {
            Run::Han(chars) => chars.iter().collect(),
            Run::Word(word) => word.clone(),
        }
    }
}

/// One term in FTS5: a phrase of pairs, or a prefix. Only letters, digits and Han characters get
/// here, so quoting is safe.
fn term(run: Run) -> String {
    match run {
        Run::Han(chars) if chars.len() == 1 => format!("\"{}\" *", chars[0]),
        Run::Han(chars) => {
            let pairs: Vec<String> = chars.windows(2).map(|p| p.iter().collect()).collect();
            format!("\"{}\"", pairs.join(" "))
        }
        Run::Word(word) => format!("\"{word}\" *"),
    }
}

fn runs(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut open = false;
    for c in text.chars() {
        if is_han(c) {
            match runs.last_mut() {
                Some(Run::Han(chars)) if open => chars.push(c),
                _ => runs.push(Run::Han(vec![c])),
            }
            open = true;
        } else if c.is_alphanumeric() {
            let lower = c.to_lowercase();
            match runs.last_mut() {
                Some(Run::Word(word)) if open => word.extend(lower),
                _ => runs.push(Run::Word(lower.collect())),
            }
            open = true;
        } else {
            open = false;
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn han_runs_become_overlapping_pairs_and_words_are_lower_cased() {
        assert_eq!(index_tokens("知识付费"), "知识 识付 付费 费");
        assert_eq!(index_tokens("用Rust写"), "用 rust 写");
        assert_eq!(index_tokens("会员，社群"), "会员 员 社群 群");
        assert_eq!(index_tokens("……"), "");
    }

    #[test]
    fn queries_are_phrases_of_pairs_and_prefixes() {
        let cases = [
            ("社群", "\"社群\""),
            ("群", "\"群\" *"),
            ("知识付费 Rust", "\"知识 识付 付费\" AND \"rust\" *"),
            ("\"; drop table", "\"drop\" * AND \"table\" *"),
        ];
        for (input, fts5) in cases {
            assert_eq!(
                SearchQuery::parse(input).map(|q| q.to_fts5()).as_deref(),
                Some(fts5)
            );
        }
        assert_eq!(SearchQuery::parse(" ，。 "), None);
        let query = SearchQuery::parse("用Rust").unwrap();
        assert_eq!(query.words(), ["用", "rust"]);
        let query = SearchQuery::parse(" #Ｒｕｓｔ  入门 ").unwrap();
        assert_eq!(query.as_tag(), "rust 入门");
    }
}
