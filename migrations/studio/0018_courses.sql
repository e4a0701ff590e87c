-- The sections of a course (`sections`) and the place of a draft in a course (`lesson`): JSON, each
-- absent while there is nothing. `course` is the course of which `lesson` speaks, to find all
-- lessons of one.
alter table draft add column sections text;
alter table draft add column lesson text;
alter table draft add column course blob;
alter table draft_o add column sections text;
alter table draft_o add column lesson text;
alter table draft_o add column course blob;
create index draft_course on draft (course) where course is not null;
create index draft_o_course on draft_o (course) where course is not null;

-- A newer server may have told of them already.
update draft
set sections = json_extract(_extra, '$.sections'),
    lesson = json_extract(_extra, '$.lesson'),
    course = unhex(replace(json_extract(_extra, '$.lesson.course'), '-', '')),
    _extra = nullif(json_remove(_extra, '$.sections', '$.lesson'), '{}')
where json_extract(_extra, '$.sections') is not null
   or json_extract(_extra, '$.lesson') is not null;

drop view draft_v;
create view draft_v as
select id, title, author, created_at, edited_at, binned_at, content, post, archived_at, versions,
       reviews, sections, lesson, course
from draft_o
where not exists (select 1 from draft_gone where draft_gone.id = draft_o.id)
union all
select id, title, author, created_at, edited_at, binned_at, content, post, archived_at, versions,
       reviews, sections, lesson, course
from draft
where _gen <= coalesce((select gen from bucket where name = 'content'), 0)
  and not exists (select 1 from draft_o where draft_o.id = draft.id)
  and not exists (select 1 from draft_gone where draft_gone.id = draft.id);
