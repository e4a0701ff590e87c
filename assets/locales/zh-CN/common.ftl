# 到处都用的词。

close = 关闭
cancel = 取消
back = 返回
save = 保存
show = 查看
copy = 复制
copied = 已复制
print = 打印
export = 导出
undo = 撤销
unlock = 解锁
or = 或者
go-on = 继续
try-again = 再试一次
sign-out = 退出登录
untitled = 无标题
title = 标题
passphrase = 口令
other-language = English

# 窗口各处，读屏软件会读出来。
pane-side = 导航
pane-main = 主区域
pane-detail = 草稿
pane-status = 状态栏
splitter-side = 调整侧栏宽度
splitter-list = 调整列表宽度

place-content = 内容
place-bin = 回收站
place-sync = 同步中心
place-settings = 设置
place-menu = 打开导航

profiles = 本机的社群
profile-demo = 演示数据
profile-local = 仅在本机

demo-strip = 演示数据 · 不会发给任何人
clear-demo-ask = 清除…
clear-demo-title = 清除演示数据？
clear-demo-lead = 演示社群连同你在里面试写的内容都会从这台电脑上删除，之后可以再打开一份新的。
clear-demo = 清除

palette-open = 搜索或输入命令
palette-title = 命令面板
palette-placeholder = 输入名称、拼音或首字母
nothing-found = 没有找到

help-title = 键盘快捷键
help-search = 搜索快捷键
help-letters = 单个字母只在列表里生效，可在设置中关闭。
menu-lists = 列表与窗格

import-failed = “{ $file }”没有导入：{ $why }
imported = 已导入 { $n } 篇草稿
exported = 已导出 { $n } 篇草稿到 { $path }
just-now = 刚刚
keep = 保留
