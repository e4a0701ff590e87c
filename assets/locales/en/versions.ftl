# Versions of a draft, and two texts side by side.

version-written = Writing
version-restored = Restored
version-merged = Merged
version-kept = Saved
version-by-you = you
version-post = Published { $n ->
    [1] { "" }
   *[other] ({ $n })
}
versions = Versions
versions-of = Versions of “{ $title }”
versions-list = Versions, latest first
versions-sorted = Latest first · a pause of 10 minutes ends a version
versions-back = Back to the draft
versions-empty = No versions yet
versions-empty-what = Everything you write is kept. Once there is text, each stretch of writing is listed here.
versions-choose = Choose a version to see how it differs.
version-save = Save as version
version-save-what = The text as it is now gets a name. It stays in the list of versions, also on your other devices.
version-name = Name of the version
version-named = Saved as version “{ $name }”
version-rename = Rename
version-rename-title = Rename version
version-drop = Remove name
version-dropped = The name “{ $name }” was removed
version-renamed = Renamed to “{ $name }”
version-restore = Restore this version
version-restored-said = Restored the version of { $when }. What was there before is a version too.
version-same-as-now = This is the text as it is now.
version-copy = Copy text
version-copied = The text of this version was copied
version-present = Now
version-not-here = Not on this computer yet
version-added = { $n } { $n ->
    [one] character
   *[other] characters
} added
version-removed = { $n } removed
version-counts-spoken = { $added } added, { $removed } removed
compare-with = Compare with
compare-now = the text now
compare-before = the version before
compare-changes = { $n ->
    [0] No differences in the text
    [one] 1 change
   *[other] { $n } changes
}
compare-at = Change { $at } of { $n }
compare-next = Next change
compare-previous = Previous change
compare-unchanged = { $n ->
    [one] 1 unchanged paragraph
   *[other] { $n } unchanged paragraphs
}
compare-old-only = Only on the left
compare-new-only = Only on the right
compare-more = { $n ->
    [one] Show 1 more paragraph
   *[other] Show { $n } more paragraphs
}
compare-post = Compare with what members see
compare-post-title = What members see, and what there is now
compare-members-see = Members see
compare-now-side = Now
compare-title-was = The title members see: “{ $title }”
