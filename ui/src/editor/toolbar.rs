//! The toolbar: one tab stop, arrows inside, pressed where the cursor stands.

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

/// In groups, with a line between.
const GROUPS: [&[Tool]; 5] = [
    &[tool("h2", "heading", "tool-heading")],
    &[
        tool("bold", "bold", "tool-strong"),
        tool("italic", "italic", "tool-em"),
        tool("strike", "strikethrough", "tool-strike"),
        tool("code", "code", "tool-code"),
        tool("link", "link", "tool-link"),
    ],
    &[
        tool("bullet", "list", "tool-bullet-list"),
        tool("ordered", "list-ordered", "tool-ordered-list"),
        tool("task", "list-todo", "tool-task-list"),
        tool("quote", "quote", "tool-blockquote"),
        tool("codeblock", "code-xml", "tool-code-block"),
    ],
    &[
        tool("image", "image", "tool-image"),
        tool("table", "table", "tool-table"),
        tool("hr", "minus", "tool-rule"),
        tool("paywall", "separator-horizontal", "tool-paywall"),
    ],
    &[tool("comment", "message-square", "tool-comment")],
];

#[derive(Properties, PartialEq)]
pub(crate) struct ToolbarProps {
    pub(crate) marks: Marks,
    pub(crate) onrun: Callback<&'static str>,
}

#[component]
pub(crate) fn Toolbar(props: &ToolbarProps) -> Html {
    let words = use_words();
    let stop = use_state_eq(|| 0_usize);
    let node = use_node_ref();
    let n = GROUPS.iter().map(|group| group.len()).sum::<usize>();
    let onkeydown = {
        let (stop, node) = (stop.clone(), node.clone());
        Callback::from(move |event: KeyboardEvent| {
            let Some(next) = next_stop(&event.key(), *stop, n) else {
                return;
            };
            event.prevent_default();
            stop.set(next);
            focus_tool(&node, next);
        })
    };
    let mut index = 0;
    let mut draw = |tool: &Tool| {
        let (command, here) = (tool.command, index);
        index += 1;
        let onclick = props.onrun.reform(move |_: MouseEvent| command);
        let label = words.get(tool.text_key);
        html! {
            <button type="button" class="tool" aria-label={label.clone()} title={label} {onclick}
                aria-pressed={props.marks.has(command).to_string()} tabindex={if *stop == here { "0" } else { "-1" }}
                onmousedown={|event: MouseEvent| event.prevent_default()} data-testid={format!("tool-{command}")}>
                <Icon name={tool.icon} />
            </button>
        }
    };
    let mut content: Vec<Html> = Vec::new();
    for (number, group) in GROUPS.iter().enumerate() {
        if number > 0 {
            content.push(html! { <span class="tool-line" aria-hidden="true"></span> });
        }
        content.extend(group.iter().map(&mut draw));
    }
    html! {
        <div ref={node} class="toolbar" role="toolbar" aria-label={words.get("toolbar")} {onkeydown}>{ content }</div>
    }
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
            || html! { <Toolbar marks={Marks::of(&["bold"])} onrun={Callback::noop()} /> },
        );
        assert_eq!(markup.matches("tabindex=\"0\"").count(), 1);
        assert_eq!(markup.matches("aria-pressed=\"true\"").count(), 1);
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
            for tool in GROUPS.iter().flat_map(|group| group.iter()) {
                assert!(words.has(tool.text_key), "{language} {}", tool.text_key);
            }
        }
    }
}
