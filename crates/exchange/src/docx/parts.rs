//! What a document says outside of its text: styles, lists, links and properties.

use std::collections::BTreeMap;

use crate::xml::{Node, Nodes};

#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) styles: BTreeMap<String, Style>,
    pub(super) lists: Lists,
    /// What links and pictures lead to, by their id.
    pub(super) targets: BTreeMap<String, String>,
}

#[derive(Debug, Default, Clone)]
pub(super) struct Style {
    /// In lower case.
    name: String,
    based_on: Option<String>,
    outline: Option<u8>,
    pub(super) list: Option<(String, u8)>,
    pub(super) is_bold: bool,
    pub(super) is_italic: bool,
}

/// What a paragraph is by its style.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Title,
    Heading(u8),
    Quote,
    Code,
    Plain,
}

impl Parts {
    /// Follows styles to the ones they are based on.
    pub(super) fn role(&self, style: Option<&str>) -> Role {
        let mut next = style;
        for _ in 0..8 {
            let Some(style) = next.and_then(|id| self.styles.get(id)) else {
                break;
            };
            match style.role() {
                Role::Plain => next = style.based_on.as_deref(),
                role => return role,
            }
        }
        Role::Plain
    }

    pub(super) fn style(&self, id: &str) -> Option<&Style> {
        self.styles.get(id)
    }
}

impl Style {
    fn role(&self) -> Role {
        if let Some(level) = self.name.strip_prefix("heading ")
            && let Ok(level @ 1..=9) = level.trim().parse::<u8>()
        {
            return Role::Heading(level.min(6));
        }
        match self.name.as_str() {
            "title" => Role::Title,
            "quote" | "intense quote" => Role::Quote,
            "html preformatted" | "plain text" | "source code" | "code" => Role::Code,
            _ => match self.outline {
                Some(level @ 0..=8) => Role::Heading((level + 1).min(6)),
                _ => Role::Plain,
            },
        }
    }

    pub(super) fn is_code(&self) -> bool {
        self.role() == Role::Code || self.name.contains("code") || self.name.contains("verbatim")
    }
}

pub(super) fn styles(xml: &str) -> BTreeMap<String, Style> {
    let mut styles = BTreeMap::new();
    let mut id = String::new();
    let mut style = Style::default();
    let mut list = None;
    for node in Nodes::of(xml) {
        let Ok(Node::Start(element)) = node else {
            continue;
        };
        let value = element.attribute("val");
        match element.name.as_str() {
            "w:style" => {
                styles.insert(std::mem::take(&mut id), std::mem::take(&mut style));
                id = element.attribute("styleId").unwrap_or_default();
            }
            "w:name" => style.name = value.unwrap_or_default().to_lowercase(),
            "w:basedOn" => style.based_on = value,
            "w:outlineLvl" => style.outline = value.and_then(|level| level.parse().ok()),
            "w:ilvl" => list = value.and_then(|level| level.parse::<u8>().ok()),
            "w:numId" => style.list = value.map(|id| (id, list.take().unwrap_or(0))),
            "w:b" => style.is_bold = is_on(value.as_deref()),
            "w:i" => style.is_italic = is_on(value.as_deref()),
            _ => {}
        }
    }
    styles.insert(id, style);
    styles
}

/// A switch is on unless it says otherwise.
pub(super) fn is_on(value: Option<&str>) -> bool {
    !matches!(value, Some("0" | "false" | "off" | "none"))
}

/// How the levels of each list are counted.
#[derive(Debug, Default)]
pub(super) struct Lists {
    abstract_of: BTreeMap<String, String>,
    levels: BTreeMap<(String, u8), Option<u32>>,
}

impl Lists {
    /// The first number; `None` for bullets.
    pub(super) fn start(&self, list: &str, level: u8) -> Option<u32> {
        let id = self.abstract_of.get(list)?;
        *self.levels.get(&(id.clone(), level))?
    }
}

pub(super) fn lists(xml: &str) -> Lists {
    let mut lists = Lists::default();
    let mut of = String::new();
    let mut list = String::new();
    let mut level = 0;
    let mut start = 1;
    for node in Nodes::of(xml) {
        let Ok(Node::Start(element)) = node else {
            continue;
        };
        let value = element.attribute("val");
        match element.name.as_str() {
            "w:abstractNum" => of = element.attribute("abstractNumId").unwrap_or_default(),
            "w:lvl" => {
                let at = element
                    .attribute("ilvl")
                    .and_then(|level| level.parse().ok());
                level = at.unwrap_or(0);
                start = 1;
            }
            "w:start" => start = value.and_then(|n| n.parse().ok()).unwrap_or(1),
            "w:numFmt" => {
                let is_bullet = matches!(value.as_deref(), Some("bullet" | "none"));
                let first = (!is_bullet).then_some(start);
                lists.levels.insert((of.clone(), level), first);
            }
            "w:num" => list = element.attribute("numId").unwrap_or_default(),
            "w:abstractNumId" => {
                lists
                    .abstract_of
                    .insert(list.clone(), value.unwrap_or_default());
            }
            _ => {}
        }
    }
    lists
}

pub(super) fn targets(xml: &str) -> BTreeMap<String, String> {
    Nodes::of(xml)
        .filter_map(|node| match node {
            Ok(Node::Start(element)) => {
                Some((element.attribute("Id")?, element.attribute("Target")?))
            }
            _ => None,
        })
        .collect()
}

/// The properties, by their names without a prefix.
pub(super) fn core(xml: &str) -> BTreeMap<String, String> {
    let mut core = BTreeMap::new();
    let mut names: Vec<String> = Vec::new();
    let mut text = String::new();
    for node in Nodes::of(xml) {
        match node {
            Ok(Node::Start(element)) => {
                text.clear();
                names.push(element.name);
            }
            Ok(Node::Text(more)) => text.push_str(&more),
            Ok(Node::End) => {
                let value = std::mem::take(&mut text);
                if let Some(name) = names.pop()
                    && names.len() == 1
                    && !value.trim().is_empty()
                {
                    let name = name.rsplit(':').next().unwrap_or_default();
                    core.insert(name.to_owned(), value.trim().to_owned());
                }
            }
            Err(_) => break,
        }
    }
    core
}
