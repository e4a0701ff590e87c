use std::collections::BTreeMap;

use proptest::prelude::*;
use stoa_domain::{Role, TagBook, Timestamp, UserId};

use super::*;
use crate::{Class, Inverse, Mutation, Outcome, Stored, run};

fn tag(text: &str) -> Tag {
    Tag::parse(text).unwrap()
}

fn tags(words: &[&str]) -> Vec<Tag> {
    words.iter().map(|word| tag(word)).collect()
}

fn give(to: &str, words: &[&str]) -> Mutation {
    Mutation::ChangeSynonyms(ChangeSynonyms {
        tag: tag(to),
        add: tags(words),
        remove: Vec::new(),
    })
}

fn take(from: &str, words: &[&str]) -> Mutation {
    Mutation::ChangeSynonyms(ChangeSynonyms {
        tag: tag(from),
        add: Vec::new(),
        remove: tags(words),
    })
}

fn moved(from: &str, into: &str, keep: bool) -> Mutation {
    let (from, into) = (tag(from), tag(into));
    Mutation::MoveTag(MoveTag { from, into, keep })
}

/// The book as a host keeps it.
#[derive(Debug, Clone, Default, PartialEq)]
struct Host(Vec<Stored>);

impl Host {
    fn do_as(&mut self, role: Role, mutation: &Mutation) -> Result<(), Reject> {
        let now = Timestamp::from_millis(5);
        let ctx = Context {
            user: Some(UserId::from_bytes([9; 16])),
            role,
            now,
            made_at: now,
        };
        match run(mutation, &[], &self.0, &ctx) {
            Outcome::Applied { changes, .. } => {
                let is_same = |one: &Stored| changes.iter().any(|c| c.row.key() == one.row.key());
                self.0.retain(|one| !is_same(one));
                self.0.extend(changes);
                Ok(())
            }
            Outcome::Rejected(reject) => Err(reject),
        }
    }

    fn does(&mut self, mutation: &Mutation) {
        assert_eq!(self.do_as(Role::Editor, mutation), Ok(()), "{mutation:?}");
    }

    #[track_caller]
    fn refuses(&mut self, mutation: &Mutation, code: RejectCode, field: &str) {
        let before = self.clone();
        let refused = self.do_as(Role::Editor, mutation);
        assert_eq!(refused, Err(Reject::field(code, field)), "{mutation:?}");
        assert_eq!(*self, before);
    }

    fn rows(&self) -> Rows {
        Rows::new(self.0.iter().map(|stored| stored.row.clone()))
    }

    /// The words of each tag that has some, as they are written.
    fn book(&self) -> BTreeMap<String, Vec<String>> {
        let rows = self.rows();
        let entries = rows.tags().filter(|entry| !entry.is_empty());
        entries
            .map(|entry| {
                let words = entry.synonyms.iter().map(|word| word.as_str().to_owned());
                (entry.name.as_str().to_owned(), words.collect())
            })
            .collect()
    }

    #[track_caller]
    fn says(&self, expected: &[(&str, &[&str])]) {
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let expected: BTreeMap<String, Vec<String>> = expected
            .iter()
            .map(|(name, words)| ((*name).to_owned(), owned(words)))
            .collect();
        assert_eq!(self.book(), expected);
    }
}

#[test]
fn words_that_two_people_give_to_one_tag_both_stay() {
    let mut host = Host::default();
    host.does(&give("人工智能", &["AI"]));
    host.does(&give("人工智能", &["Artificial Intelligence", "ＡＩ"]));
    host.says(&[("人工智能", &["AI", "Artificial Intelligence"])]);
    host.does(&take("人工智能", &["ai"]));
    host.says(&[("人工智能", &["Artificial Intelligence"])]);
    host.does(&take("人工智能", &["Artificial intelligence"]));
    host.says(&[]);
    assert_eq!(give("甲", &[]).class(), Class::Fields { guarded: &[] });
}

#[test]
fn who_comes_second_with_a_word_is_refused_however_it_is_spelled() {
    let mut host = Host::default();
    host.does(&give("人工智能", &["AI"]));
    host.refuses(
        &give("机器学习", &["ＡＩ"]),
        RejectCode::WordTaken,
        "synonym",
    );
    // A tag with words of its own is no word of another, and a word has no words.
    host.refuses(
        &give("科技", &["人工智能"]),
        RejectCode::WordTaken,
        "synonym",
    );
    host.refuses(&give("ai", &["A.I."]), RejectCode::WordTaken, "tag");
    host.refuses(
        &give("人工智能", &["人工智能 "]),
        RejectCode::Invalid,
        "synonym",
    );
    host.does(&take("人工智能", &["AI"]));
    host.does(&give("机器学习", &["AI", "人工智能"]));
    host.says(&[("机器学习", &["AI", "人工智能"])]);
}

#[test]
fn a_tag_that_is_renamed_takes_its_words_along() {
    let mut host = Host::default();
    host.does(&give("人工智能", &["AI"]));
    host.does(&moved("人工智能", "智能", false));
    host.says(&[("智能", &["AI"])]);
    host.does(&moved("智能", "人工智能", true));
    host.says(&[("人工智能", &["AI", "智能"])]);
    // One of its own words may become the name.
    host.does(&moved("人工智能", "ai", true));
    host.says(&[("ai", &["人工智能", "智能"])]);
    host.does(&moved("ai", "AI", false));
    host.says(&[("AI", &["人工智能", "智能"])]);
    // One without words leaves no entry.
    host.does(&moved("入门", "新手", false));
    host.says(&[("AI", &["人工智能", "智能"])]);
}

#[test]
fn two_tags_become_one_with_the_words_of_both() {
    let mut host = Host::default();
    host.does(&give("人工智能", &["AI"]));
    host.does(&give("机器学习", &["ML"]));
    host.does(&moved("机器学习", "人工智能", true));
    host.says(&[("人工智能", &["AI", "ML", "机器学习"])]);
    host.refuses(&moved("甲", "ML", true), RejectCode::WordTaken, "into");
    host.refuses(&moved("ML", "甲", true), RejectCode::WordTaken, "from");
}

#[test]
fn only_who_edits_any_draft_keeps_the_book() {
    for role in Role::ALL {
        for mutation in [give("甲", &["乙"]), moved("甲", "丙", true)] {
            let done = Host::default().do_as(role, &mutation);
            assert_eq!(done.is_ok(), role.edits_any_draft(), "{role:?}");
        }
    }
}

#[test]
fn a_tag_has_so_many_words_and_the_book_so_many_tags_and_no_more() {
    let numbered =
        |from: usize, to: usize| -> Vec<String> { (from..to).map(|n| format!("w{n}")).collect() };
    let words = numbered(0, MAX_SYNONYMS);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut host = Host::default();
    host.does(&give("甲", &words));
    host.refuses(&give("甲", &["多"]), RejectCode::Invalid, "synonyms");
    host.refuses(&moved("甲", "乙", true), RejectCode::Invalid, "synonyms");
    let many = numbered(100, 101 + MAX_SYNONYMS);
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    host.refuses(&give("乙", &many), RejectCode::Invalid, "synonyms");
    host.refuses(&take("甲", &many), RejectCode::Invalid, "synonyms");

    let stored = |n: usize| {
        let entry = TagEntry {
            synonyms: tags(&[&format!("s{n}")]),
            ..TagEntry::new(tag(&format!("t{n}")))
        };
        Stored {
            row: Row::Tag(entry),
            version: 1,
            field_versions: Default::default(),
        }
    };
    let mut host = Host((0..MAX_TAG_ENTRIES).map(stored).collect());
    host.refuses(&give("甲", &["乙"]), RejectCode::Invalid, "tags");
    host.does(&give("t0", &["乙"]));
    host.does(&moved("t0", "甲", false));
    host.does(&take("t1", &["s1"]));
    host.does(&give("丁", &["戊"]));
}

#[test]
fn another_word_with_the_same_id_is_not_the_tag() {
    let mut other = TagEntry::new(tag("别的"));
    other.id = tag("甲").id();
    other.synonyms = tags(&["词"]);
    let mut host = Host(vec![Stored {
        row: Row::Tag(other),
        version: 1,
        field_versions: Default::default(),
    }]);
    host.refuses(&give("甲", &["乙"]), RejectCode::Invalid, "tag");
}

#[test]
fn a_change_travels_in_its_form() {
    let mutation = give("人工智能", &["AI"]);
    assert_eq!(
        mutation.args().to_string(),
        r#"{"add":["AI"],"tag":"人工智能"}"#
    );
    let mutation = moved("机器学习", "人工智能", true);
    let read = Mutation::parse("tag.move", 1, &mutation.args()).unwrap();
    assert_eq!(read, mutation);
    let long = serde_json::json!({"tag": "长".repeat(41), "add": ["AI"]});
    assert!(Mutation::parse("tag.synonyms", 1, &long).is_err());
    assert!(Mutation::parse("tag.move", 1, &serde_json::json!({"from": "甲"})).is_err());
}

#[test]
fn what_somebody_else_changed_since_no_longer_stands() {
    let mut host = Host::default();
    let mine = give("人工智能", &["AI"]);
    host.do_as(Role::Owner, &mine).unwrap();
    let left = mine.marks(&host.rows());
    let stands = |host: &Host| {
        let rows = host.rows();
        left.iter().all(|mark| mark.stands(rows.get(mark.key)))
    };
    assert!(stands(&host));
    let theirs = Mutation::ChangeSynonyms(ChangeSynonyms {
        tag: tag("人工智能"),
        add: Vec::new(),
        remove: tags(&["AI"]),
    });
    host.do_as(Role::Owner, &theirs).unwrap();
    assert!(!stands(&host));
}

const WORDS: [&str; 7] = ["甲", "乙", "丙", "AI", "ａｉ", "Ai ", "入门"];

fn words() -> impl Strategy<Value = &'static str> {
    prop::sample::select(WORDS.to_vec())
}

fn changes() -> impl Strategy<Value = Mutation> {
    prop_oneof![
        (words(), words()).prop_map(|(to, word)| give(to, &[word])),
        (words(), words(), words()).prop_map(|(to, one, two)| {
            Mutation::ChangeSynonyms(ChangeSynonyms {
                tag: tag(to),
                add: tags(&[one]),
                remove: tags(&[two]),
            })
        }),
        (words(), words(), any::<bool>()).prop_map(|(from, into, keep)| moved(from, into, keep)),
    ]
}

proptest! {
    #[test]
    fn a_word_belongs_to_one_tag_whatever_is_done(all in prop::collection::vec(changes(), 0..12)) {
        let mut host = Host::default();
        for mutation in &all {
            let _ = host.do_as(Role::Owner, mutation);
        }
        let rows = host.rows();
        let entries: Vec<&TagEntry> = rows.tags().filter(|entry| !entry.is_empty()).collect();
        let mut seen = BTreeSet::new();
        for entry in &entries {
            prop_assert!(seen.insert(entry.name.folded()), "{:?}", entry.name);
            for word in &entry.synonyms {
                prop_assert!(seen.insert(word.folded()), "{word:?}");
            }
        }
        let book = TagBook::new(entries.into_iter().cloned());
        for word in WORDS {
            let key = book.key(&tag(word).folded());
            prop_assert_eq!(book.key(&key), key);
        }
    }

    #[test]
    fn a_change_of_the_book_and_its_inverse_leave_what_was_before(
        before in prop::collection::vec(changes(), 0..8),
        mutation in changes(),
    ) {
        let mut host = Host::default();
        for one in &before {
            let _ = host.do_as(Role::Owner, one);
        }
        let book = host.book();
        let Inverse::Changes(back) = mutation.inverse(&host.rows()) else {
            return Err(TestCaseError::fail("each of these can be taken back"));
        };
        if host.do_as(Role::Owner, &mutation).is_ok() {
            for change in &back {
                prop_assert_eq!(host.do_as(Role::Owner, change), Ok(()), "{:?}", change);
            }
            prop_assert_eq!(host.book(), book);
        }
    }
}
