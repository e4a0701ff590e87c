-- A change may be kept on this computer by hand, and a draft may be sent before others.
alter table outbox add column kept_back integer not null default 0;
alter table outbox add column rank integer not null default 0;

create index outbox_kept on outbox (draft, lid) where kept_back = 1;
create index outbox_ranked on outbox (draft, rank) where rank > 0;
