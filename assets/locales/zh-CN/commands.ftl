### 菜单，以及用户能做的每一件事的名称：菜单、命令面板和快捷键列表都用它们。

menu-app = Stoa
menu-file = 文件
menu-edit = 编辑
menu-view = 显示
menu-go = 前往
menu-item = 草稿
menu-window = 窗口
menu-help = 帮助

## 系统在任何文本框里都会做的事；在 Mac 上还有任何程序都有的几项。

menu-cut = 剪切
menu-copy = 复制
menu-paste = 粘贴
menu-select-all = 全选
menu-hide = 隐藏 Stoa
menu-hide-others = 隐藏其他
menu-show-all = 全部显示

## 命令。

command-app-about = 关于 Stoa
command-app-settings = 设置
command-app-quit = 退出
command-draft-new = 新建草稿
command-draft-import = 打开 Markdown 文件…
command-app-export = 导出全部…
command-sync-now = 立即同步
command-sync-pause = 暂停或恢复同步
command-account-connect = 连接到社群…
command-account-sign-out = 退出登录
command-window-close = 关闭窗口
command-edit-undo = 撤销
command-edit-redo = 重做
command-edit-find = 查找
command-editor-source = Markdown 源码
command-view-sidebar = 显示或隐藏侧栏
command-view-theme = 切换主题
command-view-contrast = 高对比度
command-view-density = 切换密度
command-view-language = Switch to English
command-view-zoom-in = 放大
command-view-zoom-out = 缩小
command-view-zoom-reset = 实际大小
command-app-palette = 命令面板
command-go-content = 内容
command-go-bin = 回收站
command-go-sync = 同步
command-draft-open = 打开
command-draft-rename = 重命名
command-draft-duplicate = 制作副本
command-draft-bin = 移到回收站
command-draft-restore = 恢复
command-window-minimize = 最小化
command-window-fullscreen = 全屏
command-help-shortcuts = 键盘快捷键
command-help-data-folder = 显示数据文件夹
command-list-next = 下一篇草稿
command-list-previous = 上一篇草稿
command-list-filter = 筛选列表
command-pane-next = 下一个窗格
command-pane-previous = 上一个窗格
