-- A large bucket of which nothing is here is filled in many small transactions, so that nobody who
-- saves has to wait for all of it. Its rows carry the bucket's next generation; what is shown reads
-- only rows of the generations that the bucket has reached, so they all appear at once.
drop view draft_v;
create view draft_v as
select id, title, author, created_at, edited_at, binned_at from draft_o
where not exists (select 1 from draft_gone where draft_gone.id = draft_o.id)
union all
select id, title, author, created_at, edited_at, binned_at from draft
where _gen <= coalesce((select gen from bucket where name = 'content'), 0)
  and not exists (select 1 from draft_o where draft_o.id = draft.id)
  and not exists (select 1 from draft_gone where draft_gone.id = draft.id);

drop view attachment_v;
create view attachment_v as
select id, draft, b3, name, media_type, size, width, height, author, made_at, removed_at
from attachment_o
union all
select id, draft, b3, name, media_type, size, width, height, author, made_at, removed_at
from attachment
where _gen <= coalesce((select gen from bucket where name = 'content'), 0)
  and not exists (select 1 from attachment_o where attachment_o.id = attachment.id);

create view person_v as
select id, name, role from person
where _gen <= coalesce((select gen from bucket where name = 'core'), 0);

create view doc_update_v as
select rid, id, doc, bytes, b3, author, made_at, _seq from doc_update
where _gen <= coalesce((select gen from bucket where name = 'texts'), 0);

-- What is held is looked for before every push; mostly there is nothing.
create index outbox_held on outbox (draft, lid) where hold_ms > 0;
