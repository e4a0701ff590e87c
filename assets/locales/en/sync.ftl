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
connection-server-trouble = The server has trouble
connection-server-trouble-more = The server answers but cannot do it right now. What you write is on this computer and is sent as soon as it can be.
connection-too-many-resets = Receiving is on hold
connection-too-many-resets-more = The server asked several times within an hour to fetch everything anew. Your changes are still sent; receiving goes on within the hour. Tell whoever runs the server.
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
change-write = Edit the text of “{ $title }”
change-about = { $age } · { $size }
change-under-way = Being sent
change-open = Open
change-retry = Try again
change-discard = Discard
discard-title = Discard this change?
discard-more = It is not sent to the server any more, and this computer goes back to how it was before.
discard-create-more = This draft has never been on the server. It and everything done to it disappear from the list.

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
history-about = { $what }: { $change }

connect-title = Connect to a community
connect-lead = Enter the address of your community’s server and your account. Drafts on this computer are kept and sent.
connect-url = Server address
connect-url-example = community.example.com
connect-email = E-mail
connect-password = Password
connect-submit = Connect
connect-asking = Connecting…
connected = Connected to “{ $community }”
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
