-- What a list is narrowed and ordered by, derived from draft_v like the rest of `listing`.
alter table listing add column kind text not null default 'article';
-- `public`, `registered` or `paid`; tiers and single purchase are marks.
alter table listing add column access text not null default 'registered';
alter table listing add column author blob;
-- Both are worked out when nothing else is to be done, or before somebody asks: what the title is
-- ordered by, and whether the draft is not as it was published. Null while that is not known.
alter table listing add column title_key text;
alter table listing add column is_changed integer;

update listing
set kind = coalesce(draft_v.content ->> '$.kind', 'article'),
    access = coalesce(draft_v.content ->> '$.access.to', 'registered'),
    author = draft_v.author,
    is_changed = case when listing.live_at is null then 0 end
from draft_v
where draft_v.id = listing.id;

-- A row for each tag (`tag`), each tier that may read it (`tier`), and one where it is sold by
-- itself (`singly`).
create table listing_mark (
    what text    not null,
    name text    not null,
    rid  integer not null,
    primary key (what, name, rid)
) without rowid;

create index listing_mark_of on listing_mark (rid);

insert or ignore into listing_mark (what, name, rid)
select 'tag', tag.value, listing.rid
from draft_v
join listing on listing.id = draft_v.id,
     json_each(draft_v.content, '$.tags') as tag
union all
select 'tier', tier.value, listing.rid
from draft_v
join listing on listing.id = draft_v.id,
     json_each(draft_v.content, '$.access.tiers') as tier
union all
select 'singly', '', listing.rid
from draft_v
join listing on listing.id = draft_v.id
where draft_v.content ->> '$.access.singly' = 1;

-- With all that a filter looks at, so that a narrowed list of 20,000 reads no row.
drop index listing_by_age;
create index listing_by_age
on listing (shelf, edited_at, rid, live_at, kind, access, author, is_changed, id);
create index listing_by_title on listing (shelf, title_key, rid);
create index listing_by_live on listing (shelf, live_at, rid);
create index listing_unknown on listing (rid) where title_key is null or is_changed is null;
