# What went wrong, by code: what happened and what is safe. `…-action` labels the one button.

error-offline = The server cannot be reached. Keep working: everything is on this computer and is sent later.
error-offline-action = Try now
error-sign-in-again = Your session has ended. What you wrote is on this computer and waits for you to sign in.
error-sign-in-again-action = Sign in
error-wrong-password = E-mail and password do not match.
error-slow-down = Too many tries in a short time. Wait a minute, then try again.
error-untrusted-server = This computer does not know the server’s certificate yet. Compare its fingerprint before you go on; nothing was sent.
error-server-changed = The server shows a different certificate from the one you trusted. Nothing was sent; ask whoever runs the server before you connect again.
error-server-changed-action = Connect again
error-other-server = A server other than the one this profile belongs to answers at this address. Nothing was sent.
error-removal-held = What the server sent would remove a large part of what is on this computer. Nothing was removed; decide in the sync centre.
error-server-trouble = The server answers but cannot do it right now. Nothing is lost; try again later.
error-no-room = The server has no room for some files. Everything else was sent, and the files are still on this computer. Ask whoever runs the server to make room, then try again.
error-files-paused = Files are paused, so this one cannot be fetched. Resume them in the sync centre under “Storage”.
error-not-a-server = There is no Stoa server at this address, or it speaks another version.
error-update-needed = This version of Stoa is too old for the server. What you wrote is still sent; to receive changes, install the new version.
error-device-revoked = This computer was removed from the account. What you wrote is still here and can be exported.
error-device-revoked-action = Export
error-not-allowed = Your role does not allow this. Nothing was changed.
error-not-found = It is not there any more. It may have been removed on another device.
error-invalid-input = Something in the form is not right yet. Look at the marked fields.
error-too-large = This is more than fits into one draft (4 MB). Nothing was cut off; split it into several.
error-session-ended = This editor was closed in the background. What was saved is safe; open the draft again.
error-session-ended-action = Open again
error-locked = This profile is locked.
error-locked-action = Unlock
error-key-missing = The keychain of this computer has no key for this profile. Your data is unharmed; the recovery key or your passphrase opens it.
error-key-missing-action = Use the recovery key
error-keychain-refused = The keychain did not hand over the key. Your data is unharmed; allow access, or use your passphrase or recovery key.
error-keychain-refused-action = Ask again
error-keychain-unavailable = This computer’s keychain cannot be used. Your data is unharmed; your passphrase or recovery key works without it.
error-keychain-unavailable-action = Ask again
error-keychain-timeout = The keychain has not answered. It may be waiting for you in another window; your passphrase or recovery key works too.
error-keychain-timeout-action = Ask again
error-wrong-key = The key found in the keychain belongs to something else. Your data is unharmed; the recovery key or your passphrase opens it.
error-wrong-key-action = Use the recovery key
error-wrong-passphrase = This passphrase does not open the profile.
error-wrong-recovery-key = This recovery key does not open the profile. Check every group; the one you wrote down when the profile was made is the right one.
error-foreign-database = The database in this profile’s folder belongs to another profile. Nothing was changed; put the right file back.
error-store-missing = Part of this profile’s folder is missing. Nothing was made in its place; put the folder back from a backup.
error-store-damaged = The database is damaged. It was left exactly as it is; copies of earlier states are in the folder “backups”.
error-store-too-new = A newer Stoa has used this profile. You can read and export everything; to write, install the new version.
error-store-too-new-action = Export
error-disk-full = The disk is full. What was saved before is safe; what you just did was not saved yet. Make room, then try again.
error-disk-full-action = Try again
error-disk-failed = The disk could not be read or written. What was saved before is safe; what you just did may not be.
error-disk-failed-action = Try again
error-in-use = Another Stoa has this profile open. Close it there first.
error-in-use-action = Try again
error-wiped = This community was wiped from this computer by order of its account.
error-away-too-long = This computer has been without its server for too long and is locked. Everything is intact: it opens by itself when the server is reached, or with the passphrase or the recovery key.
error-internal = Something went wrong inside Stoa. What was saved is safe; the log says more.

# What is wrong with one field.

field-required = Please fill this in
field-too-short = Too short: at least eight characters
field-too-long = Too long
field-invalid = This is not right
field-file-empty = The file is empty
field-file-too-large = The file is larger than 2 GB
field-image-too-large = The image is larger than 20 MB. Make it smaller and try again
field-not-an-image = Only PNG, JPEG, GIF, WebP and AVIF images can be shown in a text
field-image-broken = The image is damaged and cannot be shown
field-too-many-pixels = The image has more than 50 million pixels. Make it smaller and try again
field-not-an-email = This is not an e-mail address
field-not-an-address = This is not a server address
field-does-not-match = This is not what was shown
field-wrong-password = The password does not match
field-this-device = This is the computer you are using; sign out instead
field-not-a-recovery-key = This is not a recovery key: it has 13 groups of four characters
field-out-of-range = Outside what is possible
field-not-a-folder = There is no such folder
field-file-must-stay = This file stays on this computer: it is kept offline, or the server does not have it whole yet
field-not-put = It belongs to the draft now, but the text could not be changed just then; drop it again
field-under-way = This change is on its way to the server; wait for the answer
field-import-runs = Another import is running; wait for it or stop it
field-no-export = This is no export that can be read: a folder, .zip, .json, .xml, .html, .docx or .md
field-other-account = This profile belongs to another account; make a new profile for this one
field-already-exists = There is one already
field-own-work = Nobody reviews their own work
field-not-a-reviewer = This person cannot review: the role of an expert is needed
field-not-in-the-text = These words are not in the text
field-too-many = Too many
field-demo = The demo is never connected; make a profile of your own
field-no-profile = There is no profile in this folder
field-unreadable = This file cannot be read

# Why a file did not become a draft.

import-not-found = The file is not there
import-too-large = The file is larger than 4 MB
import-not-text = The file does not hold text
import-not-markdown = Only Markdown and text files can be opened (.md, .markdown, .txt)
import-unreadable = The file could not be read

# Why the server refused a change.

reject-not-allowed = Your role on the server does not allow this change.
reject-not-found = The server does not have this draft (any more).
reject-deleted = Somebody else has deleted this draft for good.
reject-delete-conflict = It was not deleted: somebody else has changed or restored it since.
reject-already-exists = The server has this already.
reject-conflict = Somebody else changed the same thing; both versions are kept.
reject-already-decided = Somebody decided before you; your opinion is kept.
reject-review-open = This draft is in review already.
reject-verdict-late = The review had ended before your verdict arrived; the server keeps yours as a second opinion.
reject-invalid = The server found a mistake in this change.
reject-unknown = The server does not know this kind of change; it may be older than this program.
reject-too-late = It arrived later than you wanted it to, so it was not published.
reject-publish-conflict = It was not published: somebody else has changed it since you looked at it. Look at it and publish it again.
reject-proposed = Your role was changed before this arrived. The server keeps it for an owner to accept or discard; it stays here too, and in every export.
reject-parked = The server failed over this change several times and set it aside.
field-no-backup = There is no backup that can be restored
