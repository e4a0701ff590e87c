# 草稿的专家审稿。

review = 审稿
review-none = 还没有请人审过这篇草稿。
review-only-connected = 审稿需要连接社群，请先连接。
review-ask = 请人审稿…
review-ask-title = 请人审《{ $title }》
review-ask-what = 交出去的是现在的文字。你可以接着写，审稿人会看到有改动。
review-reviewer = 审稿人
review-no-reviewers = 还没有可以请的人：审稿人要在社群里有专家角色，而且不能审自己的稿子。
review-checks = 检查清单
review-checks-hint = 每行一条，可以随意改
review-checks-preset =
    事实准确，有出处
    数据和例子没有过时
    读懂它所需的内容没有缺漏
    标题承诺的都讲到了
    引用的文字和图片可以使用
review-note = 附言
review-note-hint = 希望审稿人特别看哪里？
review-send = 交出审稿
review-sent = 《{ $title }》已交给{ $reviewer }审稿
review-withdraw = 收回审稿请求
review-withdrawn-said = 已收回审稿请求
review-asked = { $by }请{ $reviewer }审稿，{ $when }
review-asked-you = { $by }请你审稿，{ $when }
review-you = 你
review-someone = 有人
review-changed-since = 交出之后，文字有改动。
review-not-here = 交出时的文字还没有同步到本机。
review-compare = 查看改动
review-compare-title = 交出时的文字，与现在的文字
review-handed-over = 交出时
review-now = 现在
review-check-open = 还没看
review-check-fine = 没问题
review-check-wanting = 有欠缺
review-check-set-fine = 没问题：{ $label }
review-check-set-wanting = 有欠缺：{ $label }
review-checked = 已看 { $n } 条，共 { $of } 条
verdict = 你的结论
verdict-reason = 理由
verdict-reason-hint = 要求修改时必填
verdict-approve = 通过
verdict-changes = 要求修改
verdict-approved-said = 已通过，结论即将发出
verdict-changes-said = 已要求修改，结论即将发出
review-status-requested = 审稿中
review-status-requested-me = 等你审稿
review-status-approved = 审稿通过
review-status-changes-wanted = 要求修改
review-status-withdrawn = 已收回
review-ended = { $reviewer }，{ $when }
review-earlier = 之前的审稿 { $n } 次
review-publish-open = 审稿还没有结束，也可以先发布。
review-publish-changes = 审稿人要求修改，也可以照样发布。
publish-anyway = 仍然发布

comments = 批注
comments-n = { $n ->
    [0] 没有未处理的批注
   *[other] { $n } 条批注未处理
}
comment-selection = 批注选中的文字
comment-whole = 批注全文
comment-nothing-selected = 请先选中要批注的文字。
comment-about = 关于“{ $quote }”
comment-about-whole = 关于全文
comment-body = 批注
comment-save = 保存批注
comment-saved = 批注已保存
comment-edit = 修改
comment-edited = 批注已修改
comment-drop = 删除
comment-dropped = 批注已删除
comment-resolve = 已处理
comment-reopen = 重新打开
comment-resolved = 批注已标为处理完
comment-reopened = 批注已重新打开
comment-show = 在正文中查看
comment-gone = 这段文字已经不在正文里了。
comment-by = { $by }，{ $when }
comments-resolved = 已处理 { $n } 条
comment-lost-place = 这期间文字改动太多，请重新选中。
tool-comment = 批注选中的文字
