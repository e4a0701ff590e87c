-- Steps that can be taken back and done again, and the moment outward changes are held.

-- What a person did, in order. Those that are undone lie behind those that are done.
create table step (
    n     integer primary key autoincrement,
    state text    not null check (state in ('done', 'undone')),
    kind  text    not null,
    -- the draft it was about first, and its title then
    draft blob    not null,
    title text    not null,
    -- how many things it was done to
    n_of  integer not null,
    -- when it was done, undone or done again last
    at    integer not null,
    -- the outbox entries that brought it about, each with a checksum of its arguments, as JSON:
    -- as long as none was sent or changed, turning the step round takes them out again
    did   text    not null,
    -- what turns the step round otherwise, as JSON; null where nothing does
    back  text,
    -- what it left in the fields it is about, as JSON
    marks text    not null
);

create index step_by_state on step (state, n);

-- How long it is still held before it may be sent, in milliseconds of the program's running: it
-- begins anew with each start, and no clock counts.
alter table outbox add column hold_ms integer not null default 0;

-- 1 once it had a number, under which it may have arrived.
alter table outbox add column was_sent integer not null default 0;

update outbox set was_sent = 1 where mid is not null;
