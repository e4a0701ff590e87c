-- What a change waits for before it is sent: BLAKE3 names of attachments that are not on the
-- server yet, as JSON. Others go past it; later ones of the same draft wait behind it.
alter table outbox add column needs text not null default '[]';

create index outbox_needing on outbox (draft, lid) where needs <> '[]';
