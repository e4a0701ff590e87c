# Undo and redo.

step-create = New draft “{ $title }”
step-rename = Rename to “{ $title }”
step-duplicate = Copy “{ $title }”
step-import = { $n ->
    [1] Import “{ $title }”
   *[other] Import { $n } drafts
}
step-bin = { $n ->
    [1] Move “{ $title }” to the bin
   *[other] Move { $n } drafts to the bin
}
step-restore = { $n ->
    [1] Restore “{ $title }”
   *[other] Restore { $n } drafts
}
step-delete = Delete “{ $title }” for good
step-discard = Discard a change of “{ $title }”
step-resolve = Settle the conflict about “{ $title }”
step-describe = { $n ->
    [1] Change the settings of “{ $title }”
   *[other] Change the settings of { $n } drafts
}
step-archive = { $n ->
    [1] Archive “{ $title }”
   *[other] Archive { $n } drafts
}
step-unarchive = { $n ->
    [1] Take “{ $title }” out of the archive
   *[other] Take { $n } drafts out of the archive
}
step-publish = Publish “{ $title }”
step-withdraw = Unpublish “{ $title }”
step-name-version = Name a version of “{ $title }”
step-rename-version = Rename a version of “{ $title }”
step-drop-version = Remove the name of a version of “{ $title }”
step-restore-text = Restore a version of “{ $title }”
step-request-review = Ask for a review of “{ $title }”
step-withdraw-review = Take back the request for a review of “{ $title }”
step-check-item = Tick the checklist for “{ $title }”
step-decide-review = Give the verdict on “{ $title }”
step-write-comment = Comment on “{ $title }”
step-edit-comment = Change a comment on “{ $title }”
step-drop-comment = Delete a comment on “{ $title }”
step-resolve-comment = Mark a comment on “{ $title }” as done or not
step-create-section = Add a section to “{ $title }”
step-rename-section = Rename a section of “{ $title }”
step-move-section = Move a section of “{ $title }”
step-delete-section = Delete a section of “{ $title }”
step-add-lesson = Put “{ $title }” into a course
step-move-lesson = Move the lesson “{ $title }”
step-remove-lesson = Take “{ $title }” out of its course
step-describe-lesson = Change when the lesson “{ $title }” opens
step-tag-synonyms = Change synonyms: { $title }
step-rename-tag = Rename the tag: { $title }
undo-step = Undo: { $step }
redo-step = Redo: { $step }
undone = Undone: { $step }
redone = Redone: { $step }
redo = Redo

passed-over-changed-since = “{ $step }” was left alone: the same thing was changed since, and that is not overwritten.
passed-over-gone = “{ $step }” was left alone: that draft is not there any more.
passed-over-final = “{ $step }” was left alone: it was delivered and cannot be taken back.
passed-over-not-allowed = “{ $step }” was left alone: it is just being sent, or your role does not allow it now.

stays-changed-since = Changed again since
stays-gone = The draft is not there any more
stays-final = Delivered; it cannot be taken back
stays-not-allowed = Your role does not allow it
