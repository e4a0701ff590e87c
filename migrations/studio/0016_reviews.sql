-- Who was asked to look at a draft, what was said in its margin, and what came of it (`reviews`,
-- JSON; absent while there is nothing).
alter table draft add column reviews text;
alter table draft_o add column reviews text;

-- A newer server may have told of them already.
update draft
set reviews = json_extract(_extra, '$.reviews'),
    _extra = nullif(json_remove(_extra, '$.reviews'), '{}')
where json_extract(_extra, '$.reviews') is not null;

drop view draft_v;
create view draft_v as
select id, title, author, created_at, edited_at, binned_at, content, post, archived_at, versions,
       reviews
from draft_o
where not exists (select 1 from draft_gone where draft_gone.id = draft_o.id)
union all
select id, title, author, created_at, edited_at, binned_at, content, post, archived_at, versions,
       reviews
from draft
where _gen <= coalesce((select gen from bucket where name = 'content'), 0)
  and not exists (select 1 from draft_o where draft_o.id = draft.id)
  and not exists (select 1 from draft_gone where draft_gone.id = draft.id);

update listing set shelf = 'review'
where shelf = 'drafts'
  and exists (select 1 from draft_v where draft_v.id = listing.id and reviews ->> 'open' is not null);
