# Files of drafts: how they travel, where they are.

files-paused = Files are paused. Texts and everything else are still sent; files go on when you resume.
files-offline = Files cannot be sent or fetched while the server cannot be reached. It is tried again by itself.
files-lost = The server does not have this file any more. It comes back when a computer that has it connects.
files-refused = The server does not take this file. Everything else is still sent.
files-no-room = The server’s disk is full, so it takes no files. Everything else is still sent. Ask whoever runs the server to make room, then try again.
files-over-quota = The community has used up its room for files. Everything else is still sent. Ask whoever runs the server to raise the limit (--files-quota-gb), then try again.
files-disk = Files on this computer’s disk cannot be read or written. Everything else is still sent.
files-paused-short = Waits for a paused file
files-offline-short = Waits for a file
files-lost-short = Waits for a file
files-refused-short = The server refused its file
files-no-room-short = No room for its file on the server
files-over-quota-short = Its file is over the community’s limit
files-disk-short = Its file cannot be read

files-transfer = Sending and fetching files
files-travelling = { $done } of { $total }
files-travelling-left = { $done } of { $total }, { $left } left
files-waiting-both = { $send } to send, { $fetch } to fetch
files-waiting-send = { $send } to send
files-waiting-fetch = { $fetch } to fetch
files-all-done = No file is waiting to be sent or fetched.
files-only-local = This community has no server. Its files are on this computer.
files-sync-paused = Syncing is paused, and files with it.
files-spoken = Files: { $percent } % done
files-spoken-left = Files: { $percent } % done, { $left } left
seconds-left = { $n ->
    [one] 1 second
   *[other] { $n } seconds
}
minutes-left = { $n ->
    [one] about 1 minute
   *[other] about { $n } minutes
}
hours-left = { $n ->
    [one] about 1 hour
   *[other] about { $n } hours
}
files-pause = Pause files
files-resume = Resume files
files-retry = Try again now
files-cap = Speed limit
files-cap-more = For sending and fetching together. Kept after a restart.
files-cap-none = Unlimited
files-cap-of = { $size }/s
files-stuck = Not on its way
files-stuck-of = { $name } · { $size } · “{ $title }”

files-title = Files of drafts
files-encrypted = Every file on this computer is encrypted with a key of its own, which only an open profile can use.
files-where = Which files to show
files-place-anywhere = All ({ $n })
files-place-here = On this computer ({ $n })
files-place-only-here = Only here ({ $n })
files-place-only-on-server = Only on the server ({ $n })
files-none = No draft uses a file yet. Images and attachments that you add appear here.
files-none-such = There are no files of this kind.
files-shown = { $n ->
    [one] 1 file
   *[other] { $n } files
}
files-first-of = The largest { $shown } of { $n }
file-both = On this computer and the server
file-only-here = Only on this computer
file-only-on-server = Only on the server
file-nowhere = Not to be found
file-nowhere-more = Neither this computer nor the server has its contents. They come back when a computer that has them connects.
file-kept = Kept offline
file-keep = Keep offline
file-let-go = Keep offline no longer
file-save = Save a copy…
file-saved = Saved as “{ $name }”.
file-save-offline = Not saved: the file is only on the server, which cannot be reached.
file-evict = Remove from this computer
file-of = “{ $title }”
file-of-more = { $n ->
    [one] “{ $title }” and 1 more
   *[other] “{ $title }” and { $n } more
}
files-keep-all = Keep all offline
files-keep-all-more = Every file is fetched and stays on this computer.
files-keep-none = Keep none offline
files-kept-sum = { $n ->
    [one] 1 file is kept offline, { $size }
   *[other] { $n } files are kept offline, { $size }
}
files-evict-all = Free { $size }
files-evict-title = Make room on this computer
files-evict-sum = { $n ->
    [0] Every file here is kept offline or only on this computer.
    [one] 1 file is also on the server and can be fetched again at any time. The server is asked first.
   *[other] { $n } files are also on the server and can be fetched again at any time. The server is asked first.
}
files-evicting = Asking the server…
files-evict-offline = Nothing was removed: the server has to be asked first, and it cannot be reached.
file-evicted = Removed from this computer. It is fetched again when you look at it.
files-evicted = { $n ->
    [one] 1 file removed from this computer, { $size } freed
   *[other] { $n } files removed from this computer, { $size } freed
}
files-stayed = { $n ->
    [one] The server turned out not to have 1 file; it stays and is sent again
   *[other] The server turned out not to have { $n } files; they stay and are sent again
}
storage-files = Files of drafts
storage-unused = Files no draft uses any more
