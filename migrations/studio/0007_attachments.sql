-- Files that drafts use, and where their contents are.

create table attachment (
    rid        integer primary key,
    id         blob    not null unique,
    draft      blob    not null,
    b3         blob    not null,
    name       text    not null,
    media_type text    not null,
    size       integer not null,
    width      integer,
    height     integer,
    author     blob,
    made_at    integer not null,
    removed_at integer,
    _v         integer not null,
    _seq       integer not null,
    _gen       integer not null,
    _extra     text
);

create index attachment_by_draft on attachment (draft);
create index attachment_by_b3 on attachment (b3);

create table attachment_o (
    id         blob    primary key,
    draft      blob    not null,
    b3         blob    not null,
    name       text    not null,
    media_type text    not null,
    size       integer not null,
    width      integer,
    height     integer,
    author     blob,
    made_at    integer not null,
    removed_at integer
) without rowid;

create index attachment_o_by_draft on attachment_o (draft);
create index attachment_o_by_b3 on attachment_o (b3);

create view attachment_v as
select id, draft, b3, name, media_type, size, width, height, author, made_at, removed_at
from attachment_o
union all
select id, draft, b3, name, media_type, size, width, height, author, made_at, removed_at
from attachment
where not exists (select 1 from attachment_o where attachment_o.id = attachment.id);

-- The contents of files, as far as this computer has them or wants them.
create table blob (
    b3        blob    primary key,
    size      integer not null,
    -- BLAKE3 of each part, one after the other; empty until they are known
    parts     blob    not null,
    here      text    not null check (here in ('whole', 'partial', 'away')),
    -- 1 when the server has it whole
    on_server integer not null,
    -- 1 while somebody waits for it
    wanted    integer not null default 0,
    -- 1 when it is to stay on this computer
    is_kept   integer not null default 0,
    used_at   integer not null
) without rowid;

create index blob_to_send on blob (used_at) where here = 'whole' and on_server = 0;
create index blob_to_fetch on blob (used_at) where here <> 'whole' and (wanted = 1 or is_kept = 1);

-- The parts of a file that is being fetched, as far as they are on the disk.
create table blob_part (
    b3 blob    not null,
    n  integer not null,
    primary key (b3, n)
) without rowid;
