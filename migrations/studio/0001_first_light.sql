-- The first store: drafts with their texts, what the server sent, what waits to be sent.
-- Ids are the 16 bytes of a UUID, times are milliseconds since 1970 UTC.

create table sync_meta (
    k text primary key,
    v      not null
) without rowid;

create table bucket (
    name   text primary key,
    cursor integer not null default 0,
    -- counts the times everything was fetched anew
    gen    integer not null default 0,
    -- 1 until everything was fetched anew
    refill integer not null default 0,
    -- number and checksum of the rows held
    n      integer not null default 0,
    x      integer not null default 0
) without rowid;

-- Base tables: the server's truth and nothing else.
create table draft (
    rid        integer primary key,
    id         blob    not null unique,
    title      text    not null,
    author     blob,
    created_at integer not null,
    edited_at  integer not null,
    binned_at  integer,
    _v         integer not null,
    _seq       integer not null,
    _gen       integer not null,
    -- columns of a newer server, as JSON
    _extra     text
);

create table doc_update (
    rid     integer primary key,
    id      blob    not null unique,
    doc     blob    not null,
    bytes   blob    not null,
    b3      text    not null,
    author  blob,
    made_at integer not null,
    _v      integer not null,
    _seq    integer not null,
    _gen    integer not null,
    _extra  text
);

create index doc_update_by_doc on doc_update (doc, _seq);

-- Rows of tables that a newer server has: kept for the checksum and for a later version.
create table other_row (
    tbl     text    not null,
    id      blob    not null,
    columns text    not null,
    _v      integer not null,
    _seq    integer not null,
    _gen    integer not null,
    primary key (tbl, id)
) without rowid;

-- The user's own changes over the base, rebuilt by replaying the outbox.
create table draft_o (
    id         blob    primary key,
    title      text    not null,
    author     blob,
    created_at integer not null,
    edited_at  integer not null,
    binned_at  integer
) without rowid;

create view draft_v as
select id, title, author, created_at, edited_at, binned_at from draft_o
union all
select id, title, author, created_at, edited_at, binned_at from draft
where not exists (select 1 from draft_o where draft_o.id = draft.id);

-- Changes the server has not accepted, and those accepted whose rows have not arrived.
create table outbox (
    lid     integer primary key autoincrement,
    mid     integer unique,
    draft   blob    not null,
    kind    text    not null,
    -- the draft's title when the change was made
    title   text    not null,
    name    text    not null,
    ver     integer not null,
    args    text    not null,
    -- row versions the change was made on, as JSON
    base    text    not null,
    size    integer not null,
    state   text    not null
        check (state in ('pending', 'inflight', 'applied', 'rejected', 'parked')),
    code    text,
    field   text,
    seq     integer,
    -- which part of a document's history a text change holds, as JSON
    spans   text,
    made_at integer not null,
    acked_at integer
);

create index outbox_by_state on outbox (state, lid);
create index outbox_by_draft on outbox (draft, state, lid);

-- Settled changes of the last 30 days, to heal a server that was restored from an old backup.
create table journal (
    mid      integer primary key,
    draft    blob    not null,
    kind     text    not null,
    title    text    not null,
    name     text    not null,
    ver      integer not null,
    args     text    not null,
    base     text    not null,
    made_at  integer not null,
    acked_at integer not null
);

create index journal_by_age on journal (acked_at);

-- Values of fields that a pull replaced.
create table field_history (
    id    integer primary key,
    draft blob    not null,
    field text    not null,
    value text    not null,
    at    integer not null
);

create index field_history_by_draft on field_history (draft);

-- What happened between this computer and the server, and texts that were taken away.
create table history (
    id            integer primary key autoincrement,
    at            integer not null,
    kind          text    not null,
    n             integer not null,
    change_kind   text,
    title         text,
    kept_markdown text
);

-- The text of each draft as canonical Markdown, written together with the document.
create table doc (
    rid         integer primary key,
    id          blob    not null unique,
    n_words     integer not null,
    excerpt     text    not null,
    -- 1 while the search index lags behind
    needs_index integer not null default 0,
    markdown    text    not null
);

create index doc_to_index on doc (rid) where needs_index = 1;

-- The document with its history: a snapshot and the updates since.
create table doc_snapshot (
    rid   integer primary key,
    doc   blob    not null unique,
    bytes blob    not null
);

create table doc_log (
    n     integer primary key autoincrement,
    doc   blob    not null,
    bytes blob    not null
);

create index doc_log_by_doc on doc_log (doc, n);

-- Updates that could not be read.
create table doc_set_aside (
    id    blob    primary key,
    doc   blob    not null,
    bytes blob    not null,
    why   text    not null,
    at    integer not null
) without rowid;

-- Derived from draft_v: the order of the list, and the row numbers of the search index.
create table listing (
    rid       integer primary key,
    id        blob    not null unique,
    in_bin    integer not null,
    edited_at integer not null,
    title     text    not null
);

create index listing_by_age on listing (in_bin, edited_at, rid);

create virtual table draft_index using fts5 (
    title, body,
    content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
);
