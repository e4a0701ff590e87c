-- Which words mean the same tag.
create table tag (
    community_id   blob    not null references community (id),
    -- Of the folded name, the same on every device.
    id             blob    not null,
    name           text    not null,
    -- JSON list; `[]` where the tag stands for nothing besides itself.
    synonyms       text    not null,
    version        integer not null,
    seq            integer not null,
    field_versions text    not null,
    primary key (community_id, id)
) strict;
create index tag_seq on tag (community_id, seq);
