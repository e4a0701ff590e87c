//! Pages, notes, fields and JSON.

use super::Made;

pub(super) const HTML: &[fn() -> String] = &[
    || "<div>".repeat(100_000) + "x",
    || "<b>".repeat(100_000) + "x",
    || "<ul><li>".repeat(50_000) + "x",
    || "<blockquote><p>".repeat(50_000) + "x",
    || "<table><tr><td>".repeat(50_000) + "x",
    || {
        let attributes: String = (0..200_000).map(|n| format!("a{n} ")).collect();
        format!("<a {attributes}>x</a>")
    },
    || "<p>".repeat(100_000) + &"</div>".repeat(100_000) + "x",
    || {
        format!(
            "<table><tr>{}</tr>{}</table>x",
            "<td>y</td>".repeat(20_000),
            "<tr><td>z</td></tr>".repeat(20_000)
        )
    },
    || "<!--".repeat(100_000) + "-->x",
    || "&".repeat(500_000) + "x",
    || "<b></b>".repeat(300_000) + "x",
    || {
        (0..100_000)
            .map(|n| format!("<img src=\"//a/{n}\">"))
            .collect()
    },
    || "<a href=\"".repeat(50_000) + "\">x",
    || "<b a=1><i b=2><p>".repeat(40_000) + "x",
];

pub(super) const MARKDOWN: &[fn() -> String] = &[
    || "[".repeat(1_000_000),
    || "[[".repeat(500_000),
    || "![](".repeat(300_000),
    || "`".repeat(500_000) + " " + &"``` ` ".repeat(50_000),
    || "%%".repeat(500_001),
    || "<img ".repeat(200_000),
    || "> ".repeat(200_000),
    || "> [!x]".repeat(100_000),
    || "#".repeat(1_000_000),
    || (0..100_000).map(|n| format!(" #a{n}")).collect(),
    || (0..50_000).map(|n| format!("![](http://a/{n})")).collect(),
    || "\\".repeat(1_000_001),
];

fn fields(yaml: &str) -> Vec<u8> {
    format!("---\n{yaml}\n---\nx\n").into_bytes()
}

/// Each name stands for ten times the one before.
fn laughing_fields() -> Vec<u8> {
    let mut yaml = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
    for n in 1..12 {
        let ten = vec![format!("*a{}", n - 1); 10].join(",");
        yaml += &format!("a{n}: &a{n} [{ten}]\n");
    }
    fields(&(yaml + "tags: *a11"))
}

fn ghost(posts: &str) -> Vec<u8> {
    format!("{{\"exported_on\": 1, \"data\": {{\"posts\": [{posts}").into_bytes()
}

pub(super) const MADE: &[Made] = &[
    ("fields that laugh", "a.md", laughing_fields),
    ("fields that merge themselves", "a.md", || {
        fields(&format!("a: &a {{b: 1}}\n{}", "<<: *a\n".repeat(100_000)))
    }),
    ("fields too deep", "a.md", || {
        fields(&format!("tags: {}", "[".repeat(500_000)))
    }),
    ("fields in steps", "a.md", || {
        let steps: String = (0..1_000).map(|n| " ".repeat(n) + "a:\n").collect();
        fields(&steps)
    }),
    ("fields without an end", "a.md", || {
        format!("---\n{}", "a: b\n".repeat(300_000)).into_bytes()
    }),
    ("many fields", "a.md", || {
        let many: String = (0..100_000).map(|n| format!("a{n}: 1\n")).collect();
        fields(&many)
    }),
    ("lists too deep", "a.json", || ghost(&"[".repeat(1_000_000))),
    ("objects too deep", "a.json", || {
        ghost(&"{\"a\":".repeat(500_000))
    }),
    ("many values", "a.json", || ghost(&"0,".repeat(2_000_000))),
    ("many posts without a word", "a.json", || {
        let post = |n: usize| format!("{{\"id\": {n}}}");
        ghost(&((0..59_000).map(post).collect::<Vec<_>>().join(",") + "]}}"))
    }),
    ("more objects than may be", "a.json", || {
        ghost(&(vec!["{\"id\": 1}"; 200_000].join(",") + "]}}"))
    }),
    ("a long number", "a.json", || ghost(&"9".repeat(3_000_000))),
    ("a text of escapes", "a.json", || {
        ghost(&format!(
            "{{\"id\":1,\"html\":\"{}\"}}]}}}}",
            "\\u00e9".repeat(300_000)
        ))
    }),
    ("a page in a post", "a.json", || {
        ghost(&format!(
            "{{\"id\":1,\"html\":\"{}\"}}]}}}}",
            "<div>".repeat(300_000)
        ))
    }),
];
