//! Two versions of a text that come from a common one, paragraph by paragraph.

use std::ops::Range;

use similar::{Algorithm, DiffTag, capture_diff_slices};

/// Beyond so many paragraphs a text is looked at as a whole.
const MOST_PARAGRAPHS: usize = 4_000;

/// A stretch of paragraphs as it stands in each version; empty where a version has none there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hunk {
    pub base: String,
    pub mine: String,
    pub theirs: String,
}

impl Hunk {
    /// Whether both versions changed it, and not to the same.
    pub fn is_clash(&self) -> bool {
        !same(&self.base, &self.mine)
            && !same(&self.base, &self.theirs)
            && !same(&self.mine, &self.theirs)
    }

    /// Whether neither version changed it.
    pub fn is_unchanged(&self) -> bool {
        same(&self.base, &self.mine) && same(&self.base, &self.theirs)
    }

    /// What stands there when nobody has to decide: what was changed, or for a clash `mine`.
    pub fn settled(&self) -> &str {
        if same(&self.base, &self.mine) {
            &self.theirs
        } else {
            &self.mine
        }
    }
}

/// Blank lines between paragraphs do not make a version different.
fn same(a: &str, b: &str) -> bool {
    a.trim_end_matches('\n') == b.trim_end_matches('\n')
}

/// Compares two versions with the text they come from. The stretches follow each other and
/// together are the whole text; what changed in one version only stands apart from what changed
/// in both.
pub fn versions(base: &str, mine: &str, theirs: &str) -> Vec<Hunk> {
    let texts = [base, mine, theirs].map(paragraphs);
    if texts.iter().any(|text| text.len() > MOST_PARAGRAPHS) {
        return vec![Hunk {
            base: base.to_owned(),
            mine: mine.to_owned(),
            theirs: theirs.to_owned(),
        }];
    }
    let [base, mine, theirs] = texts;
    let mine = Side::new(&base, mine);
    let theirs = Side::new(&base, theirs);
    weave(&base, mine, theirs)
}

/// Puts stretches together to a text, with a blank line between them and the line ends of the
/// first text at its end.
pub fn compose<'a>(pieces: impl IntoIterator<Item = &'a str>) -> String {
    let mut text = String::new();
    for piece in pieces.into_iter().filter(|piece| !piece.is_empty()) {
        while !text.is_empty() && !text.ends_with("\n\n") {
            text.push('\n');
        }
        text.push_str(piece);
    }
    let end = text.trim_end_matches('\n').len();
    text.truncate(end + usize::from(end < text.len()));
    text
}

/// Paragraphs with the blank lines after them.
fn paragraphs(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while let Some(blank) = text[at..].find("\n\n") {
        let rest = &text[at + blank..];
        at += blank + rest.len() - rest.trim_start_matches('\n').len();
        found.push(&text[start..at]);
        start = at;
    }
    if start < text.len() {
        found.push(&text[start..]);
    }
    found
}

/// A stretch of the base and what stands there in a version.
#[derive(Debug, Clone)]
struct Edit {
    base: Range<usize>,
    here: Range<usize>,
}

/// As many paragraphs as before are taken as the same ones rewritten, each for itself.
fn one_by_one(base: Range<usize>, here: Range<usize>) -> Vec<Edit> {
    if base.len() != here.len() {
        return vec![Edit { base, here }];
    }
    base.zip(here)
        .map(|(old, new)| Edit {
            base: old..old + 1,
            here: new..new + 1,
        })
        .collect()
}

/// One version and how it differs from the base, from the front.
struct Side<'a> {
    paragraphs: Vec<&'a str>,
    edits: std::iter::Peekable<std::vec::IntoIter<Edit>>,
    /// How far the paragraphs here are behind those of the base.
    shift: isize,
}

impl<'a> Side<'a> {
    fn new(base: &[&str], paragraphs: Vec<&'a str>) -> Self {
        let keys = |text: &[&'a str]| -> Vec<&'a str> {
            text.iter().map(|p| p.trim_end_matches('\n')).collect()
        };
        let before: Vec<&str> = base.iter().map(|p| p.trim_end_matches('\n')).collect();
        let ops = capture_diff_slices(Algorithm::Myers, &before, &keys(&paragraphs));
        let edits: Vec<Edit> = ops
            .iter()
            .filter(|op| op.tag() != DiffTag::Equal)
            .flat_map(|op| one_by_one(op.old_range(), op.new_range()))
            .collect();
        Self {
            paragraphs,
            edits: edits.into_iter().peekable(),
            shift: 0,
        }
    }

    fn next(&mut self) -> Option<(usize, usize)> {
        self.edits
            .peek()
            .map(|edit| (edit.base.start, edit.base.end))
    }

    /// Takes the next edit if it lies in a stretch of the base, which grows with it.
    fn join(&mut self, stretch: &mut Range<usize>) -> bool {
        let meets = |edit: &Edit| edit.base.start < stretch.end && edit.base.end > stretch.start;
        match self.edits.next_if(meets) {
            Some(edit) => {
                stretch.end = stretch.end.max(edit.base.end);
                self.pass(&edit);
                true
            }
            None => false,
        }
    }

    fn pass(&mut self, edit: &Edit) {
        self.shift = edit.here.end as isize - edit.base.end as isize;
    }

    /// Where a place of the base is here.
    fn here(&self, base: usize) -> usize {
        usize::try_from(base as isize + self.shift).unwrap_or(0)
    }

    fn text(&self, here: Range<usize>) -> String {
        self.paragraphs.get(here).unwrap_or_default().concat()
    }
}

fn weave<'a>(base: &[&str], mut mine: Side<'a>, mut theirs: Side<'a>) -> Vec<Hunk> {
    let mut hunks = Vec::new();
    let mut at = 0;
    loop {
        // Where both put something into one place, what the server had first comes first.
        let (mut stretch, is_theirs) = match (mine.next(), theirs.next()) {
            (None, None) => break,
            (Some(m), None) => (m.0..m.1, false),
            (None, Some(t)) => (t.0..t.1, true),
            (Some(m), Some(t)) if t <= m => (t.0..t.1, true),
            (Some(m), Some(_)) => (m.0..m.1, false),
        };
        unchanged(&mut hunks, base, &mine, &theirs, at..stretch.start);
        let starts = (mine.here(stretch.start), theirs.here(stretch.start));
        let first = if is_theirs { &mut theirs } else { &mut mine };
        if let Some(edit) = first.edits.next() {
            first.pass(&edit);
        }
        while mine.join(&mut stretch) || theirs.join(&mut stretch) {}
        let ends = (mine.here(stretch.end), theirs.here(stretch.end));
        hunks.push(Hunk {
            base: base[stretch.clone()].concat(),
            mine: mine.text(starts.0..ends.0),
            theirs: theirs.text(starts.1..ends.1),
        });
        at = stretch.end;
    }
    unchanged(&mut hunks, base, &mine, &theirs, at..base.len());
    hunks
}

fn unchanged(
    hunks: &mut Vec<Hunk>,
    base: &[&str],
    mine: &Side<'_>,
    theirs: &Side<'_>,
    stretch: Range<usize>,
) {
    if stretch.is_empty() {
        return;
    }
    let here = |side: &Side<'_>| side.text(side.here(stretch.start)..side.here(stretch.end));
    hunks.push(Hunk {
        mine: here(mine),
        theirs: here(theirs),
        base: base[stretch].concat(),
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clashes(base: &str, mine: &str, theirs: &str) -> Vec<(String, String)> {
        versions(base, mine, theirs)
            .into_iter()
            .filter(Hunk::is_clash)
            .map(|hunk| (hunk.mine, hunk.theirs))
            .collect()
    }

    fn settled(base: &str, mine: &str, theirs: &str) -> String {
        let hunks = versions(base, mine, theirs);
        compose(hunks.iter().map(Hunk::settled))
    }

    #[test]
    fn a_paragraph_that_both_changed_is_a_clash_and_the_rest_is_not() {
        let base = "一\n\n二\n\n三";
        let (mine, theirs) = ("一\n\n二甲\n\n三", "一改\n\n二乙\n\n三");
        let found = versions(base, mine, theirs);
        assert_eq!(clashes(base, mine, theirs).len(), 1, "{found:?}");
        assert!(
            found
                .iter()
                .any(|hunk| hunk.is_clash() && hunk.mine == "二甲\n\n"),
            "{found:?}"
        );
    }

    #[test]
    fn different_paragraphs_come_together_by_themselves() {
        let base = "一\n\n二\n\n三\n\n四\n";
        assert_eq!(
            settled(base, "一\n\n二\n\n三\n\n四改\n", "一改\n\n二\n\n三\n\n四\n"),
            "一改\n\n二\n\n三\n\n四改\n"
        );
    }

    #[test]
    fn what_both_add_in_one_place_stays_whole_and_is_no_clash() {
        assert_eq!(clashes("一", "一\n\n我", "一\n\n你"), []);
        assert_eq!(settled("一", "一\n\n我", "一\n\n你"), "一\n\n你\n\n我");
    }

    #[test]
    fn the_same_change_twice_is_no_clash() {
        assert_eq!(clashes("一\n\n二", "一\n\n二改", "一\n\n二改"), []);
        assert_eq!(settled("一\n\n二", "一", "一"), "一");
    }

    #[test]
    fn a_paragraph_taken_away_clashes_with_one_that_was_changed() {
        let found = clashes("一\n\n二\n\n三", "一\n\n三", "一\n\n二改\n\n三");
        assert_eq!(found, [(String::new(), "二改\n\n".to_owned())]);
    }

    proptest::proptest! {
        #[test]
        fn each_version_is_put_together_from_its_own_column(
            base in "([一二三]{1,2}(\n\n|\n){0,2}){0,6}",
            mine in "([一二三]{1,2}(\n\n|\n){0,2}){0,6}",
            theirs in "([一二三]{1,2}(\n\n|\n){0,2}){0,6}",
        ) {
            let hunks = versions(&base, &mine, &theirs);
            let column = |pick: fn(&Hunk) -> &String| hunks.iter().map(|h| pick(h).as_str()).collect::<String>();
            proptest::prop_assert_eq!(column(|h| &h.base), base);
            proptest::prop_assert_eq!(column(|h| &h.mine), mine);
            proptest::prop_assert_eq!(column(|h| &h.theirs), theirs);
        }
    }
}
