-- What a draft is to become, and what of it members see.
-- JSON of a `Content`; absent while nothing was said.
alter table draft add column content text;
-- JSON of the `Post` that was published last.
alter table draft add column post text;
alter table draft add column archived_at bigint;
-- From when on members see the post; absent where there is none or it was withdrawn.
alter table draft add column live_at bigint;
create index draft_live on draft (community_id, live_at) where live_at is not null;

-- The text of each published form, as it was when it was published.
create table post_text (
    community_id uuid    not null references community (id),
    draft_id     uuid    not null,
    version      bigint  not null,
    markdown     text    not null,
    -- its beginning, as far as everybody may read it
    teaser       text    not null,
    primary key (community_id, draft_id, version)
);

-- The files that a published text names: members see them whatever becomes of the draft.
create table post_file (
    community_id uuid    not null references community (id),
    draft_id     uuid    not null,
    b3           bytea    not null,
    primary key (community_id, draft_id, b3)
);
create index post_file_b3 on post_file (community_id, b3);

-- What somebody may have, and until when.
create table entitlement (
    id           uuid    not null primary key,
    community_id uuid    not null references community (id),
    user_id      uuid    not null references account (id),
    -- `tier:` and its key, or `post:` and the id of a draft
    product      text    not null,
    -- why: `comp` for one that an owner gave
    source       text    not null,
    from_at      bigint  not null,
    -- absent for one without an end
    until_at     bigint,
    made_at      bigint  not null
);
create index entitlement_user on entitlement (community_id, user_id);
