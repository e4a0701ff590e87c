# 标签：整理标签和同义词。

tags = 标签
tags-lead = 这里列出草稿用到的标签，以及哪些词是一个意思。草稿里写的词不会变。
tags-back = 返回列表
tags-search = 查找标签或同义词
tags-n = { $n } 个标签
tags-more = 还有 { $n } 个没有列出，输入几个字就能找到。
tags-none = 还没有草稿用到标签
tags-none-more = 可以在草稿的发布设置里填写标签，也可以在列表里给多篇一起加。
tags-not-found = 没有标签含有这个词
tags-read-only = 哪些词是一个意思，由所有者、管理员和编辑决定。
tag-also = 也叫 { $words }
tag-show-drafts = 查看带有“{ $tag }”的内容：{ $n }
tag-synonyms = 同义词
tag-synonym-add = 同义词
tag-synonym-add-now = 添加
tag-synonym-remove = 去掉同义词“{ $word }”
tag-synonym-added = 已给“{ $tag }”添加 { $n } 个同义词
tag-synonyms-same = “{ $tag }”已经有这些词了
tag-synonym-removed = 已去掉“{ $tag }”的一个同义词
tag-synonyms-title = “{ $tag }”的同义词
tag-words = 意思相同的词
tag-words-hint = 找其中任何一个，都会找到“{ $tag }”。多个词用逗号隔开。
tag-wrong = 请填写 40 个字以内的词
tag-taken = “{ $word }”已经属于“{ $tag }”
tag-rename = 改名
tag-rename-named = 给“{ $tag }”改名
tag-rename-title = 给“{ $tag }”改名
tag-new-name = 新名称
tag-renames = { $n ->
    [0] 没有草稿写着这个词。
   *[other] { $n } 篇草稿会换成新名称。
}
tag-keep = 把“{ $tag }”留作同义词
tag-keep-hint = 已发布的内容立刻显示新名称，原来按这个标签的链接也继续有效。
tag-merge = 合并
tag-merge-named = 把“{ $tag }”并入另一个标签
tag-merge-title = 把“{ $tag }”并入另一个标签
tag-merge-into = 并入哪个标签
tag-merge-unknown = 请选一个已有的标签
tag-merges = { $n ->
    [0] 连同它的同义词并入“{ $tag }”。
   *[other] 连同它的同义词并入“{ $tag }”，{ $n } 篇草稿会换成这个名称。
}
tag-offers = 已有的标签
tag-alike = 还写作 { $words }
tag-alike-write = 统一写成“{ $tag }”
tag-renaming = 正在改名
tag-progress = 已改 { $n } / { $of } 篇
tag-renamed = { $n ->
    [0] “{ $from }”已改为“{ $into }”
   *[other] “{ $from }”已改为“{ $into }”，共 { $n } 篇
}
tag-written-alike = 已统一写成“{ $tag }”，共 { $n } 篇
tag-renamed-left = ；另有 { $n } 篇没有改动
publish-tag-offers = 可能要用的标签
publish-tag-offer = { $tag }（{ $word }）
publish-tag-synonym = “{ $word }”是“{ $tag }”的同义词。
publish-tag-replace = 换成“{ $tag }”
