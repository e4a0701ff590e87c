//! XML as starts, ends and text. Entities that a document declares itself are never expanded.

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use crate::limits::MAX_DEPTH;

#[derive(Debug, PartialEq)]
pub(crate) enum Node<'a> {
    Start(Element<'a>),
    End,
    Text(String),
}

#[derive(Debug, PartialEq)]
pub(crate) struct Element<'a> {
    pub(crate) name: String,
    tag: BytesStart<'a>,
}

impl Element<'_> {
    /// The value of an attribute, by its name without a prefix.
    pub(crate) fn attribute(&self, name: &str) -> Option<String> {
        let mut attributes = self.tag.attributes();
        attributes
            .with_checks(false)
            .flatten()
            .find(|attribute| attribute.key.local_name().as_ref() == name)
            .and_then(|attribute| {
                let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?;
                Some(value.into_owned())
            })
    }
}

/// The line and the reason of an end that comes too early.
pub(crate) type End = (usize, String);

/// The parts of a document in order; an `Err` is the last.
pub(crate) struct Nodes<'a> {
    xml: &'a str,
    reader: Reader<&'a [u8]>,
    depth: usize,
    /// An empty element ends right after it starts.
    ends: bool,
    is_over: bool,
}

impl<'a> Nodes<'a> {
    pub(crate) fn of(xml: &'a str) -> Nodes<'a> {
        let mut reader = Reader::from_str(xml);
        reader.config_mut().allow_dangling_amp = true;
        Nodes {
            xml,
            reader,
            depth: 0,
            ends: false,
            is_over: false,
        }
    }

    fn start(&mut self, tag: BytesStart<'a>, is_empty: bool) -> Result<Node<'a>, String> {
        if self.depth >= MAX_DEPTH {
            return Err("nested too deep".to_owned());
        }
        self.depth += 1;
        self.ends = is_empty;
        Ok(Node::Start(Element {
            name: tag.name().as_ref().to_owned(),
            tag,
        }))
    }

    fn step(&mut self) -> Result<Option<Node<'a>>, String> {
        if std::mem::take(&mut self.ends) {
            self.depth -= 1;
            return Ok(Some(Node::End));
        }
        loop {
            let event = self.reader.read_event().map_err(|why| why.to_string())?;
            let node = match event {
                Event::Start(tag) => self.start(tag, false)?,
                Event::Empty(tag) => self.start(tag, true)?,
                Event::End(_) => {
                    self.depth -= 1;
                    Node::End
                }
                Event::Text(text) => Node::Text(text.xml10_content().into_owned()),
                Event::CData(text) => Node::Text(text.xml10_content().into_owned()),
                Event::GeneralRef(name) => match name.resolve_char_ref() {
                    Ok(Some(c)) => Node::Text(c.to_string()),
                    _ => {
                        let name = name.xml10_content();
                        let known = resolve_predefined_entity(&name);
                        Node::Text(known.map_or_else(|| format!("&{name};"), str::to_owned))
                    }
                },
                Event::Eof if self.depth > 0 => return Err("the end is missing".to_owned()),
                Event::Eof => return Ok(None),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => continue,
            };
            return Ok(Some(node));
        }
    }
}

impl<'a> Iterator for Nodes<'a> {
    type Item = Result<Node<'a>, End>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let step = self.step();
        self.is_over = !matches!(step, Ok(Some(_)));
        let step = step.map_err(|why| {
            let at = usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX);
            let read = &self.xml.as_bytes()[..at.min(self.xml.len())];
            (1 + read.iter().filter(|byte| **byte == b'\n').count(), why)
        });
        step.transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declared_entities_stay_as_they_stand() {
        let bomb = "<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">]><x y=\"1 &amp; 2\">&b; &lt;&#20013;<z/></x>";
        let nodes: Vec<Node> = Nodes::of(bomb).map(Result::unwrap).collect();
        let Node::Start(x) = &nodes[0] else {
            panic!("{nodes:?}")
        };
        assert_eq!(x.attribute("y").as_deref(), Some("1 & 2"));
        let text: String = nodes
            .iter()
            .filter_map(|node| match node {
                Node::Text(text) => Some(text.as_str()),
                _ => None,
            })
            .collect();
        assert_eq!(text, "&b; <中");
        assert_eq!(nodes.last(), Some(&Node::End));
    }

    #[test]
    fn too_deep_or_cut_documents_end_in_an_error() {
        for xml in [
            "<a>".repeat(200_000),
            "<a><b>".to_owned(),
            "<a></b>".to_owned(),
        ] {
            assert!(Nodes::of(&xml).last().unwrap().is_err());
        }
    }
}
