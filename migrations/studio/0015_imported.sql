-- What imports brought to this computer, so that the next import of the same export brings only
-- what is new.
create table imported (
    -- as the export names the post
    source_id text primary key,
    draft     blob not null,
    -- BLAKE3 of the post with all its fields, and of the text as it was written here
    post      blob not null,
    body      blob not null
) without rowid;
