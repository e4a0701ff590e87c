# First run, the recovery key, unlocking.

first-run-language = Choose your language
first-run-language-lead = 选择语言。It can be changed at any time.
first-run-begin = Where do you begin?
first-run-begin-lead = Whichever you choose, what you write is first kept on this computer, encrypted.
first-run-connect = Connect to your community
first-run-connect-more = You have a server and an account; sync between devices
first-run-local = Use this computer only
first-run-local-more = No account needed; connect whenever you like
first-run-local-lead = Give your community a name. It can be changed later.
first-run-demo = Look at the example community
first-run-demo-more = Invented data to try things on; never sent to anybody
community-name = Name of the community
community-name-example = For example: Zhixing Club

recovery-title = Write down the recovery key
recovery-lead = If you change computers or the keychain fails, only this opens your data. It is shown this once: write it on paper or print it, and keep it safe.
recovery-lead-again = The recovery key of “{ $name }” has been shown before. Type one group of what you wrote down.
recovery-group = Group { $n }
recovery-group-more = Type the four characters of this group to confirm that you have it
recovery-confirm = I have written it down
recovery-key = Recovery key
recovery-key-hint = 13 groups; case and separators do not matter

locked-title = Unlock “{ $name }”
unlocking = Asking this computer’s keychain for the key…
busy-title = Working on the database of “{ $name }”
busy-lead = It opens by itself when this is done, usually within seconds. Please leave the computer on.
ask-keychain = Ask the keychain again
ask-server = Try the server
passphrase-hint = At least eight characters. If you forget it, the recovery key still works.
passphrase-again = Once more
passphrase-saved = The passphrase is set

broken-title = “{ $name }” cannot be opened
broken-rescue = The files are unchanged. Put the folder back as it was and try again, restore a backup, or take out what can still be read.

wiped-title = “{ $name }” was wiped from this computer
wiped-lead = The account ordered this device to be wiped { $when }.
wiped-more = The keys were destroyed first; database, attachments and backups are deleted, and the recovery key cannot bring them back. What is on the server is not affected.
wiped-told = The server knows that it is done.
wiped-not-told = The server will be told once it can be reached.
other-profiles = Open another community of this computer
