# The connection and the sync centre.

connection-local-only = This computer only
connection-local-only-more = This community has no server; everything is on this computer.
connection-demo = Example data
connection-demo-more = The example community syncs with nobody.
connection-synced = Synced
connection-synced-more = This computer and the server have the same.
connection-syncing = Syncing
connection-syncing-of = Syncing { $done }/{ $total }
connection-syncing-more = Go on working; there is no need to wait.
connection-offline = Offline, you can keep working
connection-offline-more = The server cannot be reached. What you write is on this computer and is sent when it can be.
connection-waiting-for-sign-in = Waiting for you to sign in
connection-waiting-for-sign-in-more = Your session has ended. Everything is on this computer and is sent once you sign in.
connection-paused = Paused by you
connection-paused-more = What you write is kept on this computer and sent when you resume.
connection-update-needed = Update needed
connection-update-needed-more = This version is too old for the server. Your changes are still sent; to receive changes, install the new version.
connection-server-changed = The server’s certificate changed
connection-server-changed-more = It is not the one you trusted, so syncing has stopped. Ask whoever runs the server first.
connection-other-server = A different server answers
connection-other-server-more = At this address there is a server other than the one this community belongs to. Nothing was sent to it, and nothing here was changed. Ask whoever runs the server.
connection-revoked = This computer was removed
connection-revoked-more = The account’s owner removed this computer, so it no longer syncs. What was not sent is still here: export it, or sign in again to go on.
connection-wiping = Wiping this computer
connection-wiping-more = The account ordered everything on this device to be wiped. Nothing is sent from here any more.
connection-not-a-member = No longer a member
connection-not-a-member-more = Your membership of this community has ended. What you had written until then was handed in for its owner to decide about; what was not accepted stays here for you to export. Everything else of the community was removed from this computer.
connection-removal-held = Waiting for your decision
connection-removal-held-more = What the server sent would remove a large part of what is on this computer. Nothing was removed; your own changes are still sent.
connection-server-trouble = The server has trouble
connection-server-trouble-more = The server answers but cannot do it right now. What you write is on this computer and is sent as soon as it can be.
connection-too-many-resets = Receiving is on hold
connection-too-many-resets-more = The server asked several times within an hour to fetch everything anew. Your changes are still sent; receiving goes on within the hour. Tell whoever runs the server.
connection-files-held = Files are waiting
connection-files-held-more = Some changes wait for files that are not on their way. Everything else is sent.
connection-rejected = A change was refused
connection-rejected-more = The server did not accept some changes; “Failed” says why.

n-waiting = { $n ->
    [one] 1 change waiting
   *[other] { $n } changes waiting
}
n-failed = { $n } failed
last-sync = Last sync { $when }
next-try = Next try at { $when }.

sync-lead = Every change between this computer and the server.
sync-now = Sync now
sync-pause = Pause
sync-resume = Resume
sync-waiting = Waiting
sync-failed = Failed
sync-history = History
sync-none-waiting = No changes are waiting.
sync-none-failed = No changes have failed.
sync-none-history = Nothing has been synced yet.

change-create = Create the draft “{ $title }”
change-rename = Rename to “{ $title }”
change-bin = Move “{ $title }” to the bin
change-restore = Restore “{ $title }”
change-delete = Delete “{ $title }” for good
change-write = Edit the text of “{ $title }”
change-attach = Add a file to “{ $title }”
change-detach = Take a file out of “{ $title }”
change-describe = Change the settings of “{ $title }”
change-archive = Archive “{ $title }”
change-unarchive = Take “{ $title }” out of the archive
change-publish = Publish “{ $title }”
change-withdraw = Unpublish “{ $title }”
change-name-version = Name a version of “{ $title }”
change-rename-version = Rename a version of “{ $title }”
change-drop-version = Remove the name of a version of “{ $title }”
change-request-review = Ask for a review of “{ $title }”
change-withdraw-review = Take back the request for a review of “{ $title }”
change-check-item = Tick the checklist for “{ $title }”
change-decide-review = Give the verdict on “{ $title }”
change-write-comment = Comment on “{ $title }”
change-edit-comment = Change a comment on “{ $title }”
change-drop-comment = Delete a comment on “{ $title }”
change-resolve-comment = Mark a comment on “{ $title }” as done or not
change-create-section = Add a section to “{ $title }”
change-rename-section = Rename a section of “{ $title }”
change-move-section = Move a section of “{ $title }”
change-delete-section = Delete a section of “{ $title }”
change-add-lesson = Put “{ $title }” into a course
change-move-lesson = Move the lesson “{ $title }”
change-remove-lesson = Take “{ $title }” out of its course
change-describe-lesson = Change when the lesson “{ $title }” opens
change-tag-synonyms = Synonyms: { $title }
change-move-tag = Rename the tag: { $title }
change-about = { $age } · { $size }
change-under-way = Being sent
change-open = Open
change-retry = Try again
change-compare = See what changed
change-republish = Publish again…
change-discard = Discard
discarded = Discarded: { $change }

change-other = Change “{ $title }”
proposals-title = Work to decide about
proposals-lead = These changes arrived after their author had lost the right to make them. Accept them to have them done in the author’s name, or discard them; nothing has been changed yet.
proposed-membership-ended = { $name }: { $n ->
    [one] 1 change after the membership ended
   *[other] { $n } changes after the membership ended
}
proposed-role-lowered = { $name }: { $n ->
    [one] 1 change after the role was changed
   *[other] { $n } changes after the role was changed
}
proposals-accept-all = Accept all
proposals-discard-all = Discard all
proposal-accept = Accept
proposals-failed = { $n ->
    [one] 1 change could not be done and goes on waiting. Accept what it builds on first.
   *[other] { $n } changes could not be done and go on waiting. Accept what they build on first.
}

held-look = See what would go
held-title = Let this be removed?
held-said = { $n } of { $of } { $what } would be removed from this computer.
held-more = If you do not know why, ask whoever runs the server first. Nothing happens until you agree.
held-agree = Agree and remove
bucket-core = people
bucket-content = drafts and files
bucket-texts = pieces of text
bucket-other = entries

history-pushed = { $n ->
    [one] 1 change sent
   *[other] { $n } changes sent
}
history-pulled = { $n ->
    [one] 1 change received
   *[other] { $n } changes received
}
history-rejected = The server refused a change
history-discarded = A change was discarded
history-retried = A change was tried again
history-offline = Connection lost
history-online = Connected again
history-signed-in = Signed in
history-signed-out = Signed out
history-merged = Text from another device was merged
history-restored = The server was restored from a backup; this computer sent what it lacked
history-set-aside = A damaged change from another device was set aside; nothing of this computer changed
history-undone = Took back a change before it was sent
history-about = { $what }: { $change }

connection-conflict = A conflict for you to decide
connection-conflict-more = The same thing was changed elsewhere too. Both versions are kept; choose under “Conflicts”.
n-conflicts = { $n ->
    [one] 1 conflict
   *[other] { $n } conflicts
}
left-over = { $n ->
    [one] 1 change had not been sent when Stoa was closed. It is on this computer and goes on now.
   *[other] { $n } changes had not been sent when Stoa was closed. They are on this computer and go on now.
}

sync-conflicts = Conflicts
sync-storage = Storage
sync-counts = { $waiting } waiting, { $conflicts } in conflict, { $failed } failed
sync-none-conflicts = There is nothing for you to decide.
sync-waits-demo = Changes in the example community are sent to nobody.
sync-waits-local = This community is on this computer only; nothing is to be sent.

change-kept-back = Held here
change-keep-back = Hold here
change-release = Let it go
change-first = Send this first
change-needs = { $n ->
    [one] Waits for 1 attachment
   *[other] Waits for { $n } attachments
}
change-when-online = Sends when online
change-next = Goes next
change-held = Held { $n } s
change-held-some = Held for a moment
change-send-now = Send now
change-edit = Edit
change-from = { $change } on { $when }
change-until = { $change }, unless it is later than { $when }
change-file = { $name } ({ $size })
change-file-travelling = { $name } ({ $size }, on its way)
change-file-and = {", "}
change-needs-named = Waits for { $files }
change-needs-more = { $n ->
    [one] Waits for { $files } and 1 more file
   *[other] Waits for { $files } and { $n } more files
}

remedy-not-allowed = Ask the owner for the permission, then try again.
remedy-deleted = Your work is kept on this computer: keep it as a new draft, or discard it.
remedy-delete-conflict = It is in the bin, or back in the list. Look at it, then delete it again or leave it.
remedy-publish-conflict = See what changed, then publish it again.
remedy-withdraw-conflict = Look at the draft, then unpublish it again or leave it.
remedy-too-late = Publish it again, with another time.
remedy-not-found = It was deleted elsewhere; this change can be discarded.
remedy-already-exists = There is nothing to send; discard it.
remedy-already-decided = It can be discarded.
remedy-review-open = Open the draft and take the other review back, or wait for its end; then try again.
remedy-lesson-elsewhere = Open the draft and take it out of the other course, then try again; or discard this change.
remedy-verdict-late = It can be discarded.
remedy-conflict = Try again; what stands there now is the ground then.
remedy-invalid = Open and change it, then try again.
remedy-word-taken = Open the tags, decide where the word belongs, then try again or discard this.
remedy-unknown = Try again once the server has been updated.
remedy-parked = Try again later.
remedy-proposed = Wait for the decision, or try again once the role is back.

conflict-title = The title of “{ $title }” was changed here and elsewhere
conflict-text = { $n ->
    [one] 1 paragraph of “{ $title }” was changed here and elsewhere
   *[other] { $n } paragraphs of “{ $title }” were changed here and elsewhere
}
conflict-text-more = Both are merged and nothing is lost. Please review it, paragraph by paragraph.
conflicts-back = All conflicts
conflict-field = Field
conflict-coming = On its way…
conflict-review = Review
conflict-settled = { $n ->
    [one] 1 conflict settled; both versions stay in the record
   *[other] { $n } conflicts settled; both versions stay in the record
}
conflicts-settled = Settled
column-title = Title
version-base = Before
version-mine = Mine
version-theirs = Theirs
version-nothing = (took this paragraph out)
keep-mine = Keep mine
keep-theirs = Keep theirs
write-third = Write a third
third-use = Use this
same-for-others = { $n ->
    [one] Same for the other one like this
   *[other] Same for the other { $n } like this
}
settled-mine = mine was kept
settled-theirs = theirs was kept
settled-written = written anew
settled-same = both sides agreed
see-versions = See both versions
merged-mine = Changed here only
merged-theirs = Changed elsewhere only
clash-of = { $at } of { $n }
choose-mine = Mine
choose-theirs = Theirs
choose-both = Both
choose-own = Own words
chosen-of = { $done } of { $n } chosen
all-mine = All mine
all-theirs = All theirs
use-chosen = Use what is chosen
versions-stay = Whatever you choose, both versions stay in the record.
save-mine = Save mine as a new draft
save-theirs = Save theirs as a new draft

history-conflict = The same thing was changed elsewhere
history-resolved = A conflict was settled
history-show = Which lines to show
history-all = All
history-mine = Done here
history-sent = Sent
history-received = Received
history-decided = Decided
history-troubles = Troubles
history-none-such = There are no lines of this kind.
history-count = { $n ->
    [one] 1 line
   *[other] { $n } lines
}
history-export = Export for support
history-exported = Written to { $path }. It holds times and counts, no titles and no texts.

storage-what = On this computer
storage-count = Number
storage-size = Size
storage-drafts = Texts of drafts
storage-database = Encrypted database with all history
storage-backups = Backups
storage-set-aside = Databases put aside by a restore (folder “replaced”)
storage-all = On the disk
storage-more = { $n ->
    [0] Texts lie in the database and take no room of their own.
    [one] Texts lie in the database and take no room of their own; 1 is in the bin.
   *[other] Texts lie in the database and take no room of their own; { $n } are in the bin.
}
storage-folder = Data folder and export
storage-folder-more = Exported as Markdown and JSON, to be taken anywhere.
backup-title = Backup
backup-last = Last backup { $when }, proved by opening it
backup-none = No backup yet
backup-now = Back up now
backup-under-way = Backing up…
locks-title = Encryption
locks-more = Database, files and backups are always encrypted. Any of these opens them.
lock-keychain = System keychain
lock-passphrase = Passphrase
lock-recovery = Recovery key
lock-set = set
lock-not-set = not set

connect-title = Connect to a community
connect-lead = Enter the address of your community’s server and your account. Drafts on this computer are kept and sent.
connect-url = Server address
connect-url-example = community.example.com
connect-email = E-mail
connect-password = Password
connect-submit = Connect
connect-asking = Connecting…
connected = Connected to “{ $community }”
archive-ask-title = Put what is here aside?
archive-ask-lead = “{ $name }” does not belong to { $email }. To go on with another account or server, everything here is archived as a whole: nothing is deleted, and it can be exported or put back in the settings at any time.
archive-ask-waiting = { $n } changes of it were not sent; they wait until it is put back.
archive-and-go-on = Archive and go on
fingerprint-title = Compare the server’s fingerprint
fingerprint-lead = This computer does not know the certificate of { $server } yet. Compare every group with the fingerprint that the server shows when it starts.
fingerprint-if-not = If a single place differs, go back: somebody may be posing as the server. Your password has not been sent.
fingerprint-agree = Exactly the same, continue
sign-out-title = Sign out?
sign-out-lead = Everything stays on this computer; syncing goes on when you sign in again.
sign-out-waiting = { $n ->
    [one] 1 change has not been sent. It stays on this computer; an export is a good idea first.
   *[other] { $n } changes have not been sent. They stay on this computer; an export is a good idea first.
}
sign-out-anyway = Sign out anyway

history-put-back = { $n ->
    [one] 1 change came back from the second copy of unsent work
   *[other] { $n } changes came back from the second copy of unsent work
}

kept-twice = Changes that were not sent yet are kept a second time, apart from the database.
kept-once = Changes that were not sent yet are in the database only for the moment; the next save writes the second copy again.
backups-title = Backups that can be restored
backup-when = Made
backup-kind = Why
backup-schema = Data version
backup-rolling = While working
backup-before-migration = Before an update
backup-before-refetch = Before everything was fetched again
backup-unreadable = cannot be read
restore-choose = Restore…
restore-this = Restore the backup of { $when }
restore-title = Restore from a backup
restore-what = This backup takes the place of the present database.
restore-aside = The present database is not deleted: it goes into the folder “replaced” in the profile’s folder and stays there, read-only.
restore-unsent = Changes that were never sent are kept a second time and are put back; what was sent comes from the server again.
restore-sign-in = If you are connected to a community, you sign in again afterwards; the server takes this computer for a new device.
restore-word = restore
restore-type = Type “{ $word }” to agree
restore-agree = Restore
restore-under-way = Restoring…
restore-done = Restored. The database of before is in { $path }
restore-empty = Start with an empty database, without a backup
restore-empty-more = A new, empty database is made. Changes that were never sent are put back into it; everything else comes from the server when you sign in. What is only on this computer and in no backup does not come back.
salvage-title = Take out what can still be read
salvage-more = Reads the damaged database page by page and writes every draft and row it finds into a new folder. No file is changed, and no network is needed.
salvage = Rescue what is there
salvage-under-way = Reading…
salvaged = Written to { $path }: { $drafts ->
    [one] 1 draft
   *[other] { $drafts } drafts
}, { $unsent ->
    [one] 1 unsent change
   *[other] { $unsent } unsent changes
}; { $damaged ->
    [0] every page could be read.
    [one] 1 page could not be read, see report.json.
   *[other] { $damaged } pages could not be read, see report.json.
}

refused-title = What you saw, and what there is now
refused-then = When you published
refused-not-here = The text as you saw it is not on this computer, so the two cannot stand side by side.
changed-nothing = It is now as you saw it. Publish it again.
changed-bin = The draft is in the bin. Restore it first.
changed-post = Members see another version: it was published or unpublished in the meantime.
changed-title = The title was changed from “{ $then }” to “{ $now }”.
changed-content = The settings were changed: who can read it, its teaser, tags, cover or address.
changed-text = The text or its files were changed.
