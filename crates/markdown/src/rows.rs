//! Two versions side by side: which paragraph stands beside which, and what differs word by word.

use std::cmp::Ordering;
use std::ops::Range;

use similar::{Algorithm, DiffOp, DiffTag, capture_diff_slices};

use crate::difference::words;

/// A paragraph of the old version and the one it became. A side is empty where there is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    pub old: Vec<Span>,
    pub new: Vec<Span>,
}

/// A stretch of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    pub change: Change,
    pub text: String,
}

/// Whether a stretch stands in both versions, in the old one or in the new one only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Equal,
    Deleted,
    Inserted,
}

impl Row {
    /// Whether both sides say the same.
    pub fn is_unchanged(&self) -> bool {
        self.old == self.new
    }

    fn equal(text: &str) -> Self {
        let side = vec![Span::new(Change::Equal, text)];
        Self {
            old: side.clone(),
            new: side,
        }
    }

    fn apart(old: Option<&&str>, new: Option<&&str>) -> Self {
        let side = |change, text: Option<&&str>| {
            text.map(|text| Span::new(change, text))
                .into_iter()
                .collect()
        };
        Self {
            old: side(Change::Deleted, old),
            new: side(Change::Inserted, new),
        }
    }
}

impl Span {
    fn new(change: Change, text: &str) -> Self {
        Self {
            change,
            text: text.to_owned(),
        }
    }
}

/// Compares two versions line by line, and lines that were rewritten word by word. A Han character
/// is a word. Blank lines are left out.
pub fn word_difference(old: &str, new: &str) -> Vec<Row> {
    let (old, new) = (lines(old), lines(new));
    let mut rows = Vec::with_capacity(old.len().max(new.len()));
    for op in capture_diff_slices(Algorithm::Myers, &old, &new) {
        let (gone, come) = (&old[op.old_range()], &new[op.new_range()]);
        match op.tag() {
            DiffTag::Equal => rows.extend(gone.iter().map(|text| Row::equal(text))),
            _ => rewritten(gone, come, &mut rows),
        }
    }
    rows
}

fn lines(text: &str) -> Vec<&str> {
    text.lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty())
        .collect()
}

/// Beyond so many pairs, lines are not tried against each other.
const MOST_PAIRS: usize = 1_024;

/// Lines that were taken away and lines that came in their place.
fn rewritten(old: &[&str], new: &[&str], rows: &mut Vec<Row>) {
    let mut at = (0, 0);
    for (i, j) in partners(old, new) {
        beside(&old[at.0..i], &new[at.1..j], rows);
        rows.push(marked(old[i], new[j]));
        at = (i + 1, j + 1);
    }
    beside(&old[at.0..], &new[at.1..], rows);
}

fn beside(old: &[&str], new: &[&str], rows: &mut Vec<Row>) {
    for at in 0..old.len().max(new.len()) {
        rows.push(Row::apart(old.get(at), new.get(at)));
    }
}

/// Which lines are the same ones rewritten, in order: the pairing that keeps the most words.
fn partners(old: &[&str], new: &[&str]) -> Vec<(usize, usize)> {
    if old.len() * new.len() > MOST_PAIRS {
        return old
            .iter()
            .zip(new)
            .enumerate()
            .filter(|(_, (a, b))| likeness(&bag(a), &bag(b)) > 0)
            .map(|(at, _)| (at, at))
            .collect();
    }
    let (old, new): (Vec<_>, Vec<_>) = (
        old.iter().map(|l| bag(l)).collect(),
        new.iter().map(|l| bag(l)).collect(),
    );
    let width = new.len() + 1;
    // The best from each pair of places to the ends.
    let mut best = vec![0; (old.len() + 1) * width];
    let mut alike = vec![0; old.len() * new.len()];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            let likeness = likeness(&old[i], &new[j]);
            alike[i * new.len() + j] = likeness;
            let apart = best[(i + 1) * width + j].max(best[i * width + j + 1]);
            best[i * width + j] = apart.max(likeness + best[(i + 1) * width + j + 1]);
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut pairs = Vec::new();
    while i < old.len() && j < new.len() {
        let likeness = alike[i * new.len() + j];
        if likeness > 0 && best[i * width + j] == likeness + best[(i + 1) * width + j + 1] {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if best[i * width + j] == best[(i + 1) * width + j] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

/// So much of a line tells which one it is.
const WORDS_OF_A_BAG: usize = 64;

/// The first words of a line in an order of their own, as numbers.
fn bag(line: &str) -> Vec<u32> {
    let start = &line[..line.floor_char_boundary(WORDS_OF_A_BAG * 16)];
    let seen = words(start)
        .into_iter()
        .filter(|word| word.contains(char::is_alphanumeric));
    let mut bag: Vec<u32> = seen.take(WORDS_OF_A_BAG).map(number).collect();
    bag.sort_unstable();
    bag
}

fn number(word: &str) -> u32 {
    word.bytes().fold(0, |sum: u32, byte| {
        sum.wrapping_mul(31).wrapping_add(byte.into())
    })
}

/// How many of 100 words two lines share; 0 when they are too few to be the same line rewritten.
fn likeness(a: &[u32], b: &[u32]) -> usize {
    let percent = percent_shared(a, b);
    if percent < 30 { 0 } else { percent }
}

/// How many of 100 numbers two sorted lists share.
fn percent_shared(a: &[u32], b: &[u32]) -> usize {
    let (mut i, mut j, mut n_shared) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            Ordering::Less => i += 1,
            Ordering::Greater => j += 1,
            Ordering::Equal => (i, j, n_shared) = (i + 1, j + 1, n_shared + 1),
        }
    }
    200 * n_shared / (a.len() + b.len()).max(1)
}

/// A run of words that is equal on both sides, or not.
struct Piece {
    is_equal: bool,
    old: Range<usize>,
    new: Range<usize>,
}

impl Piece {
    /// `old` and `new` are how many words come before those that were compared.
    fn of(op: &DiffOp, old: usize, new: usize) -> Self {
        let behind = |range: Range<usize>, n: usize| range.start + n..range.end + n;
        Self {
            is_equal: op.tag() == DiffTag::Equal,
            old: behind(op.old_range(), old),
            new: behind(op.new_range(), new),
        }
    }

    fn len(&self) -> usize {
        self.old.len().max(self.new.len())
    }
}

/// Beyond so many words on both sides, sentences are compared first.
const MOST_WORDS: usize = 8_000;
/// Of 100 neighbours so many stay beside each other where a long text was edited. Where they do
/// not, it is another text, and comparing it word by word would take long to say nothing.
const EDITED_PERCENT: usize = 75;

fn pieces(old: &[&str], new: &[&str]) -> Vec<Piece> {
    if old.len() + new.len() <= MOST_WORDS {
        return compared(old, new, 0, 0);
    }
    let (old_ends, new_ends) = (sentence_ends(old), sentence_ends(new));
    let sentences = |words: &[&str], ends: &[usize]| -> Vec<String> {
        ends.windows(2)
            .map(|ends| words[ends[0]..ends[1]].concat())
            .collect()
    };
    let (gone, come) = (sentences(old, &old_ends), sentences(new, &new_ends));
    let mut pieces = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &gone, &come) {
        let in_old = old_ends[op.old_range().start]..old_ends[op.old_range().end];
        let in_new = new_ends[op.new_range().start]..new_ends[op.new_range().end];
        let (before, after) = (&old[in_old.clone()], &new[in_new.clone()]);
        let is_equal = op.tag() == DiffTag::Equal;
        if is_equal || !is_edited(before, after) {
            pieces.push(Piece {
                is_equal,
                old: in_old,
                new: in_new,
            });
        } else {
            pieces.extend(compared(before, after, in_old.start, in_new.start));
        }
    }
    pieces
}

fn compared(old: &[&str], new: &[&str], n_old: usize, n_new: usize) -> Vec<Piece> {
    let ops = capture_diff_slices(Algorithm::Myers, old, new);
    ops.iter().map(|op| Piece::of(op, n_old, n_new)).collect()
}

/// Where sentences end, from 0 to the number of words.
fn sentence_ends(words: &[&str]) -> Vec<usize> {
    let is_end = |word: &str| matches!(word, "。" | "！" | "？" | "；" | "." | "!" | "?" | ";");
    let ends = (1..words.len()).filter(|&at| is_end(words[at - 1]));
    std::iter::once(0)
        .chain(ends)
        .chain([words.len()])
        .collect()
}

fn is_edited(old: &[&str], new: &[&str]) -> bool {
    if old.len() + new.len() <= MOST_WORDS {
        return true;
    }
    let neighbours = |words: &[&str]| -> Vec<u32> {
        let mut pairs: Vec<u32> = words
            .windows(2)
            .map(|pair| number(pair[0]).wrapping_mul(31) ^ number(pair[1]))
            .collect();
        pairs.sort_unstable();
        pairs
    };
    percent_shared(&neighbours(old), &neighbours(new)) >= EDITED_PERCENT
}

/// A line and what became of it, with the words marked that differ.
fn marked(old: &str, new: &str) -> Row {
    let (old, new) = (words(old), words(new));
    let mut row = Row::default();
    for piece in joined(pieces(&old, &new)) {
        let (gone, come) = (old[piece.old].concat(), new[piece.new].concat());
        let changes = if piece.is_equal {
            [Change::Equal; 2]
        } else {
            [Change::Deleted, Change::Inserted]
        };
        if !gone.is_empty() {
            row.old.push(Span::new(changes[0], &gone));
        }
        if !come.is_empty() {
            row.new.push(Span::new(changes[1], &come));
        }
    }
    row
}

/// Words that are equal by chance between much that is not would only scatter the marks.
fn joined(pieces: Vec<Piece>) -> Vec<Piece> {
    let lengths: Vec<usize> = pieces.iter().map(Piece::len).collect();
    let is_chance = |at: usize| {
        let beside = |at: Option<usize>| at.and_then(|at| lengths.get(at)).copied().unwrap_or(0);
        lengths[at] * 3 <= beside(at.checked_sub(1)).min(beside(Some(at + 1)))
    };
    let mut out: Vec<Piece> = Vec::new();
    for (at, mut piece) in pieces.into_iter().enumerate() {
        piece.is_equal = piece.is_equal && !is_chance(at);
        match out.last_mut() {
            Some(last) if last.is_equal == piece.is_equal => {
                last.old.end = piece.old.end;
                last.new.end = piece.new.end;
            }
            _ => out.push(piece),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(spans: &[Span]) -> String {
        let mark = |span: &Span| match span.change {
            Change::Equal => span.text.clone(),
            Change::Deleted => format!("[-{}]", span.text),
            Change::Inserted => format!("[+{}]", span.text),
        };
        spans.iter().map(mark).collect()
    }

    #[track_caller]
    fn check(old: &str, new: &str, expected: &[(&str, &str)]) {
        let rows = word_difference(old, new);
        let found: Vec<_> = rows
            .iter()
            .map(|row| (side(&row.old), side(&row.new)))
            .collect();
        let found: Vec<_> = found
            .iter()
            .map(|(old, new)| (old.as_str(), new.as_str()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn rewritten_paragraphs_stand_beside_each_other_with_their_words_marked() {
        check(
            "会员价九折起。\n\n不变",
            "会员价八折起。\n\n不变",
            &[("会员价[-九]折起。", "会员价[+八]折起。"), ("不变", "不变")],
        );
        check(
            "Ten percent off today",
            "Twenty percent off today",
            &[("[-Ten] percent off today", "[+Twenty] percent off today")],
        );
    }

    #[test]
    fn what_came_or_went_has_nothing_beside_it() {
        check("甲\n\n乙", "甲", &[("甲", "甲"), ("[-乙]", "")]);
        check("", "新", &[("", "[+新]")]);
        check("", "", &[]);
        check(
            "第一段讲价格\n\n第二段讲课程",
            "全新开头\n\n第一段讲价钱\n\n第二段讲课程",
            &[
                ("", "[+全新开头]"),
                ("第一段讲价[-格]", "第一段讲价[+钱]"),
                ("第二段讲课程", "第二段讲课程"),
            ],
        );
    }

    #[test]
    fn lines_without_a_word_in_common_are_not_torn_to_letters() {
        check(
            "one two three",
            "四五六七",
            &[("[-one two three]", "[+四五六七]")],
        );
    }

    #[test]
    fn a_very_long_paragraph_is_marked_in_its_sentences_or_is_another_one() {
        let old = (0..3_000)
            .map(|n| format!("第{n}句话。"))
            .collect::<String>();
        let new = old.replace("第7句话", "第7句新话");
        let row = word_difference(&old, &new).remove(0);
        let inserted: Vec<_> = row
            .new
            .iter()
            .filter(|span| span.change == Change::Inserted)
            .collect();
        assert_eq!(inserted, [&Span::new(Change::Inserted, "新")]);
        assert_eq!(
            row.new
                .iter()
                .map(|span| span.text.as_str())
                .collect::<String>(),
            new
        );

        let backwards: String = old.chars().take(200).chain(old.chars().rev()).collect();
        let row = word_difference(&old, &backwards).remove(0);
        assert_eq!(
            row.old
                .iter()
                .map(|span| span.text.as_str())
                .collect::<String>(),
            old
        );
        assert_eq!(
            row.new
                .iter()
                .map(|span| span.text.as_str())
                .collect::<String>(),
            backwards
        );
    }

    #[test]
    fn a_family_and_an_accent_stay_whole() {
        check(
            "好 👨‍👩‍👧 e\u{301}",
            "好 👨‍👩‍👦 e\u{301}",
            &[("好 [-👨‍👩‍👧] e\u{301}", "好 [+👨‍👩‍👦] e\u{301}")],
        );
    }

    proptest::proptest! {
        #[test]
        fn both_versions_can_be_read_from_the_rows(old in "([ab一二。 ]{0,9}\n{0,2}){0,8}", new in "([ab一二。 ]{0,9}\n{0,2}){0,8}") {
            let rows = word_difference(&old, &new);
            let read = |pick: fn(&Row) -> &Vec<Span>| -> Vec<String> {
                let sides = rows.iter().map(|row| pick(row).iter().map(|span| span.text.as_str()).collect::<String>());
                sides.filter(|side| !side.is_empty()).collect()
            };
            proptest::prop_assert_eq!(read(|row| &row.old), lines(&old));
            proptest::prop_assert_eq!(read(|row| &row.new), lines(&new));
        }
    }
}
