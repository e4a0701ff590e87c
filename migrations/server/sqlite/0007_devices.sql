-- When somebody ordered that everything is wiped from this device. It is revoked with it.
alter table device add column wipe_ordered_at integer;
-- Which order that was: 32 random bytes.
alter table device add column wipe_nonce blob;
-- When the device told that it is done.
alter table device add column wiped_at integer;
-- A wiped device tells of it without a session.
create index device_wipe on device (id) where wipe_nonce is not null;
