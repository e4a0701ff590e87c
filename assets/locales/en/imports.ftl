# Bringing posts in from another program

import-title = Import from another program
import-lead = Articles, pictures and recordings from where you wrote until now. Nothing changes before you have seen what would happen, and all of it can be taken back in one step. It works without a network.
import-what = Markdown folders (Obsidian and others), Ghost, WordPress, web pages, Word documents, and exports of Stoa: a folder, a .zip or one file
import-choose-folder = Choose a folder…
import-choose-file = Choose a file…
import-drop-hint = Or drop it anywhere on this window.
import-format-markdown = Markdown
import-format-ghost = Ghost
import-format-wordpress = WordPress
import-format-html = Web pages
import-format-docx = Word
import-reading = Reading “{ $name }”…
import-reading-n = { $n } of { $total } files read
import-stop = Stop
import-found = { $format }: { $n ->
    [one] 1 post
   *[other] { $n } posts
}, { $files ->
    [0] no files
    [one] 1 file
   *[other] { $files } files
}
import-found-nothing = There is nothing in “{ $name }” that can be imported.
import-other = Choose something else
import-would = What importing would do
import-would-new = { $n ->
    [one] 1 new draft
   *[other] { $n } new drafts
}
import-would-changed = { $n ->
    [one] 1 draft that is another there now
   *[other] { $n } drafts that are others there now
}
import-would-unchanged = { $n } already here
import-would-skipped = { $n } left out
import-would-publish = { $n ->
    [one] 1 of them published
   *[other] { $n } of them published
}
import-nothing-to-do = Everything in it is already here.
import-posts = Posts
import-include = Import “{ $title }”
import-untitled = Untitled
import-action-create = New
import-action-update = Changed
import-action-keep = Already here
import-action-skip = Left out
import-was-published = published { $when }
import-was-scheduled = scheduled there for { $when }
import-n-files = { $n ->
    [one] 1 file
   *[other] { $n } files
}
import-n-problems = { $n ->
    [one] 1 problem
   *[other] { $n } problems
}
import-more-rows = Show more ({ $n } more)
import-kinds = Kinds
import-kinds-hint = What each kind of there is here. You can change it at each draft later.
import-kind-article = Post
import-kind-page = Page
import-kind-audio = Audio post
import-kind-video = Video post
import-kind-gallery = Gallery
import-kind-course = Course
import-kind-column = Column
import-kind-live = Live session
import-readers = Readers without a tier
import-readers-hint = Who may read it here. Nothing becomes more open than it was.
import-readers-registered = For everybody who signs in
import-readers-paid = For everybody who pays
import-readers-nobody = Private or behind a password
import-readers-as-registered = Registered members
import-readers-as-paid = Every paying tier
import-readers-as-nobody = The highest tier
import-tiers = Tiers
import-tiers-hint = Which tier here may read what this one could there. Without a choice, every paying tier may.
import-tier-any = Every paying tier
import-tags = Tags
import-tags-hint = Give a tag the name that it has here; leave it empty to drop it.
import-tag-here = “{ $name }” becomes
import-options = Options
import-publish = Publish what members see there ({ $n })
import-publish-hint = Otherwise everything comes as a draft. Publishing waits ten seconds, as always.
import-keep-fields = Keep fields that have no place here
import-keep-fields-hint = Authors, dates and others, as a block at the end of each text.
import-problems = { $n ->
    [one] 1 problem
   *[other] { $n } problems
}
import-problems-hint = Nothing else is held up by them.
import-problem-place = Line { $line }
import-run = { $n ->
    [one] Import 1 post
   *[other] Import { $n } posts
}
import-running = Importing “{ $name }”…
import-running-n = { $n } of { $total } posts
import-done = Imported
import-cancelled = Stopped
import-failed-title = Not everything was imported
import-done-new = { $n ->
    [0] No new drafts
    [one] 1 new draft
   *[other] { $n } new drafts
}
import-done-changed = { $n ->
    [one] 1 draft brought up to date
   *[other] { $n } drafts brought up to date
}
import-done-unchanged = { $n } were here already
import-done-kept = { $n ->
    [one] 1 draft was written in here since and stayed as it is
   *[other] { $n } drafts were written in here since and stayed as they are
}
import-done-files = { $n ->
    [one] 1 file could not be taken in
   *[other] { $n } files could not be taken in
}
import-scheduled = { $n ->
    [one] One of them was scheduled there and is a draft here.
   *[other] { $n } of them were scheduled there and are drafts here.
}
import-scheduled-hint = Nothing is scheduled by itself. The publishing dialog offers the time.
import-scheduled-more = And { $n } more
import-done-lessons = { $n ->
    [one] 1 of them stands in its course again
   *[other] { $n } of them stand in their courses again
}
import-done-synonyms = { $n ->
    [one] 1 synonym of a tag came along
   *[other] { $n } synonyms of tags came along
}
import-done-synonyms-left = { $n ->
    [one] 1 synonym was left out: the word belongs to another tag here, or your role may not change tags
   *[other] { $n } synonyms were left out: the words belong to other tags here, or your role may not change tags
}
import-again = What is imported stays. Import the same again to go on where it stopped.
import-not-read = “{ $name }” cannot be read as an export.
import-undo = Take it back
import-undone = The import was taken back
import-undone-bin = The import was taken back; its drafts are in the bin
import-close = Done
start-import-export = Import from another program
start-import-export-more = Markdown folders, Ghost, WordPress, Word

import-problem-unsafe-name = Its name leads out of the folder, or it is a link
import-problem-too-large = Too large
import-problem-bomb = It unpacks to far more than it is
import-problem-unreadable = It cannot be read
import-problem-not-text = No text in a known encoding
import-problem-bad-front-matter = The fields at the top cannot be read; they are kept in the text
import-problem-bad-date = A date cannot be read
import-problem-bad-post = A post cannot be read
import-problem-missing-file = The text names a file that is not there
import-problem-missing-note = A link leads to a note that is not there; its words are kept
import-problem-ambiguous-name = Several have this name; the first was taken
import-problem-too-deep = Nested too deep; the words are kept
import-problem-simplified = A part has no form here; its words are kept
import-problem-password = Behind a password there; here nobody but the highest tier may read it
import-problem-truncated = The export ends in the middle
import-problem-duplicate-id = Two posts have one id; the second is left out
import-problem-left-out = Of a kind that is not imported, or thrown away there
import-problem-more-problems = There are more than are listed
