insert into tag (community_id, id, name, synonyms, version, seq, field_versions) values
    ({uuid 00000000-0000-0000-0000-0000000000c1}, {uuid d02f0827-ff0d-9a37-673f-93ebbf182f51}, '人工智能', '["AI"]', 1, 9, '{"id":1,"name":1,"synonyms":1}');

update community set head = 9;
