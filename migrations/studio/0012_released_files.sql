-- Files of drafts that were deleted for good, whose contents are still to go from this computer.
-- They are named with the deletion and go after it, so that a crash between the two keeps none.
create table blob_released (
    b3 blob primary key
) without rowid;
