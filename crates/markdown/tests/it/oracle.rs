//! Whether HTML holds only what it may, by a parser of its own and a list of its own.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, StartTag, TagToken, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use stoa_markdown::{Document, HtmlOptions, HtmlProfile, html};

pub(crate) const PROFILES: [HtmlProfile; 2] = [HtmlProfile::Page, HtmlProfile::WeChat];

/// Finds every file, at an address that keeps what the text said.
fn source(src: &str) -> Option<String> {
    Some(match src.strip_prefix("attachment:") {
        Some(hash) => format!("/files/{hash}"),
        None => src.to_owned(),
    })
}

pub(crate) fn write(document: &Document, profile: HtmlProfile) -> String {
    let options = HtmlOptions {
        profile,
        lang: "zh-CN",
        source: &source,
        post: &|_| None,
        references: "参考",
    };
    html(document, &options)
}

const ELEMENTS: &str = " a aside audio blockquote br code del div em figcaption figure h1 h2 h3 h4 h5 h6 hr img li ol p pre \
    section span strong sup table tbody td th thead tr ul video ";
const WECHAT_ELEMENTS: &str = " blockquote br code del em h1 h2 h3 h4 h5 h6 hr img li ol p pre section span strong sup table tbody td th thead tr ul ";

/// What stands in HTML that should not.
pub(crate) fn trespasses(html: &str, profile: HtmlProfile) -> Vec<String> {
    let sink = Sink {
        profile,
        found: RefCell::default(),
    };
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(html));
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.found.into_inner()
}

struct Sink {
    profile: HtmlProfile,
    found: RefCell<Vec<String>>,
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        match token {
            TagToken(tag) => {
                let elements = if self.profile == HtmlProfile::Page {
                    ELEMENTS
                } else {
                    WECHAT_ELEMENTS
                };
                if !elements.contains(&format!(" {} ", tag.name)) {
                    self.found.borrow_mut().push(format!("<{}>", tag.name));
                }
                if tag.kind == StartTag {
                    for attribute in tag.attrs {
                        self.attribute(&tag.name, &attribute.name.local, &attribute.value);
                    }
                }
            }
            Token::CommentToken(text) => self.found.borrow_mut().push(format!("<!--{text}")),
            Token::DoctypeToken(_) => self.found.borrow_mut().push("<!doctype>".to_owned()),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl Sink {
    fn attribute(&self, element: &str, name: &str, value: &str) {
        let is_web =
            value.starts_with("https:") || value.starts_with("http:") || is_upper_web(value);
        let is_here = value.starts_with('#')
            || (value.starts_with('/') && !value.starts_with("//") && !value.starts_with("/\\"));
        let is_fine = match (self.profile, element, name) {
            (_, "img" | "audio" | "video", "src") => is_web || is_here,
            (_, "img", "alt") | (_, "ol", "start") => true,
            (HtmlProfile::WeChat, _, "style") => is_harmless_style(value),
            (HtmlProfile::WeChat, ..) => false,
            (_, "a", "href") => is_web || is_here || value.to_lowercase().starts_with("mailto:"),
            (_, "a", "rel") => value == "noopener noreferrer nofollow ugc",
            (_, "a", "id") => value.starts_with("fnref-"),
            (_, "li", "id") => value.starts_with("fn-"),
            (_, "h1" | "h2" | "h3" | "h4" | "h5" | "h6", "id") => value.starts_with("h-"),
            (_, "aside" | "a" | "p" | "section" | "span" | "ul", "class") => {
                !value.contains(['"', '<'])
            }
            (_, "td" | "th", "align") => matches!(value, "left" | "center" | "right"),
            (_, "a", "title")
            | (_, "audio" | "video", "controls" | "preload")
            | (_, "div", "lang")
            | (_, "img", "loading")
            | (_, "pre", "data-language") => true,
            _ => false,
        };
        if !is_fine {
            self.found
                .borrow_mut()
                .push(format!("<{element} {name}={value:?}>"));
        }
    }
}

fn is_upper_web(value: &str) -> bool {
    let start = value.get(..8).unwrap_or_default().to_lowercase();
    start.starts_with("http:") || start.starts_with("https:")
}

fn is_harmless_style(style: &str) -> bool {
    !style.contains(['(', '\\', '@', '<', '/'])
        && !style.contains("position")
        && !style.contains("expression")
}
