# 设置。

settings-looks = 外观与语言
settings-language = 语言
settings-theme = 主题
theme-system = 跟随系统
theme-light = 浅色
theme-dark = 深色
theme-contrast = 高对比度
settings-density = 密度
settings-density-more = 列表行高与控件大小
density-compact = 紧凑
density-regular = 标准
density-comfortable = 宽松
settings-zoom = 缩放
zoom-in = 放大
zoom-out = 缩小

settings-keyboard = 键盘
settings-letters = 单字母快捷键
settings-letters-more = 在列表里用 J、K 移动，按 G 再按 C 跳转。输入文字时从不生效。
settings-all-keys = 全部快捷键

settings-account = 账号与设备
settings-no-account = 未连接
settings-no-account-more = 内容只在本机
devices-none = 没有其他设备。
device-this = 这台电脑
device-revoked = 已移除
device-seen = { $when }在线
device-revoke = 移除设备
device-revoke-more = “{ $name }”将无法再同步。那台设备上还没发送的内容会留在那里。

settings-security = 安全
settings-passphrase = 口令
settings-passphrase-more = 钥匙串不可用时，用口令也能打开
settings-passphrase-set = 设置口令…
settings-passphrase-lead = 口令只用来在这台电脑上打开数据，不会发给任何人。

settings-data = 数据
settings-folder = 数据文件夹
settings-export = 导出全部
settings-export-more = 每篇草稿一个 Markdown 文件，另附完整的 JSON，存到“文档”文件夹
settings-about = 关于
settings-licences = MIT 或 Apache-2.0 许可。字体：Inter、Source Serif 4（OFL）。图标：Lucide（ISC）。
