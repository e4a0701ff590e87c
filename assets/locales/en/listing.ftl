# Lists: filters, order, views, changes to many, the board.

filters = Filters
filters-in-force = Filters in force
filters-clear = Clear all
filter-remove = Remove the filter { $what }
filter-access = Who can read it
filter-access-public = Everybody
filter-access-registered = Registered
filter-access-paid = Paying members
filter-access-singly = Sold singly
filter-tags = Tags
filter-no-tags = No draft has a tag yet.
filter-find-tag = Find a tag
filter-by = Author
filter-by-anybody = By anybody
filter-by-me = By me
filter-changed = Changed since it was published
filter-unsent = Changes on this computer only
somebody = Somebody else
nothing-fits = No draft matches these filters
nothing-fits-more = Take some of them out, or clear them all.

sort-by = Order
sort-newest-edited = Last edited first
sort-oldest-edited = Edited longest ago first
sort-title = By title
sort-live-next = Next to go live first
sort-live-last = Last published first

views = Saved views
view-save = Save view
view-save-what = Tab, filters, order and board are kept, on this computer only.
view-name = Name of the view
view-edit = View “{ $name }”
view-rename = Save name
view-update = Use the present filters
view-delete = Delete view
view-saved = View “{ $name }” saved
view-updated = View updated
view-deleted = View “{ $name }” deleted

select-draft = Select “{ $title }”
bulk = Change many
bulk-marked = { $n ->
    [1] 1 selected
   *[other] { $n } selected
}
bulk-busy = { $n ->
    [1] Changing 1 draft…
   *[other] Changing { $n } drafts…
}
bulk-clear = Select none
bulk-archive = Archive
bulk-unarchive = Unarchive
bulk-bin = Move to bin
bulk-restore = Restore
bulk-tag = Add tag
bulk-untag = Remove tag
bulk-access = Set access
bulk-tag-title = { $n ->
    [1] Add a tag to 1 draft
   *[other] Add a tag to { $n } drafts
}
bulk-untag-title = { $n ->
    [1] Remove a tag from 1 draft
   *[other] Remove a tag from { $n } drafts
}
bulk-tag-name = Tag
bulk-tag-wrong = A tag is one line of 1 to 40 characters.
bulk-access-title = { $n ->
    [1] Who can read 1 draft
   *[other] Who can read { $n } drafts
}
bulk-access-hint = What is published changes for members when you update it.
bulk-archived = { $n ->
    [1] 1 draft archived
   *[other] { $n } drafts archived
}
bulk-unarchived = { $n ->
    [1] 1 draft taken out of the archive
   *[other] { $n } drafts taken out of the archive
}
bulk-binned = { $n ->
    [1] 1 draft moved to the bin
   *[other] { $n } drafts moved to the bin
}
bulk-restored = { $n ->
    [1] 1 draft restored
   *[other] { $n } drafts restored
}
bulk-changed = { $n ->
    [1] 1 draft changed
   *[other] { $n } drafts changed
}
bulk-same = { $n ->
    [1] It was like that already
   *[other] All { $n } were like that already
}
bulk-none = No draft was changed
bulk-join = {"; "}
left-not-allowed = { $n ->
    [1] “{ $title }” is somebody else’s, which your role may not change
   *[other] { $n } are somebody else’s, which your role may not change
}
left-published = { $n ->
    [1] members see “{ $title }”: unpublish it first
   *[other] members see { $n } of them: unpublish those first
}
left-too-many-tags = { $n ->
    [1] “{ $title }” has 20 tags already
   *[other] { $n } have 20 tags already
}
left-gone = { $n ->
    [1] 1 is gone
   *[other] { $n } are gone
}
left-wrong-shelf = { $n ->
    [1] “{ $title }” is in the bin and was left
   *[other] { $n } are in the bin and were left
}

board = Board
layout-board = Board
board-empty = Nothing here
board-more = { $n ->
    [1] 1 more in the list
   *[other] { $n } more in the list
}
