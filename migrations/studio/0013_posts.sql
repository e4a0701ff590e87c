-- What a draft is to become (`content`, JSON; absent while nothing was said), what of it members
-- see (`post`, JSON), and whether it was put away.
alter table draft add column content text;
alter table draft add column post text;
alter table draft add column archived_at integer;
alter table draft_o add column content text;
alter table draft_o add column post text;
alter table draft_o add column archived_at integer;

-- A newer server may have told of it already.
update draft
set content = nullif(json_patch('{}', json_object(
        'kind', json_extract(_extra, '$.kind'),
        'access', json_extract(_extra, '$.access'),
        'excerpt', json_extract(_extra, '$.excerpt'),
        'slug', json_extract(_extra, '$.slug'),
        'tags', json_extract(_extra, '$.tags'),
        'cover', json_extract(_extra, '$.cover'),
        'canonical', json_extract(_extra, '$.canonical'))), '{}'),
    post = json_extract(_extra, '$.post'),
    archived_at = json_extract(_extra, '$.archived_at'),
    _extra = nullif(json_remove(_extra, '$.kind', '$.access', '$.excerpt', '$.slug', '$.tags',
                                '$.cover', '$.canonical', '$.post', '$.archived_at'), '{}')
where _extra is not null;

drop view draft_v;
create view draft_v as
select id, title, author, created_at, edited_at, binned_at, content, post, archived_at
from draft_o
where not exists (select 1 from draft_gone where draft_gone.id = draft_o.id)
union all
select id, title, author, created_at, edited_at, binned_at, content, post, archived_at
from draft
where _gen <= coalesce((select gen from bucket where name = 'content'), 0)
  and not exists (select 1 from draft_o where draft_o.id = draft.id)
  and not exists (select 1 from draft_gone where draft_gone.id = draft.id);

-- A list for each shelf: `drafts`, `post`, `archived`, `bin`. A post is scheduled until `live_at`
-- and published from then on.
drop index listing_by_age;
alter table listing add column shelf text not null default 'drafts';
alter table listing add column live_at integer;
update listing set shelf = 'bin' where in_bin = 1;
alter table listing drop column in_bin;
create index listing_by_age on listing (shelf, edited_at, rid);
