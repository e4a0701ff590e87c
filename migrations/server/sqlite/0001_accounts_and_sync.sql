-- Facts about this database: `server_id` for ever, `epoch` minted when it is made or restored.
create table server (
    key   text primary key,
    value text not null
) strict;

create table community (
    id         blob    primary key,
    name       text    not null,
    timezone   text    not null,
    -- The sequence number of the last change; without gaps, changed only under its row's lock.
    head       integer not null,
    created_at integer not null
) strict;

create table account (
    id            blob    primary key,
    -- Lower case, trimmed.
    email         text    not null,
    name          text    not null,
    -- Argon2id as a PHC string, or `!` for an account nobody can sign in to.
    password_hash text    not null,
    created_at    integer not null
) strict;
create unique index account_email on account (email);

create table membership (
    community_id blob    not null references community (id),
    user_id      blob    not null references account (id),
    role         text    not null,
    joined_at    integer not null,
    primary key (community_id, user_id)
) strict, without rowid;
create index membership_user on membership (user_id);

create table device (
    user_id      blob    not null references account (id),
    id           blob    not null,
    name         text    not null,
    public_key   blob    not null,
    created_at   integer not null,
    last_seen_at integer not null,
    revoked_at   integer,
    primary key (user_id, id)
) strict, without rowid;

-- One sign-in on one device; its tokens are one family and fall together.
create table session (
    id         blob    primary key,
    user_id    blob    not null,
    device_id  blob    not null,
    created_at integer not null,
    ended_at   integer,
    foreign key (user_id, device_id) references device (user_id, id)
) strict;
create index session_device on session (user_id, device_id);

-- Tokens are kept as their SHA-256 only.
create table access_token (
    hash       blob    primary key,
    session_id blob    not null references session (id),
    expires_at integer not null
) strict, without rowid;
create index access_token_session on access_token (session_id);

create table refresh_token (
    hash       blob    primary key,
    session_id blob    not null references session (id),
    nonce      text    not null,
    issued_at  integer not null,
    -- When it was exchanged; kept so that a second use is noticed.
    spent_at   integer
) strict, without rowid;
create index refresh_token_session on refresh_token (session_id);

create table live_ticket (
    hash         blob    primary key,
    community_id blob    not null,
    user_id      blob    not null,
    device_id    blob    not null,
    expires_at   integer not null
) strict, without rowid;

create table bucket (
    community_id blob    not null references community (id),
    name         text    not null,
    n            integer not null,
    -- The sum of the rows' checksums modulo 2^64, as a signed number.
    checksum     integer not null,
    -- Cursors below this start anew.
    horizon      integer not null,
    primary key (community_id, name)
) strict, without rowid;

create table draft (
    community_id   blob    not null references community (id),
    id             blob    not null,
    title          text    not null,
    author         blob,
    created_at     integer not null,
    edited_at      integer not null,
    binned_at      integer,
    version        integer not null,
    seq            integer not null,
    -- For each column, the version in which it last changed.
    field_versions text    not null,
    primary key (community_id, id)
) strict;
create index draft_seq on draft (community_id, seq);

create table doc_update (
    community_id   blob    not null references community (id),
    id             blob    not null,
    doc            blob    not null,
    bytes          blob    not null,
    b3             blob    not null,
    author         blob,
    made_at        integer not null,
    version        integer not null,
    seq            integer not null,
    field_versions text    not null,
    primary key (community_id, id)
) strict;
create index doc_update_seq on doc_update (community_id, seq);

-- Where the mutations of a device stand.
create table device_progress (
    community_id blob    not null references community (id),
    user_id      blob    not null,
    device_id    blob    not null,
    lmid         integer not null,
    primary key (community_id, user_id, device_id)
) strict, without rowid;

-- Results a device has not acknowledged.
create table mutation_result (
    community_id blob    not null references community (id),
    user_id      blob    not null,
    device_id    blob    not null,
    mid          integer not null,
    outcome      text    not null,
    primary key (community_id, user_id, device_id, mid)
) strict, without rowid;

-- Every mutation that was looked at, for ever: what was done, by whom, and what became of it.
create table audit (
    community_id blob    not null references community (id),
    user_id      blob    not null,
    device_id    blob    not null,
    mid          integer not null,
    name         text    not null,
    version      integer not null,
    digest       blob    not null,
    status       text    not null,
    code         text,
    seq          integer,
    made_at      integer not null,
    arrived_at   integer not null,
    primary key (community_id, user_id, device_id, mid)
) strict, without rowid;

-- Values that a later arrival overrode.
create table field_history (
    community_id blob    not null references community (id),
    tbl          text    not null,
    pk           blob    not null,
    field        text    not null,
    -- The sequence number of the change that overrode the value.
    seq          integer not null,
    value        text    not null,
    overrode_by  blob    not null,
    at           integer not null,
    primary key (community_id, tbl, pk, field, seq)
) strict, without rowid;
