insert into former_role (community_id, user_id, role, until_at) values
    ({uuid 00000000-0000-0000-0000-0000000000c1}, {uuid 00000000-0000-0000-0000-0000000000a2}, 'admin', 1700000008000);

insert into proposal (community_id, id, user_id, device_id, mid, name, version, args, base, subject, reason, made_at, arrived_at, state, decided_by, decided_at, seq) values
    ({uuid 00000000-0000-0000-0000-0000000000c1}, {uuid 00000000-0000-0000-0000-000000000091}, {uuid 00000000-0000-0000-0000-0000000000a2}, {uuid 00000000-0000-0000-0000-0000000000d2}, 7, 'draft.bin', 1, '{"id":"00000000-0000-0000-0000-0000000000f1"}', '[]', {uuid 00000000-0000-0000-0000-0000000000f1}, 'role_lowered', 1700000008500, 1700000009000, 'open', null, null, null);
