//! Which entries fit what was typed, best first. Works on every key press without waiting, so the
//! letters of all entries are made ready beforehand.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str, Utf32String};

/// A text made ready for matching, with the other spellings it is found by.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Haystack {
    text: Utf32String,
    /// Pinyin, initials, keywords: a match counts a little less.
    others: Vec<Utf32String>,
}

impl Haystack {
    pub(crate) fn new(text: &str, others: impl IntoIterator<Item = String>) -> Self {
        Self {
            text: Utf32String::from(text),
            others: others
                .into_iter()
                .map(|other| Utf32String::from(other.as_str()))
                .collect(),
        }
    }

    /// Adds spellings that came later.
    pub(crate) fn also(&mut self, others: &[String]) {
        self.others
            .extend(others.iter().map(|other| Utf32String::from(other.as_str())));
    }
}

/// A fit: how good it is, and which characters of the text it lies on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fit {
    pub(crate) index: usize,
    score: u32,
}

/// Finds what fits; keeps its memory from one key to the next.
pub(crate) struct Finder {
    matcher: Matcher,
}

impl Default for Finder {
    fn default() -> Self {
        Self {
            matcher: Matcher::new(Config::DEFAULT),
        }
    }
}

impl Finder {
    /// At most `limit` fits, the best first; equals keep their order.
    pub(crate) fn find<'a>(
        &mut self,
        query: &str,
        haystacks: impl Iterator<Item = &'a Haystack>,
        limit: usize,
    ) -> Vec<Fit> {
        let pattern = Pattern::parse(query.trim(), CaseMatching::Ignore, Normalization::Smart);
        let mut fits: Vec<Fit> = haystacks
            .enumerate()
            .filter_map(|(index, haystack)| {
                self.score(&pattern, haystack)
                    .map(|score| Fit { index, score })
            })
            .collect();
        fits.sort_by_key(|fit| std::cmp::Reverse(fit.score));
        fits.truncate(limit);
        fits
    }

    /// Which characters of a text the query lies on, for showing why it fits.
    pub(crate) fn places(&mut self, query: &str, text: &str) -> Vec<u32> {
        let pattern = Pattern::parse(query.trim(), CaseMatching::Ignore, Normalization::Smart);
        let mut buffer = Vec::new();
        let mut places = Vec::new();
        pattern.indices(
            Utf32Str::new(text, &mut buffer),
            &mut self.matcher,
            &mut places,
        );
        places.sort_unstable();
        places.dedup();
        places
    }

    fn score(&mut self, pattern: &Pattern, haystack: &Haystack) -> Option<u32> {
        let own = pattern.score(haystack.text.slice(..), &mut self.matcher);
        let other = haystack
            .others
            .iter()
            .filter_map(|other| pattern.score(other.slice(..), &mut self.matcher))
            .max();
        // The text itself goes before a spelling of it that fits as well.
        own.map(|score| score + 8).max(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn haystack(text: &str, others: &[&str]) -> Haystack {
        Haystack::new(text, others.iter().map(|other| (*other).to_owned()))
    }

    #[track_caller]
    fn best(query: &str, haystacks: &[Haystack], expected: Option<usize>) {
        let fits = Finder::default().find(query, haystacks.iter(), 10);
        assert_eq!(fits.first().map(|fit| fit.index), expected, "{query}");
    }

    #[test]
    fn chinese_is_found_by_itself_by_pinyin_and_by_initials() {
        let haystacks = [
            haystack(
                "重启同步",
                &["chongqitongbu", "zhongqitongbu", "cqtb", "zqtb"],
            ),
            haystack("会员定价", &["huiyuandingjia", "hydj"]),
            haystack("New draft", &["write create"]),
        ];
        best("重启", &haystacks, Some(0));
        best("chongqi", &haystacks, Some(0));
        best("zhongqi", &haystacks, Some(0));
        best("cqtb", &haystacks, Some(0));
        best("hydj", &haystacks, Some(1));
        best("dingjia", &haystacks, Some(1));
        best("nd", &haystacks, Some(2));
        best("写作", &haystacks, None);
    }

    #[test]
    fn the_text_itself_goes_before_other_spellings_of_it() {
        let haystacks = [haystack("x", &["sync"]), haystack("Sync", &[])];
        best("sync", &haystacks, Some(1));
    }

    #[test]
    fn one_sees_why_something_fits() {
        assert_eq!(Finder::default().places("启步", "重启同步"), [1, 3]);
    }

    #[test]
    fn ten_thousand_entries_are_searched_within_a_frame_or_two() {
        let haystacks: Vec<Haystack> = (0..10_000)
            .map(|n| {
                haystack(
                    &format!("第{n}期答疑与会员定价"),
                    &["dinqidayiyuhuiyuandingjia", "dqdyyhydj"],
                )
            })
            .collect();
        let mut finder = Finder::default();
        assert_eq!(finder.find("hydj", haystacks.iter(), 50).len(), 50);
    }
}
