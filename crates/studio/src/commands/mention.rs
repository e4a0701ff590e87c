//! What a text can mention.

use stoa_domain::{DraftId, Person, Timestamp};
use stoa_ipc::{Failure, FindMentions, Mentionable, MentionablePerson, MentionablePost};
use stoa_store::{NamedDraft, Store, StoreError};

use crate::pinyin;
use crate::studio::Studio;

const MAX_QUERY_CHARS: usize = 64;
const MOST_POSTS: usize = 8;
const MOST_PEOPLE: usize = 6;
/// Pinyin is looked for among so many: what members see and what was written last.
const MOST_READ: usize = 2_000;

pub(super) async fn find_mentions(
    studio: &Studio,
    request: FindMentions,
) -> Result<Mentionable, Failure> {
    if request.query.chars().count() > MAX_QUERY_CHARS {
        return Err(Failure::field("query", "too-long"));
    }
    let (now, own) = (studio.now(), request.own);
    let query = request.query.trim().to_lowercase();
    let find = move |store: &Store| {
        let posts = posts(store, &query, own, now)?;
        let people = people(store.people()?, &query);
        Ok((posts, people))
    };
    let (posts, people) = studio.ask(find).await?;
    let post = |found: NamedDraft| MentionablePost {
        id: found.id,
        title: found.title,
        shelf: found.shelf,
    };
    let person = |found: Person| MentionablePerson {
        id: found.id,
        name: found.name,
        role: found.role,
    };
    Ok(Mentionable {
        posts: posts.into_iter().map(post).collect(),
        people: people.into_iter().map(person).collect(),
    })
}

fn posts(
    store: &Store,
    query: &str,
    own: DraftId,
    now: Timestamp,
) -> Result<Vec<NamedDraft>, StoreError> {
    let mut found = store.named_drafts(query, own, now, MOST_POSTS)?;
    if found.len() < MOST_POSTS && is_pinyin(query) {
        let all = store.named_drafts("", own, now, MOST_READ)?.into_iter();
        let sounds = all.filter(|draft| sounds_like(&draft.title, query));
        for draft in sounds {
            if found.len() == MOST_POSTS {
                break;
            }
            if !found.contains(&draft) {
                found.push(draft);
            }
        }
        // What members see stays first; within that, letters come before sounds.
        found.sort_by_key(|draft| draft.shelf != stoa_domain::Shelf::Published);
    }
    Ok(found)
}

/// Those whose name begins with the query before others that have it in them, then by name.
fn people(all: Vec<Person>, query: &str) -> Vec<Person> {
    let rank = |person: &Person| {
        let name = person.name.to_lowercase();
        match name.find(query) {
            Some(0) => Some(0),
            Some(_) => Some(1),
            None if is_pinyin(query) && sounds_like(&name, query) => Some(2),
            None => None,
        }
    };
    let named = all
        .into_iter()
        .filter(|person| !person.name.trim().is_empty());
    let ranked = named.filter_map(|person| Some((rank(&person)?, person)));
    let mut found: Vec<(u8, Person)> = ranked.collect();
    found.sort_by(|(a, one), (b, other)| a.cmp(b).then_with(|| one.name.cmp(&other.name)));
    found.truncate(MOST_PEOPLE);
    found.into_iter().map(|(_, person)| person).collect()
}

fn is_pinyin(query: &str) -> bool {
    !query.is_empty() && query.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn sounds_like(text: &str, query: &str) -> bool {
    pinyin::keys(text).iter().any(|key| key.contains(query))
}

#[cfg(test)]
mod tests {
    use super::*;
    use stoa_domain::{Role, UserId};

    #[test]
    fn people_are_found_by_their_names_and_by_pinyin_the_beginning_first() {
        let person = |n: u8, name: &str| Person {
            id: UserId::from_bytes([n; 16]),
            name: name.to_owned(),
            role: Some(Role::Expert),
        };
        let all = || {
            let names = ["王小李", "李雷", "Ann Lee", " ", "韩梅梅"];
            (1..).zip(names).map(|(n, name)| person(n, name)).collect()
        };
        let found = |query: &str| -> Vec<String> {
            let people = people(all(), query).into_iter();
            people.map(|person| person.name).collect()
        };
        assert_eq!(found("李"), ["李雷", "王小李"]);
        assert_eq!(found("hanmei"), ["韩梅梅"]);
        assert_eq!(found("hmm"), ["韩梅梅"]);
        assert_eq!(found("lee"), ["Ann Lee"]);
        assert_eq!(found("zzz"), Vec::<String>::new());
        assert_eq!(found("").len(), 4);
        let many = (0..20).map(|n| person(n, "李")).collect();
        assert_eq!(people(many, "").len(), MOST_PEOPLE);
    }
}
