-- Which lessons members have finished.
create table finished_lesson (
    community_id uuid    not null references community (id),
    user_id      uuid    not null references account (id),
    draft_id     uuid    not null,
    at           bigint  not null,
    primary key (community_id, user_id, draft_id)
);
-- A lesson that is deleted for good is forgotten by everybody.
create index finished_lesson_draft on finished_lesson (community_id, draft_id);
