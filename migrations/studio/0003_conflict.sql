-- What was changed here and elsewhere without knowing of each other: until somebody has decided,
-- and afterwards with both versions.
create table conflict (
    id          integer primary key autoincrement,
    kind        text    not null check (kind in ('field', 'text')),
    draft       blob    not null,
    -- the draft's title when it was found
    title       text    not null,
    -- which field; empty for a text
    field       text    not null default '',
    -- what both come from
    base        text    not null,
    mine        text    not null,
    -- null until the server has told it
    theirs      text,
    -- a text as it was put together from both; empty for a field
    merged      text    not null default '',
    seen_at     integer not null,
    resolved_at integer,
    choice      text check (choice in ('mine', 'theirs', 'written', 'same'))
);

create index conflict_by_age on conflict (resolved_at, id);
create index conflict_open on conflict (draft, field) where resolved_at is null;
