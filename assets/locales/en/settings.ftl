# Settings.

settings-looks = Appearance and language
settings-language = Language
settings-theme = Theme
theme-system = System
theme-light = Light
theme-dark = Dark
theme-contrast = High contrast
settings-density = Density
settings-density-more = Height of rows and controls
density-compact = Compact
density-regular = Regular
density-comfortable = Comfortable
settings-zoom = Zoom
zoom-in = Zoom in
zoom-out = Zoom out

settings-keyboard = Keyboard
settings-letters = Single-letter shortcuts
settings-letters-more = J and K move in lists, G then C goes to Content. Never while you type.
settings-all-keys = All shortcuts

settings-account = Account and devices
settings-no-account = Not connected
settings-no-account-more = Everything is on this computer only
devices-none = No other devices.
device-this = This computer
device-revoked = Removed, last seen { $when }
device-seen = Seen { $when }
device-revoke = Remove device
device-revoke-more = “{ $name }” can no longer sync. What it has not sent stays on that device.
device-rename = Rename device
device-rename-named = Rename “{ $name }”
device-name = Name of the device
device-password = Your account’s password
device-wipe = Wipe remotely
device-wipe-title = Wipe “{ $name }” remotely?
device-wipe-more = When that device next reaches the server, it destroys its keys first and then deletes everything of this account on it, changes that were not sent included. The recovery key cannot bring it back, and the order cannot be taken back.
device-wipe-ordered = To be wiped, ordered { $when }
device-wiped = Wiped { $when }
devices = Devices
devices-offline = The list of devices is kept on the server. It can be seen and changed once the server is reached.
devices-others = All other devices
devices-others-more = { $n } others can sync besides this computer
devices-others-revoke = Remove all
devices-others-lead = The { $n } other devices can no longer sync. What they have not sent stays on each of them.

settings-security = Security
settings-passphrase = Passphrase
settings-passphrase-more = Opens your data when the keychain cannot be used
settings-passphrase-set = Set passphrase…
settings-passphrase-lead = The passphrase only opens the data on this computer. It is never sent to anybody.
away-lock = Lock after a long time without the server
away-lock-never = Never
away-lock-days = { $n } days
away-lock-more = Locking loses nothing: reaching the server, the passphrase or the recovery key opens it
away-lock-more-no-passphrase = Locking loses nothing: reaching the server or the recovery key opens it. There is no passphrase yet

settings-data = Data
settings-folder = Data folder
settings-export = Export everything
settings-export-more = A Markdown file for each draft and everything as JSON, in your documents folder
archives = Archives
archive-name = Archive of “{ $name }”
archive-more = Put aside { $when }, { $n } changes not sent
archive-put-back = Put back
settings-about = About
settings-licences = Licensed under MIT or Apache-2.0. Typefaces: Inter, Source Serif 4 (OFL). Icons: Lucide (ISC).

settings-sending = Sending
settings-hold = Time to take back
settings-hold-more = What goes out to others – publishing, a verdict, deleting for good – waits so long before it is sent, and can be taken back until then.
hold-not = Send at once
hold-seconds = { $n } s
