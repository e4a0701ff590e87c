-- Roles that a person has no more, each with the time it ended; so that one knows what a session
-- was allowed when it began.
create table former_role (
    community_id uuid    not null references community (id),
    user_id      uuid    not null references account (id),
    role         text    not null,
    until_at     bigint  not null,
    primary key (community_id, user_id, until_at)
);

-- Changes refused because a role was lowered or a membership ended after the session had begun.
-- The row stays when it was decided, without the contents, as the record of the decision.
create table proposal (
    community_id uuid    not null references community (id),
    id           uuid    not null,
    user_id      uuid    not null,
    device_id    uuid    not null,
    mid          bigint  not null,
    name         text    not null,
    version      bigint  not null,
    args         text    not null,
    base         text    not null,
    -- The draft it is about.
    subject      uuid    not null,
    -- `role_lowered` or `membership_ended`.
    reason       text    not null,
    made_at      bigint  not null,
    arrived_at   bigint  not null,
    -- `open`, `accepted` or `discarded`.
    state        text    not null,
    decided_by   uuid,
    decided_at   bigint,
    -- The sequence number of what an acceptance did.
    seq          bigint,
    primary key (community_id, id)
);
create index proposal_author on proposal (community_id, user_id, state);
