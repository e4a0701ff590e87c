-- That a draft uses a file.
create table attachment (
    community_id   uuid    not null references community (id),
    id             uuid    not null,
    draft          uuid    not null,
    b3             bytea   not null,
    name           text    not null,
    media_type     text    not null,
    size           bigint  not null,
    width          bigint,
    height         bigint,
    author         uuid,
    made_at        bigint  not null,
    removed_at     bigint,
    version        bigint  not null,
    seq            bigint  not null,
    field_versions text    not null,
    primary key (community_id, id)
);
create index attachment_seq on attachment (community_id, seq);
create index attachment_b3 on attachment (community_id, b3);

-- The contents of files. The same contents are kept once for each community, never across them:
-- who knows a hash of another community learns nothing by it.
create table blob (
    community_id uuid    not null references community (id),
    b3           bytea   not null,
    size         bigint  not null,
    -- BLAKE3 of each part, one after the other.
    parts        bytea   not null,
    -- Where its parts lie in the object store: random, so that what is deleted late is never what
    -- was sent again meanwhile.
    place        uuid    not null,
    completed_at bigint,
    -- When it was last offered, added to a draft or removed from one.
    used_at      bigint  not null,
    primary key (community_id, b3)
);
create index blob_used on blob (used_at);

-- Parts that are in the object store.
create table blob_part (
    place uuid    not null,
    n     bigint  not null,
    primary key (place, n)
);

-- Places that nothing names any more, until their objects are deleted.
create table blob_litter (
    place        uuid    primary key,
    community_id uuid    not null,
    n_parts      bigint  not null
);
