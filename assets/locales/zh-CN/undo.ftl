# 撤销与重做。

step-create = 新建《{ $title }》
step-rename = 改名为《{ $title }》
step-duplicate = 复制出《{ $title }》
step-import = { $n ->
    [1] 导入《{ $title }》
   *[other] 导入 { $n } 篇草稿
}
step-bin = { $n ->
    [1] 把《{ $title }》移到回收站
   *[other] 把 { $n } 篇草稿移到回收站
}
step-restore = { $n ->
    [1] 恢复《{ $title }》
   *[other] 恢复 { $n } 篇草稿
}
step-delete = 彻底删除《{ $title }》
step-discard = 丢弃对《{ $title }》的修改
step-resolve = 处理冲突：《{ $title }》
step-describe = { $n ->
    [1] 修改《{ $title }》的发布设置
   *[other] 修改 { $n } 篇草稿的发布设置
}
step-archive = { $n ->
    [1] 归档《{ $title }》
   *[other] 归档 { $n } 篇草稿
}
step-unarchive = { $n ->
    [1] 取消归档《{ $title }》
   *[other] 取消归档 { $n } 篇草稿
}
step-publish = 发布《{ $title }》
step-withdraw = 取消发布《{ $title }》
step-name-version = 给《{ $title }》的版本命名
step-rename-version = 重命名《{ $title }》的版本
step-drop-version = 去掉《{ $title }》的版本名称
step-restore-text = 恢复《{ $title }》的一个版本
step-request-review = 请人审《{ $title }》
step-withdraw-review = 收回《{ $title }》的审稿请求
step-check-item = 勾选《{ $title }》的检查清单
step-decide-review = 给出《{ $title }》的审稿结论
step-write-comment = 批注《{ $title }》
step-edit-comment = 修改《{ $title }》的批注
step-drop-comment = 删除《{ $title }》的批注
step-resolve-comment = 改变《{ $title }》一条批注的处理状态
step-create-section = 给《{ $title }》添加一章
step-rename-section = 重命名《{ $title }》的一章
step-move-section = 移动《{ $title }》的一章
step-delete-section = 删除《{ $title }》的一章
step-add-lesson = 把《{ $title }》放进课程
step-move-lesson = 移动课时《{ $title }》
step-remove-lesson = 把《{ $title }》移出课程
step-describe-lesson = 修改课时《{ $title }》的开放设置
step-tag-synonyms = 修改同义词：{ $title }
step-rename-tag = 标签改名：{ $title }
undo-step = 撤销：{ $step }
redo-step = 重做：{ $step }
undone = 已撤销：{ $step }
redone = 已重做：{ $step }
redo = 重做

passed-over-changed-since = 没有动“{ $step }”：之后同一处又改过，不会覆盖后来的内容。
passed-over-gone = 没有动“{ $step }”：那篇草稿已经不在了。
passed-over-final = 没有动“{ $step }”：已经送达，收不回来了。
passed-over-not-allowed = 没有动“{ $step }”：它正在发送，或者你现在没有这个权限。

stays-changed-since = 之后又改过
stays-gone = 草稿已经不在了
stays-final = 已经送达，无法撤销
stays-not-allowed = 你的角色没有权限
