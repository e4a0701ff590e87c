//! What takes changes of the book of tags back. Each word stands alone in its entry.

use serde_json::Value;
use stoa_domain::{Tag, TagEntry};

use crate::{ChangeSynonyms, MoveTag, Mutation, Row, Rows};

/// Before a word, folded, where the field is whether an entry has it.
const WORD: &str = "synonyms.";
/// How the name of an entry that stands for something is spelled.
const SPELLING: &str = "spelling";

/// The words that a change is about.
pub(super) fn fields(args: &ChangeSynonyms) -> Vec<String> {
    let words = args.add.iter().chain(&args.remove);
    words.map(field_of).collect()
}

/// The words that move, and the name.
pub(super) fn fields_of_moving(args: &MoveTag, before: &Rows) -> Vec<String> {
    if args.is_spelling() {
        return vec![SPELLING.to_owned()];
    }
    let moved = before.tag(args.from.id()).map(|entry| &entry.synonyms);
    let words = moved.into_iter().flatten();
    words
        .chain([&args.from, &args.into])
        .map(field_of)
        .collect()
}

fn field_of(word: &Tag) -> String {
    format!("{WORD}{}", word.folded())
}

/// What a row, or that there is none, holds in such a field; `None` for a field of another kind.
pub(super) fn mark(row: Option<&Row>, field: &str) -> Option<Value> {
    let entry = match row {
        Some(Row::Tag(entry)) => Some(entry),
        Some(_) => return None,
        None => None,
    };
    if let Some(word) = field.strip_prefix(WORD) {
        // An entry that is not there has no words.
        return Some(entry.is_some_and(|entry| entry.has(word)).into());
    }
    let entry = entry.filter(|_| field == SPELLING)?;
    Some(entry.name.as_str().into())
}

/// What takes a change of words back: those that it gave go, those that it took come.
pub(super) fn inverse(args: &ChangeSynonyms, before: &Rows) -> Vec<Mutation> {
    let held = words_before(&args.tag, before);
    let has = |word: &Tag| held.iter().any(|other| other.folded() == word.folded());
    let remove: Vec<Tag> = args.add.iter().filter(|word| !has(word)).cloned().collect();
    let is_removed = |word: &&Tag| {
        let mut removed = args.remove.iter();
        removed.any(|other| other.folded() == word.folded())
    };
    let add: Vec<Tag> = held.iter().filter(is_removed).cloned().collect();
    let tag = name_before(&args.tag, before);
    change(tag, add, remove).into_iter().collect()
}

/// What takes a move back: what came with it leaves the one tag, then the other has it again.
pub(super) fn inverse_of_moving(args: &MoveTag, before: &Rows) -> Vec<Mutation> {
    let from = name_before(&args.from, before);
    if args.is_spelling() {
        let is_other = before.tag(args.from.id()).is_some() && from != args.into;
        let back = MoveTag {
            from: args.into.clone(),
            into: from,
            keep: false,
        };
        return is_other
            .then_some(Mutation::MoveTag(back))
            .into_iter()
            .collect();
    }
    let moved = words_before(&args.from, before);
    let had = words_before(&args.into, before);
    let came = moved.iter().chain(args.keep.then_some(&args.from));
    let came = came.filter(|word| {
        let folded = word.folded();
        let is_known = had.iter().any(|other| other.folded() == folded);
        !is_known && folded != args.into.folded()
    });
    let leaves = change(args.into.clone(), Vec::new(), came.cloned().collect());
    let back = change(from, moved.to_vec(), Vec::new());
    leaves.into_iter().chain(back).collect()
}

fn change(tag: Tag, add: Vec<Tag>, remove: Vec<Tag>) -> Option<Mutation> {
    let is_some = !add.is_empty() || !remove.is_empty();
    is_some.then_some(Mutation::ChangeSynonyms(ChangeSynonyms {
        tag,
        add,
        remove,
    }))
}

fn words_before<'r>(tag: &Tag, before: &'r Rows) -> &'r [Tag] {
    let entry = before.tag(tag.id());
    entry.map_or(&[], |entry| entry.synonyms.as_slice())
}

/// The tag as its entry spells it, if it has one that stands for something.
fn name_before(tag: &Tag, before: &Rows) -> Tag {
    let entry = before
        .tag(tag.id())
        .filter(|entry| !TagEntry::is_empty(entry));
    entry.map_or_else(|| tag.clone(), |entry| entry.name.clone())
}
