//! The command line: one command, flags that are either there or not, and at
//! most a few free words.

use anyhow::{Result, bail};

/// What was typed after `cargo xtask`, consumed piece by piece.
pub(crate) struct Args {
    rest: Vec<String>,
}

impl Args {
    pub(crate) fn from_env() -> Self {
        Self::new(std::env::args().skip(1))
    }

    pub(crate) fn new(words: impl IntoIterator<Item = String>) -> Self {
        Self {
            rest: words.into_iter().collect(),
        }
    }

    /// The first word, when there is one.
    pub(crate) fn command(&mut self) -> Option<String> {
        if self.rest.is_empty() {
            None
        } else {
            Some(self.rest.remove(0))
        }
    }

    /// Whether `--name` was given; it counts as read.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        let before = self.rest.len();
        self.rest.retain(|word| word != name);
        self.rest.len() < before
    }

    /// The one free word left, if any; a flag nobody asked for is an error.
    pub(crate) fn filter(mut self) -> Result<Option<String>> {
        let word = self.command();
        if let Some(word) = word.as_deref().filter(|word| word.starts_with('-')) {
            bail!("`{word}` is not an option of this command");
        }
        self.end()?;
        Ok(word)
    }

    /// Every word left, for a program that knows its own options.
    pub(crate) fn all(self) -> Vec<String> {
        self.rest
    }

    /// Refuses what was not read.
    pub(crate) fn end(self) -> Result<()> {
        match self.rest.first() {
            None => Ok(()),
            Some(word) => bail!("`{word}` is not an option of this command"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(line: &str) -> Args {
        Args::new(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn flags_are_read_in_any_order() {
        let mut args = typed("ui --release --watch");
        assert_eq!(args.command().as_deref(), Some("ui"));
        assert!(args.flag("--watch"));
        assert!(args.flag("--release"));
        assert!(args.end().is_ok());
    }

    #[test]
    fn a_mistyped_flag_is_refused_rather_than_ignored() {
        let mut args = typed("ui --relase");
        args.command();
        assert!(!args.flag("--release"));
        let error = args.end().unwrap_err().to_string();
        assert!(error.contains("--relase"), "{error}");
    }

    #[test]
    fn a_test_filter_is_one_free_word() {
        let mut args = typed("test offline");
        args.command();
        assert_eq!(args.filter().unwrap().as_deref(), Some("offline"));
        assert!(typed("--bogus").filter().is_err());
        assert!(typed("one two").filter().is_err());
    }
}
