-- Facts about this database: `server_id` for ever, `epoch` minted when it is made or restored.
create table server (
    key   text primary key,
    value text not null
);

create table community (
    id         uuid    primary key,
    name       text    not null,
    timezone   text    not null,
    -- The sequence number of the last change; without gaps, changed only under its row's lock.
    head       bigint  not null,
    created_at bigint  not null
);

create table account (
    id            uuid    primary key,
    -- Lower case, trimmed.
    email         text    not null,
    name          text    not null,
    -- Argon2id as a PHC string, or `!` for an account nobody can sign in to.
    password_hash text    not null,
    created_at    bigint  not null
);
create unique index account_email on account (email);

create table membership (
    community_id uuid    not null references community (id),
    user_id      uuid    not null references account (id),
    role         text    not null,
    joined_at    bigint  not null,
    primary key (community_id, user_id)
);
create index membership_user on membership (user_id);

create table device (
    user_id      uuid    not null references account (id),
    id           uuid    not null,
    name         text    not null,
    public_key   bytea   not null,
    created_at   bigint  not null,
    last_seen_at bigint  not null,
    revoked_at   bigint,
    primary key (user_id, id)
);

-- One sign-in on one device; its tokens are one family and fall together.
create table session (
    id         uuid    primary key,
    user_id    uuid    not null,
    device_id  uuid    not null,
    created_at bigint  not null,
    ended_at   bigint,
    foreign key (user_id, device_id) references device (user_id, id)
);
create index session_device on session (user_id, device_id);

-- Tokens are kept as their SHA-256 only.
create table access_token (
    hash       bytea   primary key,
    session_id uuid    not null references session (id),
    expires_at bigint  not null
);
create index access_token_session on access_token (session_id);

create table refresh_token (
    hash       bytea   primary key,
    session_id uuid    not null references session (id),
    nonce      text    not null,
    issued_at  bigint  not null,
    -- When it was exchanged; kept so that a second use is noticed.
    spent_at   bigint
);
create index refresh_token_session on refresh_token (session_id);

create table live_ticket (
    hash         bytea   primary key,
    community_id uuid    not null,
    user_id      uuid    not null,
    device_id    uuid    not null,
    expires_at   bigint  not null
);

create table bucket (
    community_id uuid    not null references community (id),
    name         text    not null,
    n            bigint  not null,
    -- The sum of the rows' checksums modulo 2^64, as a signed number.
    checksum     bigint  not null,
    -- Cursors below this start anew.
    horizon      bigint  not null,
    primary key (community_id, name)
);

create table draft (
    community_id   uuid    not null references community (id),
    id             uuid    not null,
    title          text    not null,
    author         uuid,
    created_at     bigint  not null,
    edited_at      bigint  not null,
    binned_at      bigint,
    version        bigint  not null,
    seq            bigint  not null,
    -- For each column, the version in which it last changed.
    field_versions text    not null,
    primary key (community_id, id)
);
create index draft_seq on draft (community_id, seq);

create table doc_update (
    community_id   uuid    not null references community (id),
    id             uuid    not null,
    doc            uuid    not null,
    bytes          bytea   not null,
    b3             bytea   not null,
    author         uuid,
    made_at        bigint  not null,
    version        bigint  not null,
    seq            bigint  not null,
    field_versions text    not null,
    primary key (community_id, id)
);
create index doc_update_seq on doc_update (community_id, seq);

-- Where the mutations of a device stand.
create table device_progress (
    community_id uuid    not null references community (id),
    user_id      uuid    not null,
    device_id    uuid    not null,
    lmid         bigint  not null,
    primary key (community_id, user_id, device_id)
);

-- Results a device has not acknowledged.
create table mutation_result (
    community_id uuid    not null references community (id),
    user_id      uuid    not null,
    device_id    uuid    not null,
    mid          bigint  not null,
    outcome      text    not null,
    primary key (community_id, user_id, device_id, mid)
);

-- Every mutation that was looked at, for ever: what was done, by whom, and what became of it.
create table audit (
    community_id uuid    not null references community (id),
    user_id      uuid    not null,
    device_id    uuid    not null,
    mid          bigint  not null,
    name         text    not null,
    version      bigint  not null,
    digest       bytea   not null,
    status       text    not null,
    code         text,
    seq          bigint,
    made_at      bigint  not null,
    arrived_at   bigint  not null,
    primary key (community_id, user_id, device_id, mid)
);

-- Values that a later arrival overrode.
create table field_history (
    community_id uuid    not null references community (id),
    tbl          text    not null,
    pk           uuid    not null,
    field        text    not null,
    -- The sequence number of the change that overrode the value.
    seq          bigint  not null,
    value        text    not null,
    overrode_by  uuid    not null,
    at           bigint  not null,
    primary key (community_id, tbl, pk, field, seq)
);
