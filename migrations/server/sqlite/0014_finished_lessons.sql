-- Which lessons members have finished.
create table finished_lesson (
    community_id blob    not null references community (id),
    user_id      blob    not null references account (id),
    draft_id     blob    not null,
    at           integer not null,
    primary key (community_id, user_id, draft_id)
) strict, without rowid;
-- A lesson that is deleted for good is forgotten by everybody.
create index finished_lesson_draft on finished_lesson (community_id, draft_id);
