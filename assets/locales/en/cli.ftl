# What the terminal program says.

cli-recovery = Your recovery key. Write it down now: it is shown this once, and it opens the profile when all else is lost.
cli-stage-open = Open
cli-stage-read-only = Open for reading: a newer Stoa wrote it
cli-stage-locked = Locked
cli-stage-broken = Cannot be opened
cli-stage-wiped = wiped by order of its account
cli-untitled = Untitled
cli-more-problems = … and { $n } more
cli-saved-here = on this computer
cli-saved-synced = synced
cli-saved-attention = needs attention
cli-done = Done.
cli-change-create = New draft “{ $title }”
cli-change-rename = Rename to “{ $title }”
cli-change-bin = “{ $title }” into the bin
cli-change-restore = “{ $title }” out of the bin
cli-change-delete = “{ $title }” deleted for good
cli-deleted = Deleted for good: { $n }
cli-change-write = Text of “{ $title }”
cli-change-attach = File for “{ $title }”
cli-change-detach = File out of “{ $title }”
cli-change-describe = Settings of “{ $title }”
cli-change-archive = “{ $title }” into the archive
cli-change-unarchive = “{ $title }” out of the archive
cli-change-publish = Publish “{ $title }”
cli-change-withdraw = Unpublish “{ $title }”
cli-change-name-version = Name for a version of “{ $title }”
cli-change-rename-version = Another name for a version of “{ $title }”
cli-change-drop-version = Name of a version of “{ $title }” removed
cli-change-request-review = Request for a review of “{ $title }”
cli-change-withdraw-review = Request for a review of “{ $title }” taken back
cli-change-check-item = Checklist for “{ $title }”
cli-change-decide-review = Verdict on “{ $title }”
cli-change-write-comment = Comment on “{ $title }”
cli-change-edit-comment = Other words for a comment on “{ $title }”
cli-change-drop-comment = Comment on “{ $title }” deleted
cli-change-resolve-comment = Comment on “{ $title }” done or not
cli-signed-in = { $name } is signed in to { $community }.
cli-signed-out = Signed out. Everything is still on this computer.
cli-device-this = this computer
cli-device-active = may sync
cli-device-revoked = removed
cli-device-wipe-ordered = to be wiped
cli-device-wiped = wiped
cli-compare-fingerprint = Compare this fingerprint with the one the server shows, then pass it with --trust:
cli-connection-local = This computer only
cli-connection-synced = Synced
cli-connection-syncing = Syncing
cli-connection-offline = Offline
cli-connection-signed-out = Not signed in
cli-connection-paused = Paused
cli-connection-update-needed = Update needed
cli-connection-other-server = A different server answers
cli-connection-revoked = This computer was removed
cli-connection-not-a-member = No longer a member
cli-connection-wiping = wiping this computer
cli-connection-removal-held = Waiting for your decision
cli-connection-server-trouble = The server has trouble
cli-connection-too-many-resets = Receiving is on hold
cli-connection-server-changed = The server’s certificate changed
cli-connection-files-held = Changes wait for files
cli-not-sent = Not sent: { $name } ({ $bytes } bytes, “{ $title }”): { $why }
cli-connection-rejected = A change was refused
cli-connection-conflict = conflicts to decide
cli-counts = waiting { $waiting }, refused { $failed }, { $conflicts } in conflict
cli-held = held here
cli-conflict-field = title
cli-conflict-text = text ({ $n } { $n ->
    [one] place
   *[other] places
})
cli-base = before
cli-mine = mine
cli-theirs = theirs
cli-settled = { $n ->
    [one] 1 conflict settled
   *[other] { $n } conflicts settled
}; both versions stay in the record.
cli-exported = { $n } drafts are in { $path }
cli-verified = Everything was read: no damage.
cli-damage = This is damaged:
cli-undone = Undone: { $step }
cli-redone = Redone: { $step }
cli-nothing-to-turn = There is nothing to take back or do again.
cli-restore-yes = Nothing was done yet. Add --yes to restore.
