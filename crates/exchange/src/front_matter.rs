//! The fields at the top of a note: YAML between `---`, TOML between `+++`.

use serde_json::{Map, Value};

/// Fields beyond these take part in no import.
const MAX_BYTES: usize = 4 * 1024 * 1024;

#[derive(Debug, PartialEq)]
pub(crate) enum FrontMatter<'t> {
    None,
    Fields(Map<String, Value>),
    /// The lines are neither, and why.
    Bad {
        lines: &'t str,
        why: String,
    },
}

/// The fields, and the text below them. One blank line between them belongs to neither.
pub(crate) fn split(text: &str) -> (FrontMatter<'_>, &str) {
    let Some((lines, body, parse)) = fenced(text) else {
        return (FrontMatter::None, text);
    };
    let body = body.strip_prefix('\n').unwrap_or(body);
    if lines.len() > MAX_BYTES {
        let why = format!("more than {MAX_BYTES} bytes");
        return (FrontMatter::Bad { lines, why }, body);
    }
    match parse(lines) {
        Ok(Value::Object(fields)) => (FrontMatter::Fields(fields), body),
        Ok(Value::Null) => (FrontMatter::None, body),
        // A line between two rules, and no fields.
        Ok(_) => (FrontMatter::None, text),
        Err(why) => (FrontMatter::Bad { lines, why }, body),
    }
}

type Parse = fn(&str) -> Result<Value, String>;

fn fenced(text: &str) -> Option<(&str, &str, Parse)> {
    let (rest, ends, parse): (&str, &[&str], Parse) = match text.get(..4)? {
        "---\n" => (&text[4..], &["---", "..."], yaml),
        "+++\n" => (&text[4..], &["+++"], toml),
        _ => return None,
    };
    let mut at = 0;
    for line in rest.split_inclusive('\n') {
        if ends.contains(&line.trim_end()) {
            return Some((&rest[..at], &rest[at + line.len()..], parse));
        }
        at += line.len();
    }
    None
}

fn yaml(lines: &str) -> Result<Value, String> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_aliases: 0,
            max_depth: 64,
            max_nodes: 20_000,
        },
        duplicate_keys: serde_saphyr::DuplicateKeyPolicy::LastWins,
        with_snippet: false,
    };
    serde_saphyr::from_str_with_options(lines, options).map_err(|why| why.to_string())
}

fn toml(lines: &str) -> Result<Value, String> {
    let table: ::toml::Table = ::toml::from_str(lines).map_err(|why| why.to_string())?;
    Ok(json_of(::toml::Value::Table(table)))
}

/// Dates become the text they were.
fn json_of(value: ::toml::Value) -> Value {
    match value {
        ::toml::Value::String(text) => Value::String(text),
        ::toml::Value::Integer(number) => number.into(),
        ::toml::Value::Float(number) => number.into(),
        ::toml::Value::Boolean(is_so) => is_so.into(),
        ::toml::Value::Datetime(time) => time.to_string().into(),
        ::toml::Value::Array(values) => values.into_iter().map(json_of).collect(),
        ::toml::Value::Table(table) => Value::Object(
            table
                .into_iter()
                .map(|(key, value)| (key, json_of(value)))
                .collect(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(text: &str, fields: Value, body: &str) {
        let Value::Object(fields) = fields else {
            panic!("fields are an object")
        };
        assert_eq!(split(text), (FrontMatter::Fields(fields), body));
    }

    #[test]
    fn yaml_and_toml_are_read() {
        check(
            "---\ntitle: 标题\ntags: [a, b]\ndate: 2024-03-01\ndraft: false\nn: 3\n---\n\n正文\n",
            json!({"title": "标题", "tags": ["a", "b"], "date": "2024-03-01", "draft": false, "n": 3}),
            "正文\n",
        );
        check(
            "+++\ntitle = \"T\"\ndate = 2024-03-01T00:00:00Z\n[extra]\nx = [1, 2.5]\n+++\nbody",
            json!({"title": "T", "date": "2024-03-01T00:00:00Z", "extra": {"x": [1, 2.5]}}),
            "body",
        );
    }

    #[test]
    fn a_rule_at_the_top_is_no_front_matter() {
        for text in ["---\nwords\n---\nmore", "---\nopen", "text", "", "--"] {
            assert_eq!(split(text), (FrontMatter::None, text));
        }
    }

    #[test]
    fn bombs_are_bad_front_matter() {
        let mut laughs = "---\na: &a [x, x]\n".to_owned();
        for n in 1..30 {
            laughs.push_str(&format!("a{n}: &a{n} [*a, *a]\n"));
        }
        let deep = format!("---\na: {}\n", "[".repeat(100_000));
        let wide = format!("---\na: [{}]\n", "1,".repeat(50_000));
        let toml = format!("+++\na = {}\n", "[".repeat(100_000));
        for (bomb, end) in [(laughs, "---"), (deep, "---"), (wide, "---"), (toml, "+++")] {
            let text = format!("{bomb}{end}\nbody");
            let (fields, body) = split(&text);
            assert!(matches!(fields, FrontMatter::Bad { .. }), "{bomb:.40}");
            assert_eq!(body, "body");
        }
    }
}
