-- Which words mean the same tag: by the server, by this computer's changes, and both together.
create table tag (
    rid      integer primary key,
    -- of the folded name, the same on every device
    id       blob    not null unique,
    name     text    not null,
    -- JSON list; `[]` where the tag stands for nothing besides itself
    synonyms text    not null,
    _v       integer not null,
    _seq     integer not null,
    _gen     integer not null,
    _extra   text
);

create table tag_o (
    id       blob primary key,
    name     text not null,
    synonyms text not null
) without rowid;

create view tag_v as
select id, name, synonyms
from tag_o
union all
select id, name, synonyms
from tag
where _gen <= coalesce((select gen from bucket where name = 'content'), 0)
  and not exists (select 1 from tag_o where tag_o.id = tag.id);

-- A newer server may have told of them already.
insert into tag (id, name, synonyms, _v, _seq, _gen)
select id, columns ->> '$.name', columns ->> '$.synonyms', _v, _seq, _gen
from other_row
where tbl = 'tag'
  and json_type(columns, '$.name') = 'text'
  and json_type(columns, '$.synonyms') = 'array';
delete from other_row where tbl = 'tag' and id in (select id from tag);
