//! What stands in which menu, before anything native is made of it.

use stoa_ipc::{CommandSpec, Menu, Scope, commands};

/// How menus are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Platform {
    /// With an application menu.
    MacOs,
    /// Without: its items stand in File and Help.
    Other,
}

impl Platform {
    pub(super) const THIS: Self = if cfg!(target_os = "macos") {
        Self::MacOs
    } else {
        Self::Other
    };
}

pub(super) struct PlannedMenu {
    /// The key of its title.
    pub(super) title: &'static str,
    pub(super) entries: Vec<Entry>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Entry {
    Command(&'static CommandSpec),
    Native(NativeItem),
    /// A line between groups.
    Line,
}

/// What the system or the web engine does by itself, for any text field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NativeItem {
    Cut,
    Copy,
    Paste,
    SelectAll,
    Hide,
    HideOthers,
    ShowAll,
}

const EDITING: [NativeItem; 4] = [
    NativeItem::Cut,
    NativeItem::Copy,
    NativeItem::Paste,
    NativeItem::SelectAll,
];
const HIDING: [NativeItem; 3] = [
    NativeItem::Hide,
    NativeItem::HideOthers,
    NativeItem::ShowAll,
];

impl NativeItem {
    pub(super) fn text_key(self) -> &'static str {
        match self {
            Self::Cut => "menu-cut",
            Self::Copy => "menu-copy",
            Self::Paste => "menu-paste",
            Self::SelectAll => "menu-select-all",
            Self::Hide => "menu-hide",
            Self::HideOthers => "menu-hide-others",
            Self::ShowAll => "menu-show-all",
        }
    }

    pub(super) fn id(self) -> &'static str {
        self.text_key()
    }

    #[cfg(any(test, target_os = "linux"))]
    pub(super) fn by_id(id: &str) -> Option<Self> {
        EDITING.into_iter().find(|item| item.id() == id)
    }

    pub(super) fn keys(self) -> Option<&'static str> {
        match self {
            Self::Cut => Some("CmdOrCtrl+X"),
            Self::Copy => Some("CmdOrCtrl+C"),
            Self::Paste => Some("CmdOrCtrl+V"),
            Self::SelectAll => Some("CmdOrCtrl+A"),
            Self::Hide | Self::HideOthers | Self::ShowAll => None,
        }
    }

    /// The engine's name for it.
    #[cfg(target_os = "linux")]
    pub(super) fn editing_command(self) -> &'static str {
        match self {
            Self::Cut => "Cut",
            Self::Copy => "Copy",
            Self::Paste => "Paste",
            _ => "SelectAll",
        }
    }
}

/// The menus of a platform, from left to right.
pub(super) fn menus(platform: Platform) -> Vec<PlannedMenu> {
    Menu::ALL
        .into_iter()
        .filter(|menu| platform == Platform::MacOs || *menu != Menu::App)
        .map(|menu| PlannedMenu {
            title: menu.text_key(),
            entries: entries(menu, platform),
        })
        .collect()
}

fn entries(menu: Menu, platform: Platform) -> Vec<Entry> {
    let mut entries = of_registry(menu);
    match (menu, platform) {
        (Menu::Edit, _) => insert_editing(&mut entries),
        (Menu::App, Platform::MacOs) => insert_hiding(&mut entries),
        (Menu::File, Platform::Other) => {
            append_group(&mut entries, |spec| menu_of(spec) == Menu::File);
        }
        (Menu::Help, Platform::Other) => {
            append_group(&mut entries, |spec| menu_of(spec) == Menu::Help);
        }
        _ => {}
    }
    entries
}

fn of_registry(menu: Menu) -> Vec<Entry> {
    let mut entries = Vec::new();
    for spec in commands().iter().filter(|spec| spec.menu == Some(menu)) {
        if spec.starts_group && !entries.is_empty() {
            entries.push(Entry::Line);
        }
        entries.push(Entry::Command(spec));
    }
    entries
}

/// Where an item of the application menu stands on systems without one.
fn menu_of(spec: &CommandSpec) -> Menu {
    if spec.id == "app.about" {
        Menu::Help
    } else {
        Menu::File
    }
}

fn append_group(entries: &mut Vec<Entry>, belongs: impl Fn(&CommandSpec) -> bool) {
    entries.push(Entry::Line);
    let of_app = commands()
        .iter()
        .filter(|spec| spec.menu == Some(Menu::App));
    entries.extend(of_app.filter(|spec| belongs(spec)).map(Entry::Command));
}

/// After undo and redo, as everywhere.
fn insert_editing(entries: &mut Vec<Entry>) {
    let end = entries
        .iter()
        .position(|entry| *entry == Entry::Line)
        .unwrap_or(entries.len());
    let group = std::iter::once(Entry::Line).chain(EDITING.map(Entry::Native));
    entries.splice(end..end, group);
}

/// Before Quit, as on every Mac.
fn insert_hiding(entries: &mut Vec<Entry>) {
    let quit = entries
        .iter()
        .rposition(|entry| *entry == Entry::Line)
        .unwrap_or(entries.len());
    let group = std::iter::once(Entry::Line).chain(HIDING.map(Entry::Native));
    entries.splice(quit..quit, group);
}

/// Whether a command can be chosen as far as the stage decides.
pub(super) fn is_available(spec: &CommandSpec, is_open: bool) -> bool {
    spec.scope == Scope::Always || is_open
}

/// The key shown in the menu: the first with a modifier, or a function key. Letters and sequences
/// belong to the page, where it is known whether somebody is writing. Of two commands that share a
/// key the first has it; while that one cannot be chosen, the page gives the key to the other.
pub(super) fn accelerator(spec: &CommandSpec) -> Option<String> {
    let is_native = |keys: &&str| keys.starts_with("Mod+") || is_function_key(keys);
    let keys = spec
        .keys
        .iter()
        .map(|shortcut| shortcut.0)
        .find(is_native)?;
    let owner = commands()
        .iter()
        .find(|other| other.keys.iter().any(|shortcut| shortcut.0 == keys));
    if owner.is_some_and(|owner| owner.id != spec.id) {
        return None;
    }
    Some(keys.replace("Mod+", "CmdOrCtrl+"))
}

fn is_function_key(keys: &str) -> bool {
    let number = keys.strip_prefix('F').map(str::parse::<u8>);
    matches!(number, Some(Ok(1..=12)))
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use stoa_l10n::Texts;

    use super::*;

    const PLATFORMS: [Platform; 2] = [Platform::MacOs, Platform::Other];

    fn ids(platform: Platform) -> Vec<&'static str> {
        let entries = menus(platform).into_iter().flat_map(|menu| menu.entries);
        entries
            .filter_map(|entry| match entry {
                Entry::Command(spec) => Some(spec.id),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn every_command_with_a_menu_stands_in_it_once_on_every_system() {
        let mut expected: Vec<_> = commands()
            .iter()
            .filter(|spec| spec.menu.is_some())
            .map(|spec| spec.id)
            .collect();
        expected.sort_unstable();
        for platform in PLATFORMS {
            let mut found = ids(platform);
            found.sort_unstable();
            assert_eq!(found, expected, "{platform:?}");
        }
    }

    #[test]
    fn menus_neither_begin_nor_end_with_a_line_nor_have_two_in_a_row() {
        for menu in PLATFORMS.into_iter().flat_map(menus) {
            let lines: Vec<bool> = menu
                .entries
                .iter()
                .map(|entry| *entry == Entry::Line)
                .collect();
            assert!(
                !lines.first().unwrap() && !lines.last().unwrap(),
                "{}",
                menu.title
            );
            assert!(
                !lines.windows(2).any(|two| two[0] && two[1]),
                "{}",
                menu.title
            );
        }
    }

    #[test]
    fn everything_in_the_menus_has_a_text_in_both_languages() {
        for texts in [Texts::new("zh-CN"), Texts::new("en")] {
            for menu in PLATFORMS.into_iter().flat_map(menus) {
                assert!(texts.has(menu.title), "{} {}", texts.tag(), menu.title);
                for entry in menu.entries {
                    let key = match entry {
                        Entry::Command(spec) => spec.text_key(),
                        Entry::Native(item) => item.text_key().to_owned(),
                        Entry::Line => continue,
                    };
                    assert!(texts.has(&key), "{} {key}", texts.tag());
                }
            }
        }
    }

    #[test]
    fn every_key_in_the_menus_is_one_that_systems_know() {
        let keys = commands().iter().filter_map(accelerator);
        let native = EDITING
            .into_iter()
            .filter_map(|item| item.keys().map(str::to_owned));
        for keys in keys.chain(native) {
            assert!(
                muda::accelerator::Accelerator::from_str(&keys).is_ok(),
                "{keys}"
            );
        }
    }

    #[test]
    fn no_letter_alone_is_taken_from_the_page() {
        for keys in commands().iter().filter_map(accelerator) {
            assert!(
                keys.starts_with("CmdOrCtrl+") || is_function_key(&keys),
                "{keys}"
            );
        }
    }

    #[test]
    fn the_editing_items_are_found_by_their_ids() {
        assert_eq!(NativeItem::by_id("menu-paste"), Some(NativeItem::Paste));
        assert_eq!(NativeItem::by_id("draft.new"), None);
    }
}
