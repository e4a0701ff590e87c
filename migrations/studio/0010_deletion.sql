-- Drafts that are deleted for good.

-- Those that changes of this computer delete: rows and text stay until the server has said so too.
create table draft_gone (
    id blob primary key
) without rowid;

drop view draft_v;
create view draft_v as
select id, title, author, created_at, edited_at, binned_at from draft_o
where not exists (select 1 from draft_gone where draft_gone.id = draft_o.id)
union all
select id, title, author, created_at, edited_at, binned_at from draft
where not exists (select 1 from draft_o where draft_o.id = draft.id)
  and not exists (select 1 from draft_gone where draft_gone.id = draft.id);

-- Those that were deleted elsewhere while work of this computer waited: the text as it was here,
-- until a person has decided about it.
create table draft_kept (
    draft    blob    primary key,
    title    text    not null,
    markdown text    not null,
    -- the files it used, as JSON
    files    text    not null,
    at       integer not null
) without rowid;

-- Where the head was when this device began with a bucket: what was deleted up to then it never
-- got.
alter table bucket add column began integer not null default 0;
