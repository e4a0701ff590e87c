-- That a draft uses a file.
create table attachment (
    community_id   blob    not null references community (id),
    id             blob    not null,
    draft          blob    not null,
    b3             blob    not null,
    name           text    not null,
    media_type     text    not null,
    size           integer not null,
    width          integer,
    height         integer,
    author         blob,
    made_at        integer not null,
    removed_at     integer,
    version        integer not null,
    seq            integer not null,
    field_versions text    not null,
    primary key (community_id, id)
) strict;
create index attachment_seq on attachment (community_id, seq);
create index attachment_b3 on attachment (community_id, b3);

-- The contents of files. The same contents are kept once for each community, never across them:
-- who knows a hash of another community learns nothing by it.
create table blob (
    community_id blob    not null references community (id),
    b3           blob    not null,
    size         integer not null,
    -- BLAKE3 of each part, one after the other.
    parts        blob    not null,
    -- Where its parts lie in the object store: random, so that what is deleted late is never what
    -- was sent again meanwhile.
    place        blob    not null,
    completed_at integer,
    -- When it was last offered, added to a draft or removed from one.
    used_at      integer not null,
    primary key (community_id, b3)
) strict;
create index blob_used on blob (used_at);

-- Parts that are in the object store.
create table blob_part (
    place blob    not null,
    n     integer not null,
    primary key (place, n)
) strict, without rowid;

-- Places that nothing names any more, until their objects are deleted.
create table blob_litter (
    place        blob    primary key,
    community_id blob    not null,
    n_parts      integer not null
) strict, without rowid;
