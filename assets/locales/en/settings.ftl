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
device-revoked = Removed
device-seen = Seen { $when }
device-revoke = Remove device
device-revoke-more = “{ $name }” can no longer sync. What it has not sent stays on that device.

settings-security = Security
settings-passphrase = Passphrase
settings-passphrase-more = Opens your data when the keychain cannot be used
settings-passphrase-set = Set passphrase…
settings-passphrase-lead = The passphrase only opens the data on this computer. It is never sent to anybody.

settings-data = Data
settings-folder = Data folder
settings-export = Export everything
settings-export-more = A Markdown file for each draft and everything as JSON, in your documents folder
settings-about = About
settings-licences = Licensed under MIT or Apache-2.0. Typefaces: Inter, Source Serif 4 (OFL). Icons: Lucide (ISC).
