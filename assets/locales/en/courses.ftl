# Courses and columns: the outline and the lessons.

outline-course = Outline
outline-none = No lessons yet. Add the first one, or put a draft that you have into it.
outline-sum = { $n ->
    [one] 1 lesson
   *[other] { $n } lessons
} · { $minutes } min
outline-live = Members see the order and the names of sections of a published course at once.
section-new = Add section
section-new-title = New section
section-name = Name of the section
section-rename = Rename section “{ $title }”
section-delete = Delete section “{ $title }”; its lessons stay
section-deleted = The section is deleted; its lessons went to the one before it
section-add = Add
section-save = Save
section-grip = Move section “{ $title }”: arrow keys
section-moved = “{ $title }” is section { $n } of { $of } now
section-empty = No lessons in this section
lesson-new = New lesson
lesson-new-in = New lesson in “{ $section }”
lesson-existing = Add a draft…
lesson-existing-title = Put a draft into “{ $title }”
lesson-search = Search drafts
lesson-add-this = Add “{ $title }”
lesson-no-drafts = No draft fits that is not in a course yet
lesson-added = “{ $title }” is in the course now
lesson-into = Into
lesson-front = Before the first section
lesson-grip = Move “{ $title }”: arrow keys
lesson-moved = “{ $title }” is lesson { $n } of { $of } now
lesson-moved-into = “{ $title }” is lesson { $n } of { $of } now, in “{ $section }”
lesson-first = It stands first already
lesson-last = It stands last already
lesson-open = Open “{ $title }”
lesson-remove = Take out of the course
lesson-removed = “{ $title }” was taken out of the course
lesson-settings = When “{ $title }” opens
lesson-opens = Opens
lesson-opens-at-once = As soon as it is published
lesson-opens-after-days = Some days after joining
lesson-opens-at = At a time
lesson-days = Days
lesson-at = From
lesson-requires = To be finished before
lesson-requires-nothing = Nothing
lesson-requires-rests = The lesson that is asked for stands behind this one, so it does not count.
lesson-described = When the lesson opens was changed
lesson-after-days = { $days ->
    [one] 1 day after joining
   *[other] { $days } days after joining
}
lesson-from = from { $when }
lesson-after-lesson = after “{ $title }”
lesson-drafts = Draft
lesson-in-review = In review
lesson-scheduled = Scheduled
lesson-published = Published
lesson-archived = Archived
lesson-bin = In the bin
lesson-number = Lesson { $n } of { $of } of
lesson-of = Place in the course
lesson-previous = Previous lesson
lesson-next = Next lesson
outline-close = Hide the outline
outline-open = Outline of the course
