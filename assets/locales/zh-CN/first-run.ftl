# 第一次打开、恢复密钥、解锁。

first-run-language = 选择语言
first-run-language-lead = Choose your language. 之后随时可以切换。
first-run-begin = 从哪里开始？
first-run-begin-lead = 不管选哪一种，写下的内容都先加密存在本机。
first-run-connect = 连接到你的社群
first-run-connect-more = 已有服务器和账号，在多台设备间同步
first-run-local = 只在这台电脑上用
first-run-local-more = 不需要账号，以后随时可以连接
first-run-local-lead = 给社群起个名字，以后可以改。
first-run-demo = 看看演示社群
first-run-demo-more = 虚构的数据，随意改动，不会发给任何人
community-name = 社群名称
community-name-example = 例如：知行社

recovery-title = 抄下恢复密钥
recovery-lead = 换电脑或钥匙串失效时，只有它能打开你的数据。它只显示这一次，请抄在纸上或打印出来，收好。
recovery-lead-again = “{ $name }”的恢复密钥已经显示过。请输入抄下的其中一组。
recovery-group = 第 { $n } 组
recovery-group-more = 输入这一组的四个字符，确认已经抄好
recovery-confirm = 已经抄好
recovery-key = 恢复密钥
recovery-key-hint = 13 组字符，大小写和分隔符都不影响

locked-title = 解锁“{ $name }”
unlocking = 正在向本机钥匙串取密钥…
busy-title = 正在处理“{ $name }”的数据库
busy-lead = 完成后会自动打开，通常只要几秒。请不要关闭电脑。
ask-keychain = 再问一次钥匙串
ask-server = 联系服务器
passphrase-hint = 至少八个字符。忘记口令时还可以用恢复密钥。
passphrase-again = 再输一次
passphrase-saved = 口令已设置

broken-title = “{ $name }”打不开
broken-rescue = 原有文件没有改动。可以把文件夹恢复到原样后再试，也可以从备份恢复，或者把还能读到的内容导出来。

wiped-title = “{ $name }”已从这台电脑清除
wiped-lead = { $when }，账号要求清除这台设备。
wiped-more = 密钥已先行销毁，数据库、附件和备份都已删除，恢复密钥也无法恢复。服务器上的内容不受影响。
wiped-told = 服务器已经知道清除完成。
wiped-not-told = 连上服务器后，会报告清除完成。
other-profiles = 打开本机的其他社群
