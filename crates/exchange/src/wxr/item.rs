//! The items of a WXR file, field by field.

use std::collections::BTreeMap;

use crate::xml::{Element, End, Node, Nodes};

#[derive(Debug, Default)]
pub(super) struct Channel {
    /// The address of the site, without a slash at its end.
    pub(super) site: String,
    /// What authors are called, by the name they sign in with.
    pub(super) authors: BTreeMap<String, String>,
    pub(super) items: Vec<Item>,
    pub(super) ends_early: Option<End>,
}

#[derive(Debug, Default)]
pub(super) struct Item {
    pub(super) fields: BTreeMap<String, String>,
    pub(super) categories: Vec<Category>,
    pub(super) meta: Vec<(String, String)>,
    pub(super) n_comments: usize,
}

#[derive(Debug)]
pub(super) struct Category {
    pub(super) domain: String,
    pub(super) slug: String,
    pub(super) name: String,
}

impl Item {
    pub(super) fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }
}

/// Reads what there is; an item that is cut off is not among it.
pub(super) fn read(xml: &str) -> Channel {
    let mut channel = Channel::default();
    let mut path: Vec<String> = Vec::new();
    let mut item = Item::default();
    // The latest keys of pairs that are written as two elements.
    let mut key = String::new();
    let mut text = String::new();
    for node in Nodes::of(xml) {
        match node {
            Ok(Node::Text(more)) => text.push_str(&more),
            Ok(Node::Start(element)) => {
                text.clear();
                if element.name == "category" {
                    item.categories.push(category(&element));
                }
                path.push(element.name);
            }
            Ok(Node::End) => {
                let parts: Vec<&str> = path.iter().map(String::as_str).collect();
                let value = std::mem::take(&mut text);
                match parts[..] {
                    ["rss", "channel", "item"] => channel.items.push(std::mem::take(&mut item)),
                    ["rss", "channel", "wp:base_site_url"] => {
                        channel.site = value.trim_end_matches('/').to_owned();
                    }
                    ["rss", "channel", "wp:author", "wp:author_login"] => key = value,
                    ["rss", "channel", "wp:author", "wp:author_display_name"] => {
                        channel.authors.insert(std::mem::take(&mut key), value);
                    }
                    ["rss", "channel", "item", ref inside @ ..] => {
                        item.take(inside, value, &mut key);
                    }
                    _ => {}
                }
                path.pop();
            }
            Err(why) => channel.ends_early = Some(why),
        }
    }
    channel
}

impl Item {
    fn take(&mut self, path: &[&str], value: String, key: &mut String) {
        match path {
            ["category"] => {
                if let Some(category) = self.categories.last_mut() {
                    category.name = value;
                }
            }
            ["wp:comment"] => self.n_comments += 1,
            ["wp:postmeta", "wp:meta_key"] => *key = value,
            ["wp:postmeta", "wp:meta_value"] => self.meta.push((std::mem::take(key), value)),
            ["wp:postmeta"] => {}
            [field] => {
                self.fields.insert((*field).to_owned(), value);
            }
            _ => {}
        }
    }
}

fn category(element: &Element) -> Category {
    Category {
        domain: element.attribute("domain").unwrap_or_default(),
        slug: element.attribute("nicename").unwrap_or_default(),
        name: String::new(),
    }
}
