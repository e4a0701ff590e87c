//! The one place where keys become commands.
//!
//! Input methods come first: a key that belongs to a composition is never a command, in whichever
//! order a webview sends `compositionend` and the key. Keys of widgets that are not ours are left
//! to them, single letters work only where a list has the focus, and Alt is never used.

use stoa_ipc::{Scope, Shortcut, commands};

use crate::boot::Platform;

/// How long the second key of a sequence like `g c` is waited for.
const SEQUENCE_MS: f64 = 1_500.0;
/// A key so soon after the end of a composition is the key that ended it.
const COMPOSITION_TAIL_MS: f64 = 60.0;

/// A key as the browser tells it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Press {
    pub(crate) key: String,
    pub(crate) ctrl: bool,
    pub(crate) meta: bool,
    pub(crate) shift: bool,
    pub(crate) alt: bool,
    /// `isComposing`, or the key code 229.
    pub(crate) composing: bool,
    /// `timeStamp` of the event.
    pub(crate) at: f64,
}

/// Where the key was pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Nowhere in particular, or on a plain control.
    Page,
    /// In a text field or the editor.
    Text,
    /// In one of our lists.
    List,
    /// In a widget with keys of its own, or with a dialog open.
    Foreign,
}

/// What a key means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    Run(&'static str),
    /// The first key of a sequence.
    Begun,
    /// Not ours.
    Nothing,
}

/// Understands keys, one after the other.
#[derive(Debug, Clone)]
pub(crate) struct Keys {
    platform: Platform,
    begun: Option<(char, f64)>,
    composition_ended_at: Option<f64>,
}

impl Keys {
    pub(crate) fn new(platform: Platform) -> Self {
        Self {
            platform,
            begun: None,
            composition_ended_at: None,
        }
    }

    /// A composition ended; WebKit sends its last key only now, the others have sent it before.
    pub(crate) fn composition_ended(&mut self, at: f64) {
        self.composition_ended_at = Some(at);
    }

    /// Whether a key belongs to an input method.
    pub(crate) fn belongs_to_composition(&self, press: &Press) -> bool {
        let tail = self
            .composition_ended_at
            .is_some_and(|ended| (0.0..COMPOSITION_TAIL_MS).contains(&(press.at - ended)));
        press.composing || tail
    }

    /// What a key means at a place; `letters` is whether single letters may be commands.
    pub(crate) fn understand(&mut self, press: &Press, place: Place, letters: bool) -> Meaning {
        let begun = self
            .begun
            .take()
            .filter(|(_, at)| press.at - at < SEQUENCE_MS);
        if self.belongs_to_composition(press) || press.alt || is_modifier(&press.key) {
            return Meaning::Nothing;
        }
        if let Some(id) = self.chord(press, place) {
            return Meaning::Run(id);
        }
        if place == Place::Text || place == Place::Foreign || self.has_modifier(press) {
            return Meaning::Nothing;
        }
        // Letters and signs can be switched off; Enter, the arrows and Delete are not letters.
        if !letters && only_char(&press.key).is_some() {
            return Meaning::Nothing;
        }
        if let Some((first, _)) = begun
            && let Some(id) = sequence(first, &press.key)
        {
            return Meaning::Run(id);
        }
        self.letter(press, place)
    }

    fn letter(&mut self, press: &Press, place: Place) -> Meaning {
        if let Some(id) = single(&press.key, place) {
            return Meaning::Run(id);
        }
        match only_char(&press.key) {
            Some(first) if begins_sequence(first) => {
                self.begun = Some((first, press.at));
                Meaning::Begun
            }
            _ => Meaning::Nothing,
        }
    }

    fn has_modifier(&self, press: &Press) -> bool {
        press.ctrl || press.meta
    }

    /// A command with `Mod`, or a function key. They work in text too.
    fn chord(&self, press: &Press, place: Place) -> Option<&'static str> {
        let command = match self.platform {
            Platform::Mac => press.meta && !press.ctrl,
            Platform::Other => press.ctrl && !press.meta,
        };
        let found = |shortcut: &Shortcut| {
            let Some(wanted) = Chord::parse(shortcut.0) else {
                return false;
            };
            let modifiers = if wanted.command {
                command
            } else {
                !self.has_modifier(press)
            };
            modifiers && wanted.shift_fits(press) && wanted.is_key(&press.key)
        };
        let spec = commands().iter().find(|spec| spec.keys.iter().any(found))?;
        may_run(spec.scope, spec.id, place).then_some(spec.id)
    }
}

/// With a dialog open nothing behind it is changed; in text, the text's own keys stay its own.
fn may_run(scope: Scope, id: &str, place: Place) -> bool {
    match place {
        // A comparison in a dialog has its changes to go to.
        Place::Foreign => {
            matches!(scope, Scope::Always) && id.starts_with("view.") || id.starts_with("change.")
        }
        Place::Text => {
            !matches!(scope, Scope::Editor | Scope::DraftChosen)
                || matches!(
                    id,
                    "draft.duplicate" | "version.save" | "version.list" | "review.comment"
                )
        }
        // What is marked is marked where one sees it.
        Place::Page => !id.starts_with("list."),
        Place::List => true,
    }
}

struct Chord {
    command: bool,
    shift: bool,
    key: String,
}

impl Chord {
    /// Reads `Mod+Shift+L` or `F6`; `None` for single letters and sequences.
    fn parse(text: &str) -> Option<Self> {
        let mut chord = Chord {
            command: false,
            shift: false,
            key: String::new(),
        };
        let mut rest = text;
        loop {
            if let Some(after) = rest.strip_prefix("Mod+") {
                (chord.command, rest) = (true, after);
            } else if let Some(after) = rest.strip_prefix("Shift+") {
                (chord.shift, rest) = (true, after);
            } else {
                break;
            }
        }
        chord.key = upper(rest);
        let is_function_key = rest.len() > 1 && rest.starts_with('F');
        let is_named_with_shift = chord.shift && rest.len() > 1;
        (chord.command || is_function_key || is_named_with_shift).then_some(chord)
    }

    /// The arrows with `Mod` are the editor's.
    fn is_key(&self, key: &str) -> bool {
        match self.command {
            true => self.key == upper(key),
            false => is_key(&self.key, key),
        }
    }

    /// Signs like `+` need Shift on some keyboards and not on others.
    fn shift_fits(&self, press: &Press) -> bool {
        let is_sign = only_char(&self.key).is_some_and(|c| !c.is_ascii_alphanumeric());
        self.shift == press.shift || is_sign
    }
}

fn single(key: &str, place: Place) -> Option<&'static str> {
    let found = |shortcut: &Shortcut| !shortcut.0.contains([' ', '+']) && is_key(shortcut.0, key);
    let in_list = place == Place::List;
    commands()
        .iter()
        .filter(|spec| spec.keys.iter().any(found))
        .find(|spec| in_list || !matches!(spec.scope, Scope::DraftChosen | Scope::Editor))
        .map(|spec| spec.id)
}

/// `Up` and `Down` are short for what the browser calls `ArrowUp` and `ArrowDown`.
fn is_key(wanted: &str, key: &str) -> bool {
    upper(wanted) == upper(key.strip_prefix("Arrow").unwrap_or(key))
}

fn sequence(first: char, key: &str) -> Option<&'static str> {
    let second = only_char(key)?.to_ascii_lowercase();
    let typed = format!("{first} {second}");
    let is_it = |shortcut: &Shortcut| shortcut.0 == typed;
    commands()
        .iter()
        .find(|spec| spec.keys.iter().any(is_it))
        .map(|spec| spec.id)
}

fn begins_sequence(first: char) -> bool {
    let begins = |shortcut: &Shortcut| {
        let mut chars = shortcut.0.chars();
        chars.next() == Some(first) && chars.next() == Some(' ')
    };
    commands().iter().any(|spec| spec.keys.iter().any(begins))
}

fn only_char(key: &str) -> Option<char> {
    let mut chars = key.chars();
    let first = chars.next()?;
    chars.next().is_none().then_some(first)
}

fn upper(key: &str) -> String {
    key.to_ascii_uppercase()
}

fn is_modifier(key: &str) -> bool {
    matches!(
        key,
        "Shift" | "Control" | "Meta" | "Alt" | "AltGraph" | "CapsLock" | "Process" | "Dead"
    )
}

/// The caps to draw for a shortcut: `⌘` `K` on a Mac, `Ctrl` `K` elsewhere.
pub(crate) fn caps(shortcut: Shortcut, platform: Platform) -> Vec<String> {
    let mac = platform == Platform::Mac;
    let parts = shortcut.0.split([' ', '+']).filter(|part| !part.is_empty());
    let mut caps: Vec<String> = parts
        .map(|part| match part {
            "Mod" => (if mac { "⌘" } else { "Ctrl" }).to_owned(),
            "Shift" => "⇧".to_owned(),
            "Up" => "↑".to_owned(),
            "Down" => "↓".to_owned(),
            "Enter" => "⏎".to_owned(),
            "Delete" => (if mac { "⌦" } else { "Del" }).to_owned(),
            "Backspace" => "⌫".to_owned(),
            other => other.to_ascii_uppercase(),
        })
        .collect();
    if shortcut.0.ends_with("++") {
        caps.push("+".to_owned());
    }
    caps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(text: &str) -> Press {
        let mut press = Press::default();
        let mut rest = text;
        for (name, field) in [("Ctrl+", 0), ("Meta+", 1), ("Shift+", 2), ("Alt+", 3)] {
            if let Some(after) = rest.strip_prefix(name) {
                match field {
                    0 => press.ctrl = true,
                    1 => press.meta = true,
                    2 => press.shift = true,
                    _ => press.alt = true,
                }
                rest = after;
            }
        }
        press.key = rest.to_owned();
        press
    }

    #[track_caller]
    fn check(keys: &mut Keys, text: &str, place: Place, expected: Meaning) {
        assert_eq!(
            keys.understand(&press(text), place, true),
            expected,
            "{text} {place:?}"
        );
    }

    fn linux() -> Keys {
        Keys::new(Platform::Other)
    }

    #[test]
    fn the_modifier_is_the_one_of_the_system() {
        check(
            &mut linux(),
            "Ctrl+k",
            Place::Page,
            Meaning::Run("app.palette"),
        );
        check(&mut linux(), "Meta+k", Place::Page, Meaning::Nothing);
        let mut mac = Keys::new(Platform::Mac);
        check(&mut mac, "Meta+k", Place::Text, Meaning::Run("app.palette"));
        check(&mut mac, "Ctrl+k", Place::Text, Meaning::Nothing);
    }

    #[test]
    fn a_list_is_marked_by_keys_only_while_it_has_the_focus() {
        for (key, id) in [
            ("Ctrl+a", "list.select_all"),
            ("Shift+ArrowDown", "list.extend_next"),
            ("x", "list.select"),
        ] {
            check(&mut linux(), key, Place::List, Meaning::Run(id));
            check(&mut linux(), key, Place::Text, Meaning::Nothing);
        }
        check(&mut linux(), "Ctrl+a", Place::Page, Meaning::Nothing);
        check(
            &mut linux(),
            "ArrowDown",
            Place::List,
            Meaning::Run("list.next"),
        );
    }

    #[test]
    fn keys_of_a_composition_are_never_commands_in_either_order() {
        let mut keys = linux();
        let mut enter = press("Enter");
        enter.composing = true;
        assert_eq!(keys.understand(&enter, Place::List, true), Meaning::Nothing);
        // WebKit: first the end of the composition, then the key that ended it.
        keys.composition_ended(1_000.0);
        enter.composing = false;
        enter.at = 1_004.0;
        assert_eq!(keys.understand(&enter, Place::List, true), Meaning::Nothing);
        enter.at = 1_400.0;
        assert_eq!(
            keys.understand(&enter, Place::List, true),
            Meaning::Run("draft.open")
        );
    }

    #[test]
    fn a_command_key_while_composing_does_nothing() {
        let mut composing = press("Ctrl+k");
        composing.composing = true;
        assert_eq!(
            linux().understand(&composing, Place::Text, true),
            Meaning::Nothing
        );
    }

    #[test]
    fn letters_act_in_lists_only_and_can_be_switched_off() {
        check(&mut linux(), "j", Place::List, Meaning::Run("list.next"));
        check(&mut linux(), "j", Place::Text, Meaning::Nothing);
        check(&mut linux(), "j", Place::Page, Meaning::Nothing);
        check(&mut linux(), "j", Place::Foreign, Meaning::Nothing);
        assert_eq!(
            linux().understand(&press("j"), Place::List, false),
            Meaning::Nothing
        );
        let down = linux().understand(&press("ArrowDown"), Place::List, false);
        assert_eq!(down, Meaning::Run("list.next"));
    }

    #[test]
    fn a_letter_with_ctrl_is_not_the_letter() {
        check(&mut linux(), "Ctrl+j", Place::List, Meaning::Nothing);
        check(&mut linux(), "Ctrl+x", Place::List, Meaning::Nothing);
    }

    #[test]
    fn alt_types_characters_and_runs_nothing() {
        check(&mut linux(), "Alt+j", Place::List, Meaning::Nothing);
        check(&mut linux(), "Ctrl+Alt+k", Place::Page, Meaning::Nothing);
    }

    #[test]
    fn a_sequence_is_two_keys_within_a_moment() {
        let mut keys = linux();
        check(&mut keys, "g", Place::List, Meaning::Begun);
        check(&mut keys, "s", Place::List, Meaning::Run("go.sync"));
        check(&mut keys, "s", Place::List, Meaning::Nothing);
        check(&mut keys, "g", Place::Page, Meaning::Begun);
        let mut late = press("c");
        late.at = 5_000.0;
        assert_eq!(keys.understand(&late, Place::Page, true), Meaning::Nothing);
        check(&mut keys, "g", Place::Text, Meaning::Nothing);
    }

    #[test]
    fn behind_a_dialog_nothing_is_changed() {
        check(&mut linux(), "Ctrl+n", Place::Foreign, Meaning::Nothing);
        check(&mut linux(), "Delete", Place::Foreign, Meaning::Nothing);
        check(
            &mut linux(),
            "Ctrl+=",
            Place::Foreign,
            Meaning::Run("view.zoom_in"),
        );
    }

    #[test]
    fn undo_in_text_is_left_to_the_text() {
        check(&mut linux(), "Ctrl+z", Place::Text, Meaning::Nothing);
        check(
            &mut linux(),
            "Ctrl+z",
            Place::List,
            Meaning::Run("edit.undo"),
        );
        check(
            &mut linux(),
            "Ctrl+Shift+Z",
            Place::Page,
            Meaning::Run("edit.redo"),
        );
    }

    #[test]
    fn signs_are_found_whatever_the_keyboard_needs_to_type_them() {
        check(
            &mut linux(),
            "Ctrl+Shift++",
            Place::Page,
            Meaning::Run("view.zoom_in"),
        );
        check(
            &mut linux(),
            "Ctrl+\\",
            Place::Text,
            Meaning::Run("view.sidebar"),
        );
        check(
            &mut linux(),
            "Shift+?",
            Place::Page,
            Meaning::Run("help.shortcuts"),
        );
        check(
            &mut linux(),
            "Shift+F6",
            Place::Text,
            Meaning::Run("pane.previous"),
        );
        check(&mut linux(), "F6", Place::Text, Meaning::Run("pane.next"));
    }

    #[test]
    fn caps_follow_the_system() {
        let cases = [
            ("Mod+K", "⌘ K", "Ctrl K"),
            ("Mod+Shift+L", "⌘ ⇧ L", "Ctrl ⇧ L"),
            ("g c", "G C", "G C"),
            ("Mod++", "⌘ +", "Ctrl +"),
            ("Down", "↓", "↓"),
        ];
        for (text, mac, other) in cases {
            let shortcut = Shortcut(text);
            assert_eq!(caps(shortcut, Platform::Mac).join(" "), mac);
            assert_eq!(caps(shortcut, Platform::Other).join(" "), other);
        }
    }
}
