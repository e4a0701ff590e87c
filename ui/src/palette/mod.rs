//! The palette: everything one can do or go to, found by a few letters, in pinyin too.

mod entries;
mod matching;
mod sheet;

pub(crate) use sheet::Palette;
