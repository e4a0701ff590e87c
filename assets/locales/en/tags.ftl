# Tags: the place to look after them, and their synonyms.

tags = Tags
tags-lead = What your drafts are tagged with, and which words mean the same. Drafts keep the words they were given.
tags-back = To the list
tags-search = Find a tag or synonym
tags-n = { $n ->
    [one] 1 tag
   *[other] { $n } tags
}
tags-more = { $n } more. Type a few letters to find them.
tags-none = No draft has a tag yet
tags-none-more = Tags are given in a draft’s publishing settings, or to many drafts at once in the list.
tags-not-found = No tag has a word like this
tags-read-only = Owners, admins and editors decide which words mean the same.
tag-also = also { $words }
tag-show-drafts = Show what is tagged “{ $tag }”: { $n }
tag-synonyms = Synonyms
tag-synonym-add = Synonym
tag-synonym-add-now = Add
tag-synonym-remove = Remove the synonym “{ $word }”
tag-synonym-added = { $n ->
    [one] “{ $tag }” has one more synonym
   *[other] “{ $tag }” has { $n } more synonyms
}
tag-synonyms-same = “{ $tag }” has these words already
tag-synonym-removed = “{ $tag }” has one synonym less
tag-synonyms-title = Synonyms of “{ $tag }”
tag-words = Words that mean the same
tag-words-hint = Whoever looks for one of them finds “{ $tag }”. Several are separated by commas.
tag-wrong = Write a word of at most 40 characters
tag-taken = “{ $word }” belongs to “{ $tag }” already
tag-rename = Rename
tag-rename-named = Rename “{ $tag }”
tag-rename-title = Rename “{ $tag }”
tag-new-name = New name
tag-renames = { $n ->
    [0] No draft has this word written.
    [one] One draft gets the new name.
   *[other] { $n } drafts get the new name.
}
tag-keep = Keep “{ $tag }” as a synonym
tag-keep-hint = What was published shows the new name at once, and old links with this tag go on working.
tag-merge = Merge
tag-merge-named = Merge “{ $tag }” into another tag
tag-merge-title = Merge “{ $tag }” into another tag
tag-merge-into = The tag that stays
tag-merge-unknown = Choose a tag that there is
tag-merges = { $n ->
    [0] Becomes part of “{ $tag }” with its synonyms.
    [one] Becomes part of “{ $tag }” with its synonyms. One draft gets that name.
   *[other] Becomes part of “{ $tag }” with its synonyms. { $n } drafts get that name.
}
tag-offers = Tags that there are
tag-alike = Also written { $words }
tag-alike-write = Write “{ $tag }” everywhere
tag-renaming = Renaming
tag-progress = { $n } of { $of } drafts
tag-renamed = { $n ->
    [0] “{ $from }” is now “{ $into }”
    [one] “{ $from }” is now “{ $into }”, in one draft
   *[other] “{ $from }” is now “{ $into }”, in { $n } drafts
}
tag-written-alike = { $n ->
    [one] One draft says “{ $tag }” now
   *[other] { $n } drafts say “{ $tag }” now
}
tag-renamed-left = { $n ->
    [one] . One draft was left as it is
   *[other] . { $n } drafts were left as they are
}
publish-tag-offers = Tags that fit
publish-tag-offer = { $tag } ({ $word })
publish-tag-synonym = “{ $word }” is a synonym of “{ $tag }”.
publish-tag-replace = Use “{ $tag }”
