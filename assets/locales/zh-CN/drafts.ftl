# 草稿列表与编辑器。

drafts-list = 草稿列表
drafts-search = 搜索标题和正文
draft-new = 新建草稿
draft-import = 导入 Markdown 文件
draft-duplicate = 创建副本
draft-bin = 移到回收站
draft-restore = 恢复
draft-delete = 彻底删除
bin-empty-all = 清空回收站
n-drafts = { $n } 篇
sorted-by = 最近编辑在前
n-words = { $n } 字
no-text = 还没有正文
row-spoken = { $title }，{ $n } 字，{ $when }编辑，{ $saved }
copy-of = { $title }（副本）

binned = 《{ $title }》已移到回收站
restored = 《{ $title }》已恢复
deleted = 《{ $title }》已彻底删除
bin-emptied = 已彻底删除 { $n } 篇草稿
bin-emptied-left = 已彻底删除 { $n } 篇草稿；他人的草稿仍在回收站，你的角色不能删除。

# 彻底删除
delete-title = 彻底删除《{ $title }》？
delete-lead = 正文、历史和图片会从这台电脑、服务器和其他人的电脑上一并删除，无法找回。
delete-lead-here = 正文、历史和图片会从这台电脑上删除，无法找回。
delete-files = 它的图片和附件不再能打开，加密的文件 30 天后从磁盘上清除。
delete-offline = 离线时先在这台电脑上隐藏，联网发送后才会删除。
delete-changed = 如果有人在此之后修改过，它会留在回收站里。
empty-bin-title = 彻底删除回收站里的 { $n } 篇草稿？
empty-bin-lead = 正文、历史和图片会从这台电脑、服务器和其他人的电脑上一并删除，无法找回。
empty-bin-lead-here = 正文、历史和图片会从这台电脑上删除，无法找回。
delete-type = 输入“{ $word }”以确认
delete-word = 删除
delete-export = 先导出全部内容

# 打开的草稿在别处被删除
editor-deleted = 这篇草稿已在另一台电脑上彻底删除。眼前的内容只保留在这个窗口里。
keep-as-new = 另存为新草稿
kept-as-new = 已另存为新草稿《{ $title }》

nothing-open = 选一篇草稿接着写
nothing-open-bin = 选一篇草稿，看过再恢复或彻底删除
nothing-found-more = 没有标题或正文包含“{ $query }”的草稿。
bin-empty = 回收站是空的
bin-empty-more = 移到这里的草稿，在彻底删除之前都可以恢复。
drafts-empty = 从第一篇开始
drafts-empty-more = 写下的每个字都先存在本机，断网也能写。
start-blank = 空白草稿
start-blank-more = 直接开始写
start-import = 导入文件
start-import-more = Markdown 或纯文本
start-connect = 连接社群
start-connect-more = 取回服务器上的草稿

# 保存状态
saved-here = 已存本机
saved-synced = 已同步
saved-attention = 需要处理
saved-writing = 正在保存
saved-failed = 尚未保存
saved-read-only = 只读
copy-all = 复制全文
copied-all = 全文已复制

# 编辑器
editor-label = 正文
editor-placeholder = 开始写，或输入 “、” 插入内容
editor-task = 待办
editor-remote-image = 来自网络，不会自动加载
editor-paywall = 以下内容仅付费成员可见
source-mode = Markdown 源码
outline = 大纲
outline-empty = 还没有小标题
reading-time = 约 { $n } 分钟读完

toolbar = 格式
tool-heading = 小标题
tool-strong = 加粗
tool-em = 斜体
tool-strike = 删除线
tool-code = 行内代码
tool-link = 链接
tool-image = 图片
image-coming = 正在从服务器下载
image-paused = 附件传输已暂停
image-out-of-reach = 只在服务器上，现在连不上。连上后会自动下载。
image-lost = 本机和服务器上都没有这张图片
image-not-given = 服务器没有给出这张图片
image-refused = 没有加入 { $name }：{ $why }。
images-refused-more = 另外还有 { $n } 个
image-only-here = 仅在本机
tool-bullet-list = 无序列表
tool-ordered-list = 有序列表
tool-task-list = 待办列表
tool-blockquote = 引用
tool-code-block = 代码块
tool-table = 表格
tool-rule = 分隔线
tool-paywall = 付费分隔线
link-title = 链接
link-address = 网址
link-set = 确定
link-remove = 去掉链接

block-menu = 插入
block-heading-1 = 一级标题
block-heading-1-keys = h1 biaoti bt yijibiaoti yjbt heading
block-heading-2 = 二级标题
block-heading-2-keys = h2 biaoti bt erjibiaoti ejbt heading
block-heading-3 = 三级标题
block-heading-3-keys = h3 biaoti bt sanjibiaoti sjbt heading
block-bullet-list = 无序列表
block-bullet-list-keys = liebiao lb wuxuliebiao wxlb list bullet
block-ordered-list = 有序列表
block-ordered-list-keys = liebiao lb youxuliebiao yxlb list number
block-task-list = 待办列表
block-task-list-keys = daiban db daibanliebiao dblb todo task
block-blockquote = 引用
block-blockquote-keys = yinyong yy quote
block-code-block = 代码块
block-code-block-keys = daima dm daimakuai dmk code
block-table = 表格
block-table-keys = biaoge bg table
block-rule = 分隔线
block-rule-keys = fengexian fgx line rule
block-paywall = 付费分隔线
block-paywall-keys = fufei ff fufeifengexian fffgx paywall
block-footnote = 脚注
block-footnote-keys = jiaozhu jz footnote
block-callout-note = 提示框：备注
block-callout-note-keys = beizhu bz beizhukuang bzk tishikuang callout note
block-callout-tip = 提示框：提示
block-callout-tip-keys = tishi ts tishikuang tsk callout tip
block-callout-important = 提示框：重要
block-callout-important-keys = zhongyao zy zhongyaokuang zyk callout important
block-callout-warning = 提示框：警告
block-callout-warning-keys = jinggao jg jinggaokuang jgk callout warning
block-callout-caution = 提示框：小心
block-callout-caution-keys = xiaoxin xx xiaoxinkuang xxk callout caution

source-html = HTML
source-footnote = 脚注
source-reference = 链接定义
source-math = 公式
source-frontmatter = 文件头
source-table = 表格源码
source-unknown = Markdown 源码
paste-too-large = 一次最多粘贴 1 MB。什么都没有粘贴；请分几次，或导入为新草稿。

mention-menu = 提及
embed-card = 链接卡片
footnote-back = 回到正文
callout-kind = 提示框类型
callout-note = 备注
callout-tip = 提示
callout-important = 重要
callout-warning = 警告
callout-caution = 小心
media-caption = 图注
media-alt = 替代文字
media-audio = 音频
media-video = 视频

# 查找和替换
find-label = 查找
find-placeholder = 在正文中查找
find-none = 没有找到
find-count = 第 { $current } 处，共 { $n } 处
find-total = 共 { $n } 处
find-next = 下一处
find-previous = 上一处
find-case = 区分大小写
find-word = 全字匹配
find-close = 关闭查找
replace-label = 替换为
replace-one = 替换
replace-all = 全部替换
replaced = 已替换 { $n } 处
words-selected = 已选 { $n } 字
way-focus = 专注
way-typewriter = 打字机
way-zen = 只看正文
zen-on = 按 Esc 回到完整窗口
paste-plain-refused = 读不到剪贴板。请在正文里按 { $keys } 粘贴为纯文本。
