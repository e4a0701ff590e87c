//! What the page must know before its program has loaded: theme, language, density and platform,
//! so that the first frame is already the right one.

use serde_json::json;
use stoa_ipc::{Language, Preferences, Theme};
use tauri::window::Color;

/// Runs in the page before anything else. A theme that follows the system sets no `data-theme`:
/// the page's styles follow it by themselves.
const SCRIPT: &str = r#"
(() => {
  const boot = Object.freeze(__BOOT__);
  Object.defineProperty(window, "__STOA_BOOT__", { value: boot });
  const apply = () => {
    const html = document.documentElement;
    html.lang = boot.lang;
    if (boot.theme !== "system") html.dataset.theme = boot.theme;
    html.dataset.density = boot.density;
    html.dataset.platform = boot.platform;
  };
  if (document.documentElement) return apply();
  new MutationObserver((_, observer) => {
    if (!document.documentElement) return;
    observer.disconnect();
    apply();
  }).observe(document, { childList: true });
})();
"#;

/// The script for these preferences.
pub(crate) fn script(preferences: &Preferences, language: Language) -> String {
    let boot = json!({
        "theme": preferences.theme,
        "lang": language.tag(),
        "density": preferences.density,
        "platform": platform(),
    });
    SCRIPT.replace("__BOOT__", &boot.to_string())
}

/// The chosen language, or the nearest to the system's.
pub(crate) fn language(preferences: &Preferences) -> Language {
    let of_system = || Language::from_system_tag(&system_language());
    preferences.language.unwrap_or_else(of_system)
}

/// The system's language as a BCP 47 tag.
pub(crate) fn system_language() -> String {
    sys_locale::get_locale().unwrap_or_else(|| "zh-CN".to_owned())
}

fn platform() -> &'static str {
    if cfg!(target_os = "macos") {
        "macos"
    } else if cfg!(windows) {
        "windows"
    } else {
        "linux"
    }
}

/// The colour behind the page until its first frame: `--bg` of the theme.
pub(crate) fn background(theme: Theme, system: tauri::Theme) -> Color {
    let is_dark = match theme {
        Theme::Light => false,
        Theme::Dark => true,
        Theme::System | Theme::Contrast => system == tauri::Theme::Dark,
    };
    match (theme, is_dark) {
        (Theme::Contrast, false) => Color(0xFF, 0xFF, 0xFF, 0xFF),
        (Theme::Contrast, true) => Color(0x00, 0x00, 0x00, 0xFF),
        (_, false) => Color(0xF5, 0xF3, 0xEE, 0xFF),
        (_, true) => Color(0x15, 0x14, 0x12, 0xFF),
    }
}

/// What the native frame and menus are told; `None` lets them follow the system.
pub(crate) fn frame(theme: Theme) -> Option<tauri::Theme> {
    match theme {
        Theme::Light => Some(tauri::Theme::Light),
        Theme::Dark => Some(tauri::Theme::Dark),
        Theme::System | Theme::Contrast => None,
    }
}

#[cfg(test)]
mod tests {
    use stoa_ipc::Density;

    use super::*;

    #[test]
    fn the_page_learns_its_look_before_it_is_painted() {
        let preferences = Preferences {
            theme: Theme::Dark,
            density: Density::Compact,
            ..Preferences::default()
        };
        let script = script(&preferences, Language::Chinese);
        for part in [
            r#""theme":"dark""#,
            r#""lang":"zh-CN""#,
            r#""density":"compact""#,
        ] {
            assert!(script.contains(part), "{script}");
        }
        assert!(!script.contains("__BOOT__)"), "{script}");
    }

    #[test]
    fn the_background_is_that_of_the_theme() {
        let light = tauri::Theme::Light;
        let dark = tauri::Theme::Dark;
        assert_eq!(
            background(Theme::Dark, light),
            background(Theme::System, dark)
        );
        assert_eq!(
            background(Theme::Light, dark),
            background(Theme::System, light)
        );
        assert_ne!(
            background(Theme::Contrast, light),
            background(Theme::Light, light)
        );
    }
}
