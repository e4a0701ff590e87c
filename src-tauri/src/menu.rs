//! The native menus, built from the registry of commands in the user's language.

mod plan;

use std::collections::HashSet;

use stoa_ipc::{CommandSpec, Event, Failure, Language, Preferences, Stage};
use stoa_l10n::Texts;
use tauri::{
    AppHandle, Wry,
    menu::{IsMenuItem, Menu, MenuEvent, MenuItem, PredefinedMenuItem, Submenu},
};

use crate::{actions, boot, editing, events, shell::Shell};
use plan::{Entry, NativeItem, Platform};

/// The menus as they stand.
#[derive(Default)]
pub(crate) struct Menus {
    language: Option<Language>,
    items: Vec<(&'static CommandSpec, MenuItem<Wry>)>,
    available: Available,
}

/// Which commands can be chosen.
enum Available {
    /// What the stage allows, until the page says more.
    ByStage { is_open: bool },
    /// Exactly these.
    Named(HashSet<String>),
}

impl Default for Available {
    fn default() -> Self {
        Self::ByStage { is_open: false }
    }
}

impl Available {
    fn allows(&self, spec: &CommandSpec) -> bool {
        match self {
            Self::ByStage { is_open } => plan::is_available(spec, *is_open),
            Self::Named(ids) => ids.contains(spec.id) || plan::is_available(spec, false),
        }
    }
}

/// Builds the menus, or builds them anew when the language has changed.
pub(crate) fn follow(app: &AppHandle, preferences: &Preferences) {
    let language = boot::language(preferences);
    let Ok(shell) = Shell::of(app) else { return };
    if shell.menus().language == Some(language) {
        return;
    }
    match build(app, language) {
        Ok(items) => {
            let mut menus = shell.menus();
            menus.language = Some(language);
            menus.items = items;
        }
        Err(error) => tracing::error!(%error, "the menus could not be built"),
    }
    refresh(app);
}

/// A stage was entered: the page will say again what can be done in it.
pub(crate) fn enter(app: &AppHandle, stage: &Stage) {
    let Ok(shell) = Shell::of(app) else { return };
    let is_open = matches!(stage, Stage::Open { .. } | Stage::ReadOnly { .. });
    let mut menus = shell.menus();
    if is_open && matches!(menus.available, Available::Named(_)) {
        return;
    }
    menus.available = Available::ByStage { is_open };
    drop(menus);
    refresh(app);
}

/// The page says which commands can be chosen just now.
pub(crate) fn enable(app: &AppHandle, ids: HashSet<String>) -> Result<(), Failure> {
    Shell::of(app)?.menus().available = Available::Named(ids);
    refresh(app);
    Ok(())
}

/// Collects first and acts without the lock: the menus live on the main thread, which may itself
/// be waiting for the lock.
fn refresh(app: &AppHandle) {
    let Ok(shell) = Shell::of(app) else { return };
    let wanted: Vec<_> = {
        let menus = shell.menus();
        let items = menus.items.iter();
        items
            .map(|(spec, item)| (item.clone(), menus.available.allows(spec)))
            .collect()
    };
    for (item, is_available) in wanted {
        if let Err(error) = item.set_enabled(is_available) {
            tracing::warn!(%error, "a menu item did not change");
        }
    }
}

/// A menu item was chosen.
pub(crate) fn chosen(app: &AppHandle, event: &MenuEvent) {
    let id = event.id().as_ref();
    #[cfg(target_os = "linux")]
    if let Some(item) = NativeItem::by_id(id) {
        return edit(app, item);
    }
    if !actions::carry_out(app, id) && !editing::carry_out(app, id) {
        events::send(app, &Event::Command(id.to_owned()));
    }
}

#[cfg(target_os = "linux")]
fn edit(app: &AppHandle, item: NativeItem) {
    use tauri::Manager;
    let Some(window) = app.get_webview_window(crate::window::LABEL) else {
        return;
    };
    if let Err(error) = crate::linux::edit(&window, item.editing_command()) {
        tracing::warn!(%error, "the page did not take an editing command");
    }
}

type Items = Vec<(&'static CommandSpec, MenuItem<Wry>)>;

fn build(app: &AppHandle, language: Language) -> tauri::Result<Items> {
    let texts = Texts::new(language.tag());
    let mut items = Items::new();
    let menu = Menu::new(app)?;
    for planned in plan::menus(Platform::THIS) {
        let submenu = Submenu::new(app, label(&texts, planned.title), true)?;
        for entry in &planned.entries {
            submenu.append(item(app, &texts, entry, &mut items)?.as_ref())?;
        }
        menu.append(&submenu)?;
    }
    app.set_menu(menu)?;
    Ok(items)
}

fn item(
    app: &AppHandle,
    texts: &Texts,
    entry: &Entry,
    items: &mut Items,
) -> tauri::Result<Box<dyn IsMenuItem<Wry>>> {
    Ok(match entry {
        Entry::Line => Box::new(PredefinedMenuItem::separator(app)?),
        Entry::Native(item) => native(app, texts, *item)?,
        Entry::Command(spec) => {
            let keys = plan::accelerator(spec);
            let text = label(texts, &spec.text_key());
            let item = MenuItem::with_id(app, spec.id, text, true, keys)?;
            items.push((*spec, item.clone()));
            Box::new(item)
        }
    })
}

/// `&` marks a letter to press; ours has no such marks, so it stands for itself.
fn label(texts: &Texts, key: &str) -> String {
    texts.get(key).replace('&', "&&")
}

/// The items that the system itself understands. Linux has none of them that work in a web page,
/// so the engine is told there.
fn native(
    app: &AppHandle,
    texts: &Texts,
    item: NativeItem,
) -> tauri::Result<Box<dyn IsMenuItem<Wry>>> {
    let text = label(texts, item.text_key());
    if cfg!(target_os = "linux") {
        return Ok(Box::new(MenuItem::with_id(
            app,
            item.id(),
            text,
            true,
            item.keys(),
        )?));
    }
    let text = Some(text.as_str());
    Ok(Box::new(match item {
        NativeItem::Cut => PredefinedMenuItem::cut(app, text)?,
        NativeItem::Copy => PredefinedMenuItem::copy(app, text)?,
        NativeItem::Paste => PredefinedMenuItem::paste(app, text)?,
        NativeItem::SelectAll => PredefinedMenuItem::select_all(app, text)?,
        NativeItem::Hide => PredefinedMenuItem::hide(app, text)?,
        NativeItem::HideOthers => PredefinedMenuItem::hide_others(app, text)?,
        NativeItem::ShowAll => PredefinedMenuItem::show_all(app, text)?,
    }))
}
