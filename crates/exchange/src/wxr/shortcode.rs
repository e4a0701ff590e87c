//! What WordPress writes into its HTML that no browser knows: shortcodes, and lines as paragraphs.

use std::collections::BTreeMap;

use crate::html::escape_attribute;

/// The longest shortcode, without its contents.
const MAX_TAG_BYTES: usize = 2048;

/// The part before `<!--more-->`, if there is one, and all of it without the mark.
pub(super) fn split_at_more(body: &str) -> (Option<&str>, String) {
    let Some((teaser, rest)) = body.split_once("<!--more") else {
        return (None, body.to_owned());
    };
    let rest = rest.split_once("-->").map_or("", |(_, rest)| rest);
    (Some(teaser), format!("{teaser}\n\n{rest}"))
}

/// The body as HTML: shortcodes as elements, and lines as paragraphs where it has none.
pub(super) fn expand(body: &str, attachments: &BTreeMap<&str, &str>) -> String {
    let html = expand_codes(body, attachments);
    match html.contains("<!-- wp:") || html.contains("<p>") || html.contains("<p ") {
        true => html,
        false => lines_as_paragraphs(&html),
    }
}

fn expand_codes(body: &str, attachments: &BTreeMap<&str, &str>) -> String {
    let mut out = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = rest.find('[') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        match code(rest, attachments) {
            Some((html, length)) => {
                out.push_str(&html);
                rest = &rest[length..];
            }
            None => {
                out.push('[');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// The HTML of the shortcode that a text begins with, and how long it is.
fn code(text: &str, attachments: &BTreeMap<&str, &str>) -> Option<(String, usize)> {
    const NAMES: [&str; 6] = ["caption", "gallery", "audio", "video", "embed", "playlist"];
    let name = NAMES.into_iter().find(|name| {
        text[1..].starts_with(name)
            && !text[1 + name.len()..].starts_with(|c: char| c.is_alphanumeric())
    })?;
    let head = &text[..text.floor_char_boundary(MAX_TAG_BYTES)];
    let end = head.find(']')? + 1;
    let attributes = attributes(&head[1 + name.len()..end - 1]);
    let contents = contents(&text[end..], name);
    let length = end + contents.map_or(0, |contents| contents.len() + name.len() + 3);
    let contents = contents.unwrap_or_default();
    let html = match name {
        "caption" => caption(contents, attributes.get("caption").copied()),
        "gallery" | "playlist" => {
            let ids = attributes.get("ids").or(attributes.get("include"));
            gallery(ids.copied().unwrap_or_default(), attachments)
        }
        "embed" => format!(
            "<iframe src=\"{}\"></iframe>",
            escape_attribute(contents.trim())
        ),
        player => {
            let (_, source) = attributes.iter().find(|(key, _)| {
                matches!(
                    **key,
                    "src" | "mp3" | "m4a" | "ogg" | "wav" | "mp4" | "webm" | "m4v" | "flv"
                )
            })?;
            format!("<{player} src=\"{}\"></{player}>", escape_attribute(source))
        }
    };
    Some((html, length))
}

/// What stands before the end of the shortcode, if it has one before the next of its kind.
fn contents<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    for (at, _) in text.match_indices('[') {
        let after = &text[at + 1..];
        if after.starts_with(name) {
            return None;
        }
        let end = after
            .strip_prefix('/')
            .and_then(|end| end.strip_prefix(name));
        if end.is_some_and(|end| end.starts_with(']')) {
            return Some(&text[..at]);
        }
    }
    None
}

fn attributes(text: &str) -> BTreeMap<&str, &str> {
    let mut found = BTreeMap::new();
    let mut rest = text;
    while let Some((key, after)) = rest.split_once('=') {
        let key = key
            .trim()
            .rsplit([' ', '\n', '\t'])
            .next()
            .unwrap_or_default();
        let after = after.trim_start();
        let (value, next) = match after.chars().next() {
            Some(quote @ ('"' | '\'')) => after[1..].split_once(quote).unwrap_or((&after[1..], "")),
            _ => after.split_once(' ').unwrap_or((after, "")),
        };
        found.insert(key, value);
        rest = next;
    }
    found
}

/// The picture comes first, its caption after it.
fn caption(contents: &str, given: Option<&str>) -> String {
    let picture_end = contents
        .find("<img")
        .and_then(|at| Some(at + contents[at..].find('>')? + 1))
        .map_or(0, |end| {
            match contents[end..].trim_start().starts_with("</a>") {
                true => contents[end..].find("</a>").map_or(end, |at| end + at + 4),
                false => end,
            }
        });
    let (picture, text) = contents.split_at(picture_end);
    let text = if text.trim().is_empty() {
        given.unwrap_or_default()
    } else {
        text
    };
    format!(
        "<figure>{picture}<figcaption>{}</figcaption></figure>",
        text.trim()
    )
}

fn gallery(ids: &str, attachments: &BTreeMap<&str, &str>) -> String {
    let pictures: String = ids
        .split(',')
        .filter_map(|id| attachments.get(id.trim()))
        .map(|url| format!("<img src=\"{}\">", escape_attribute(url)))
        .collect();
    format!("<figure class=\"wp-block-gallery\">{pictures}</figure>")
}

/// The old editor keeps paragraphs as blank lines and breaks as lines, except in code.
fn lines_as_paragraphs(html: &str) -> String {
    let mut out = String::with_capacity(html.len() + html.len() / 8);
    let mut rest = html;
    while let Some(at) = rest.find("<pre") {
        let end = rest[at..]
            .find("</pre>")
            .map_or(rest.len(), |end| at + end + 6);
        push_paragraphs(&mut out, &rest[..at]);
        out.push_str(&rest[at..end]);
        rest = &rest[end..];
    }
    push_paragraphs(&mut out, rest);
    out
}

fn push_paragraphs(out: &mut String, html: &str) {
    for line in html.split('\n') {
        match line.trim() {
            "" => out.push_str("<p>"),
            line => {
                out.push_str(line);
                out.push_str(if ends_in_block(line) { "\n" } else { "<br>\n" });
            }
        }
    }
}

fn ends_in_block(line: &str) -> bool {
    const ENDS: [&str; 12] = [
        "</p>",
        "</li>",
        "<ul>",
        "<ol>",
        "</ul>",
        "</ol>",
        "</div>",
        "</h1>",
        "</h2>",
        "</h3>",
        "</h4>",
        "</blockquote>",
    ];
    ENDS.iter().any(|end| line.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(body: &str, expected: &str) {
        let attachments = BTreeMap::from([("7", "https://a.b/7.png"), ("8", "https://a.b/8.png")]);
        assert_eq!(expand_codes(body, &attachments), expected);
    }

    #[test]
    fn shortcodes_become_elements() {
        check(
            "x [caption id=\"a\" width=\"3\"]<a href=\"#\"><img src=\"p.png\" /></a> <em>Mine</em>[/caption] y",
            "x <figure><a href=\"#\"><img src=\"p.png\" /></a><figcaption><em>Mine</em></figcaption></figure> y",
        );
        check(
            "[gallery ids=\"8, 7,9\" columns=\"2\"]",
            "<figure class=\"wp-block-gallery\"><img src=\"https://a.b/8.png\"><img src=\"https://a.b/7.png\"></figure>",
        );
        check(
            "[audio mp3=\"https://a.b/c.mp3\"][/audio]",
            "<audio src=\"https://a.b/c.mp3\"></audio>",
        );
        check(
            "[embed]https://a.b/c?d=1&e=\"2[/embed]",
            "<iframe src=\"https://a.b/c?d=1&amp;e=&quot;2\"></iframe>",
        );
        check("[other] [captions] [audio", "[other] [captions] [audio");
    }

    #[test]
    fn the_part_before_more_is_the_teaser() {
        assert_eq!(
            split_at_more("a<!--more go on-->b"),
            (Some("a"), "a\n\nb".to_owned())
        );
        assert_eq!(split_at_more("ab"), (None, "ab".to_owned()));
    }
}
