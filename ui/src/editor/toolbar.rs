//! The toolbar: one tab stop, arrows inside, pressed where the cursor stands. In a table it has what
//! can be done there in the place of blocks, which no cell holds.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};
use yew::prelude::*;

use super::bridge::Marks;
use crate::parts::Icon;
use crate::texts::use_words;

/// A button of the toolbar: the editor's command, its icon, its text.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Tool {
    command: &'static str,
    icon: &'static str,
    text_key: &'static str,
}

const fn tool(command: &'static str, icon: &'static str, text_key: &'static str) -> Tool {
    Tool {
        command,
        icon,
        text_key,
    }
}

/// What lines are made of, wherever they stand.
const INLINE: &[Tool] = &[
    tool("bold", "bold", "tool-strong"),
    tool("italic", "italic", "tool-em"),
    tool("strike", "strikethrough", "tool-strike"),
    tool("code", "code", "tool-code"),
    tool("link", "link", "tool-link"),
];
const COMMENT: &[Tool] = &[tool("comment", "message-square", "tool-comment")];

/// In groups, with a line between.
const GROUPS: [&[Tool]; 5] = [
    &[tool("h2", "heading", "tool-heading")],
    INLINE,
    &[
        tool("bullet", "list", "tool-bullet-list"),
        tool("ordered", "list-ordered", "tool-ordered-list"),
        tool("task", "list-todo", "tool-task-list"),
        tool("quote", "quote", "tool-blockquote"),
        tool("codeblock", "code-xml", "tool-code-block"),
    ],
    &[
        tool("image", "image", "tool-image"),
        tool("file", "paperclip", "tool-file"),
        tool("table", "table", "tool-table"),
        tool("hr", "minus", "tool-rule"),
        tool("paywall", "separator-horizontal", "tool-paywall"),
    ],
    COMMENT,
];

/// While the caret is in a table.
const TABLE_GROUPS: [&[Tool]; 6] = [
    INLINE,
    &[
        tool("row-before", "row-before", "command-table-row-before"),
        tool("row-after", "row-after", "command-table-row-after"),
        tool("row-delete", "row-delete", "command-table-row-delete"),
    ],
    &[
        tool(
            "column-before",
            "column-before",
            "command-table-column-before",
        ),
        tool("column-after", "column-after", "command-table-column-after"),
        tool(
            "column-delete",
            "column-delete",
            "command-table-column-delete",
        ),
    ],
    &[
        tool("align-left", "align-left", "command-table-align-left"),
        tool("align-center", "align-center", "command-table-align-center"),
        tool("align-right", "align-right", "command-table-align-right"),
    ],
    &[tool("table-delete", "trash-2", "command-table-delete")],
    COMMENT,
];

#[derive(Properties, PartialEq)]
pub(crate) struct ToolbarProps {
    pub(crate) marks: Marks,
    /// What can be done to the table with the caret, where there is one.
    pub(crate) table: Option<Marks>,
    pub(crate) onrun: Callback<&'static str>,
}

#[component]
pub(crate) fn Toolbar(props: &ToolbarProps) -> Html {
    let words = use_words();
    let stop = use_state_eq(|| 0_usize);
    let node = use_node_ref();
    let groups: &[&[Tool]] = match props.table {
        Some(_) => &TABLE_GROUPS,
        None => &GROUPS,
    };
    let n = groups.iter().map(|group| group.len()).sum::<usize>();
    let here = (*stop).min(n - 1);
    let onkeydown = {
        let (stop, node) = (stop, node.clone());
        Callback::from(move |event: KeyboardEvent| {
            let Some(next) = next_stop(&event.key(), here, n) else {
                return;
            };
            event.prevent_default();
            stop.set(next);
            focus_tool(&node, next);
        })
    };
    let mut index = 0;
    let mut draw = |tool: &Tool| {
        let (command, is_stop) = (tool.command, index == here);
        index += 1;
        let able = is_able(props.table.as_ref(), command);
        let onclick = match able {
            true => props.onrun.reform(move |_: MouseEvent| command),
            false => Callback::noop(),
        };
        let label = words.get(tool.text_key);
        html! {
            <button type="button" class="tool" aria-label={label.clone()} title={label} {onclick}
                aria-pressed={is_switch(command).then(|| props.marks.has(command).to_string())} tabindex={if is_stop { "0" } else { "-1" }}
                aria-disabled={(!able).then_some("true")}
                onmousedown={|event: MouseEvent| event.prevent_default()} data-testid={format!("tool-{command}")}>
                <Icon name={tool.icon} />
            </button>
        }
    };
    let mut content: Vec<Html> = Vec::new();
    for (number, group) in groups.iter().enumerate() {
        if number > 0 {
            content.push(html! { <span class="tool-line" aria-hidden="true"></span> });
        }
        content.extend(group.iter().map(&mut draw));
    }
    let label = match props.table {
        Some(_) => words.get("toolbar-table"),
        None => words.get("toolbar"),
    };
    html! {
        <div ref={node} class="toolbar" role="toolbar" aria-label={label} {onkeydown} data-table={props.table.is_some().then_some("")}>{ content }</div>
    }
}

/// Whether a tool can be used now: of those for tables the editor says so.
fn is_able(table: Option<&Marks>, command: &str) -> bool {
    let is_for_tables = TABLE_GROUPS[1..5]
        .iter()
        .any(|group| group.iter().any(|tool| tool.command == command));
    !is_for_tables || table.is_some_and(|able| able.has(command))
}

/// Whether a tool is pressed where the cursor stands; rows and columns only come and go.
fn is_switch(command: &str) -> bool {
    !["row-", "column-", "table-"]
        .iter()
        .any(|start| command.starts_with(start))
}

fn next_stop(key: &str, here: usize, n: usize) -> Option<usize> {
    match key {
        "ArrowRight" => Some((here + 1) % n),
        "ArrowLeft" => Some((here + n - 1) % n),
        "Home" => Some(0),
        "End" => Some(n - 1),
        _ => None,
    }
}

fn focus_tool(node: &NodeRef, index: usize) {
    let tools = node
        .cast::<Element>()
        .and_then(|bar| bar.query_selector_all("button").ok());
    let tool = tools.and_then(|tools| tools.item(u32::try_from(index).ok()?));
    if let Some(tool) = tool.and_then(|tool| tool.dyn_into::<HtmlElement>().ok()) {
        // Fails only for an element that is going away.
        let _ = tool.focus();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::drawn;
    use crate::texts::Words;

    #[test]
    fn the_toolbar_is_one_tab_stop_and_tells_what_is_pressed() {
        let markup = drawn(
            "en",
            || html! { <Toolbar marks={Marks::of(&["bold"])} table={None::<Marks>} onrun={Callback::noop()} /> },
        );
        assert_eq!(markup.matches("tabindex=\"0\"").count(), 1);
        assert_eq!(markup.matches("aria-pressed=\"true\"").count(), 1);
        assert!(!markup.contains("row-after") && !markup.contains("aria-disabled"));
    }

    #[test]
    fn in_a_table_it_has_what_can_be_done_there_and_says_what_cannot() {
        let markup = drawn("zh-CN", || {
            let able = Marks::of(&["row-after", "align-center", "table-delete"]);
            html! { <Toolbar marks={Marks::of(&["align-center"])} table={Some(able)} onrun={Callback::noop()} /> }
        });
        assert_eq!(markup.matches("tabindex=\"0\"").count(), 1);
        // Ten tools for tables, of which three can be used.
        assert_eq!(markup.matches("aria-disabled=\"true\"").count(), 7);
        assert_eq!(markup.matches("aria-pressed=\"true\"").count(), 1);
        // The others in the table: three alignments, five kinds of letters and the comment.
        assert_eq!(markup.matches("aria-pressed=").count(), 9);
        assert!(markup.contains("在下方插入行") && !markup.contains("tool-bullet"));
    }

    #[test]
    fn arrows_go_round() {
        assert_eq!(next_stop("ArrowRight", 2, 3), Some(0));
        assert_eq!(next_stop("ArrowLeft", 0, 3), Some(2));
        assert_eq!(next_stop("j", 0, 3), None);
    }

    #[test]
    fn every_tool_has_a_name_in_both_languages() {
        for language in ["en", "zh-CN"] {
            let words = Words::new(language);
            let all = GROUPS.iter().chain(&TABLE_GROUPS);
            for tool in all.flat_map(|group| group.iter()) {
                assert!(words.has(tool.text_key), "{language} {}", tool.text_key);
            }
        }
    }
}
