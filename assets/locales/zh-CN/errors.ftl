# 出了什么问题：发生了什么、哪些是安全的。`…-action` 是唯一按钮的文字。

error-offline = 连不上服务器。请继续工作：内容都在本机，稍后自动发送。
error-offline-action = 立即重试
error-sign-in-again = 登录已失效。你写的内容都在本机，重新登录后继续发送。
error-sign-in-again-action = 登录
error-wrong-password = 邮箱和密码不匹配。
error-slow-down = 短时间内尝试太多次。请等一分钟再试。
error-untrusted-server = 本机还不认识这台服务器的证书。请先核对指纹再继续；目前什么都没有发送。
error-server-changed = 服务器出示的证书和你当初信任的不同。什么都没有发送；重新连接前请先问问管理服务器的人。
error-server-changed-action = 重新连接
error-other-server = 这个地址上应答的不是这份资料所属的服务器。什么都没有发送。
error-removal-held = 服务器这次传来的内容会移除本机的一大部分。目前什么都没有移除，请到同步中心决定。
error-server-trouble = 服务器有应答，但现在处理不了。什么都没有丢，请稍后再试。
error-no-room = 服务器没有空间存放部分附件。其他修改都已发送，附件仍在本机。请让管理服务器的人腾出空间，然后重试。
error-files-paused = 附件传输已暂停，这个附件暂时取不到。请在同步中心的“本机存储”里继续传输。
error-not-a-server = 这个地址没有 Stoa 服务器，或者版本不合。
error-update-needed = 当前版本的 Stoa 对服务器来说太旧。你写的内容仍会发送；要接收修改，请安装新版本。
error-device-revoked = 本机已被移出该账号。你写的内容仍在这里，可以导出。
error-device-revoked-action = 导出
error-not-allowed = 你的角色没有这个权限。什么都没有改动。
error-not-found = 已经不在了，可能在另一台设备上被移除。
error-invalid-input = 表单里还有不对的地方，请看标出的各项。
error-too-large = 超出了一篇草稿的上限（4 MB）。没有截断任何内容；请拆成几篇。
error-session-ended = 这个编辑器已在后台关闭。已保存的内容是安全的，请重新打开草稿。
error-session-ended-action = 重新打开
error-locked = 这个档案已锁定。
error-locked-action = 解锁
error-key-missing = 本机钥匙串里没有这个档案的密钥。数据完好；用恢复密钥或口令可以打开。
error-key-missing-action = 使用恢复密钥
error-keychain-refused = 钥匙串没有交出密钥。数据完好；请允许访问，或使用口令或恢复密钥。
error-keychain-refused-action = 再问一次
error-keychain-unavailable = 本机的钥匙串无法使用。数据完好；不用它，口令或恢复密钥也能打开。
error-keychain-unavailable-action = 再问一次
error-keychain-timeout = 钥匙串没有回应，可能正在另一个窗口等你确认；也可以使用口令或恢复密钥。
error-keychain-timeout-action = 再问一次
error-wrong-key = 钥匙串里的密钥属于别的档案。数据完好；用恢复密钥或口令可以打开。
error-wrong-key-action = 使用恢复密钥
error-wrong-passphrase = 这个口令打不开该档案。
error-wrong-recovery-key = 这个恢复密钥打不开该档案。请逐组核对；正确的是创建档案时抄下的那一份。
error-foreign-database = 档案文件夹里的数据库属于另一个档案。什么都没有改动；请放回正确的文件。
error-store-missing = 档案文件夹缺少一部分。没有用新的代替；请从备份放回文件夹。
error-store-damaged = 数据库已损坏，现已原样保留；较早的副本在“backups”文件夹里。
error-store-too-new = 这个档案被更新版本的 Stoa 用过。可以阅读和导出全部内容；要写作，请安装新版本。
error-store-too-new-action = 导出
error-disk-full = 磁盘已满。之前保存的内容是安全的，刚才的操作还没有保存。请腾出空间再试。
error-disk-full-action = 再试一次
error-disk-failed = 磁盘读写失败。之前保存的内容是安全的，刚才的操作可能没有保存。
error-disk-failed-action = 再试一次
error-in-use = 另一个 Stoa 正打开着这个档案，请先在那边关闭。
error-in-use-action = 再试一次
error-wiped = 这个社群的内容已按账号的要求从这台电脑清除。
error-away-too-long = 这台电脑太久没有联系服务器，已经锁定。内容完好：连上服务器会自动打开，也可以用口令或恢复密钥打开。
error-internal = Stoa 内部出了问题。已保存的内容是安全的，详情见日志。

# 某一项哪里不对。

field-required = 请填写
field-too-short = 太短：至少八个字符
field-too-long = 太长了
field-invalid = 填写有误
field-file-empty = 这个文件是空的
field-file-too-large = 文件超过 2 GB
field-image-too-large = 图片超过 20 MB，请缩小后再试
field-not-an-image = 正文里只能放 PNG、JPEG、GIF、WebP 和 AVIF 图片
field-image-broken = 图片已损坏，无法显示
field-too-many-pixels = 图片超过 5000 万像素，请缩小后再试
field-not-an-email = 这不是邮箱地址
field-not-an-address = 这不是服务器地址
field-does-not-match = 与显示的不一致
field-wrong-password = 密码不对
field-this-device = 这就是你正在用的电脑，请改用退出登录
field-not-a-recovery-key = 这不是恢复密钥：它有 13 组，每组四个字符
field-out-of-range = 超出可选范围
field-not-a-folder = 没有这个文件夹
field-file-must-stay = 这个附件要留在本机：它设为离线保留，或者服务器上还没有完整的一份
field-not-put = 它已加入这篇草稿，但当时正文不能修改，请再拖一次
field-under-way = 这项修改正在发往服务器，请等待答复
field-import-runs = 另一次导入正在进行；请等它结束或先停止
field-no-export = 不是可以读取的导出：文件夹、.zip、.json、.xml、.html、.docx 或 .md
field-other-account = 这个档案属于另一个账号；请为这个账号新建档案
field-already-exists = 已经有了
field-own-work = 不能审自己的稿子
field-not-a-reviewer = 这个人不能审稿：需要专家角色
field-not-in-the-text = 正文里没有这些字
field-too-many = 太多了
field-demo = 演示从不连接服务器；请建立自己的档案
field-no-profile = 这个文件夹里没有档案
field-unreadable = 这个文件无法读取

# 文件为什么没有变成草稿。

import-not-found = 找不到文件
import-too-large = 文件超过 4 MB
import-not-text = 文件内容不是文字
import-not-markdown = 只能打开 Markdown 和文本文件（.md、.markdown、.txt）
import-unreadable = 文件读取失败

# 服务器为什么拒绝某项修改。

reject-not-allowed = 你在服务器上的角色没有权限做这项修改。
reject-not-found = 服务器上没有这篇草稿。
reject-deleted = 这篇草稿已被他人彻底删除。
reject-delete-conflict = 没有删除：在此之后有人修改或恢复了它。
reject-already-exists = 服务器上已经有了。
reject-conflict = 别人改了同一处；两个版本都保留着。
reject-already-decided = 别人已经先作出决定；你的意见会保留下来。
reject-review-open = 这篇草稿已经在审稿中。
reject-verdict-late = 你的结论送达之前审稿已经结束；服务器把它作为另一种意见保留。
reject-invalid = 服务器认为这项修改有误。
reject-unknown = 服务器不认识这种修改，它的版本可能比本程序旧。
reject-too-late = 送达时已经超过你设定的时间，没有发布。
reject-publish-conflict = 没有发布：在你看过之后有人修改了它。看过再重新发布。
reject-proposed = 这项修改送到之前，你的角色已经变了。服务器保留着它，等主理人接受或丢弃；本机也留着，可以导出。
reject-parked = 服务器多次在这项修改上出错，已将它搁置。
field-no-backup = 没有可以恢复的备份
