insert into tombstone (community_id, bucket, tbl, pk, seq, at) values
    ({uuid 00000000-0000-0000-0000-0000000000c1}, 'content', 'draft', {uuid 00000000-0000-0000-0000-0000000000f9}, 8, 1700000011000),
    ({uuid 00000000-0000-0000-0000-0000000000c1}, 'texts', 'doc', {uuid 00000000-0000-0000-0000-0000000000f9}, 8, 1700000011000);

update community set head = 8;

insert into device_place (community_id, user_id, device_id, seq, noted_at) values
    ({uuid 00000000-0000-0000-0000-0000000000c1}, {uuid 00000000-0000-0000-0000-0000000000a1}, {uuid 00000000-0000-0000-0000-0000000000d1}, 8, 1700000011000);
