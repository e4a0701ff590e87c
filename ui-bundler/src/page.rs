//! The page and the few lines of JavaScript that start the window.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};

use crate::bindings::Program;

/// What `ui/index.html` leaves open, as `{{script}}`, `{{style}}` and `{{icons}}`.
pub(crate) struct Page<'a> {
    /// The file name of the script to load as a module.
    pub(crate) script: &'a str,
    /// The file name of the style sheet.
    pub(crate) style: &'a str,
    /// The icons as one invisible `<svg>` of symbols.
    pub(crate) icons: &'a str,
}

impl Page<'_> {
    pub(crate) fn fill(&self, template: &Path) -> Result<String> {
        let text = fs::read_to_string(template)
            .with_context(|| format!("cannot read {}", template.display()))?;
        self.fill_text(&text)
            .with_context(|| format!("in {}", template.display()))
    }

    fn fill_text(&self, text: &str) -> Result<String> {
        for tag in ["{{script}}", "{{style}}"] {
            if !text.contains(tag) {
                bail!("the page does not say where {tag} goes");
            }
        }
        let filled = text
            .replace("{{script}}", self.script)
            .replace("{{style}}", self.style)
            .replace("{{icons}}", self.icons);
        match filled.split_once("{{") {
            None => Ok(filled),
            Some((_, unknown)) => {
                let name = unknown.split("}}").next().unwrap_or_default();
                bail!("the page asks for an unknown {{{{{name}}}}}")
            }
        }
    }
}

/// Loads the bindings, hands them the wasm and offers the editor, which is
/// fetched only when a draft is opened.
pub(crate) fn boot(program: &Program, editor: &str) -> String {
    let Program { glue, wasm } = program;
    format!(
        "import init from \"./{glue}\";\n\
         globalThis.stoaEditor = () => import(\"./{editor}\");\n\
         await init({{ module_or_path: new URL(\"./{wasm}\", import.meta.url) }});\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: Page<'_> = Page {
        script: "boot-1.js",
        style: "style-2.css",
        icons: "<svg></svg>",
    };

    #[test]
    fn the_page_gets_its_files() {
        let text = "<link href={{style}}><script src={{script}}></script>{{icons}}";
        assert_eq!(
            PAGE.fill_text(text).unwrap(),
            "<link href=style-2.css><script src=boot-1.js></script><svg></svg>"
        );
    }

    #[test]
    fn a_page_without_its_script_is_refused() {
        let error = PAGE.fill_text("{{style}}").unwrap_err().to_string();
        assert!(error.contains("{{script}}"), "{error}");
    }

    #[test]
    fn an_unknown_tag_is_refused() {
        let error = PAGE.fill_text("{{script}}{{style}}{{icon}}").unwrap_err();
        assert!(error.to_string().contains("{{icon}}"), "{error}");
    }

    #[test]
    fn the_start_names_all_three_files() {
        let program = Program {
            glue: "stoa-ui-1.js".into(),
            wasm: "stoa-ui-2.wasm".into(),
        };
        let text = boot(&program, "editor-3.js");
        for name in ["./stoa-ui-1.js", "./stoa-ui-2.wasm", "./editor-3.js"] {
            assert!(text.contains(name), "{text}");
        }
    }
}
