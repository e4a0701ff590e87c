-- Buckets by urgency: people, drafts and texts each have one of their own.

-- Who belongs to the community, as the server says.
create table person (
    rid    integer primary key,
    id     blob    not null unique,
    name   text    not null,
    -- null when somebody does not belong any more
    role   text,
    _v     integer not null,
    _seq   integer not null,
    _gen   integer not null,
    _extra text
);

alter table other_row add column bucket text not null default 'content';

-- Texts with updates that have come and are not merged yet, and since when.
create table doc_waiting (
    doc blob    primary key,
    at  integer not null
) without rowid;

-- Everything is fetched anew; nothing is taken away before it has come.
update bucket set cursor = 0, gen = gen + 1, refill = 1;
insert into bucket (name, cursor, gen, refill)
select 'texts', 0, gen, 1 from bucket where name = 'content';
