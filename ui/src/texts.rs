//! The texts of the chosen language, for every component: `let words = use_words();` and
//! `t!(words, "draft-new")`. A component that uses them is drawn again when the language changes.

use std::fmt;
use std::rc::Rc;

use stoa_l10n::{Texts, Value};
use yew::prelude::*;

/// The texts of one language, cheap to hand around.
#[derive(Clone)]
pub(crate) struct Words(Rc<Texts>);

impl PartialEq for Words {
    fn eq(&self, other: &Self) -> bool {
        self.tag() == other.tag()
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Words({})", self.tag())
    }
}

impl Words {
    /// The texts for a BCP 47 tag.
    pub(crate) fn new(tag: &str) -> Self {
        Self(Rc::new(Texts::new(tag)))
    }

    pub(crate) fn tag(&self) -> &'static str {
        self.0.tag()
    }

    pub(crate) fn get(&self, key: &str) -> AttrValue {
        AttrValue::from(self.0.get(key).into_owned())
    }

    pub(crate) fn with(&self, key: &str, args: &[(&'static str, Value<'_>)]) -> AttrValue {
        AttrValue::from(self.0.get_with(key, args))
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.0.has(key)
    }
}

/// The texts of the language that is chosen now.
#[hook]
pub(crate) fn use_words() -> Words {
    use_context::<Words>().unwrap_or_else(|| Words::new("en"))
}

/// A text by its key, with named values put in.
#[macro_export]
macro_rules! t {
    ($words:expr, $key:literal) => { $words.get($key) };
    ($words:expr, $key:literal, $($name:ident = $value:expr),+ $(,)?) => {
        $words.with($key, &[$((stringify!($name), stoa_l10n::Value::from($value))),+])
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_handles_on_one_language_are_equal() {
        assert_eq!(Words::new("zh-TW"), Words::new("zh-CN"));
        assert_ne!(Words::new("en"), Words::new("zh-CN"));
    }
}
