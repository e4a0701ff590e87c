//! The last step: nothing leaves that is not on the list.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

use super::HtmlProfile;

const TAGS: &[&str] = &[
    "a",
    "aside",
    "audio",
    "blockquote",
    "br",
    "code",
    "del",
    "div",
    "em",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "img",
    "li",
    "ol",
    "p",
    "pre",
    "section",
    "span",
    "strong",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "track",
    "ul",
    "video",
];
const ATTRIBUTES: &[(&str, &[&str])] = &[
    ("a", &["href", "title", "id", "download"]),
    ("audio", &["src", "controls", "preload"]),
    (
        "video",
        &["src", "controls", "preload", "poster", "width", "height"],
    ),
    ("track", &["src", "kind", "srclang"]),
    ("div", &["lang"]),
    ("h1", &["id"]),
    ("h2", &["id"]),
    ("h3", &["id"]),
    ("h4", &["id"]),
    ("h5", &["id"]),
    ("h6", &["id"]),
    ("img", &["src", "alt", "loading"]),
    ("li", &["id"]),
    ("ol", &["start"]),
    ("pre", &["data-language"]),
    ("td", &["align"]),
    ("th", &["align"]),
];
const CLASSES: &[(&str, &[&str])] = &[
    ("a", &["embed", "file", "mention"]),
    (
        "aside",
        &[
            "callout",
            "callout-note",
            "callout-tip",
            "callout-important",
            "callout-warning",
            "callout-caution",
        ],
    ),
    ("p", &["callout-title"]),
    ("section", &["footnotes"]),
    ("span", &["mention", "missing"]),
    ("ul", &["tasks"]),
];

const WECHAT_TAGS: &[&str] = &[
    "blockquote",
    "br",
    "code",
    "del",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "img",
    "li",
    "ol",
    "p",
    "pre",
    "section",
    "span",
    "strong",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
];
const WECHAT_ATTRIBUTES: &[(&str, &[&str])] = &[("img", &["src", "alt"]), ("ol", &["start"])];
/// What the writer's own styles are made of.
const STYLES: &[&str] = &[
    "background",
    "border",
    "border-bottom",
    "border-collapse",
    "border-left",
    "border-radius",
    "border-top",
    "color",
    "display",
    "font-family",
    "font-size",
    "font-style",
    "font-weight",
    "line-height",
    "margin",
    "max-width",
    "padding",
    "text-align",
    "white-space",
    "word-break",
];

static PAGE: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = strict(TAGS, ATTRIBUTES);
    builder.allowed_classes(listed(CLASSES));
    builder
});

static WECHAT: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = strict(WECHAT_TAGS, WECHAT_ATTRIBUTES);
    builder.generic_attributes(HashSet::from(["style"]));
    builder.filter_style_properties(STYLES.iter().copied().collect());
    builder
});

pub(super) fn clean(html: &str, profile: HtmlProfile) -> String {
    let builder = match profile {
        HtmlProfile::Page => &PAGE,
        HtmlProfile::WeChat => &WECHAT,
    };
    builder.clean(html).to_string()
}

fn strict(
    tags: &[&'static str],
    attributes: &[(&'static str, &[&'static str])],
) -> Builder<'static> {
    let mut builder = Builder::empty();
    builder
        .tags(tags.iter().copied().collect())
        .tag_attributes(listed(attributes))
        .generic_attributes(HashSet::new())
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::Custom(Box::new(own_place)))
        .link_rel(Some("noopener noreferrer nofollow ugc"));
    builder
}

fn listed(
    entries: &[(&'static str, &[&'static str])],
) -> HashMap<&'static str, HashSet<&'static str>> {
    entries
        .iter()
        .map(|(name, values)| (*name, values.iter().copied().collect()))
        .collect()
}

/// A place in the page itself, or a file of the same server.
fn own_place(address: &str) -> Option<Cow<'_, str>> {
    let mut chars = address.chars();
    let is_own = match (chars.next(), chars.next()) {
        (Some('#'), _) => true,
        (Some('/'), next) => !matches!(next, Some('/' | '\\')),
        _ => false,
    };
    is_own.then_some(Cow::Borrowed(address))
}
