//! What notes are called, on every system alike.

use std::collections::BTreeSet;

use crate::model::ImportedPost;

const MAX_CHARS: usize = 60;

/// A path for each post, in their order. Systems that do not tell cases apart tell them apart.
pub(super) fn paths(posts: &[&ImportedPost]) -> Vec<String> {
    let mut taken = BTreeSet::new();
    posts
        .iter()
        .map(|post| {
            let stem = stem(&post.title);
            (1..)
                .map(|n: u32| match n {
                    1 => format!("posts/{stem}.md"),
                    n => format!("posts/{stem} ({n}).md"),
                })
                .find(|path| taken.insert(path.to_lowercase()))
                .expect("there is always one more number")
        })
        .collect()
}

/// A title as a name that Windows, macOS and Linux take.
fn stem(title: &str) -> String {
    let kept: String = title
        .chars()
        .map(|c| match c {
            '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*' => '-',
            c if c.is_control() || c.is_whitespace() => ' ',
            c => c,
        })
        .take(MAX_CHARS)
        .collect();
    let stem = kept.trim_matches([' ', '.']);
    if stem.is_empty() {
        return "untitled".to_owned();
    }
    if is_reserved(stem) {
        return format!("_{stem}");
    }
    stem.to_owned()
}

/// Names that Windows keeps for devices, whatever the ending.
fn is_reserved(stem: &str) -> bool {
    let name = stem.split('.').next().unwrap_or_default().trim_end();
    let name = name.to_ascii_uppercase();
    if matches!(name.as_str(), "CON" | "PRN" | "AUX" | "NUL") {
        return true;
    }
    let number = name.strip_prefix("COM").or(name.strip_prefix("LPT"));
    matches!(
        number,
        Some("0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_title_has_a_name_that_all_systems_take() {
        let titles = [
            "会员定价：三个数字",
            "a/b\\c:d*e?",
            "CON",
            "com1.txt",
            "  .. ",
            "",
            "Same",
            "same",
            "Same",
            "end.",
        ];
        let posts: Vec<ImportedPost> = titles
            .iter()
            .map(|title| ImportedPost {
                title: (*title).to_owned(),
                ..ImportedPost::default()
            })
            .collect();
        let posts: Vec<&ImportedPost> = posts.iter().collect();
        assert_eq!(
            paths(&posts),
            [
                "posts/会员定价：三个数字.md",
                "posts/a-b-c-d-e-.md",
                "posts/_CON.md",
                "posts/_com1.txt.md",
                "posts/untitled.md",
                "posts/untitled (2).md",
                "posts/Same.md",
                "posts/same (2).md",
                "posts/Same (3).md",
                "posts/end.md",
            ]
        );
    }
}
