# Expert review of a draft.

review = Review
review-none = Nobody has been asked to review this draft.
review-only-connected = A review needs a community: connect first.
review-ask = Ask for a review…
review-ask-title = Ask for a review of “{ $title }”
review-ask-what = The text is handed over as it is now. You can go on writing; the reviewer sees that it changed.
review-reviewer = Reviewer
review-no-reviewers = Nobody can be asked yet: a reviewer needs the role of an expert in this community, and nobody reviews their own work.
review-checks = Checklist
review-checks-hint = One point a line; change it as you like
review-checks-preset =
    The facts are right and have sources
    Figures and examples are up to date
    Nothing needed to follow it is missing
    It keeps what its title promises
    Other people’s texts and images may be used
review-note = Note
review-note-hint = What should the reviewer look at in particular?
review-send = Hand over
review-sent = “{ $title }” is handed over to { $reviewer }
review-withdraw = Take back the request
review-withdrawn-said = The request for a review was taken back
review-asked = { $by } asked { $reviewer }, { $when }
review-asked-you = { $by } asked you, { $when }
review-you = You
review-someone = somebody
review-changed-since = The text has changed since it was handed over.
review-not-here = The text that was handed over is not on this computer yet.
review-compare = See the changes
review-compare-title = What was handed over, and what there is now
review-handed-over = Handed over
review-now = Now
review-check-open = not looked at
review-check-fine = Fine
review-check-wanting = Something is missing
review-check-set-fine = Fine: { $label }
review-check-set-wanting = Something is missing: { $label }
review-checked = { $n } of { $of } looked at
verdict = Your verdict
verdict-reason = Reason
verdict-reason-hint = Needed when changes are wanted
verdict-approve = Approve
verdict-changes = Ask for changes
verdict-approved-said = Approved; the verdict goes out in a moment
verdict-changes-said = Changes asked for; the verdict goes out in a moment
review-status-requested = In review
review-status-requested-me = Waits for your review
review-status-approved = Approved
review-status-changes-wanted = Changes wanted
review-status-withdrawn = Taken back
review-ended = { $reviewer }, { $when }
review-earlier = { $n ->
    [one] 1 earlier review
   *[other] { $n } earlier reviews
}
review-publish-open = The review is not finished. You can publish all the same.
review-publish-changes = The reviewer has asked for changes. You can publish all the same.
publish-anyway = Publish anyway

comments = Comments
comments-n = { $n ->
    [0] No open comments
    [one] 1 open comment
   *[other] { $n } open comments
}
comment-selection = Comment on the selection
comment-whole = Comment on the whole text
comment-nothing-selected = Select the words you want to comment on first.
comment-about = About “{ $quote }”
comment-about-whole = About the whole text
comment-body = Comment
comment-save = Save comment
comment-saved = Comment saved
comment-edit = Edit
comment-edited = Comment changed
comment-drop = Delete
comment-dropped = Comment deleted
comment-resolve = Done
comment-reopen = Not done after all
comment-resolved = Comment marked as done
comment-reopened = Comment is open again
comment-show = Show in the text
comment-gone = The passage is not in the text any more.
comment-by = { $by }, { $when }
comments-resolved = { $n ->
    [one] 1 done
   *[other] { $n } done
}
comment-lost-place = The text has changed too much meanwhile. Select the words again.
tool-comment = Comment on the selection
