-- Roles that a person has no more, each with the time it ended; so that one knows what a session
-- was allowed when it began.
create table former_role (
    community_id blob    not null references community (id),
    user_id      blob    not null references account (id),
    role         text    not null,
    until_at     integer not null,
    primary key (community_id, user_id, until_at)
) strict, without rowid;

-- Changes refused because a role was lowered or a membership ended after the session had begun.
-- The row stays when it was decided, without the contents, as the record of the decision.
create table proposal (
    community_id blob    not null references community (id),
    id           blob    not null,
    user_id      blob    not null,
    device_id    blob    not null,
    mid          integer not null,
    name         text    not null,
    version      integer not null,
    args         text    not null,
    base         text    not null,
    -- The draft it is about.
    subject      blob    not null,
    -- `role_lowered` or `membership_ended`.
    reason       text    not null,
    made_at      integer not null,
    arrived_at   integer not null,
    -- `open`, `accepted` or `discarded`.
    state        text    not null,
    decided_by   blob,
    decided_at   integer,
    -- The sequence number of what an acceptance did.
    seq          integer,
    primary key (community_id, id)
) strict;
create index proposal_author on proposal (community_id, user_id, state);
