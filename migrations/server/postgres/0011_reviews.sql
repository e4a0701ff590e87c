-- Who was asked to look at a draft, what was said in its margin, and what came of it: JSON of a
-- `Reviews`; absent while there is nothing.
alter table draft add column reviews text;
