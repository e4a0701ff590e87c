# A draft before it goes to members: as readers see it, what to look at, copies for elsewhere.

preview = Preview
preview-as = As seen by
preview-width = Width
preview-page = Page
preview-phone = Phone
preview-wall = The rest is for those who may read all of it.
preview-opens = Opens to this reader { $when }.
preview-joined = When they joined
preview-joined-now = Joins now
preview-joined-ago = { $days ->
    [one] Joined a day ago
   *[other] Joined { $days } days ago
}
preview-after = Opens to this reader when they have finished “{ $title }”.
preview-before = The lesson before it
preview-finished = Has finished “{ $title }”
preview-finished-not = Has not finished “{ $title }” yet
preview-plain = This text has more marks than can be drawn. It is shown as it is written.
preview-image = Image
preview-audio = Audio: { $name }
preview-video = Video: { $name }
preview-task-done = Done
preview-task-open = Not done
reader-anybody = Everybody
reader-registered = Registered
reader-buyer = Bought singly

# Copies
copy-wechat = Copy for 公众号
copy-page = Copy as rich text
copy-references = References
copy-done = Copied
copy-done-without = { $n ->
    [one] Copied. 1 image or recording has to be added by hand.
   *[other] Copied. { $n } images or recordings have to be added by hand.
}
copy-refused = The system did not let Stoa use the clipboard. Try again.

# What to look at before publishing
check-length = { $words } words · about { $minutes } min · { $images ->
    [0] no images
    [one] 1 image
   *[other] { $images } images
}
check-fine = Links, images and headings are in order
check-found = { $n ->
    [one] 1 thing to look at
   *[other] { $n } things to look at
}
check-line = line { $n }
finding-empty-text = There is nothing to read
finding-image-without-alt = An image without a description: who cannot see it learns nothing of it
finding-link-without-text = A link without words
finding-refused-link = A link that readers cannot follow: only web and mail addresses work
finding-doubtful-link = A link whose address looks like another one. Is it right?
finding-skipped-level = A heading skips a level
finding-paywall-first = Nothing can be read before the paywall
finding-paywall-last = Nothing stands behind the paywall
finding-paywall-twice = A second paywall: only the first counts
finding-footnote-behind-paywall = A footnote of the open part that stands behind the paywall: others than members do not get it
finding-missing-footnote = A footnote that is not there
finding-unseen-mention = Mentions something that members cannot see (yet): they read the words and cannot follow them
finding-images-missing = An image set without an image
finding-audio-missing = An audio post without a recording
finding-video-missing = A video post without a film
finding-too-much = More marks than can be checked. Readers see the text as it is written.
finding-live-without-time = The live session has no time
finding-live-without-link = The live session has no link to join
finding-live-past = The live session has begun already, and has no recording
preview-live = Live { $from } – { $until }
preview-live-join = Link to join:
preview-live-recording = Recording of the live session
