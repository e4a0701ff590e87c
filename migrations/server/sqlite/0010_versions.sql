-- The states of a draft's text that were named or published: JSON of a `Versions`; absent while
-- there are none.
alter table draft add column versions text;
