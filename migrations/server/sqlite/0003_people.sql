-- Memberships as rows of their own, in the sequence, so that every desktop knows who is who.
create table person (
    community_id blob    not null references community (id),
    id           blob    not null references account (id),
    name         text    not null,
    -- Null when somebody does not belong any more: who wrote what stays known.
    role         text,
    version      integer not null,
    seq          integer not null,
    primary key (community_id, id)
) strict;
create index person_seq on person (community_id, seq);

insert into person (community_id, id, name, role, version, seq)
select membership.community_id, membership.user_id, account.name, membership.role, 1,
       community.head + row_number() over (
           partition by membership.community_id
           order by membership.joined_at, membership.user_id
       )
from membership
join account on account.id = membership.user_id
join community on community.id = membership.community_id;

update community
set head = head + (select count(*) from person where person.community_id = community.id);

-- Texts have a bucket of their own now; the sums are counted when the server starts.
insert into server (key, value) values ('must_recount', 'buckets by priority');
