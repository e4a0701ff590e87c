//! A page of the list: a shelf, narrowed by words and a filter, in one of several orders.

use std::collections::HashSet;

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, named_params};
use stoa_domain::{
    AccessKind, By, DraftId, Kind, ListFilter, ListSort, SearchQuery, Shelf, Tag, Timestamp, UserId,
};

use super::super::{Sql, tag};
use super::marks::{Mark, unsent, with};
use super::tags::{spellings, with_any};
use super::{count, is_ahead, name_of};
use crate::{KeyValue, PageKey, StoreError};

/// The most hits that are counted.
const MOST_HITS: i64 = 100_000;
/// With more than this, walking the list is cheaper than looking at each by itself.
const FEW: usize = 500;

/// Where a draft stands in the list.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) id: DraftId,
    pub(crate) key: PageKey,
}

/// Which page of which list.
pub(crate) struct Page<'f> {
    pub(crate) shelf: Shelf,
    /// By the clock of this computer, for scheduled posts.
    pub(crate) now: Timestamp,
    /// What is searched for: in titles, texts and tags.
    pub(crate) query: Option<&'f SearchQuery>,
    pub(crate) filter: &'f ListFilter,
    /// Who asks.
    pub(crate) me: Option<UserId>,
    pub(crate) sort: ListSort,
    pub(crate) after: Option<PageKey>,
    pub(crate) limit: usize,
}

/// A page of those that match, and how many match.
pub(crate) fn page(db: &Connection, page: &Page<'_>) -> Result<(Vec<Place>, u64), StoreError> {
    let order = Order::of(page);
    if page.query.is_none() && page.filter.is_empty() {
        let n_total = count(db, page.shelf, page.now)?;
        let mut places = Vec::new();
        walk(db, page, order, page.after.as_ref(), |row| {
            places.push(row.place);
            places.len() < page.limit
        })?;
        return Ok((places, n_total));
    }
    let sought = Sought::of(db, page)?;
    let mut places = Vec::new();
    if let Some(among) = sought.among.as_ref().filter(|among| among.len() <= FEW) {
        for rid in among {
            places.extend(one(db, page, order, *rid)?.filter(|row| sought.fits(row)));
        }
        places.sort_by(|one, other| order.compare(&one.place.key, &other.place.key));
    } else {
        walk(db, page, order, None, |row| {
            if sought.fits(&row) {
                places.push(row);
            }
            true
        })?;
    }
    let n_total = places.len() as u64;
    let is_after = |key: &PageKey| match &page.after {
        Some(after) => order.compare(after, key).is_lt(),
        None => true,
    };
    let places = places.into_iter().map(|row| row.place);
    let places = places.filter(|place| is_after(&place.key));
    Ok((places.take(page.limit).collect(), n_total))
}

/// Every draft that matches, in the order of the list.
pub(crate) fn all(db: &Connection, list: &Page<'_>) -> Result<Vec<DraftId>, StoreError> {
    let (places, _) = page(db, list)?;
    Ok(places.into_iter().map(|place| place.id).collect())
}

/// The order of a list as the database knows it.
#[derive(Debug, Clone, Copy)]
enum Order {
    Newest,
    Oldest,
    Title,
    NextLive,
    LastLive,
}

impl Order {
    fn of(page: &Page<'_>) -> Self {
        match (page.sort.on(page.shelf), page.shelf) {
            (ListSort::NewestEdited, _) => Self::Newest,
            (ListSort::OldestEdited, _) => Self::Oldest,
            (ListSort::Title, _) => Self::Title,
            (ListSort::Live, Shelf::Scheduled) => Self::NextLive,
            (ListSort::Live, _) => Self::LastLive,
        }
    }

    fn rises(self) -> bool {
        matches!(self, Self::Oldest | Self::Title | Self::NextLive)
    }

    /// Before the first of all.
    fn start(self) -> (Value, i64) {
        match (self, self.rises()) {
            (Self::Title, _) => (Value::Text(String::new()), i64::MIN),
            (_, true) => (Value::Integer(i64::MIN), i64::MIN),
            (_, false) => (Value::Integer(i64::MAX), i64::MAX),
        }
    }

    fn compare(self, one: &PageKey, other: &PageKey) -> std::cmp::Ordering {
        match self.rises() {
            true => one.cmp(other),
            false => other.cmp(one),
        }
    }

    fn sql(self) -> &'static str {
        match self {
            Self::Newest => {
                "select id, rid, edited_at, kind, access, author, is_changed from listing
                 where shelf = :shelf and (edited_at, rid) < (:value, :rid)
                   and (:is_ahead is null or (live_at > :now) = :is_ahead)
                 order by edited_at desc, rid desc"
            }
            Self::Oldest => {
                "select id, rid, edited_at, kind, access, author, is_changed from listing
                 where shelf = :shelf and (edited_at, rid) > (:value, :rid)
                   and (:is_ahead is null or (live_at > :now) = :is_ahead)
                 order by edited_at, rid"
            }
            Self::Title => {
                "select id, rid, title_key, kind, access, author, is_changed from listing
                 where shelf = :shelf and (title_key, rid) > (:value, :rid)
                   and (:is_ahead is null or (live_at > :now) = :is_ahead)
                 order by title_key, rid"
            }
            Self::NextLive => {
                "select id, rid, live_at, kind, access, author, is_changed from listing
                 where shelf = :shelf and (live_at, rid) > (:value, :rid)
                   and (:is_ahead is null or (live_at > :now) = :is_ahead)
                 order by live_at, rid"
            }
            Self::LastLive => {
                "select id, rid, live_at, kind, access, author, is_changed from listing
                 where shelf = :shelf and (live_at, rid) < (:value, :rid)
                   and (:is_ahead is null or (live_at > :now) = :is_ahead)
                 order by live_at desc, rid desc"
            }
        }
    }
}

/// A row of the list, with what a filter looks at.
struct Listed {
    place: Place,
    kind: String,
    access: String,
    author: Option<UserId>,
    is_changed: Option<bool>,
}

fn read(row: &Row<'_>) -> rusqlite::Result<Listed> {
    let value = match row.get(2)? {
        Value::Text(text) => KeyValue::Text(text),
        Value::Integer(number) => KeyValue::Number(number),
        _ => KeyValue::Number(0),
    };
    Ok(Listed {
        place: Place {
            id: row.get::<_, Sql<_>>(0)?.0,
            key: PageKey {
                value,
                rid: row.get(1)?,
            },
        },
        kind: row.get(3)?,
        access: row.get(4)?,
        author: row.get::<_, Option<Sql<_>>>(5)?.map(|sql| sql.0),
        is_changed: row.get(6)?,
    })
}

/// Goes down the list from where the page begins, until told to stop.
fn walk(
    db: &Connection,
    page: &Page<'_>,
    order: Order,
    after: Option<&PageKey>,
    mut visit: impl FnMut(Listed) -> bool,
) -> Result<(), StoreError> {
    if page.limit == 0 {
        return Ok(());
    }
    let (value, rid) = match after {
        Some(key) => (key.value.clone().into(), key.rid),
        None => order.start(),
    };
    let mut statement = db.prepare_cached(order.sql())?;
    let mut rows = statement.query(named_params! {
        ":shelf": name_of(page.shelf),
        ":is_ahead": is_ahead(page.shelf),
        ":now": Sql(page.now),
        ":value": value,
        ":rid": rid,
    })?;
    while let Some(row) = rows.next()? {
        if !visit(read(row)?) {
            break;
        }
    }
    Ok(())
}

/// A row, if it is on the shelf of the page.
fn one(
    db: &Connection,
    page: &Page<'_>,
    order: Order,
    rid: i64,
) -> Result<Option<Listed>, StoreError> {
    let column = match order {
        Order::Newest | Order::Oldest => 0,
        Order::Title => 1,
        Order::NextLive | Order::LastLive => 2,
    };
    let row = db
        .prepare_cached(
            "select id, rid,
                    case :column when 0 then edited_at when 1 then title_key else live_at end,
                    kind, access, author, is_changed
             from listing
             where rid = :rid and shelf = :shelf
               and (:is_ahead is null or (live_at > :now) = :is_ahead)",
        )?
        .query_row(
            named_params! {
                ":column": column,
                ":rid": rid,
                ":shelf": name_of(page.shelf),
                ":is_ahead": is_ahead(page.shelf),
                ":now": Sql(page.now),
            },
            read,
        )
        .optional()?;
    Ok(row)
}

/// What the drafts of a list have in common.
struct Sought<'f> {
    filter: &'f ListFilter,
    me: Option<UserId>,
    kinds: Vec<&'static str>,
    /// The rows that have all the words and tags, where such are asked for.
    among: Option<HashSet<i64>>,
    /// The rows that are open to one of the tiers, or sold by themselves.
    open: HashSet<i64>,
}

impl<'f> Sought<'f> {
    fn of(db: &Connection, page: &Page<'f>) -> Result<Self, StoreError> {
        let filter = page.filter;
        let mut among: Option<HashSet<i64>> = None;
        let mut narrow = |some: HashSet<i64>| {
            among = Some(match among.take() {
                Some(so_far) => so_far.intersection(&some).copied().collect(),
                None => some,
            });
        };
        let sought = page.query.map(|query| query.as_tag().to_owned());
        let words: Vec<String> = filter.tags.iter().map(Tag::folded).chain(sought).collect();
        let mut tagged = Vec::with_capacity(words.len());
        if !words.is_empty() {
            for names in spellings(db, &tag::book(db)?, &words)? {
                tagged.push(with_any(db, &names)?);
            }
        }
        // The last one is what is searched for: it is found as a tag, or as a part of a text.
        let found = page.query.and_then(|_| tagged.pop());
        tagged.into_iter().for_each(&mut narrow);
        if filter.is_unsent {
            narrow(unsent(db)?);
        }
        if let Some(query) = page.query {
            let mut hits = hits(db, &query.to_fts5())?;
            hits.extend(found.into_iter().flatten());
            narrow(hits);
        }
        let mut open = HashSet::new();
        for tier in &filter.tiers {
            open.extend(with(db, Mark::Tier, tier.as_str())?);
        }
        if filter.access.contains(&AccessKind::Singly) {
            open.extend(with(db, Mark::Singly, "")?);
        }
        Ok(Self {
            filter,
            me: page.me,
            kinds: filter.kinds.iter().copied().map(Kind::as_str).collect(),
            among,
            open,
        })
    }

    fn fits(&self, row: &Listed) -> bool {
        let is_among = |among: &HashSet<i64>| among.contains(&row.place.key.rid);
        self.among.as_ref().is_none_or(is_among)
            && (self.kinds.is_empty() || self.kinds.contains(&row.kind.as_str()))
            && self.is_open(row)
            && self.is_by(row.author)
            && (!self.filter.is_changed || row.is_changed == Some(true))
    }

    fn is_open(&self, row: &Listed) -> bool {
        let filter = self.filter;
        let is_any = filter.access.is_empty() && filter.tiers.is_empty();
        let mut kinds = filter.access.iter();
        is_any
            || kinds.any(|kind| kind.as_str() == row.access)
            || self.open.contains(&row.place.key.rid)
    }

    fn is_by(&self, author: Option<UserId>) -> bool {
        match self.filter.by {
            None => true,
            Some(By::Me) => author.is_none() || author == self.me,
            Some(By::Person(person)) => author == Some(person),
        }
    }
}

fn hits(db: &Connection, fts5: &str) -> Result<HashSet<i64>, StoreError> {
    let mut statement = db.prepare_cached(
        "select rowid from draft_index where draft_index match :query limit :most",
    )?;
    let rows = statement.query_map(named_params! {":query": fts5, ":most": MOST_HITS}, |row| {
        row.get(0)
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
