//! Writing XML: whatever a text holds, what comes out is well-formed.

use std::borrow::Cow;
use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

/// A document that is being written.
pub(super) struct Xml(Writer<Vec<u8>>);

type Attributes<'a> = &'a [(&'a str, &'a str)];

impl Xml {
    /// Begins a document with its outermost element.
    pub(super) fn begin(name: &str, attributes: Attributes<'_>) -> io::Result<Self> {
        let mut xml = Self(Writer::new(Vec::new()));
        let declaration = BytesDecl::new("1.0", Some("utf-8"), None);
        xml.0.write_event(Event::Decl(declaration))?;
        xml.open(name, attributes)?;
        Ok(xml)
    }

    /// Ends the outermost element.
    pub(super) fn end(mut self, name: &str) -> io::Result<Vec<u8>> {
        self.close(name)?;
        Ok(self.0.into_inner())
    }

    pub(super) fn open(&mut self, name: &str, attributes: Attributes<'_>) -> io::Result<()> {
        self.0.write_event(Event::Start(start(name, attributes)))
    }

    pub(super) fn close(&mut self, name: &str) -> io::Result<()> {
        self.0.write_event(Event::End(BytesEnd::new(name)))
    }

    /// An element with nothing in it.
    pub(super) fn empty(&mut self, name: &str, attributes: Attributes<'_>) -> io::Result<()> {
        self.0.write_event(Event::Empty(start(name, attributes)))
    }

    /// An element with a text.
    pub(super) fn text(&mut self, name: &str, text: &str) -> io::Result<()> {
        self.text_with(name, &[], text)
    }

    /// An element with attributes and a text.
    pub(super) fn text_with(
        &mut self,
        name: &str,
        attributes: Attributes<'_>,
        text: &str,
    ) -> io::Result<()> {
        self.open(name, attributes)?;
        self.0
            .write_event(Event::Text(BytesText::new(&allowed(text))))?;
        self.close(name)
    }
}

fn start<'n>(name: &'n str, attributes: Attributes<'_>) -> BytesStart<'n> {
    let mut start = BytesStart::new(name);
    for (name, value) in attributes {
        start.push_attribute((*name, allowed(value).as_ref()));
    }
    start
}

/// A text without the characters that no XML 1.0 document may hold, not even escaped.
fn allowed(text: &str) -> Cow<'_, str> {
    match text.contains(is_forbidden) {
        true => Cow::Owned(text.replace(is_forbidden, "\u{FFFD}")),
        false => Cow::Borrowed(text),
    }
}

fn is_forbidden(c: char) -> bool {
    let is_control = c < ' ' && !matches!(c, '\t' | '\n' | '\r');
    is_control || matches!(c, '\u{FFFE}' | '\u{FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_document_may_not_hold_is_replaced_and_all_else_escaped() {
        let mut xml = Xml::begin("a", &[]).unwrap();
        let hostile = "]]></b>\u{0}\u{8}\u{FFFE}\u{FFFF}&<\u{202E}";
        xml.text_with("b", &[("c", "\"\u{1}<&")], hostile).unwrap();
        let written = String::from_utf8(xml.end("a").unwrap()).unwrap();
        let (start, rest) = written.split_once("<b ").unwrap();
        assert_eq!(start, "<?xml version=\"1.0\" encoding=\"utf-8\"?><a>");
        let (attribute, text) = rest.split_once('>').unwrap();
        assert_eq!(attribute, "c=\"&quot;\u{FFFD}&lt;&amp;\"");
        let replaced = "\u{FFFD}".repeat(4);
        assert_eq!(
            text,
            format!("]]&gt;&lt;/b&gt;{replaced}&amp;&lt;\u{202E}</b></a>")
        );
    }
}
