//! Word documents: a zip of XML, so both can be in one.

use super::Made;
use crate::zip;

fn document(body: &str) -> Vec<u8> {
    with(body, &[])
}

/// A document with other parts beside its text.
fn with(body: &str, others: &[(&str, &str)]) -> Vec<u8> {
    let text = format!("<w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>");
    let mut parts = vec![("word/document.xml", text.as_bytes())];
    parts.extend(others.iter().map(|(name, text)| (*name, text.as_bytes())));
    zip(&parts)
}

fn zeros(part: &str) -> Vec<u8> {
    let zeros = vec![0; 10 * 1024 * 1024];
    match part {
        "word/document.xml" => zip(&[(part, &zeros)]),
        _ => zip(&[("word/document.xml", b"<w:document/>"), (part, &zeros)]),
    }
}

const NOTE: &str = "<w:r><w:footnoteReference w:id=\"1\"/></w:r>";

pub(super) const MADE: &[Made] = &[
    ("a text of zeros", "a.docx", || zeros("word/document.xml")),
    ("styles of zeros", "a.docx", || zeros("word/styles.xml")),
    ("a picture of zeros", "a.docx", || {
        zeros("word/media/image1.png")
    }),
    ("a document that laughs", "a.docx", || {
        let each = |n: usize| format!("<!ENTITY a{n} \"{}\">", format!("&a{};", n - 1).repeat(10));
        let all: String = (1..30).map(each).collect();
        let text = format!(
            "<!DOCTYPE x [<!ENTITY a0 \"ha\">{all}]><w:document><w:body><w:p><w:r><w:t>&a29;</w:t></w:r></w:p></w:body></w:document>"
        );
        zip(&[("word/document.xml", text.as_bytes())])
    }),
    ("tables in tables", "a.docx", || {
        document(&"<w:tbl><w:tr><w:tc>".repeat(30_000))
    }),
    (
        "tables as deep as may be, again and again",
        "a.docx",
        || {
            let deep =
                "<w:tbl><w:tr><w:tc><w:p/>".repeat(30) + &"</w:tc></w:tr></w:tbl>".repeat(30);
            document(&deep.repeat(200))
        },
    ),
    ("a wide table", "a.docx", || {
        let head = "<w:tc><w:tcPr><w:gridSpan w:val=\"4000000000\"/></w:tcPr><w:p/></w:tc>";
        let rows = "<w:tr><w:tc><w:p/></w:tc></w:tr>".repeat(20_000);
        document(&format!(
            "<w:tbl><w:tr>{}</w:tr>{rows}</w:tbl>",
            head.repeat(2_000)
        ))
    }),
    ("many paragraphs", "a.docx", || {
        document(&"<w:p><w:r><w:t>a</w:t></w:r></w:p>".repeat(50_000))
    }),
    ("many pieces of one paragraph", "a.docx", || {
        let two = "<w:r><w:rPr><w:b/></w:rPr><w:t>a</w:t></w:r><w:r><w:t>b</w:t></w:r>";
        document(&format!("<w:p>{}</w:p>", two.repeat(30_000)))
    }),
    ("fields without an end", "a.docx", || {
        let begin = "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText>HYPERLINK \"x</w:instrText></w:r>";
        document(&format!("<w:p>{}</w:p>", begin.repeat(30_000)))
    }),
    ("lists of every depth", "a.docx", || {
        let item = |n: usize| {
            format!(
                "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"{}\"/><w:numId w:val=\"1\"/></w:numPr></w:pPr><w:r><w:t>a</w:t></w:r></w:p>",
                n % 5_000
            )
        };
        document(&(0..20_000).map(item).collect::<String>())
    }),
    ("styles that rest on each other", "a.docx", || {
        let style = |n: usize| {
            format!(
                "<w:style w:styleId=\"{n}\"><w:name w:val=\"a\"/><w:basedOn w:val=\"{}\"/></w:style>",
                (n + 1) % 20_000
            )
        };
        let all: String = (0..20_000).map(style).collect();
        let styles = format!("<w:styles xmlns:w=\"w\">{all}</w:styles>");
        let paragraph = |n: usize| {
            format!("<w:p><w:pPr><w:pStyle w:val=\"{n}\"/></w:pPr><w:r><w:t>a</w:t></w:r></w:p>")
        };
        let body: String = (0..20_000).map(paragraph).collect();
        with(&body, &[("word/styles.xml", &styles)])
    }),
    ("one long note named often", "a.docx", || {
        let note = format!(
            "<w:footnotes xmlns:w=\"w\"><w:footnote w:id=\"1\"><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:footnote></w:footnotes>",
            "x".repeat(500_000)
        );
        with(
            &format!("<w:p>{}</w:p>", NOTE.repeat(30_000)),
            &[("word/footnotes.xml", &note)],
        )
    }),
    ("a note that names itself", "a.docx", || {
        let note = format!(
            "<w:footnotes xmlns:w=\"w\"><w:footnote w:id=\"1\"><w:p>{}</w:p></w:footnote></w:footnotes>",
            NOTE.repeat(10_000)
        );
        with(
            &format!("<w:p>{NOTE}</w:p>"),
            &[("word/footnotes.xml", &note)],
        )
    }),
    ("many links", "a.docx", || {
        let link = |n: usize| format!("<Relationship Id=\"r{n}\" Target=\"https://a.b/{n}\"/>");
        let links = format!(
            "<Relationships>{}</Relationships>",
            (0..50_000).map(link).collect::<String>()
        );
        with("<w:p/>", &[("word/_rels/document.xml.rels", &links)])
    }),
];
