-- The sections of a course, and the place of a draft in a course: JSON of a `Sections` and a
-- `Lesson`; each absent while there is nothing.
alter table draft add column sections text;
alter table draft add column lesson text;
-- The course of which `lesson` speaks, to find and count the lessons of one.
alter table draft add column course uuid;
create index draft_course on draft (community_id, course) where course is not null;
