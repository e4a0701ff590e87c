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
device-revoked = 已移除，最后在线：{ $when }
device-seen = { $when }在线
device-revoke = 移除设备
device-revoke-more = “{ $name }”将无法再同步。那台设备上还没发送的内容会留在那里。
device-rename = 重命名设备
device-rename-named = 重命名“{ $name }”
device-name = 设备名称
device-password = 你的账号密码
device-wipe = 远程清除
device-wipe-title = 远程清除“{ $name }”？
device-wipe-more = 那台设备下次联系服务器时，会先销毁密钥，再删除这个账号在上面的全部内容，包括还没发送的修改。恢复密钥也救不回来。命令下达后不能撤回。
device-wipe-ordered = 等待清除，{ $when }下达
device-wiped = { $when }已清除
devices = 设备
devices-offline = 设备列表存在服务器上，联网后才能查看和管理。
devices-others = 其他所有设备
devices-others-more = 除这台电脑外，还有 { $n } 台可以同步
devices-others-revoke = 全部移除
devices-others-lead = 其他 { $n } 台设备都将无法再同步。它们还没发送的内容会留在各自的设备上。

settings-security = 安全
settings-passphrase = 口令
settings-passphrase-more = 钥匙串不可用时，用口令也能打开
settings-passphrase-set = 设置口令…
settings-passphrase-lead = 口令只用来在这台电脑上打开数据，不会发给任何人。
away-lock = 太久没有联系服务器时锁定
away-lock-never = 从不
away-lock-days = { $n } 天
away-lock-more = 锁定不会丢失任何内容：连上服务器，或输入口令或恢复密钥，就能打开
away-lock-more-no-passphrase = 锁定不会丢失任何内容：连上服务器，或输入恢复密钥，就能打开。你还没有设置口令

settings-data = 数据
settings-folder = 数据文件夹
settings-export = 导出全部
settings-export-more = 每篇草稿一个 Markdown 文件，另附完整的 JSON，存到“文档”文件夹
archives = 归档
archive-name = “{ $name }”的归档
archive-more = { $when }归档，有 { $n } 项修改没有发送
archive-put-back = 放回
settings-about = 关于
settings-licences = MIT 或 Apache-2.0 许可。字体：Inter、Source Serif 4（OFL）。图标：Lucide（ISC）。

settings-sending = 发送
settings-hold = 反悔时间
settings-hold-more = 会影响别人的操作（发布、审稿结论、彻底删除）先等这么久再发送，期间可以撤销。
hold-not = 立即发送
hold-seconds = { $n } 秒
