//! The one registry of what a user can do: it feeds the native menus, the palette, the shortcuts
//! and the help sheet.

/// Something a user can do. Its name is the text `command-<id>` (dots as dashes).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommandSpec {
    /// For ever the same, for example `draft.new`.
    pub id: &'static str,
    /// Which menu it stands in, if any, in the order of the registry.
    pub menu: Option<Menu>,
    /// Whether a line is drawn above it in its menu.
    pub starts_group: bool,
    /// Its keys; the first is shown.
    pub keys: &'static [Shortcut],
    pub scope: Scope,
    /// More words to find it by, in both languages.
    pub keywords: &'static str,
}

/// The native menus, in order. `App` is the application menu of macOS; elsewhere its items stand
/// in `File` and `Help`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Menu {
    App,
    File,
    Edit,
    View,
    Go,
    Item,
    Window,
    Help,
}

impl Menu {
    pub const ALL: [Menu; 8] = [
        Menu::App,
        Menu::File,
        Menu::Edit,
        Menu::View,
        Menu::Go,
        Menu::Item,
        Menu::Window,
        Menu::Help,
    ];

    /// The key of its title.
    pub fn text_key(self) -> &'static str {
        match self {
            Menu::App => "menu-app",
            Menu::File => "menu-file",
            Menu::Edit => "menu-edit",
            Menu::View => "menu-view",
            Menu::Go => "menu-go",
            Menu::Item => "menu-item",
            Menu::Window => "menu-window",
            Menu::Help => "menu-help",
        }
    }
}

/// Where a command can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Always, even locked.
    Always,
    /// While a profile is open.
    Open,
    /// While a draft list has the focus (letter keys), or from the menu with a draft chosen.
    DraftChosen,
    /// While a draft is open in the editor.
    Editor,
}

/// Keys in one notation for all systems: `Mod` is ⌘ on macOS and Ctrl elsewhere. `Mod+Shift+L`,
/// a single letter `J`, or a sequence `g c`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shortcut(pub &'static str);

impl CommandSpec {
    /// The key of its name.
    pub fn text_key(&self) -> String {
        format!("command-{}", self.id.replace(['.', '_'], "-"))
    }
}

const fn command(
    id: &'static str,
    menu: Option<Menu>,
    keys: &'static [Shortcut],
    scope: Scope,
    keywords: &'static str,
) -> CommandSpec {
    CommandSpec {
        id,
        menu,
        starts_group: false,
        keys,
        scope,
        keywords,
    }
}

const fn group(mut spec: CommandSpec) -> CommandSpec {
    spec.starts_group = true;
    spec
}

macro_rules! keys {
    ($($key:literal),*) => { &[$(Shortcut($key)),*] };
}

static COMMANDS: &[CommandSpec] = &[
    command(
        "app.about",
        Some(Menu::App),
        keys![],
        Scope::Always,
        "version 版本",
    ),
    group(command(
        "app.settings",
        Some(Menu::App),
        keys!["Mod+,"],
        Scope::Always,
        "preferences options 偏好 选项",
    )),
    group(command(
        "app.quit",
        Some(Menu::App),
        keys!["Mod+Q"],
        Scope::Always,
        "exit 退出",
    )),
    command(
        "draft.new",
        Some(Menu::File),
        keys!["Mod+N"],
        Scope::Open,
        "write create 写 新建 草稿",
    ),
    command(
        "draft.new.images",
        Some(Menu::File),
        keys![],
        Scope::Open,
        "new create 新建 album gallery pictures 图集 相册 图片",
    ),
    command(
        "draft.new.audio",
        Some(Menu::File),
        keys![],
        Scope::Open,
        "new create 新建 podcast sound recording 音频 播客 录音",
    ),
    command(
        "draft.new.video",
        Some(Menu::File),
        keys![],
        Scope::Open,
        "new create 新建 film movie 视频 影片",
    ),
    command(
        "draft.new.course",
        Some(Menu::File),
        keys![],
        Scope::Open,
        "new create 新建 lessons teach 课程 课时 教学",
    ),
    command(
        "draft.new.column",
        Some(Menu::File),
        keys![],
        Scope::Open,
        "new create 新建 serial series 专栏 连载",
    ),
    command(
        "draft.new.live",
        Some(Menu::File),
        keys![],
        Scope::Open,
        "new create 新建 stream webinar session 直播 讲座",
    ),
    group(command(
        "draft.import",
        Some(Menu::File),
        keys!["Mod+O"],
        Scope::Open,
        "open markdown file 打开 文件 导入",
    )),
    command(
        "import.open",
        Some(Menu::File),
        keys![],
        Scope::Open,
        "ghost wordpress obsidian word vault migrate 迁移 搬家 导入 笔记",
    ),
    group(command(
        "app.export",
        Some(Menu::File),
        keys![],
        Scope::Open,
        "backup markdown 备份 导出",
    )),
    group(command(
        "version.save",
        Some(Menu::File),
        keys!["Mod+S"],
        Scope::Editor,
        "save name keep 保存 版本 命名",
    )),
    group(command(
        "sync.now",
        Some(Menu::File),
        keys!["Mod+S"],
        Scope::Open,
        "save send 保存 发送 同步",
    )),
    command(
        "sync.pause",
        Some(Menu::File),
        keys![],
        Scope::Open,
        "stop offline 停止 离线",
    ),
    group(command(
        "account.connect",
        Some(Menu::File),
        keys![],
        Scope::Open,
        "sign in server login 登录 服务器 连接",
    )),
    command(
        "account.sign_out",
        Some(Menu::File),
        keys![],
        Scope::Open,
        "log out 退出登录",
    ),
    command(
        "window.close",
        Some(Menu::File),
        keys!["Mod+W"],
        Scope::Always,
        "关闭",
    ),
    command(
        "edit.undo",
        Some(Menu::Edit),
        keys!["Mod+Z"],
        Scope::Editor,
        "back 撤销",
    ),
    command(
        "edit.redo",
        Some(Menu::Edit),
        keys!["Mod+Shift+Z", "Mod+Y"],
        Scope::Editor,
        "重做",
    ),
    group(command(
        "edit.find",
        Some(Menu::Edit),
        keys!["Mod+F"],
        Scope::Open,
        "search 搜索 查找",
    )),
    command(
        "edit.replace",
        Some(Menu::Edit),
        keys!["Mod+Shift+H"],
        Scope::Open,
        "find substitute 查找 替换",
    ),
    group(command(
        "edit.paste_plain",
        Some(Menu::Edit),
        keys![],
        Scope::Editor,
        "clipboard without format 粘贴 纯文本 无格式",
    )),
    command(
        "edit.move_up",
        Some(Menu::Edit),
        keys!["Mod+Shift+Up"],
        Scope::Editor,
        "block paragraph 段落 上移",
    ),
    command(
        "edit.move_down",
        Some(Menu::Edit),
        keys!["Mod+Shift+Down"],
        Scope::Editor,
        "block paragraph 段落 下移",
    ),
    group(command(
        "edit.image",
        Some(Menu::Edit),
        keys![],
        Scope::Editor,
        "picture insert 图片 插入 插图",
    )),
    command(
        "edit.file",
        Some(Menu::Edit),
        keys![],
        Scope::Editor,
        "attachment pdf zip download insert 附件 文件 下载 讲义",
    ),
    command(
        "editor.source",
        Some(Menu::View),
        keys!["Mod+Shift+E"],
        Scope::Open,
        "markdown source 源码",
    ),
    command(
        "editor.focus",
        Some(Menu::View),
        keys![],
        Scope::Open,
        "dim paragraph concentrate 专注 段落",
    ),
    command(
        "editor.typewriter",
        Some(Menu::View),
        keys![],
        Scope::Open,
        "middle line scroll 打字机 居中",
    ),
    command(
        "editor.zen",
        Some(Menu::View),
        keys!["Shift+F11"],
        Scope::Open,
        "zen distraction free hide 禅 全屏 只看正文",
    ),
    group(command(
        "list.filters",
        Some(Menu::View),
        keys!["F"],
        Scope::DraftChosen,
        "narrow tag kind access 筛选 标签 类型",
    )),
    command(
        "list.save_view",
        Some(Menu::View),
        keys![],
        Scope::Open,
        "saved filter bookmark 保存视图 收藏",
    ),
    command(
        "list.board",
        Some(Menu::View),
        keys![],
        Scope::Open,
        "kanban columns layout 看板 列",
    ),
    group(command(
        "view.sidebar",
        Some(Menu::View),
        keys!["Mod+\\"],
        Scope::Open,
        "navigation 侧栏",
    )),
    command(
        "view.theme",
        Some(Menu::View),
        keys!["Mod+Shift+L"],
        Scope::Always,
        "dark light 深色 浅色 主题",
    ),
    command(
        "view.contrast",
        Some(Menu::View),
        keys![],
        Scope::Always,
        "accessibility 对比度 无障碍",
    ),
    command(
        "view.density",
        Some(Menu::View),
        keys![],
        Scope::Always,
        "compact comfortable 密度 紧凑",
    ),
    command(
        "view.language",
        Some(Menu::View),
        keys![],
        Scope::Always,
        "english chinese 中文 英文 语言",
    ),
    group(command(
        "view.zoom_in",
        Some(Menu::View),
        keys!["Mod+=", "Mod++"],
        Scope::Always,
        "larger 放大",
    )),
    command(
        "view.zoom_out",
        Some(Menu::View),
        keys!["Mod+-"],
        Scope::Always,
        "smaller 缩小",
    ),
    command(
        "view.zoom_reset",
        Some(Menu::View),
        keys!["Mod+0"],
        Scope::Always,
        "actual size 实际大小",
    ),
    command(
        "app.palette",
        Some(Menu::Go),
        keys!["Mod+K"],
        Scope::Always,
        "search command 搜索 命令",
    ),
    group(command(
        "go.content",
        Some(Menu::Go),
        keys!["Mod+3", "g c"],
        Scope::Open,
        "drafts 内容 草稿",
    )),
    command(
        "go.tags",
        Some(Menu::Go),
        keys!["g t"],
        Scope::Open,
        "synonym rename merge label keyword 标签 同义词 改名 合并",
    ),
    command(
        "go.bin",
        Some(Menu::Go),
        keys!["g b"],
        Scope::Open,
        "deleted trash 回收站 删除",
    ),
    command(
        "go.sync",
        Some(Menu::Go),
        keys!["Mod+Shift+Y", "g s"],
        Scope::Open,
        "waiting failed 同步中心",
    ),
    command(
        "draft.open",
        Some(Menu::Item),
        keys!["Enter"],
        Scope::DraftChosen,
        "打开 编辑",
    ),
    command(
        "draft.rename",
        Some(Menu::Item),
        keys!["F2"],
        Scope::DraftChosen,
        "title 标题 重命名",
    ),
    command(
        "draft.duplicate",
        Some(Menu::Item),
        keys!["Mod+D"],
        Scope::DraftChosen,
        "copy 复制 副本",
    ),
    command(
        "version.list",
        Some(Menu::Item),
        keys!["Mod+Shift+S"],
        Scope::DraftChosen,
        "history revisions compare restore 历史 修订 版本 对比 恢复",
    ),
    group(command(
        "review.ask",
        Some(Menu::Item),
        keys![],
        Scope::DraftChosen,
        "expert review request approve 专家 审稿 送审",
    )),
    command(
        "review.show",
        Some(Menu::Item),
        keys![],
        Scope::Editor,
        "review comments margin panel 审稿 批注",
    ),
    command(
        "review.comment",
        Some(Menu::Item),
        keys!["Mod+Shift+K"],
        Scope::Editor,
        "remark margin annotate 批注 评论",
    ),
    command(
        "course.outline",
        Some(Menu::Item),
        keys![],
        Scope::Editor,
        "course column sections lessons order 课程 专栏 目录 课时 章节",
    ),
    group(command(
        "draft.preview",
        Some(Menu::Item),
        keys!["Mod+Shift+M"],
        Scope::DraftChosen,
        "reader member tier copy 公众号 wechat 预览 会员 层级 复制",
    )),
    command(
        "post.publish",
        Some(Menu::Item),
        keys!["Mod+Shift+Enter"],
        Scope::DraftChosen,
        "publish update schedule 发布 更新 定时",
    ),
    command(
        "post.compare",
        Some(Menu::Item),
        keys![],
        Scope::DraftChosen,
        "published difference members 对比 已发布 会员",
    ),
    command(
        "post.withdraw",
        Some(Menu::Item),
        keys![],
        Scope::DraftChosen,
        "unpublish take back 撤回 取消发布",
    ),
    command(
        "draft.archive",
        Some(Menu::Item),
        keys![],
        Scope::DraftChosen,
        "put away 归档",
    ),
    command(
        "draft.unarchive",
        Some(Menu::Item),
        keys![],
        Scope::DraftChosen,
        "take out 取消归档",
    ),
    group(command(
        "draft.bin",
        Some(Menu::Item),
        keys!["Delete", "Backspace"],
        Scope::DraftChosen,
        "delete remove 删除 回收站",
    )),
    command(
        "draft.restore",
        Some(Menu::Item),
        keys![],
        Scope::DraftChosen,
        "undelete 恢复",
    ),
    command(
        "draft.delete",
        Some(Menu::Item),
        keys!["Mod+Shift+Backspace"],
        Scope::DraftChosen,
        "erase permanently 彻底删除 永久",
    ),
    command(
        "bin.empty",
        Some(Menu::Item),
        keys![],
        Scope::Open,
        "delete all erase 清空 彻底删除",
    ),
    command(
        "window.minimize",
        Some(Menu::Window),
        keys!["Mod+M"],
        Scope::Always,
        "最小化",
    ),
    command(
        "window.fullscreen",
        Some(Menu::Window),
        keys!["F11"],
        Scope::Always,
        "全屏",
    ),
    command(
        "help.shortcuts",
        Some(Menu::Help),
        keys!["?", "Mod+/"],
        Scope::Always,
        "keys 快捷键 键盘",
    ),
    command(
        "help.data_folder",
        Some(Menu::Help),
        keys![],
        Scope::Always,
        "files where 数据 文件夹",
    ),
    command(
        "list.next",
        None,
        keys!["J", "Down"],
        Scope::DraftChosen,
        "下一条",
    ),
    command(
        "list.previous",
        None,
        keys!["K", "Up"],
        Scope::DraftChosen,
        "上一条",
    ),
    command(
        "change.next",
        None,
        keys!["F7"],
        Scope::Open,
        "difference compare 下一处 修改",
    ),
    command(
        "change.previous",
        None,
        keys!["Shift+F7"],
        Scope::Open,
        "difference compare 上一处 修改",
    ),
    command("list.filter", None, keys!["/"], Scope::Open, "search 搜索"),
    command(
        "list.select",
        None,
        keys!["X"],
        Scope::DraftChosen,
        "mark 选择 勾选",
    ),
    command(
        "list.select_all",
        None,
        keys!["Mod+A"],
        Scope::DraftChosen,
        "mark 全选",
    ),
    command(
        "list.extend_next",
        None,
        keys!["Shift+Down"],
        Scope::DraftChosen,
        "range 连选",
    ),
    command(
        "list.extend_previous",
        None,
        keys!["Shift+Up"],
        Scope::DraftChosen,
        "range 连选",
    ),
    command(
        "table.row_before",
        None,
        keys![],
        Scope::Editor,
        "table above insert 上方 插入行 表格",
    ),
    command(
        "table.row_after",
        None,
        keys![],
        Scope::Editor,
        "table below insert 下方 插入行 表格",
    ),
    command(
        "table.row_delete",
        None,
        keys![],
        Scope::Editor,
        "table remove 删除 行 表格",
    ),
    command(
        "table.column_before",
        None,
        keys![],
        Scope::Editor,
        "table left insert 左侧 插入列 表格",
    ),
    command(
        "table.column_after",
        None,
        keys![],
        Scope::Editor,
        "table right insert 右侧 插入列 表格",
    ),
    command(
        "table.column_delete",
        None,
        keys![],
        Scope::Editor,
        "table remove 删除 列 表格",
    ),
    command(
        "table.align_left",
        None,
        keys![],
        Scope::Editor,
        "table left 靠左 对齐 表格",
    ),
    command(
        "table.align_center",
        None,
        keys![],
        Scope::Editor,
        "table centre center 居中 对齐 表格",
    ),
    command(
        "table.align_right",
        None,
        keys![],
        Scope::Editor,
        "table right 靠右 对齐 表格",
    ),
    command("table.delete", None, keys![], Scope::Editor, "remove 删除"),
    command(
        "edit.code_language",
        None,
        keys![],
        Scope::Editor,
        "code syntax highlight 代码 语言 语法",
    ),
    command(
        "edit.mention",
        None,
        keys![],
        Scope::Editor,
        "at link member post @ 提及 成员 引用",
    ),
    command("pane.next", None, keys!["F6"], Scope::Open, "focus 窗格"),
    command(
        "pane.previous",
        None,
        keys!["Shift+F6"],
        Scope::Open,
        "focus 窗格",
    ),
];

/// Every command, in menu order.
pub fn commands() -> &'static [CommandSpec] {
    COMMANDS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_commands_share_an_id_or_keys() {
        let mut ids: Vec<_> = COMMANDS.iter().map(|c| c.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), COMMANDS.len());
        let mut keys: Vec<_> = COMMANDS.iter().flat_map(|c| c.keys).map(|k| k.0).collect();
        let n_keys = keys.len();
        keys.sort_unstable();
        keys.dedup();
        // In the editor it saves a version; where there is none, it syncs.
        let n_shared = 1;
        assert_eq!(keys.len(), n_keys - n_shared);
        let saves = COMMANDS.iter().filter(|c| c.keys == [Shortcut("Mod+S")]);
        let ids: Vec<_> = saves.map(|c| c.id).collect();
        assert_eq!(ids, ["version.save", "sync.now"]);
    }

    #[test]
    fn no_shortcut_takes_a_key_that_input_methods_or_mac_typing_need() {
        for key in COMMANDS.iter().flat_map(|c| c.keys) {
            assert!(!key.0.contains("Alt"), "{}", key.0);
            for taken in ["Mod+Space", "Mod+.", "Mod+Shift+F", "Shift"] {
                assert_ne!(key.0, taken);
            }
        }
    }
}
