# 列表：筛选、排序、视图、批量操作、看板。

filters = 筛选
filters-in-force = 正在使用的筛选
filters-clear = 全部清除
filter-remove = 去掉筛选：{ $what }
filter-access = 谁可以看
filter-access-public = 所有人
filter-access-registered = 注册用户
filter-access-paid = 付费成员
filter-access-singly = 可单独购买
filter-tags = 标签
filter-no-tags = 还没有草稿用过标签。
filter-find-tag = 查找标签
filter-by = 作者
filter-by-anybody = 所有人写的
filter-by-me = 我写的
filter-changed = 发布后改过
filter-unsent = 有修改只在这台电脑上
somebody = 其他人
nothing-fits = 没有符合筛选的草稿
nothing-fits-more = 去掉一些条件，或者全部清除。

sort-by = 排序
sort-newest-edited = 最近编辑在前
sort-oldest-edited = 最早编辑在前
sort-title = 按标题
sort-live-next = 最先上线在前
sort-live-last = 最近发布在前

views = 保存的视图
view-save = 保存视图
view-save-what = 会记住栏目、筛选、排序和看板，只保存在这台电脑上。
view-name = 视图名称
view-edit = 视图“{ $name }”
view-rename = 保存名称
view-update = 改为现在的筛选
view-delete = 删除视图
view-saved = 视图“{ $name }”已保存
view-updated = 视图已更新
view-deleted = 视图“{ $name }”已删除

select-draft = 选择《{ $title }》
bulk = 批量操作
bulk-marked = 已选 { $n } 篇
bulk-busy = 正在处理 { $n } 篇…
bulk-clear = 取消选择
bulk-archive = 归档
bulk-unarchive = 取消归档
bulk-bin = 移到回收站
bulk-restore = 恢复
bulk-tag = 加标签
bulk-untag = 去标签
bulk-access = 设置谁可以看
bulk-tag-title = 给 { $n } 篇草稿加标签
bulk-untag-title = 从 { $n } 篇草稿去掉标签
bulk-tag-name = 标签
bulk-tag-wrong = 标签是一行文字，1 到 40 个字。
bulk-access-title = { $n } 篇草稿，谁可以看
bulk-access-hint = 已发布的要更新之后，成员那边才会变。
bulk-archived = 已归档 { $n } 篇
bulk-unarchived = 已取消归档 { $n } 篇
bulk-binned = 已把 { $n } 篇移到回收站
bulk-restored = 已恢复 { $n } 篇
bulk-changed = 已修改 { $n } 篇
bulk-same = { $n } 篇本来就是这样
bulk-none = 没有修改任何草稿
bulk-join = {"；"}
left-not-allowed = { $n } 篇是别人的，你的角色不能改
left-published = { $n ->
    [1] 《{ $title }》已对成员可见，要先取消发布
   *[other] { $n } 篇已对成员可见，要先取消发布
}
left-too-many-tags = { $n ->
    [1] 《{ $title }》已有 20 个标签
   *[other] { $n } 篇已有 20 个标签
}
left-gone = { $n } 篇已经不在了
left-wrong-shelf = { $n } 篇在回收站里，没有动

board = 看板
layout-board = 看板
board-empty = 这里还没有
board-more = 还有 { $n } 篇，到列表里看
