-- What was deleted for good, until every device has heard of it. A draft takes its files with it
-- (`draft` in `content`) and its text all updates (`doc` in `texts`, under the draft's id), so
-- that each deletion is two rows, however long the text was.
create table tombstone (
    community_id blob    not null references community (id),
    bucket       text    not null,
    tbl          text    not null,
    pk           blob    not null,
    seq          integer not null,
    -- When it was deleted, by the server's clock.
    at           integer not null,
    primary key (community_id, bucket, tbl, pk)
) strict, without rowid;
create index tombstone_seq on tombstone (community_id, bucket, seq);
create index tombstone_at on tombstone (community_id, at);

-- Up to where a device has heard of everything, as its pulls say.
create table device_place (
    community_id blob    not null references community (id),
    user_id      blob    not null,
    device_id    blob    not null,
    seq          integer not null,
    noted_at     integer not null,
    primary key (community_id, user_id, device_id)
) strict, without rowid;

-- What belongs to a draft.
create index doc_update_doc on doc_update (community_id, doc);
create index attachment_draft on attachment (community_id, draft);
