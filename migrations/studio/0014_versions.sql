-- The states of a draft's text that were named or published (`versions`, JSON; absent while there
-- are none).
alter table draft add column versions text;
alter table draft_o add column versions text;

-- A newer server may have told of them already.
update draft
set versions = json_extract(_extra, '$.versions'),
    _extra = nullif(json_remove(_extra, '$.versions'), '{}')
where json_extract(_extra, '$.versions') is not null;

drop view draft_v;
create view draft_v as
select id, title, author, created_at, edited_at, binned_at, content, post, archived_at, versions
from draft_o
where not exists (select 1 from draft_gone where draft_gone.id = draft_o.id)
union all
select id, title, author, created_at, edited_at, binned_at, content, post, archived_at, versions
from draft
where _gen <= coalesce((select gen from bucket where name = 'content'), 0)
  and not exists (select 1 from draft_o where draft_o.id = draft.id)
  and not exists (select 1 from draft_gone where draft_gone.id = draft.id);
