//! Two versions side by side: which paragraph stands beside which, and what differs word by word.

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
    let number = |word: &str| {
        word.bytes().fold(0_u32, |sum, byte| {
            sum.wrapping_mul(31).wrapping_add(byte.into())
        })
    };
    let start = &line[..line.floor_char_boundary(WORDS_OF_A_BAG * 16)];
    let seen = words(start)
        .into_iter()
        .filter(|word| word.contains(char::is_alphanumeric));
    let mut bag: Vec<u32> = seen.take(WORDS_OF_A_BAG).map(number).collect();
    bag.sort_unstable();
    bag
}

/// How many of 100 words two lines share; 0 when they are too few to be the same line rewritten.
fn likeness(a: &[u32], b: &[u32]) -> usize {
    let (mut i, mut j, mut n_shared) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => (i, j, n_shared) = (i + 1, j + 1, n_shared + 1),
        }
    }
    let percent = 200 * n_shared / (a.len() + b.len()).max(1);
    if percent < 30 { 0 } else { percent }
}

/// A run of words that is equal on both sides, or not.
struct Piece {
    is_equal: bool,
    old: Range<usize>,
    new: Range<usize>,
}

impl Piece {
    fn of(op: &DiffOp) -> Self {
        Self {
            is_equal: op.tag() == DiffTag::Equal,
            old: op.old_range(),
            new: op.new_range(),
        }
    }

    fn len(&self) -> usize {
        self.old.len().max(self.new.len())
    }
}

/// A line and what became of it, with the words marked that differ.
fn marked(old: &str, new: &str) -> Row {
    let (old, new) = (words(old), words(new));
    let ops = capture_diff_slices(Algorithm::Myers, &old, &new);
    let mut row = Row::default();
    for piece in joined(ops.iter().map(Piece::of).collect()) {
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
