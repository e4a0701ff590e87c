-- When what members are offered last became something else; absent before the first post.
alter table community add column posts_changed_at integer;

-- The address of each post in its community, and those that it had before.
create table post_address (
    community_id blob    not null references community (id),
    slug         text    not null,
    draft_id     blob    not null,
    -- since when the post has another one; absent for the one it has now
    former_at    integer,
    primary key (community_id, slug)
) strict, without rowid;
create index post_address_draft on post_address (community_id, draft_id, former_at);

-- What was answered to a request that came with a key, so that it is done once however often it
-- comes.
create table answered_request (
    community_id blob    not null references community (id),
    user_id      blob    not null references account (id),
    key          text    not null,
    -- BLAKE3 of what was asked
    digest       blob    not null,
    answer       text    not null,
    answered_at  integer not null,
    primary key (community_id, user_id, key)
) strict, without rowid;
create index answered_request_at on answered_request (answered_at);
