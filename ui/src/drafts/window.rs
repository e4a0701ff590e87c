//! Which rows of a long list stand in the page: what is seen, and a little around it.

/// Never more rows than this.
const MOST_ROWS: usize = 60;
/// Rows kept ready beyond the edges.
const AROUND: usize = 8;

/// The rows `start..end` of `n`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rows {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// The rows to draw when the list is scrolled to `top` in a box of `height`, all in pixels.
pub(crate) fn rows(top: i32, height: i32, row: i32, n: usize) -> Rows {
    let row = row.max(1);
    let first = usize::try_from(top.max(0) / row).unwrap_or(0);
    let seen = usize::try_from(height.max(0) / row + 2).unwrap_or(0);
    let start = first.saturating_sub(AROUND).min(n);
    let end = (first + seen + AROUND).min(start + MOST_ROWS).min(n);
    Rows { start, end }
}

/// Where to scroll so that row `index` is seen, if it is not.
pub(crate) fn scroll_for(index: usize, top: i32, height: i32, row: i32) -> Option<i32> {
    let above = i32::try_from(index).ok()?.checked_mul(row)?;
    if above < top {
        return Some(above);
    }
    let below = above + row - height;
    (below > top).then_some(below)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_rows_are_mounted_wherever_one_scrolls() {
        for top in [0, 10, 680, 67_999, 1_359_000] {
            let rows = rows(top, 900, 68, 20_000);
            assert!(rows.end - rows.start <= MOST_ROWS, "{rows:?}");
            let first_seen = usize::try_from(top / 68).unwrap();
            assert!(
                rows.start <= first_seen && first_seen < rows.end,
                "{rows:?}"
            );
        }
    }

    #[test]
    fn a_short_list_is_mounted_whole_and_an_empty_one_not_at_all() {
        assert_eq!(rows(0, 900, 68, 5), Rows { start: 0, end: 5 });
        assert_eq!(rows(400, 900, 68, 0), Rows { start: 0, end: 0 });
    }

    #[test]
    fn the_list_scrolls_no_further_than_it_must() {
        assert_eq!(scroll_for(3, 0, 680, 68), None);
        assert_eq!(scroll_for(10, 0, 680, 68), Some(68));
        assert_eq!(scroll_for(0, 200, 680, 68), Some(0));
    }
}
