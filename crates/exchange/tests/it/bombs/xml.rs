//! WordPress' exports.

use super::Made;

const HEAD: &str = "<rss xmlns:wp=\"http://wordpress.org/export/1.2/\"><channel>";

fn export(items: &str) -> Vec<u8> {
    format!("{HEAD}{items}</channel></rss>").into_bytes()
}

/// An export with declarations before it and a title of one post.
fn declaring(declared: &str, title: &str) -> Vec<u8> {
    let post = format!("<item><wp:post_id>1</wp:post_id><title>{title}</title></item>");
    format!("<!DOCTYPE rss [{declared}]>{HEAD}{post}</channel></rss>").into_bytes()
}

fn post(content: &str) -> Vec<u8> {
    export(&format!(
        "<item><wp:post_id>1</wp:post_id><content:encoded><![CDATA[{content}]]></content:encoded></item>"
    ))
}

/// A billion of the first one.
fn laughs() -> Vec<u8> {
    let each = |n: usize| format!("<!ENTITY a{n} \"{}\">", format!("&a{};", n - 1).repeat(10));
    let all: String = (1..30).map(each).collect();
    declaring(&format!("<!ENTITY a0 \"ha\">{all}"), "&a29;")
}

pub(super) const MADE: &[Made] = &[
    ("a billion laughs", "a.xml", laughs),
    ("one long entity named often", "a.xml", || {
        let entity = format!("<!ENTITY a \"{}\">", "x".repeat(10_000));
        declaring(&entity, &"&a;".repeat(300_000))
    }),
    ("entities from elsewhere", "a.xml", || {
        let file =
            "<!ENTITY a SYSTEM \"file:///dev/zero\"><!ENTITY % b SYSTEM \"file:///dev/zero\">%b;";
        declaring(file, "&a;")
    }),
    ("entities that name themselves", "a.xml", || {
        declaring(
            "<!ENTITY a \"&b;\"><!ENTITY b \"&a;\">",
            &"&a;".repeat(100_000),
        )
    }),
    ("declarations in each other", "a.xml", || {
        declaring(&"<!ELEMENT a [".repeat(4_000), "x")
    }),
    ("elements too deep", "a.xml", || {
        export(&format!("<item>{}", "<x>".repeat(1_000_000)))
    }),
    (
        "elements too deep, at the limit again and again",
        "a.xml",
        || {
            let deep = "<x>".repeat(90) + &"</x>".repeat(90);
            export(&format!("<item>{}</item>", deep.repeat(2_000)))
        },
    ),
    ("many attributes", "a.xml", || {
        let attributes: String = (0..200_000).map(|n| format!(" a{n}=\"\"")).collect();
        export(&format!("<item{attributes}/>"))
    }),
    ("a comment without an end", "a.xml", || {
        export(&format!("<!--{}", "<!-- ".repeat(500_000)))
    }),
    ("a stretch without an end", "a.xml", || {
        export(&format!("<![CDATA[{}", "]] ".repeat(500_000)))
    }),
    ("an instruction without an end", "a.xml", || {
        export(&format!("<?{}", "? ".repeat(500_000)))
    }),
    ("a title of references", "a.xml", || {
        declaring("", &"&#x41;".repeat(500_000))
    }),
    ("a title of ampersands", "a.xml", || {
        declaring("", &"&".repeat(1_000_000))
    }),
    ("shortcodes in each other", "a.xml", || {
        post(&"[caption a=b]".repeat(100_000))
    }),
    ("shortcodes without an end", "a.xml", || {
        post(&"[gallery ids=\"1,".repeat(100_000))
    }),
    ("a page in a post", "a.xml", || {
        post(&"<div>".repeat(300_000))
    }),
    ("blocks in a post", "a.xml", || {
        post(&"<!-- wp:group {\"a\":".repeat(50_000))
    }),
    ("many posts without a word", "a.xml", || {
        let item = |n: usize| format!("<item><wp:post_id>{n}</wp:post_id></item>");
        export(&(0..20_000).map(item).collect::<String>())
    }),
    ("many words for one post", "a.xml", || {
        let one = |n: usize| format!("<category domain=\"post_tag\"><![CDATA[{n}]]></category>");
        let all: String = (0..50_000).map(one).collect();
        export(&format!("<item><wp:post_id>1</wp:post_id>{all}</item>"))
    }),
    ("many fields of one post", "a.xml", || {
        let one = |n: usize| {
            format!(
                "<wp:postmeta><wp:meta_key>{n}</wp:meta_key><wp:meta_value>x</wp:meta_value></wp:postmeta>"
            )
        };
        let all: String = (0..20_000).map(one).collect();
        export(&format!("<item><wp:post_id>1</wp:post_id>{all}</item>"))
    }),
];
