# 草稿的版本，以及两份文字的对比。

version-written = 写作
version-restored = 恢复
version-merged = 合并
version-kept = 保存
version-by-you = 我
version-post = 已发布{ $n ->
    [1] { "" }
   *[other] （第 { $n } 次）
}
versions = 版本记录
versions-of = 《{ $title }》的版本记录
versions-list = 版本，最新的在前
versions-sorted = 最新的在前 · 停笔 10 分钟另起一个版本
versions-back = 返回草稿
versions-empty = 还没有版本
versions-empty-what = 写下的一切都会保留。有了文字之后，每一段写作都会列在这里。
versions-choose = 选择一个版本，看看有哪些不同。
version-save = 保存为版本
version-save-what = 给现在的文字起一个名字。它会一直留在版本记录里，其他设备上也能看到。
version-name = 版本名称
version-named = 已保存为版本“{ $name }”
version-rename = 重命名
version-rename-title = 重命名版本
version-drop = 去掉名称
version-dropped = 已去掉名称“{ $name }”
version-renamed = 已重命名为“{ $name }”
version-restore = 恢复这个版本
version-restored-said = 已恢复到 { $when } 的版本，恢复之前的文字也留在版本记录里。
version-same-as-now = 这就是现在的文字。
version-copy = 复制文字
version-copied = 已复制这个版本的文字
version-present = 现在
version-not-here = 还没有同步到本机
version-added = 增加 { $n } 字
version-removed = 删去 { $n } 字
version-counts-spoken = 增加 { $added } 字，删去 { $removed } 字
compare-with = 对比
compare-now = 现在的文字
compare-before = 前一个版本
compare-changes = { $n ->
    [0] 文字没有不同
   *[other] { $n } 处修改
}
compare-at = 第 { $at } 处，共 { $n } 处
compare-next = 下一处修改
compare-previous = 上一处修改
compare-unchanged = { $n } 段没有修改
compare-old-only = 只在左边
compare-new-only = 只在右边
compare-more = 再显示 { $n } 段
compare-post = 与成员所见对比
compare-post-title = 成员看到的，与现在的文字
compare-members-see = 成员看到的
compare-now-side = 现在
compare-title-was = 成员看到的标题：《{ $title }》
