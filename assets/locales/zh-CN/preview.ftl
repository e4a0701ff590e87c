# 发布之前：读者看到的样子、需要留意的地方、复制到别处。

preview = 预览
preview-as = 读者
preview-width = 宽度
preview-page = 网页
preview-phone = 手机
preview-wall = 其余内容对有权阅读全文的人开放。
preview-opens = 这位读者要到 { $when } 才能阅读全文。
preview-joined = 加入时间
preview-joined-now = 刚刚加入
preview-joined-ago = { $days } 天前加入
preview-after = 这位读者学完“{ $title }”之后才能阅读全文。
preview-before = 前面的课
preview-finished = 已学完“{ $title }”
preview-finished-not = 还没学完“{ $title }”
preview-plain = 这篇正文的标记太多，无法排版，按原文显示。
preview-image = 图片
preview-audio = 音频：{ $name }
preview-video = 视频：{ $name }
preview-task-done = 已完成
preview-task-open = 未完成
reader-anybody = 所有人
reader-registered = 注册用户
reader-buyer = 单独购买者

# 复制
copy-wechat = 复制为公众号格式
copy-page = 复制富文本
copy-references = 参考链接
copy-done = 已复制
copy-done-without = 已复制，另有 { $n } 个图片或音视频需要手动添加。
copy-refused = 系统不允许使用剪贴板，请再试一次。

# 发布前的检查
check-length = { $words } 字 · 约 { $minutes } 分钟 · { $images ->
    [0] 无图片
   *[other] { $images } 张图片
}
check-fine = 链接、图片与标题均无问题
check-found = { $n } 处需要留意
check-line = 第 { $n } 行
finding-empty-text = 没有正文
finding-image-without-alt = 图片缺少描述：看不见图片的读者无从得知内容
finding-link-without-text = 链接没有文字
finding-refused-link = 读者打不开的链接：只支持网页与邮箱地址
finding-doubtful-link = 链接地址与另一个地址很像，请确认
finding-skipped-level = 标题跳过了一级
finding-paywall-first = 付费墙之前没有可读的内容
finding-paywall-last = 付费墙之后没有内容
finding-paywall-twice = 第二道付费墙：只有第一道有效
finding-footnote-behind-paywall = 公开部分的脚注写在付费墙之后，非会员看不到它
finding-missing-footnote = 脚注不存在
finding-unseen-mention = 提及的内容会员还看不到：只会显示文字，无法点开
finding-images-missing = 图集里还没有图片
finding-audio-missing = 音频里还没有录音
finding-video-missing = 视频里还没有影片
finding-too-much = 标记太多，无法检查，读者会看到原文。
finding-live-without-time = 直播还没有定开播时间
finding-live-without-link = 直播还没有参加链接
finding-live-past = 开播时间已过，还没有回放
preview-live = 直播时间：{ $from } – { $until }
preview-live-join = 参加链接：
preview-live-recording = 直播回放
