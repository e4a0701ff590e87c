//! What a text refers to: links, and footnotes of a page or numbered references of a 公众号 text.

use std::fmt::Write as _;

use stoa_domain::{BlobHash, FileAddress};

use super::styles;
use super::writer::{Reference, Writer};
use crate::document::{Block, BlockKind, Footnote, Inline, Mention, text_of};
use crate::{Checked, Link};

impl<'a> Writer<'a> {
    pub(super) fn link(&mut self, to: &'a Checked, title: &str, content: &'a [Inline]) {
        if !self.is_wechat() {
            let attributes = [("href", to.href()), ("title", title)];
            let n_attributes = if title.is_empty() { 1 } else { 2 };
            return self.element("a", &attributes[..n_attributes], content);
        }
        self.line(content);
        if text_of(content) != to.href() {
            self.number(to.href(), Reference::Link(content, to.href().into()));
        }
    }

    /// A post leads where it is read, if that is known. A 公众号 text names only whole addresses.
    pub(super) fn mention(&mut self, of: Mention, content: &'a [Inline]) {
        let address = match of {
            Mention::Post(id) => (self.options.post)(id),
            Mention::Member(_) => None,
        };
        match address {
            Some(href) if !self.is_wechat() => {
                self.element("a", &[("class", "mention"), ("href", &href)], content);
            }
            Some(href) if Link::check(&href).is_ok() => {
                self.line(content);
                self.number(&href, Reference::Link(content, href.clone().into()));
            }
            _ => self.element("span", &[("class", "mention")], content),
        }
    }

    /// A file to be kept, where it is given out. A 公众号 holds no files, and an address of ours is none
    /// that its readers could follow.
    pub(super) fn file(&mut self, b3: BlobHash, content: &'a [Inline]) {
        let source = (self.options.source)(&FileAddress::of(b3).to_string());
        match source.filter(|_| !self.is_wechat()) {
            Some(href) => {
                let attributes = [("class", "file"), ("href", &href), ("download", "")];
                self.element("a", &attributes, content);
            }
            None => self.line(content),
        }
    }

    pub(super) fn footnote_reference(&mut self, number: u32, nth: u32) {
        let Some(footnote) = (number as usize)
            .checked_sub(1)
            .and_then(|at| self.footnotes.get(at))
        else {
            return;
        };
        if self.is_wechat() {
            return self.number(&format!("#{number}"), Reference::Footnote(footnote));
        }
        self.open("sup", &[]);
        self.open(
            "a",
            &[
                ("href", &format!("#fn-{number}")),
                ("id", &place_of_reference(number, nth)),
            ],
        );
        self.text(&number.to_string());
        self.close("a");
        self.close("sup");
    }

    /// The number of a reference, a new one for what was not referred to before.
    fn number(&mut self, key: &str, reference: Reference<'a>) {
        let number = self.numbers.get(key).copied().unwrap_or_else(|| {
            self.references.push(reference);
            self.numbers.insert(key.to_owned(), self.references.len());
            self.references.len()
        });
        self.open("sup", &[]);
        self.text(&format!("[{number}]"));
        self.close("sup");
    }

    /// The footnotes of a page, each with the ways back.
    pub(super) fn footnotes(&mut self) {
        if self.footnotes.is_empty() {
            return;
        }
        self.open("section", &[("class", "footnotes")]);
        self.open("ol", &[]);
        for (number, footnote) in (1..).zip(self.footnotes) {
            self.open("li", &[("id", &format!("fn-{number}"))]);
            self.footnote(number, footnote);
            self.close("li");
        }
        self.close("ol");
        self.close("section");
    }

    fn footnote(&mut self, number: u32, footnote: &'a Footnote) {
        let (blocks, last) = match footnote.blocks.split_last() {
            Some((
                Block {
                    kind: BlockKind::Paragraph(content),
                    ..
                },
                before,
            )) => (before, content.as_slice()),
            _ => (footnote.blocks.as_slice(), &[][..]),
        };
        self.blocks(blocks);
        self.open("p", &[]);
        self.line(last);
        for nth in 1..=footnote.n_references {
            self.text(" ");
            self.open(
                "a",
                &[("href", &format!("#{}", place_of_reference(number, nth)))],
            );
            self.text("↩");
            self.close("a");
        }
        self.close("p");
    }

    /// Footnotes refer to more while they are written.
    pub(super) fn references(&mut self) {
        if self.references.is_empty() {
            return;
        }
        self.open("h4", &[]);
        self.text(self.options.references);
        self.close("h4");
        let mut n_written = 0;
        while let Some(reference) = self.references.get(n_written).cloned() {
            n_written += 1;
            self.reference(n_written, reference);
        }
    }

    fn reference(&mut self, number: usize, reference: Reference<'a>) {
        self.open_styled("p", styles::REFERENCE);
        // Writing to a string cannot fail.
        let _ = write!(self.out, "[{number}] ");
        match reference {
            Reference::Link(content, href) => {
                self.text(text_of(content).trim());
                self.text(": ");
                self.text(&href);
                self.close("p");
            }
            Reference::Footnote(footnote) => {
                let (first, rest) = match footnote.blocks.split_first() {
                    Some((
                        Block {
                            kind: BlockKind::Paragraph(content),
                            ..
                        },
                        rest,
                    )) => (content.as_slice(), rest),
                    _ => (&[][..], footnote.blocks.as_slice()),
                };
                self.line(first);
                self.close("p");
                self.blocks(rest);
            }
        }
    }
}

fn place_of_reference(number: u32, nth: u32) -> String {
    if nth == 1 {
        format!("fnref-{number}")
    } else {
        format!("fnref-{number}-{nth}")
    }
}
