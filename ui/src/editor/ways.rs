//! How one writes on this computer: the caret's line in the middle, all but the present paragraph
//! dimmed. Remembered in the window, as the widths of its panes are.

use yew::prelude::*;

use super::pane::SharedSession;
use crate::commands::use_command;

const STORED: &str = "stoa-writing";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Writing {
    pub(crate) typewriter: bool,
    pub(crate) focus: bool,
}

impl Writing {
    fn parse(text: &str) -> Self {
        let has = |name: &str| text.split(' ').any(|word| word == name);
        Self {
            typewriter: has("typewriter"),
            focus: has("focus"),
        }
    }

    fn written(self) -> String {
        let ways = [(self.typewriter, "typewriter"), (self.focus, "focus")];
        let chosen: Vec<&str> = ways
            .iter()
            .filter(|(on, _)| *on)
            .map(|(_, name)| *name)
            .collect();
        chosen.join(" ")
    }

    fn remembered() -> Self {
        let storage = web_sys::window().and_then(|window| window.local_storage().ok()?);
        let text = storage.and_then(|storage| storage.get_item(STORED).ok()?);
        text.map_or_else(Self::default, |text| Self::parse(&text))
    }

    fn remember(self) {
        let storage = web_sys::window().and_then(|window| window.local_storage().ok()?);
        if let Some(storage) = storage {
            // A full storage only forgets how one writes.
            let _ = storage.set_item(STORED, &self.written());
        }
    }
}

/// How one writes, with the commands that change it; a new editor is told as soon as it is there.
#[hook]
pub(crate) fn use_writing(session: &SharedSession, is_shown: bool) -> Writing {
    let writing = use_state_eq(Writing::remembered);
    let change = |changed: Writing| {
        let setter = writing.setter();
        Callback::from(move |()| {
            changed.remember();
            setter.set(changed);
        })
    };
    let now = *writing;
    let typewriter = change(Writing {
        typewriter: !now.typewriter,
        ..now
    });
    let focus = change(Writing {
        focus: !now.focus,
        ..now
    });
    use_command("editor.typewriter", true, typewriter);
    use_command("editor.focus", true, focus);
    let session = session.clone();
    use_effect_with((now, is_shown), move |(now, _)| {
        session.with(|session| session.with_editor(|editor| editor.set_writing(*now)));
    });
    now
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_comes_back() {
        for (typewriter, focus) in [(false, false), (true, false), (false, true), (true, true)] {
            let writing = Writing { typewriter, focus };
            assert_eq!(Writing::parse(&writing.written()), writing);
        }
        assert_eq!(Writing::parse("something else"), Writing::default());
    }
}
