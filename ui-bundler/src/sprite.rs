//! The icons: every SVG file of the folder becomes a symbol `icon-NAME` of one
//! invisible `<svg>` in the page, used as `<use href="#icon-NAME">`. In the page
//! itself, because an outside sprite is refused by some of the webviews.

use std::{fs, path::Path};

use anyhow::{Context, Result};

pub(crate) fn of(folder: &Path) -> Result<String> {
    let mut symbols: Vec<String> = Vec::new();
    for file in crate::styles::files(folder, "svg")? {
        let text = fs::read_to_string(&file)?;
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        symbols.push(symbol(&name, &text).with_context(|| format!("in {}", file.display()))?);
    }
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" hidden>{}</svg>",
        symbols.concat()
    ))
}

/// The drawing inside `<svg …>…</svg>`, under a name.
fn symbol(name: &str, svg: &str) -> Result<String> {
    let start = svg.find("<svg").context("this is not an SVG file")?;
    let (opening, rest) = svg[start..].split_once('>').context("<svg is not closed")?;
    let (drawing, _) = rest.rsplit_once("</svg>").context("</svg> is missing")?;
    let view_box = attribute(opening, "viewBox").unwrap_or("0 0 24 24");
    let drawing: String = drawing.lines().map(str::trim).collect();
    Ok(format!(
        "<symbol id=\"icon-{name}\" viewBox=\"{view_box}\">{drawing}</symbol>"
    ))
}

fn attribute<'a>(opening: &'a str, name: &str) -> Option<&'a str> {
    let (_, value) = opening.split_once(&format!("{name}=\""))?;
    value.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_becomes_a_symbol_with_its_own_view_box() {
        let svg = "<!-- licence -->\n<svg\n  width=\"24\"\n  viewBox=\"0 0 16 16\"\n>\n  <path d=\"M0 0\" />\n</svg>\n";
        assert_eq!(
            symbol("check", svg).unwrap(),
            "<symbol id=\"icon-check\" viewBox=\"0 0 16 16\"><path d=\"M0 0\" /></symbol>"
        );
    }

    #[test]
    fn something_else_is_refused() {
        assert!(symbol("x", "not a drawing").is_err());
    }

    #[test]
    fn icons_come_in_the_order_of_their_names() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.svg", "a.svg", "readme.txt"] {
            fs::write(folder.path().join(name), "<svg viewBox=\"0 0 1 1\"></svg>").unwrap();
        }
        let sprite = of(folder.path()).unwrap();
        let a = sprite.find("icon-a").unwrap();
        assert!(a < sprite.find("icon-b").unwrap(), "{sprite}");
        assert!(!sprite.contains("readme"));
    }
}
