-- Files of drafts that were deleted for good. Their contents go from this computer 30 days later,
-- unless something needs them then.
create table blob_released (
    b3 blob    primary key,
    -- when the draft went, or when something else was last found to need the file
    at integer not null
) without rowid;
