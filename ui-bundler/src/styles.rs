//! The style sheet: the files of `ui/styles` one after the other in the order
//! of their names, and the fonts they name.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::dist::Dist;

/// A font's name in the sources and in `dist`.
pub(crate) struct Font {
    source: String,
    hashed: String,
}

/// Adds every font of `folder`, under `fonts/`, with the licences they ask to
/// be accompanied by.
pub(crate) fn add_fonts(dist: &mut Dist, folder: &Path) -> Result<Vec<Font>> {
    for licence in files_named(folder, |name| name.starts_with("LICENSE"))? {
        let name = licence.file_name().unwrap_or_default().to_string_lossy();
        dist.add_as(&format!("fonts/{name}"), &fs::read(&licence)?)?;
    }
    let fonts = files(folder, "woff2")?.into_iter().map(|file| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let source = format!("fonts/{name}");
        let hashed = dist.add_file(&file, &source)?;
        Ok(Font { source, hashed })
    });
    fonts.collect()
}

/// All styles as one text, the fonts under their hashed names.
pub(crate) fn concatenated(folder: &Path, fonts: &[Font]) -> Result<String> {
    let mut css = String::new();
    for file in files(folder, "css")? {
        css += read(&file)?.trim_end();
        css.push('\n');
    }
    Ok(fonts
        .iter()
        .fold(css, |css, font| css.replace(&font.source, &font.hashed)))
}

/// One style sheet as it is written.
pub(crate) fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

/// The files of `folder` with this extension, by name; none when there is no folder.
pub(crate) fn files(folder: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let ending = format!(".{extension}");
    files_named(folder, |name| name.ends_with(&ending))
}

fn files_named(folder: &Path, wanted: impl Fn(&str) -> bool) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut files: Vec<PathBuf> = fs::read_dir(folder)?
        .flatten()
        .filter(|entry| wanted(&entry.file_name().to_string_lossy()))
        .map(|entry| entry.path())
        .collect();
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_come_in_the_order_of_their_names() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("20-shell.css"), "b{}").unwrap();
        fs::write(folder.path().join("10-tokens.css"), "a{}\n\n").unwrap();
        fs::write(folder.path().join("notes.md"), "no").unwrap();
        assert_eq!(concatenated(folder.path(), &[]).unwrap(), "a{}\nb{}\n");
    }

    #[test]
    fn fonts_are_named_by_their_hash() {
        let work = tempfile::tempdir().unwrap();
        let sources = work.path().join("fonts");
        let styles = work.path().join("styles");
        fs::create_dir_all(&sources).unwrap();
        fs::create_dir_all(&styles).unwrap();
        fs::write(sources.join("Inter.woff2"), "font").unwrap();
        fs::write(sources.join("LICENSE-inter"), "terms").unwrap();
        fs::write(styles.join("a.css"), "src:url(\"fonts/Inter.woff2\")").unwrap();
        let mut dist = Dist::open(&work.path().join("dist")).unwrap();
        let fonts = add_fonts(&mut dist, &sources).unwrap();
        let css = concatenated(&styles, &fonts).unwrap();
        let name = css
            .trim()
            .trim_start_matches("src:url(\"")
            .trim_end_matches("\")");
        assert!(name.starts_with("fonts/Inter-"), "{css}");
        let dist = work.path().join("dist");
        assert!(dist.join(name).is_file(), "{css}");
        assert!(dist.join("fonts/LICENSE-inter").is_file());
    }
}
