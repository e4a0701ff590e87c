//! Pinyin of Chinese texts, so that `tongbu`, `tb` and any reading of a polyphone find 同步.

use std::collections::BTreeSet;

use ::pinyin::{Pinyin, ToPinyinMulti};

/// The most ways to read one text that are kept.
const MAX_READINGS: usize = 32;
/// The longest text that is looked at, in characters: labels and titles, not bodies.
const MAX_CHARS: usize = 64;

/// The keys of a text: every reading written out in full, and its initials. Words in Latin
/// letters are kept as they are, in lower case.
pub(crate) fn keys(text: &str) -> Vec<String> {
    let mut readings = vec![Reading::default()];
    for part in parts(text) {
        readings = extended(&readings, &part);
    }
    let keys: BTreeSet<String> = readings
        .into_iter()
        .flat_map(|reading| [reading.full, reading.initials])
        .filter(|key| !key.is_empty())
        .collect();
    keys.into_iter().collect()
}

#[derive(Debug, Clone, Default)]
struct Reading {
    full: String,
    initials: String,
}

impl Reading {
    fn with(&self, syllable: &Syllable) -> Self {
        Self {
            full: format!("{}{}", self.full, syllable.full),
            initials: format!("{}{}", self.initials, syllable.initial),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Syllable {
    full: String,
    initial: String,
}

/// The readings with one more character or word. When all ways together would be too many, each
/// other reading of this character is kept beside the usual readings of what stands before it.
fn extended(readings: &[Reading], ways: &[Syllable]) -> Vec<Reading> {
    if readings.len() * ways.len() <= MAX_READINGS {
        return readings
            .iter()
            .flat_map(|reading| ways.iter().map(|way| reading.with(way)))
            .collect();
    }
    let usual = readings.iter().map(|reading| reading.with(&ways[0]));
    let others = ways[1..].iter().map(|way| readings[0].with(way));
    usual.chain(others).take(2 * MAX_READINGS).collect()
}

/// The characters with their ways to be read, and the words in Latin letters or digits.
fn parts(text: &str) -> Vec<Vec<Syllable>> {
    let mut parts: Vec<Vec<Syllable>> = Vec::new();
    let mut word = String::new();
    for c in text.chars().take(MAX_CHARS) {
        if c.is_ascii_alphanumeric() {
            word.push(c.to_ascii_lowercase());
            continue;
        }
        close_word(&mut word, &mut parts);
        if let Some(multi) = c.to_pinyin_multi() {
            parts.push(syllables(multi.into_iter()));
        }
    }
    close_word(&mut word, &mut parts);
    parts
}

fn close_word(word: &mut String, parts: &mut Vec<Vec<Syllable>>) {
    if !word.is_empty() {
        let word = std::mem::take(word);
        parts.push(vec![Syllable {
            initial: word.clone(),
            full: word,
        }]);
    }
}

fn syllables(readings: impl Iterator<Item = Pinyin>) -> Vec<Syllable> {
    let mut ways: Vec<Syllable> = Vec::new();
    for reading in readings {
        // On a keyboard ü is typed as v.
        let full = reading.plain().replace('ü', "v");
        let initial = full.chars().take(1).collect();
        let way = Syllable { full, initial };
        if !ways.contains(&way) {
            ways.push(way);
        }
    }
    ways
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let keys = keys(text);
        for key in expected {
            assert!(
                keys.iter().any(|k| k == key),
                "{text}: {key} not in {keys:?}"
            );
        }
    }

    #[test]
    fn full_syllables_and_initials_find_a_text() {
        check("新建草稿", &["xinjiancaogao", "xjcg"]);
        check("绿色", &["lvse", "ls"]);
    }

    #[test]
    fn every_reading_of_a_polyphone_is_there() {
        check("重启", &["chongqi", "zhongqi", "cq", "zq"]);
        check("长行重", &["zhanghangzhong", "changxingchong"]);
    }

    #[test]
    fn latin_words_are_kept_in_lower_case() {
        check("Markdown 源码", &["markdownyuanma", "markdownym"]);
        check("Sync", &["sync"]);
    }

    #[test]
    fn a_text_without_letters_has_no_keys() {
        assert_eq!(keys("——，。"), Vec::<String>::new());
        assert_eq!(keys(""), Vec::<String>::new());
    }

    #[test]
    fn a_long_text_of_polyphones_stays_small() {
        assert!(keys(&"重行长乐还".repeat(40)).len() <= 4 * MAX_READINGS);
    }
}
