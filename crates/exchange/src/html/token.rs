//! HTML as tags and text.
//!
//! What comes of it is escaped again, so nothing rests on reading it exactly as a browser would.
//! What counts is that any input takes linear time: browsers' parsers compare each attribute of a
//! tag with all others, and each tag with all that are open.

use std::borrow::Cow;

use quick_xml::escape::resolve_html5_entity;

/// Attributes beyond these are not looked at.
const MAX_ATTRIBUTES: usize = 64;

#[derive(Debug, PartialEq)]
pub(super) enum Token<'a> {
    Start(Tag<'a>),
    End(String),
    Text(Cow<'a, str>),
    Comment(&'a str),
}

#[derive(Debug, PartialEq)]
pub(super) struct Tag<'a> {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, Cow<'a, str>)>,
    pub(super) closes_itself: bool,
}

pub(super) struct Tokens<'a> {
    rest: &'a str,
    /// The element whose contents are text up to its end tag.
    raw: Option<String>,
}

impl<'a> Tokens<'a> {
    pub(super) fn of(html: &'a str) -> Tokens<'a> {
        Tokens {
            rest: html,
            raw: None,
        }
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    /// The contents of an element like `script`, up to its end tag.
    fn raw_text(&mut self, name: &str) -> Token<'a> {
        let text = self.take(end_of_raw(self.rest, name));
        match name {
            "textarea" | "title" => Token::Text(unescape(text)),
            _ => Token::Text(Cow::Borrowed(text)),
        }
    }

    fn markup(&mut self) -> Token<'a> {
        let rest = self.rest;
        if let Some(comment) = rest.strip_prefix("<!--") {
            let (text, length) = comment_text(comment);
            self.take(4 + length);
            return Token::Comment(text);
        }
        if rest.starts_with("<!") || rest.starts_with("<?") {
            let end = rest.find('>').map_or(rest.len(), |at| at + 1);
            self.take(end);
            return Token::Comment("");
        }
        let is_end = rest.starts_with("</");
        let from = if is_end { 2 } else { 1 };
        if !rest[from..].starts_with(|c: char| c.is_ascii_alphabetic()) {
            self.take(1);
            return Token::Text(Cow::Borrowed("<"));
        }
        self.take(from);
        let tag = self.tag();
        if is_end {
            return Token::End(tag.name);
        }
        if is_raw(&tag.name) && !tag.closes_itself {
            self.raw = Some(tag.name.clone());
        }
        Token::Start(tag)
    }

    fn tag(&mut self) -> Tag<'a> {
        let length = self
            .rest
            .find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>'))
            .unwrap_or(self.rest.len());
        let mut tag = Tag {
            name: self.take(length).to_ascii_lowercase(),
            attributes: Vec::new(),
            closes_itself: false,
        };
        loop {
            let separators = self
                .rest
                .find(|c: char| !(c.is_ascii_whitespace() || c == '/'))
                .unwrap_or(self.rest.len());
            tag.closes_itself = self.take(separators).ends_with('/');
            if self.rest.is_empty() {
                return tag;
            }
            if self.rest.starts_with('>') {
                self.take(1);
                return tag;
            }
            let (name, value) = self.attribute();
            if tag.attributes.len() < MAX_ATTRIBUTES {
                tag.attributes
                    .push((name.to_ascii_lowercase(), unescape(value)));
            }
        }
    }

    fn attribute(&mut self) -> (&'a str, &'a str) {
        // The first character belongs to the name whatever it is, or nothing would be taken.
        let length = self
            .rest
            .char_indices()
            .skip(1)
            .find(|(_, c)| c.is_ascii_whitespace() || matches!(c, '/' | '>' | '='))
            .map_or(self.rest.len(), |(at, _)| at);
        let name = self.take(length);
        let after = self.rest.trim_ascii_start();
        let Some(value) = after.strip_prefix('=') else {
            return (name, "");
        };
        self.rest = value.trim_ascii_start();
        let quote = self.rest.chars().next();
        if let Some(quote @ ('"' | '\'')) = quote {
            self.take(1);
            let length = self.rest.find(quote).unwrap_or(self.rest.len());
            let value = self.take(length);
            self.take(usize::from(!self.rest.is_empty()));
            return (name, value);
        }
        let length = self
            .rest
            .find(|c: char| c.is_ascii_whitespace() || c == '>')
            .unwrap_or(self.rest.len());
        (name, self.take(length))
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        if let Some(name) = self.raw.take() {
            return Some(self.raw_text(&name));
        }
        if self.rest.starts_with('<') {
            return Some(self.markup());
        }
        let length = self.rest.find('<').unwrap_or(self.rest.len());
        Some(Token::Text(unescape(self.take(length))))
    }
}

fn is_raw(name: &str) -> bool {
    matches!(
        name,
        "script" | "style" | "textarea" | "title" | "xmp" | "iframe" | "noembed" | "noframes"
    )
}

/// The text of a comment and how far it reaches with its end.
fn comment_text(comment: &str) -> (&str, usize) {
    for short in [">", "->"] {
        if comment.starts_with(short) {
            return ("", short.len());
        }
    }
    match comment.find("-->") {
        Some(at) => (&comment[..at], at + 3),
        None => ("", comment.len()),
    }
}

fn end_of_raw(text: &str, name: &str) -> usize {
    text.match_indices("</")
        .map(|(at, _)| at)
        .find(|at| {
            text.as_bytes()
                .get(at + 2..at + 2 + name.len())
                .is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
        })
        .unwrap_or(text.len())
}

/// Replaces character references.
pub(super) fn unescape(text: &str) -> Cow<'_, str> {
    let Some(first) = text.find('&') else {
        return Cow::Borrowed(text);
    };
    let mut out = String::with_capacity(text.len());
    out.push_str(&text[..first]);
    let mut rest = &text[first..];
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        match reference(rest) {
            Some((replacement, length)) => {
                out.push_str(&replacement);
                rest = &rest[length..];
            }
            None => out.push('&'),
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// What a reference stands for, and how long it is without its `&`.
fn reference(text: &str) -> Option<(Cow<'static, str>, usize)> {
    /// The longest name there is has 31 letters.
    const MAX_LENGTH: usize = 33;
    let length = text
        .bytes()
        .take(MAX_LENGTH)
        .position(|b| !(b.is_ascii_alphanumeric() || b == b'#'))?;
    if text.as_bytes()[length] != b';' {
        return None;
    }
    let name = &text[..length];
    let Some(number) = name.strip_prefix('#') else {
        return resolve_html5_entity(name).map(|text| (Cow::Borrowed(text), length + 1));
    };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => number.parse(),
    };
    let c = code.ok().and_then(char::from_u32).unwrap_or('\u{fffd}');
    Some((Cow::Owned(c.to_string()), length + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_text_and_comments_are_told_apart() {
        let html =
            "a<P class=\"x y\" id=z hidden>b &amp; c&nbsp;&#20013;&bogus;</p><br/><!-- n -->";
        let tokens: Vec<Token> = Tokens::of(html).collect();
        let Token::Start(tag) = &tokens[1] else {
            panic!("{tokens:?}");
        };
        assert_eq!(tag.name, "p");
        let attributes: Vec<(&str, &str)> = tag
            .attributes
            .iter()
            .map(|(name, value)| (name.as_str(), &**value))
            .collect();
        assert_eq!(attributes, [("class", "x y"), ("id", "z"), ("hidden", "")]);
        assert_eq!(
            tokens[2],
            Token::Text("b & c\u{a0}中&bogus;".to_owned().into())
        );
        assert_eq!(tokens[3], Token::End("p".to_owned()));
        assert_eq!(tokens.last(), Some(&Token::Comment(" n ")));
    }

    #[test]
    fn a_script_is_one_text() {
        let tokens: Vec<Token> = Tokens::of("<script>if (a<b) '</i>'</SCRIPT>x").collect();
        assert_eq!(tokens[1], Token::Text("if (a<b) '</i>'".into()));
        assert_eq!(tokens[2], Token::End("script".to_owned()));
    }

    #[test]
    fn broken_markup_ends() {
        for html in [
            "<",
            "</",
            "<a",
            "<a b",
            "<a b=",
            "<a b='",
            "<!--",
            "<!-->x",
            "<!",
            "a<é",
            "<a é=é>",
            "<a\u{3000}=x",
            "&",
            "&#;",
            "&#xffffffffff;",
            "<a ==>",
        ] {
            assert!(Tokens::of(html).count() < 8, "{html}");
        }
    }
}
