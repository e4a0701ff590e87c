# Words used everywhere.

close = Close
cancel = Cancel
back = Back
save = Save
show = Show
copy = Copy
copied = Copied
print = Print
export = Export
undo = Undo
unlock = Unlock
or = or
go-on = Continue
try-again = Try again
sign-out = Sign out
untitled = Untitled
title = Title
passphrase = Passphrase
other-language = 简体中文

# The parts of the window, read out by screen readers.
pane-side = Navigation
pane-main = Main
pane-detail = Draft
pane-status = Status bar
splitter-side = Width of the sidebar
splitter-list = Width of the list

place-content = Content
place-bin = Bin
place-sync = Sync centre
place-settings = Settings
place-menu = Open navigation

profiles = Communities on this computer
profile-demo = Example data
profile-local = This computer only

demo-strip = Example data · never sent to anybody
clear-demo-ask = Clear…
clear-demo-title = Clear the example data?
clear-demo-lead = The example community and whatever you tried out in it are removed from this computer. You can open a fresh one later.
clear-demo = Clear

palette-open = Search or run
palette-title = Command palette
palette-placeholder = A name, pinyin or initials
nothing-found = Nothing found

help-title = Keyboard shortcuts
help-search = Search shortcuts
help-letters = Single letters act in lists only, and can be switched off in Settings.
menu-lists = Lists and panes

import-failed = “{ $file }” was not imported: { $why }
imported = { $n ->
    [one] 1 draft imported
   *[other] { $n } drafts imported
}
exported = { $n ->
    [one] 1 draft exported to { $path }
   *[other] { $n } drafts exported to { $path }
}
just-now = just now
keep = Keep
