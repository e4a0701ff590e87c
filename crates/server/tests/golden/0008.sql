update draft set content = '{"kind":"article","access":{"to":"paid","tiers":["vip"],"singly":false},"excerpt":"","slug":"first","tags":["入门"],"cover":null,"canonical":""}',
    post = '{"version":1,"title":"第一篇","content":{"kind":"article","access":{"to":"paid","tiers":["vip"],"singly":false},"excerpt":"","slug":"first","tags":["入门"],"cover":null,"canonical":""},"parts":{"n":1,"x":"000000000000000000000000000000b1"},"text_at":"AA==","by":"00000000-0000-0000-0000-0000000000a1","first_at":1700000013000,"at":1700000013000,"live_at":1700000013000,"withdrawn_at":null}',
    live_at = 1700000013000
where id = {uuid 00000000-0000-0000-0000-0000000000f1};
update draft set archived_at = 1700000013500
where id = {uuid 00000000-0000-0000-0000-0000000000f2};

insert into post_text (community_id, draft_id, version, markdown, teaser) values
    ({uuid 00000000-0000-0000-0000-0000000000c1}, {uuid 00000000-0000-0000-0000-0000000000f1}, 1, '公开。

<!-- paywall -->

给会员的。', '公开。');

insert into post_file (community_id, draft_id, b3) values
    ({uuid 00000000-0000-0000-0000-0000000000c1}, {uuid 00000000-0000-0000-0000-0000000000f1}, {bytes 0404040404040404040404040404040404040404040404040404040404040404});

insert into entitlement (id, community_id, user_id, product, source, from_at, until_at, made_at) values
    ({uuid 00000000-0000-0000-0000-0000000000e7}, {uuid 00000000-0000-0000-0000-0000000000c1}, {uuid 00000000-0000-0000-0000-0000000000a2}, 'tier:vip', 'comp', 1700000014000, null, 1700000014000),
    ({uuid 00000000-0000-0000-0000-0000000000e8}, {uuid 00000000-0000-0000-0000-0000000000c1}, {uuid 00000000-0000-0000-0000-0000000000a2}, 'tier:basic', 'comp', 1700000014000, 1700000015000, 1700000014000);
