//! What can be mentioned behind an `@`: content of every shelf and people of the community, looked
//! for by the studio.

use std::rc::Rc;

use js_sys::{Array, Promise};
use stoa_domain::{DraftId, UserId};
use stoa_ipc::{FindMentions, Mentionable, MentionablePerson, MentionablePost};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::future_to_promise;

use super::run::object;
use crate::host::Host;
use crate::texts::Words;

/// What a text calls a post of the community.
const POST: &str = "stoa:post/";
/// What it calls somebody of the community.
const PERSON: &str = "stoa:member/";

/// What one can mention.
pub(crate) struct Mentions {
    host: Host,
    words: Words,
    /// The draft that is being written does not mention itself.
    own: DraftId,
}

impl Mentions {
    pub(crate) fn new(host: Host, words: Words, own: DraftId) -> Rc<Self> {
        Rc::new(Self { host, words, own })
    }

    /// Answers the editor's question.
    pub(crate) fn question(self: &Rc<Self>) -> Rc<dyn Fn(String) -> Promise> {
        let mentions = self.clone();
        Rc::new(move |query: String| {
            let mentions = mentions.clone();
            future_to_promise(async move {
                let request = FindMentions {
                    query,
                    own: mentions.own,
                };
                // Without an answer nothing is offered, and the sign is a sign.
                let found = mentions.host.call(request).await.unwrap_or_default();
                let offered = offered(&found, &mentions.words);
                Ok(offered.iter().map(Offered::to_js).collect::<Array>().into())
            })
        })
    }
}

/// A line of the menu.
#[derive(Debug, PartialEq)]
struct Offered {
    label: String,
    /// What is put into the text.
    text: String,
    href: String,
    note: String,
    group: String,
}

impl Offered {
    fn to_js(&self) -> JsValue {
        object(&[
            ("label", self.label.as_str().into()),
            ("text", self.text.as_str().into()),
            ("href", self.href.as_str().into()),
            ("note", self.note.as_str().into()),
            ("group", self.group.as_str().into()),
        ])
    }
}

fn offered(found: &Mentionable, words: &Words) -> Vec<Offered> {
    let post = |post: &MentionablePost| Offered {
        label: post.title.clone(),
        text: post.title.clone(),
        href: address_of_post(post.id),
        note: words
            .get(&format!("shelf-{}", post.shelf.as_str()))
            .to_string(),
        group: words.get("mention-posts").to_string(),
    };
    let person = |person: &MentionablePerson| Offered {
        label: person.name.clone(),
        text: format!("@{}", person.name),
        href: address_of_person(person.id),
        note: person.role.map_or_else(String::new, |role| {
            words.get(&format!("role-{}", role.as_str())).to_string()
        }),
        group: words.get("mention-people").to_string(),
    };
    let posts = found.posts.iter().map(post);
    posts.chain(found.people.iter().map(person)).collect()
}

fn address_of_post(id: DraftId) -> String {
    format!("{POST}{id}")
}

fn address_of_person(id: UserId) -> String {
    format!("{PERSON}{id}")
}

/// The draft that an address of a text means.
pub(crate) fn mentioned(address: &str) -> Option<DraftId> {
    address.strip_prefix(POST)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use stoa_domain::{Role, Shelf, Timestamp};

    #[test]
    fn an_address_of_the_community_is_a_draft_and_no_other_is() {
        let id = DraftId::new(Timestamp::from_millis(1), [7; 10]);
        assert_eq!(mentioned(&address_of_post(id)), Some(id));
        for other in ["stoa:post/", "https://example.com/", "stoa:member/1"] {
            assert_eq!(mentioned(other), None, "{other}");
        }
    }

    #[test]
    fn what_is_offered_says_where_it_stands_in_both_languages() {
        let post = |shelf| MentionablePost {
            id: DraftId::from_bytes([1; 16]),
            title: "会员定价".to_owned(),
            shelf,
        };
        let person = |role| MentionablePerson {
            id: UserId::from_bytes([2; 16]),
            name: "李".to_owned(),
            role,
        };
        let shelves = Shelf::ALL.into_iter().filter(|shelf| *shelf != Shelf::Bin);
        let roles = Role::ALL.into_iter().map(Some).chain([None]);
        let found = Mentionable {
            posts: shelves.map(post).collect(),
            people: roles.map(person).collect(),
        };
        for language in ["en", "zh-CN"] {
            let words = Words::new(language);
            let all = offered(&found, &words);
            let n_posts = found.posts.len();
            for line in &all[..n_posts] {
                assert!(!line.note.is_empty() && !line.note.contains("shelf-"));
                assert_eq!(
                    (&*line.text, &*line.group),
                    ("会员定价", words.get("mention-posts").as_str())
                );
            }
            for line in &all[n_posts..] {
                assert!(!line.note.contains("role-"), "{}", line.note);
                assert_eq!(
                    (&*line.text, &*line.group),
                    ("@李", words.get("mention-people").as_str())
                );
            }
        }
    }
}
