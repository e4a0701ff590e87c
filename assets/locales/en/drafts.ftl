# The list of drafts and the editor.

drafts-list = Drafts
drafts-search = Search titles and text
draft-new = New draft
draft-new-other = New of another kind
draft-import = Import a Markdown file
draft-duplicate = Duplicate
draft-bin = Move to bin
draft-restore = Restore
draft-delete = Delete for good
bin-empty-all = Empty the bin
n-drafts = { $n ->
    [one] 1 draft
   *[other] { $n } drafts
}
n-words = { $n } words
no-text = No text yet
row-spoken = { $title }, { $n } words, edited { $when }, { $saved }
copy-of = { $title } (copy)

binned = “{ $title }” moved to the bin
restored = “{ $title }” restored
deleted = “{ $title }” deleted for good
bin-emptied = { $n ->
    [one] 1 draft deleted for good
   *[other] { $n } drafts deleted for good
}
bin-emptied-left = { $n ->
    [one] 1 draft deleted for good. Those of others stay: your role may not delete them.
   *[other] { $n } drafts deleted for good. Those of others stay: your role may not delete them.
}

# Deleting for good
delete-title = Delete “{ $title }” for good?
delete-lead = Its text, its history and its images go from this computer, from the server and from everybody else’s computers. Nothing brings them back.
delete-lead-here = Its text, its history and its images go from this computer. Nothing brings them back.
delete-files = Its images and attachments cannot be opened any more; their encrypted files leave the disk 30 days later.
delete-offline = Without a connection it is hidden here now and deleted once it was sent.
delete-changed = If somebody else has changed it since, it stays in the bin.
empty-bin-title = { $n ->
    [one] Delete 1 draft in the bin for good?
   *[other] Delete { $n } drafts in the bin for good?
}
empty-bin-lead = Their texts, histories and images go from this computer, from the server and from everybody else’s computers. Nothing brings them back.
empty-bin-lead-here = Their texts, histories and images go from this computer. Nothing brings them back.
delete-type = Type “{ $word }” to confirm
delete-word = delete
delete-export = Export everything first

# The open draft was deleted elsewhere
editor-deleted = This draft was deleted for good on another computer. What you see is still in this window and nowhere else.
keep-as-new = Keep as a new draft
kept-as-new = Kept as the new draft “{ $title }”

nothing-open = Choose a draft to go on with
nothing-open-bin = Choose a draft to read it, then restore it or delete it for good
nothing-found-more = No draft has “{ $query }” in its title or text.
bin-empty = The bin is empty
bin-empty-more = Drafts that are moved here can be restored until they are deleted for good.
drafts-empty = Begin with the first one
drafts-empty-more = Every word is kept on this computer first; you can write without a network.
drafts-none = No drafts
drafts-none-more = Everything you have written so far is on the other tabs.
start-blank = Blank draft
start-blank-more = Just start writing
start-import = Import a file
start-import-more = Markdown or plain text
start-connect = Connect a community
start-connect-more = Fetch the drafts from its server

# How far a draft is saved
saved-here = Saved on this computer
saved-synced = Synced
saved-attention = Needs attention
saved-writing = Saving
saved-failed = Not saved yet
saved-read-only = Read only
copy-all = Copy all
copied-all = The whole text was copied

# The editor
editor-label = Text
editor-placeholder = Write, or type “/” to insert
editor-task = Task
editor-remote-image = On the web, not loaded by itself
editor-paywall = Paying members only from here
source-mode = Markdown source
outline = Outline
outline-empty = No headings yet
reading-time = { $n ->
    [one] 1 minute to read
   *[other] { $n } minutes to read
}

toolbar = Format
toolbar-table = Format and table
tool-heading = Heading
tool-strong = Bold
tool-em = Italic
tool-strike = Strikethrough
tool-code = Code
tool-link = Link
tool-image = Image, audio or video
tool-file = File for download (PDF, ZIP…)
image-coming = On its way from the server
image-paused = Files are paused
image-out-of-reach = Only on the server, which cannot be reached now. It comes by itself once it can.
image-lost = Neither this computer nor the server has this file now
image-not-given = The server did not give this file
image-refused = { $name } was not added. { $why }.
images-refused-more = And { $n } more
image-only-here = Only on this computer
media-sending = Only on this computer so far · going to the server, { $percent }%
media-only-on-server = Only on the server
media-fetch = Download
media-not-playable = This computer cannot play this recording. MP4 (H.264 and AAC), MP3 and WebM play in most places
media-noted = { $name } was added. { $why }.
adding-media = Adding { $name }
adding-stop = Stop
kind-start-image = An image set begins with its images. Choose several at once, or drag them in.
kind-choose-image = Choose images…
kind-start-audio = Choose the recording; what you write below it are its notes.
kind-choose-audio = Choose a recording…
kind-start-video = Choose the film; what you write below it are its notes.
kind-choose-video = Choose a film…
crop-title = Crop and compress
crop-image = The image
crop-aspect = Proportions
crop-aspect-free = Free
crop-aspect-square = 1:1
crop-aspect-4-3 = 4:3
crop-aspect-16-9 = 16:9
crop-aspect-cover = WeChat cover
crop-x = Left
crop-y = Top
crop-width = Width
crop-height = Height
crop-grip-whole = What stays; arrows move it
crop-grip-start = Top left corner; arrows move it
crop-grip-end = Bottom right corner; arrows move it
crop-form = Save as
crop-form-jpeg = JPEG, smallest for photos
crop-form-webp = WebP, without loss
crop-form-png = PNG, without loss
crop-quality = Quality (1 to 100)
crop-most-side = Longest side in pixels (empty: as it is)
crop-size = { $width } × { $height } · { $before } → { $after }
crop-counting = Counting the new size…
crop-use = Use this
tool-bullet-list = Bulleted list
tool-ordered-list = Numbered list
tool-task-list = Task list
tool-blockquote = Quote
tool-code-block = Code block
tool-table = Table
tool-rule = Divider
tool-paywall = Paywall divider
link-title = Link
link-file-title = Attached file
link-address = Address
link-set = Set
link-remove = Remove link

block-menu = Insert
block-heading-1 = Heading 1
block-heading-1-keys = h1 title
block-heading-2 = Heading 2
block-heading-2-keys = h2 title
block-heading-3 = Heading 3
block-heading-3-keys = h3 title
block-heading-4 = Heading 4
block-heading-4-keys = h4 title
block-bullet-list = Bulleted list
block-bullet-list-keys = ul unordered
block-ordered-list = Numbered list
block-ordered-list-keys = ol ordered
block-task-list = Task list
block-task-list-keys = todo checkbox
block-blockquote = Quote
block-blockquote-keys = blockquote
block-code-block = Code block
block-code-block-keys = pre
block-image = Image…
block-image-keys = picture photo img
block-media = Audio or video…
block-media-keys = sound film movie podcast recording
block-file = File for download…
block-file-keys = file attachment pdf zip download handout
block-embed = Link card…
block-embed-keys = embed url bookmark
block-mention = Mention
block-mention-keys = at @ member post person
block-table = Table
block-table-keys = grid
block-rule = Divider
block-rule-keys = line rule hr
block-paywall = Paywall divider
block-paywall-keys = members paid
block-footnote = Footnote
block-footnote-keys = note
block-callout-note = Callout: note
block-callout-note-keys = note
block-callout-tip = Callout: tip
block-callout-tip-keys = tip
block-callout-important = Callout: important
block-callout-important-keys = important
block-callout-warning = Callout: warning
block-callout-warning-keys = warning
block-callout-caution = Callout: caution
block-callout-caution-keys = caution

source-html = HTML
source-footnote = Footnote
source-reference = Link definition
source-math = Formula
source-frontmatter = Front matter
source-table = Table source
source-unknown = Markdown source
paste-too-large = At most 1 MB can be pasted at once. Nothing was pasted; paste it in parts, or import it as a draft of its own.

# Shelves
shelf-drafts = Drafts
shelf-in-review = In review
shelf-scheduled = Scheduled
shelf-published = Published
shelf-archived = Archived
scheduled-empty = Nothing is scheduled
in-review-empty = Nothing is in review
in-review-empty-more = Drafts that somebody was asked to look at wait here for the verdict.
scheduled-empty-more = What is to be published later stands here until its time comes.
published-empty = Nothing is published yet
published-empty-more = What members can read stands here, with what has changed since.
archived-empty = The archive is empty
archived-empty-more = What you do not work on any more can be put away here.
state-scheduled = Scheduled for { $when }
state-published = Published
state-changed = Unpublished changes
state-archived = Archived
state-live = Live { $when }
archived = “{ $title }” archived
unarchived = “{ $title }” taken out of the archive
withdrawn = “{ $title }” unpublished
published = “{ $title }” goes to members
scheduled = “{ $title }” goes to members { $when }
withdraw = Unpublish

# Publishing
publish = Publish
publish-update = Update
publish-schedule = Schedule
publish-title = Publish “{ $title }”
publish-update-title = Update “{ $title }”
publish-lead = Members get the text as it is on your screen now. What you write later stays with you until you update.
publish-no-community = There is no community yet that could read it. It waits here until you connect one.
publish-stands-scheduled = It goes to members { $when }, as it was when you scheduled it.
publish-stands-same = Members see it as it is here.
publish-stands-changed = Members still see the earlier version.
publish-starts-at = Begins
publish-starts-at-wrong = Enter a date and a time.
publish-lasts = Length in minutes
publish-lasts-hint = At most { $most }. The link is shown until the end.
publish-lasts-wrong = A number from 1 to 1440.
publish-join-link = Link to join
publish-join-link-hint = Only shown to those who can read it, until the end. The time is shown to everybody.
publish-join-link-wrong = A link begins with https://
publish-recording = Recording
publish-recording-none = None yet
publish-recording-gone = A recording that is no longer in the draft
publish-recording-not-everywhere = does not play everywhere
publish-recording-add = Add a recording
publish-recording-adding = Adding the recording
publish-recording-hint = Shown after the end, to those who can read it.
publish-search = Search engines
publish-search-title = Title in results
publish-search-title-long = At most 200 characters.
publish-search-description = Description in results
publish-search-description-long = At most 500 characters.
publish-search-hint = Left empty, the words in grey are taken.
publish-search-cut = What is longer is cut off in results.
publish-search-count = { $n } of { $most }
publish-search-result = How it looks in search results
publish-access = Who can read it
access-public = Everybody
access-registered = Everybody who has registered
access-paid = Paying members
access-singly = Also sold singly
access-paid-hint = Others read what stands before the paywall divider, or only the teaser.
publish-nobody = Choose at least one tier, or sell it singly.
tier-basic = Basic
tier-premium = Premium
tier-vip = VIP
publish-kind = Kind
kind-article = Article
kind-images = Image set
kind-audio = Audio
kind-video = Video
kind-course = Course
kind-column = Column
kind-live = Live session
publish-excerpt = Teaser
publish-excerpt-hint = Left empty, the beginning of what everybody may read is taken.
publish-excerpt-long = At most 500 characters.
publish-tags = Tags
publish-tags-hint = Separate them with commas.
publish-tags-wrong = At most 20 tags of 40 characters each.
publish-more = Address, origin, time limit
publish-slug = Address
publish-slug-hint = Left empty, it is made of the title.
publish-canonical = First published at
publish-canonical-hint = The address of the original, if it appeared elsewhere first.
publish-canonical-wrong = An address begins with https://
publish-when = When
publish-now = Now
publish-later = At a time
publish-live-at = Date and time
publish-planned = It was scheduled for { $when } where it was imported from.
publish-planned-use = Use this time
publish-cover = Cover
publish-cover-none = None
publish-cover-add = Add an image
publish-cover-hint = Stands for it in lists and feeds. Everybody sees it, also those who may not read the text.
zone = Time of the community, { $zone }
zone-here = Time of the community, { $zone } · on this computer { $here }
publish-unless-after = Not any more after (optional)
publish-unless-after-hint = If you come back online later than this, it is not published and you are told.
publish-time-past = Choose a time that is still to come.
publish-keep = Save settings only
republish-title = Change how “{ $title }” is published
republish-save = Save
republish-lead = This takes the place of what waits to be sent.
republish-behind = This takes the place of what waits. If you change only the times, the text stays as it was when you published; otherwise what was written since goes out too.
republish-refused = It is published as it is on your screen now, in place of what was refused.
mention-menu = Mention
mention-posts = Content
mention-people = People
role-member = Member
role-analyst = Analyst
role-moderator = Moderator
role-expert = Expert
role-editor = Editor
role-admin = Admin
role-owner = Owner
code-language = Code language
link-card-title = Link card
link-card-hint = Shown as a card on a line of its own. Only web addresses can be cards
embed-card = Link card
footnote-back = Back to the text
callout-kind = Kind of callout
callout-note = Note
callout-tip = Tip
callout-important = Important
callout-warning = Warning
callout-caution = Caution
media-caption = Caption
media-alt = Description
media-audio = Audio
media-video = Video
media-chapters = Chapters
media-transcript = Transcript
media-do-edit = Caption, cover, chapters…
media-do-crop = Crop and compress…
media-do-frame = Use this frame as the cover
media-do-poster = Choose a cover…
media-do-chapters = Import chapters (WebVTT)…
media-do-transcript = Import a transcript (WebVTT)…

# Find and replace
find-label = Find
find-placeholder = Find in the text
find-none = Not found
find-count = { $current } of { $n }
find-total = { $n ->
    [one] 1 match
   *[other] { $n } matches
}
find-next = Next match
find-previous = Previous match
find-case = Match case
find-word = Whole words
find-close = Close find
replace-label = Replace with
replace-one = Replace
replace-all = Replace all
replaced = { $n ->
    [one] 1 match replaced
   *[other] { $n } matches replaced
}
words-selected = { $n ->
    [one] 1 word selected
   *[other] { $n } words selected
}
way-focus = Focus
way-typewriter = Typewriter
way-zen = Text only
zen-on = Press Esc for the whole window
paste-plain-refused = The clipboard cannot be read. Press { $keys } in the text to paste plain text.
