//! The parts of a page as elements. Text is only ever text here: nothing is parsed.

use stoa_ipc::{CellAlign, PagePart, PageTag};
use yew::prelude::*;
use yew::virtual_dom::VNode;

use crate::parts::{Picture, Recording};
use crate::t;
use crate::texts::Words;

/// Draws parts. One that is opened and not closed ends with the page.
pub(super) fn drawn(parts: &[PagePart], words: &Words) -> Html {
    let mut page = Page {
        words,
        open: Vec::new(),
        here: Vec::new(),
        level: TITLE_LEVEL,
    };
    for part in parts {
        page.take(part);
    }
    while page.close() {}
    page.here.into_iter().collect()
}

struct Page<'a> {
    words: &'a Words,
    /// What is open, each with what stood around it before.
    open: Vec<(PageTag, Vec<Html>)>,
    here: Vec<Html>,
    /// The level of the last heading among those of the window.
    level: u8,
}

/// The level of the draft's title, below that of the window's content.
const TITLE_LEVEL: u8 = 2;

impl Page<'_> {
    fn take(&mut self, part: &PagePart) {
        let drawn = match part {
            PagePart::Open(tag) => {
                let around = std::mem::take(&mut self.here);
                self.open.push((tag.clone(), around));
                return;
            }
            PagePart::Close => {
                self.close();
                return;
            }
            PagePart::Text(text) => html! { { text.clone() } },
            PagePart::Code(text) => html! { <code>{ text.clone() }</code> },
            PagePart::Break => html! { <br /> },
            PagePart::CodeBlock { text, .. } => {
                html! { <pre tabindex="0"><code>{ text.clone() }</code></pre> }
            }
            PagePart::Rule => html! { <hr /> },
            PagePart::Image { b3, alt, .. } => {
                html! { <Picture b3={b3.clone()} alt={alt.clone()} /> }
            }
            PagePart::Figure { b3, alt, caption } => html! {
                <figure>
                    <Picture b3={b3.clone()} alt={alt.clone()} />
                    if !caption.is_empty() { <figcaption>{ caption.clone() }</figcaption> }
                </figure>
            },
            PagePart::Media {
                is_video,
                b3,
                poster,
                name,
                caption,
            } => html! {
                <figure>
                    <Recording key={b3.clone().unwrap_or_default()} b3={b3.clone()} poster={poster.clone()} is_video={*is_video} name={name.clone()} />
                    if !caption.is_empty() { <figcaption>{ caption.clone() }</figcaption> }
                </figure>
            },
            PagePart::Embed { href, host } => html! {
                <p class="post-card">{ outward(href, html! { <><strong>{ host.clone() }</strong><span>{ href.clone() }</span></> }) }</p>
            },
            PagePart::FootnoteRef { number, .. } => html! { <sup>{ number }</sup> },
        };
        self.here.push(drawn);
    }

    /// Closes what was opened last; false when nothing is open.
    fn close(&mut self) -> bool {
        let Some((tag, around)) = self.open.pop() else {
            return false;
        };
        let inside = std::mem::replace(&mut self.here, around);
        let element = self.element(tag, inside.into_iter().collect());
        self.here.push(element);
        true
    }

    fn element(&mut self, tag: PageTag, inside: Html) -> Html {
        match tag {
            PageTag::Heading { level } => self.heading(level, inside),
            PageTag::Paragraph => html! { <p>{ inside }</p> },
            PageTag::Quote => html! { <blockquote>{ inside }</blockquote> },
            PageTag::Callout { kind, title } => {
                let title = title.map_or_else(
                    || self.words.get(&format!("callout-{kind}")),
                    AttrValue::from,
                );
                html! { <div class={classes!("post-callout", kind)}><p class="post-callout-title">{ title }</p>{ inside }</div> }
            }
            PageTag::List { start: None } => html! { <ul>{ inside }</ul> },
            PageTag::List { start: Some(start) } => {
                html! { <ol start={start.to_string()}>{ inside }</ol> }
            }
            PageTag::Item { is_done: None } => html! { <li>{ inside }</li> },
            PageTag::Item {
                is_done: Some(is_done),
            } => html! {
                <li class="post-task"><span role="img" aria-label={self.done(is_done)}>{ if is_done { "☑" } else { "☐" } }</span>{ " " }{ inside }</li>
            },
            PageTag::Table => {
                html! { <div class="post-table" tabindex="0"><table><tbody>{ inside }</tbody></table></div> }
            }
            PageTag::Row { is_head } => {
                html! { <tr class={classes!(is_head.then_some("head"))}>{ inside }</tr> }
            }
            PageTag::Cell { align } => html! { <td class={side(align)}>{ inside }</td> },
            PageTag::Emph => html! { <em>{ inside }</em> },
            PageTag::Strong => html! { <strong>{ inside }</strong> },
            PageTag::Strike => html! { <s>{ inside }</s> },
            PageTag::Link { href, .. } => outward(&href, inside),
            PageTag::DeadLink => html! { <span>{ inside }</span> },
            PageTag::Mention { is_followed } => {
                html! { <span class={classes!("post-mention", is_followed.then_some("followed"))}>{ inside }</span> }
            }
            PageTag::File => html! { <span class="post-file">{ inside }</span> },
            PageTag::Footnotes => html! { <ol class="post-notes">{ inside }</ol> },
            PageTag::Footnote { .. } => html! { <li>{ inside }</li> },
        }
    }

    /// Looks as its author wrote it, and is never more than one level below the one before, which
    /// is what a screen reader goes by.
    fn heading(&mut self, level: u8, inside: Html) -> Html {
        let class = format!("post-h{level}");
        self.level = (level + TITLE_LEVEL).min(self.level + 1).min(6);
        match self.level {
            3 => html! { <h3 {class}>{ inside }</h3> },
            4 => html! { <h4 {class}>{ inside }</h4> },
            5 => html! { <h5 {class}>{ inside }</h5> },
            _ => html! { <h6 {class}>{ inside }</h6> },
        }
    }

    fn done(&self, is_done: bool) -> AttrValue {
        match is_done {
            true => t!(self.words, "preview-task-done"),
            false => t!(self.words, "preview-task-open"),
        }
    }
}

/// A link that opens in the system's browser; the studio loads nothing from there.
fn outward(href: &str, inside: Html) -> VNode {
    html! { <a href={href.to_owned()} target="_blank" rel="noopener noreferrer nofollow">{ inside }</a> }
}

fn side(align: CellAlign) -> Option<&'static str> {
    match align {
        CellAlign::Unset => None,
        CellAlign::Left => Some("left"),
        CellAlign::Center => Some("center"),
        CellAlign::Right => Some("right"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;
    use crate::texts::use_words;

    #[component]
    fn Sample() -> Html {
        let words = use_words();
        let text = |text: &str| PagePart::Text(text.to_owned());
        let parts = [
            PagePart::Open(PageTag::Heading { level: 2 }),
            text("定价"),
            PagePart::Close,
            PagePart::Open(PageTag::Heading { level: 4 }),
            text("年付"),
            PagePart::Close,
            PagePart::Open(PageTag::Quote),
            PagePart::Open(PageTag::Paragraph),
            text("<script>alert(1)</script>"),
            PagePart::Open(PageTag::Link {
                href: "https://zhixing.example/?a=\"b".to_owned(),
                is_doubtful: false,
            }),
            text("链接"),
            PagePart::Close,
            PagePart::Close,
            PagePart::Close,
            PagePart::Open(PageTag::List { start: None }),
            PagePart::Open(PageTag::Item {
                is_done: Some(true),
            }),
            text("做完了"),
        ];
        drawn(&parts, &words)
    }

    #[test]
    fn a_page_is_drawn_in_its_order_and_text_stays_text() {
        let markup = testing::drawn("en", || html! { <Sample /> });
        let expected = [
            "<h3 class=\"post-h2\">定价</h3>",
            "<h4 class=\"post-h4\">年付</h4>",
            "<blockquote><p>&lt;script&gt;alert(1)&lt;/script&gt;",
            "rel=\"noopener noreferrer nofollow\">链接</a></p></blockquote>",
            "做完了</li></ul>",
        ];
        for part in expected {
            assert!(markup.contains(part), "{part}: {markup}");
        }
        assert!(!markup.contains("<script>"), "{markup}");
    }
}
