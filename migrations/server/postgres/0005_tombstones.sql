-- What was deleted for good, until every device has heard of it. A draft takes its files with it
-- (`draft` in `content`) and its text all updates (`doc` in `texts`, under the draft's id), so
-- that each deletion is two rows, however long the text was.
create table tombstone (
    community_id uuid    not null references community (id),
    bucket       text    not null,
    tbl          text    not null,
    pk           uuid    not null,
    seq          bigint  not null,
    -- When it was deleted, by the server's clock.
    at           bigint  not null,
    primary key (community_id, bucket, tbl, pk)
);
create index tombstone_seq on tombstone (community_id, bucket, seq);
create index tombstone_at on tombstone (community_id, at);

-- Up to where a device has heard of everything, as its pulls say.
create table device_place (
    community_id uuid    not null references community (id),
    user_id      uuid    not null,
    device_id    uuid    not null,
    seq          bigint  not null,
    noted_at     bigint  not null,
    primary key (community_id, user_id, device_id)
);

-- What belongs to a draft.
create index doc_update_doc on doc_update (community_id, doc);
create index attachment_draft on attachment (community_id, draft);
