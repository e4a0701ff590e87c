//! Files that were dropped on the window and wait for the page to say what becomes of them.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use stoa_ipc::{DroppedFiles, Event};

use crate::studio::Studio;

/// So many drops are remembered; older ones were answered or given up.
const KEPT: usize = 4;
/// So many files of one drop.
const MOST_FILES: usize = 200;

#[derive(Default)]
pub(crate) struct Drops(Mutex<Remembered>);

#[derive(Default)]
struct Remembered {
    n_drops: u64,
    drops: VecDeque<(u64, Vec<PathBuf>)>,
}

impl Drops {
    fn remember(&self, mut paths: Vec<PathBuf>) -> (u64, Vec<PathBuf>) {
        paths.truncate(MOST_FILES);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.n_drops += 1;
        let drop = all.n_drops;
        all.drops.push_back((drop, paths.clone()));
        if all.drops.len() > KEPT {
            all.drops.pop_front();
        }
        (drop, paths)
    }

    /// The path of one file of a drop.
    pub(crate) fn path(&self, drop: u64, index: u32) -> Option<PathBuf> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, paths) = all.drops.iter().find(|(known, _)| *known == drop)?;
        paths.get(index as usize).cloned()
    }
}

impl Studio {
    /// Files were dropped on the window, at a point of the page. The page decides what becomes of
    /// them; it names them by number.
    pub fn drop_files(&self, paths: Vec<PathBuf>, (x, y): (i32, i32)) {
        let (drop, paths) = self.inner.drops.remember(paths);
        let name = |path: &PathBuf| {
            let name = path.file_name().unwrap_or_default();
            name.to_string_lossy().into_owned()
        };
        self.emit(Event::Dropped(DroppedFiles {
            drop,
            names: paths.iter().map(name).collect(),
            x,
            y,
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drop_is_known_by_its_number_until_others_follow() {
        let drops = Drops::default();
        let paths = |name: &str| vec![PathBuf::from("/tmp").join(name), PathBuf::from("/tmp/b")];
        let (first, _) = drops.remember(paths("a"));
        assert_eq!(drops.path(first, 0), Some(PathBuf::from("/tmp/a")));
        assert_eq!(drops.path(first, 2), None);
        assert_eq!(drops.path(first + 1, 0), None);
        for _ in 0..KEPT {
            drops.remember(paths("c"));
        }
        assert_eq!(drops.path(first, 0), None);
        let (_, kept) = drops.remember(vec![PathBuf::from("/tmp/x"); MOST_FILES + 1]);
        assert_eq!(kept.len(), MOST_FILES);
    }
}
