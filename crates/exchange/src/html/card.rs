//! What editors put between paragraphs: Ghost's cards and WordPress' blocks.

use super::Use;
use super::block::{Converter, link_line, strong_line};
use super::tree::Element;
use crate::document::{Block, Inline, plain};

/// The blocks of a card; `None` when the element is none.
pub(super) fn blocks(converter: &mut Converter, element: &Element) -> Option<Vec<Block>> {
    let has = |class: &str| element.has_class(class);
    if has("kg-bookmark-card") {
        return Some(bookmark(converter, element));
    }
    if has("kg-callout-card") {
        return Some(callout(converter, element));
    }
    if has("kg-toggle-card") {
        return Some(toggle(converter, element));
    }
    if has("kg-gallery-card") || has("wp-block-gallery") || has("gallery") {
        return Some(gallery(converter, element));
    }
    if has("kg-audio-card") || has("kg-video-card") {
        return player(converter, element);
    }
    if has("kg-file-card") || has("wp-block-file") {
        return file(converter, element);
    }
    if has("kg-embed-card") || has("wp-block-embed") {
        return Some(embed(converter, element));
    }
    None
}

fn part<'e>(element: &'e Element, class: &str) -> Option<&'e Element> {
    element.find(&|part| part.has_class(class))
}

fn words(converter: &mut Converter, part: Option<&Element>) -> String {
    part.map(|part| plain(&converter.line(part)))
        .unwrap_or_default()
}

fn bookmark(converter: &mut Converter, element: &Element) -> Vec<Block> {
    let address = element.named("a").and_then(|link| link.attribute("href"));
    let title = words(converter, part(element, "kg-bookmark-title"));
    let mut out = link_line(converter, address.unwrap_or_default(), &title);
    let caption = converter.caption(element);
    if !caption.is_empty() {
        out.push(Block::Paragraph(vec![Inline::Text(caption)]));
    }
    out
}

fn callout(converter: &mut Converter, element: &Element) -> Vec<Block> {
    let emoji = words(converter, part(element, "kg-callout-emoji"));
    let text = part(element, "kg-callout-text").unwrap_or(element);
    let mut blocks = converter.blocks(&text.children);
    if let Some(Block::Paragraph(run)) = blocks.first_mut()
        && !emoji.is_empty()
    {
        run.insert(0, Inline::Text(format!("{emoji} ")));
    }
    vec![Block::Callout("NOTE", blocks)]
}

fn toggle(converter: &mut Converter, element: &Element) -> Vec<Block> {
    let heading = part(element, "kg-toggle-heading-text").or(element.named("summary"));
    let heading = heading.map(|heading| converter.line(heading));
    let mut out = strong_line(heading.unwrap_or_default());
    if let Some(content) = part(element, "kg-toggle-content") {
        out.extend(converter.blocks(&content.children));
    }
    out
}

fn gallery(converter: &mut Converter, element: &Element) -> Vec<Block> {
    let mut pictures = Vec::new();
    gather_pictures(element, &mut pictures);
    let mut out: Vec<Block> = pictures
        .into_iter()
        .filter_map(|(picture, caption)| {
            let mut image = converter.image(picture)?;
            if let (Inline::Image { caption: slot, .. }, Some(text)) = (&mut image, caption) {
                *slot = plain(&converter.line(text));
            }
            Some(Block::Paragraph(vec![image]))
        })
        .collect();
    let own = element
        .elements()
        .find(|child| child.name == "figcaption")
        .map(|caption| converter.line(caption));
    if let Some(line) = own.filter(|line| !line.is_empty()) {
        out.push(Block::Paragraph(line));
    }
    out
}

/// The pictures of a gallery, each with the caption beside it.
fn gather_pictures<'e>(element: &'e Element, out: &mut Vec<(&'e Element, Option<&'e Element>)>) {
    for child in element.elements() {
        if child.name == "img" {
            let caption = element.elements().find(|other| {
                other.name == "figcaption" && !other.has_class("blocks-gallery-caption")
            });
            out.push((child, caption));
        } else if child.name != "figcaption" {
            gather_pictures(child, out);
        }
    }
}

fn player(converter: &mut Converter, element: &Element) -> Option<Vec<Block>> {
    let player = element.named("audio").or(element.named("video"))?;
    let title = words(converter, part(element, "kg-audio-title"));
    let caption = converter.caption(element);
    let caption = if caption.is_empty() { title } else { caption };
    Some(converter.player(player, &caption))
}

fn file(converter: &mut Converter, element: &Element) -> Option<Vec<Block>> {
    let link = element.named("a")?;
    let title = words(converter, part(element, "kg-file-card-title"));
    let title = if title.is_empty() {
        plain(&converter.line(link))
    } else {
        title
    };
    let address = link.attribute("href")?;
    let destination = (converter.resolve)(Use::Download, address)?;
    let text = vec![Inline::Text(title)];
    Some(vec![Block::Paragraph(vec![Inline::Link {
        destination,
        text,
    }])])
}

/// What another site shows, as a link to it.
fn embed(converter: &mut Converter, element: &Element) -> Vec<Block> {
    let mut out = if let Some(frame) = element.named("iframe") {
        converter.frame(frame)
    } else if let Some(link) = last_link(element) {
        link_line(converter, link, "")
    } else {
        // WordPress keeps the bare address.
        let text = element
            .find(&|part| part.has_class("wp-block-embed__wrapper"))
            .map_or_else(String::new, |wrapper| wrapper.text());
        link_line(converter, text.trim(), text.trim())
    };
    let caption = converter.caption(element);
    if !caption.is_empty() {
        out.push(Block::Paragraph(vec![Inline::Text(caption)]));
    }
    out
}

fn last_link(element: &Element) -> Option<&str> {
    let mut last = None;
    for child in element.elements() {
        if child.name == "a" && child.attribute("href").is_some() {
            last = child.attribute("href");
        }
        last = last_link(child).or(last);
    }
    last
}
