//! How a post looks where it is found from outside: in the results of search engines and on cards.

use serde::{Deserialize, Serialize};

use crate::content::{checked_text, one_line};
use crate::{ContentError, Title};

/// The longest title for search engines, in characters.
pub const MAX_SEARCH_TITLE_CHARS: usize = 200;
/// The longest description for search engines, in characters.
pub const MAX_SEARCH_DESCRIPTION_CHARS: usize = 500;

checked_text! {
    /// The title that search engines and cards show: one line, at most
    /// [`MAX_SEARCH_TITLE_CHARS`] characters. Empty where that of the post is shown.
    SearchTitle
}
checked_text! {
    /// What search engines and cards show below the title: one line, at most
    /// [`MAX_SEARCH_DESCRIPTION_CHARS`] characters. Empty where the excerpt is shown.
    SearchDescription
}

impl SearchTitle {
    /// How wide a result shows a title, in columns; see [`columns`].
    pub const SHOWN_COLUMNS: usize = 60;

    /// Cleans, trims and checks a title; line breaks become spaces.
    ///
    /// # Errors
    /// [`ContentError::LongSearchTitle`] with the length after cleaning.
    pub fn parse(input: &str) -> Result<Self, ContentError> {
        let line = one_line(input);
        match line.chars().count() {
            n if n > MAX_SEARCH_TITLE_CHARS => Err(ContentError::LongSearchTitle(n)),
            _ => Ok(Self(line)),
        }
    }

    /// What is shown: this, or the title of the post.
    pub fn or<'t>(&'t self, title: &'t Title) -> &'t str {
        match self.as_str() {
            "" => title.as_str(),
            own => own,
        }
    }
}

impl SearchDescription {
    /// How much of a description a result shows, in columns; see [`columns`].
    pub const SHOWN_COLUMNS: usize = 160;

    /// Cleans, trims and checks a description; line breaks become spaces.
    ///
    /// # Errors
    /// [`ContentError::LongSearchDescription`] with the length after cleaning.
    pub fn parse(input: &str) -> Result<Self, ContentError> {
        let line = one_line(input);
        match line.chars().count() {
            n if n > MAX_SEARCH_DESCRIPTION_CHARS => Err(ContentError::LongSearchDescription(n)),
            _ => Ok(Self(line)),
        }
    }

    /// What is shown: this, or the excerpt.
    pub fn or<'t>(&'t self, excerpt: &'t str) -> &'t str {
        match self.as_str() {
            "" => excerpt,
            own => own,
        }
    }
}

/// How wide a text is where letters have one column and what is as wide as high has two: results
/// are cut by width, and a Han character takes twice that of a letter.
pub fn columns(text: &str) -> usize {
    text.chars().map(column).sum()
}

/// As much of a text as fits, with `…` where something is missing.
pub fn cut_to(text: &str, most: usize) -> String {
    if columns(text) <= most {
        return text.to_owned();
    }
    let mut width = 1;
    let fits = |c: &char| {
        width += column(*c);
        width <= most
    };
    let kept: String = text.chars().take_while(fits).collect();
    format!("{}…", kept.trim_end())
}

fn column(c: char) -> usize {
    let is_wide = matches!(c,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}');
    if is_wide { 2 } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_written_is_that_of_the_post() {
        let title = Title::parse("会员定价").unwrap();
        assert_eq!(SearchTitle::default().or(&title), "会员定价");
        let own = SearchTitle::parse(" 怎么给会员\n定价 ").unwrap();
        assert_eq!(own.or(&title), "怎么给会员 定价");
        assert_eq!(SearchDescription::default().or("导语"), "导语");
        let own = SearchDescription::parse("三步").unwrap();
        assert_eq!(own.or("导语"), "三步");
    }

    #[test]
    fn what_is_far_too_long_is_refused() {
        let long = "长".repeat(MAX_SEARCH_TITLE_CHARS + 1);
        assert_eq!(
            SearchTitle::parse(&long),
            Err(ContentError::LongSearchTitle(201))
        );
        let long = "x".repeat(MAX_SEARCH_DESCRIPTION_CHARS + 1);
        assert_eq!(
            SearchDescription::parse(&long),
            Err(ContentError::LongSearchDescription(501))
        );
        assert!(serde_json::from_value::<SearchDescription>(long.into()).is_err());
    }

    #[test]
    fn a_result_is_cut_by_width_and_han_are_twice_as_wide() {
        assert_eq!(columns("Pricing"), 7);
        assert_eq!(columns("会员，Ａ"), 8);
        assert_eq!(cut_to("会员定价", 8), "会员定价");
        assert_eq!(cut_to("会员定价", 7), "会员定…");
        assert_eq!(cut_to("a b c", 4), "a b…");
        assert_eq!(cut_to("a b c", 3), "a…");
        assert_eq!(cut_to("", 0), "");
    }
}
