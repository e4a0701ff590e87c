insert into server (key, value) values
    ('server_id', 'the server of the golden rows'),
    ('epoch', 'the epoch of the golden rows');

insert into community (id, name, timezone, head, created_at) values
    ({uuid 00000000-0000-0000-0000-0000000000c1}, '知行社', 'Asia/Shanghai', 4, 1700000000000);

insert into account (id, email, name, password_hash, created_at) values
    ({uuid 00000000-0000-0000-0000-0000000000a1}, 'lin@example.com', '林', '!', 1700000000000),
    ({uuid 00000000-0000-0000-0000-0000000000a2}, 'wang@example.com', '王', '!', 1700000001000);

insert into membership (community_id, user_id, role, joined_at) values
    ({uuid 00000000-0000-0000-0000-0000000000c1}, {uuid 00000000-0000-0000-0000-0000000000a1}, 'owner', 1700000000000),
    ({uuid 00000000-0000-0000-0000-0000000000c1}, {uuid 00000000-0000-0000-0000-0000000000a2}, 'editor', 1700000001000);

insert into device (user_id, id, name, public_key, created_at, last_seen_at, revoked_at) values
    ({uuid 00000000-0000-0000-0000-0000000000a1}, {uuid 00000000-0000-0000-0000-0000000000d1}, '书房的电脑', {bytes 0707070707070707070707070707070707070707070707070707070707070707}, 1700000002000, 1700000003000, null);

insert into session (id, user_id, device_id, created_at, ended_at) values
    ({uuid 00000000-0000-0000-0000-0000000000e1}, {uuid 00000000-0000-0000-0000-0000000000a1}, {uuid 00000000-0000-0000-0000-0000000000d1}, 1700000002000, null);

insert into access_token (hash, session_id, expires_at) values
    ({bytes 0101010101010101010101010101010101010101010101010101010101010101}, {uuid 00000000-0000-0000-0000-0000000000e1}, 4000000000000);

insert into refresh_token (hash, session_id, nonce, issued_at, spent_at) values
    ({bytes 0202020202020202020202020202020202020202020202020202020202020202}, {uuid 00000000-0000-0000-0000-0000000000e1}, 'nonce', 1700000002000, null);

insert into live_ticket (hash, community_id, user_id, device_id, expires_at) values
    ({bytes 0303030303030303030303030303030303030303030303030303030303030303}, {uuid 00000000-0000-0000-0000-0000000000c1}, {uuid 00000000-0000-0000-0000-0000000000a1}, {uuid 00000000-0000-0000-0000-0000000000d1}, 4000000000000);

insert into bucket (community_id, name, n, checksum, horizon) values
    ({uuid 00000000-0000-0000-0000-0000000000c1}, 'content', 3, 12345, 0);

insert into draft (community_id, id, title, author, created_at, edited_at, binned_at, version, seq, field_versions) values
    ({uuid 00000000-0000-0000-0000-0000000000c1}, {uuid 00000000-0000-0000-0000-0000000000f1}, '第一篇', {uuid 00000000-0000-0000-0000-0000000000a1}, 1700000004000, 1700000006000, null, 2, 3, '{"title":2}'),
    ({uuid 00000000-0000-0000-0000-0000000000c1}, {uuid 00000000-0000-0000-0000-0000000000f2}, '扔掉的', {uuid 00000000-0000-0000-0000-0000000000a1}, 1700000005000, 1700000005000, 1700000007000, 1, 4, '{}');

insert into doc_update (community_id, id, doc, bytes, b3, author, made_at, version, seq, field_versions) values
    ({uuid 00000000-0000-0000-0000-0000000000c1}, {uuid 00000000-0000-0000-0000-0000000000b1}, {uuid 00000000-0000-0000-0000-0000000000f1}, {bytes 0102}, {bytes 0404040404040404040404040404040404040404040404040404040404040404}, {uuid 00000000-0000-0000-0000-0000000000a1}, 1700000004500, 1, 2, '{}');

insert into device_progress (community_id, user_id, device_id, lmid) values
    ({uuid 00000000-0000-0000-0000-0000000000c1}, {uuid 00000000-0000-0000-0000-0000000000a1}, {uuid 00000000-0000-0000-0000-0000000000d1}, 4);

insert into mutation_result (community_id, user_id, device_id, mid, outcome) values
    ({uuid 00000000-0000-0000-0000-0000000000c1}, {uuid 00000000-0000-0000-0000-0000000000a1}, {uuid 00000000-0000-0000-0000-0000000000d1}, 4, '{"status":"applied","seq":4}');

insert into audit (community_id, user_id, device_id, mid, name, version, digest, status, code, seq, made_at, arrived_at) values
    ({uuid 00000000-0000-0000-0000-0000000000c1}, {uuid 00000000-0000-0000-0000-0000000000a1}, {uuid 00000000-0000-0000-0000-0000000000d1}, 1, 'draft.create', 1, {bytes 0505}, 'applied', null, 1, 1700000004000, 1700000004100);

insert into field_history (community_id, tbl, pk, field, seq, value, overrode_by, at) values
    ({uuid 00000000-0000-0000-0000-0000000000c1}, 'draft', {uuid 00000000-0000-0000-0000-0000000000f1}, 'title', 3, '"原来的题"', {uuid 00000000-0000-0000-0000-0000000000a2}, 1700000006000);
