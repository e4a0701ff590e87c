//! What is known before the studio answers: theme, language, density, system. The shell writes it
//! into the page before any script runs; a browser is asked what its user prefers.

use js_sys::Reflect;
use stoa_ipc::{Density, Language, Preferences, Theme};
use wasm_bindgen::JsValue;
use web_sys::Element;

/// The keys of a system: ⌘ or Ctrl.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Platform {
    Mac,
    Other,
}

/// The first guess at the preferences, and the system.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Boot {
    pub(crate) preferences: Preferences,
    pub(crate) platform: Platform,
}

impl Boot {
    /// Reads what the shell or the browser says.
    pub(crate) fn read() -> Self {
        let language = told("lang").unwrap_or_else(browser_language);
        let theme = told("theme")
            .and_then(|name| named(&name))
            .unwrap_or(Theme::System);
        let density = told("density")
            .and_then(|name| named(&name))
            .unwrap_or(Density::Regular);
        let platform = told("platform").unwrap_or_else(browser_platform);
        Self {
            preferences: Preferences {
                language: Some(Language::from_system_tag(&language)),
                theme,
                density,
                ..Preferences::default()
            },
            platform: platform_named(&platform),
        }
    }
}

/// Puts language, theme and density on `<html>`. A theme that follows the system has no attribute,
/// so that a change of the system shows at once.
pub(crate) fn dress(preferences: &Preferences, language: Language, css_zoom: bool) {
    let Some(root) = root() else { return };
    // These fail only for names that are no attribute names.
    let _ = root.set_attribute("lang", language.tag());
    let _ = match theme_attribute(preferences.theme) {
        Some(theme) => root.set_attribute("data-theme", theme),
        None => root.remove_attribute("data-theme"),
    };
    let _ = root.set_attribute("data-density", density_attribute(preferences.density));
    if css_zoom {
        let zoom = f64::from(preferences.zoom) / 100.0;
        set_style(&root, "zoom", &zoom.to_string());
        set_style(&root, "--zoom", &zoom.to_string());
    }
}

/// Sets one style of an element from a script, which the page's policy allows.
pub(crate) fn set_style(element: &Element, name: &str, value: &str) {
    use wasm_bindgen::JsCast;
    if let Some(element) = element.dyn_ref::<web_sys::HtmlElement>() {
        // Fails only in a document that is going away.
        let _ = element.style().set_property(name, value);
    }
}

/// The element `<html>`.
pub(crate) fn root() -> Option<Element> {
    web_sys::window()?.document()?.document_element()
}

fn theme_attribute(theme: Theme) -> Option<&'static str> {
    match theme {
        Theme::System => None,
        Theme::Light => Some("light"),
        Theme::Dark => Some("dark"),
        Theme::Contrast => Some("contrast"),
    }
}

fn density_attribute(density: Density) -> &'static str {
    match density {
        Density::Compact => "compact",
        Density::Regular => "regular",
        Density::Comfortable => "comfortable",
    }
}

fn told(field: &str) -> Option<String> {
    let window = web_sys::window()?;
    let boot = Reflect::get(&window, &JsValue::from("__STOA_BOOT__")).ok()?;
    Reflect::get(&boot, &JsValue::from(field)).ok()?.as_string()
}

fn named<T: serde::de::DeserializeOwned>(name: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(name.to_owned())).ok()
}

fn browser_language() -> String {
    let navigator = web_sys::window().map(|window| window.navigator());
    navigator.and_then(|n| n.language()).unwrap_or_default()
}

fn browser_platform() -> String {
    let navigator = web_sys::window().map(|window| window.navigator());
    navigator
        .and_then(|n| n.platform().ok())
        .unwrap_or_default()
}

fn platform_named(name: &str) -> Platform {
    if name.to_ascii_lowercase().starts_with("mac") {
        Platform::Mac
    } else {
        Platform::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn systems_are_told_apart_by_their_modifier_key() {
        let cases = [
            ("MacIntel", Platform::Mac),
            ("macos", Platform::Mac),
            ("Linux x86_64", Platform::Other),
            ("windows", Platform::Other),
            ("", Platform::Other),
        ];
        for (name, platform) in cases {
            assert_eq!(platform_named(name), platform, "{name}");
        }
    }

    #[test]
    fn a_theme_that_follows_the_system_sets_no_attribute() {
        assert_eq!(theme_attribute(Theme::System), None);
        assert_eq!(named::<Theme>("contrast"), Some(Theme::Contrast));
        assert_eq!(named::<Theme>("sepia"), None);
    }
}
