use stoa_exchange::{FileRef, Files, Format, Limits, ProblemCode, read_file};

use crate::{codes, import, post, zip};

const STYLES: &str = r#"<w:styles xmlns:w="w">
<w:style w:styleId="1"><w:name w:val="heading 1"/></w:style>
<w:style w:styleId="2"><w:name w:val="heading 2"/></w:style>
<w:style w:styleId="3"><w:name w:val="own"/><w:basedOn w:val="2"/></w:style>
<w:style w:styleId="T"><w:name w:val="Title"/></w:style>
<w:style w:styleId="Q"><w:name w:val="Quote"/></w:style>
<w:style w:styleId="P"><w:name w:val="HTML Preformatted"/></w:style>
<w:style w:styleId="C" w:type="character"><w:name w:val="HTML Code"/></w:style>
</w:styles>"#;
const NUMBERING: &str = r#"<w:numbering xmlns:w="w">
<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum>
<w:num w:numId="5"><w:abstractNumId w:val="0"/></w:num></w:numbering>"#;
const RELS: &str = r#"<Relationships>
<Relationship Id="r1" Target="https://a.b/c" TargetMode="External"/>
<Relationship Id="r2" Target="media/image1.png"/>
<Relationship Id="r3" Target="javascript:alert(1)"/>
<Relationship Id="r4" Target="media/gone.png"/></Relationships>"#;
const NOTES: &str = r#"<w:footnotes xmlns:w="w"><w:footnote w:id="-1"><w:p/></w:footnote>
<w:footnote w:id="7"><w:p><w:r><w:t>A note.</w:t></w:r></w:p></w:footnote></w:footnotes>"#;
const CORE: &str = r#"<cp:coreProperties><dc:title>Other</dc:title><dc:creator>Ann</dc:creator>
<cp:keywords>a; b</cp:keywords><dcterms:created>2024-03-01T00:00:00Z</dcterms:created>
<cp:lastModifiedBy>Bob</cp:lastModifiedBy></cp:coreProperties>"#;

fn document(body: &str) -> Vec<u8> {
    let xml = format!("<w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>");
    zip(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("word/document.xml", xml.as_bytes()),
        ("word/styles.xml", STYLES.as_bytes()),
        ("word/numbering.xml", NUMBERING.as_bytes()),
        ("word/_rels/document.xml.rels", RELS.as_bytes()),
        ("word/footnotes.xml", NOTES.as_bytes()),
        ("docProps/core.xml", CORE.as_bytes()),
        ("word/media/image1.png", b"picture"),
    ])
}

fn paragraph(properties: &str, text: &str) -> String {
    format!("<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
}

#[track_caller]
fn check(body: &str, expected: &str) {
    let imported = import(&mut Files::single("课.docx", document(body)), Format::Docx);
    assert_eq!(imported.posts[0].markdown, expected);
}

#[test]
fn properties_and_title_are_those_of_the_document() {
    let body = paragraph("<w:pStyle w:val=\"T\"/>", "课程 一") + &paragraph("", "text");
    let imported = import(&mut Files::single("课.docx", document(&body)), Format::Docx);
    let course = post(&imported, "课程 一");
    assert_eq!(course.markdown, "text\n");
    assert_eq!(
        (&course.authors[..], &course.tags[..]),
        (
            &["Ann".to_owned()][..],
            &["a".to_owned(), "b".to_owned()][..]
        )
    );
    assert_eq!(course.created_at, Some(1_709_251_200_000));
    assert_eq!(course.unknown["lastModifiedBy"], "Bob");
}

#[test]
fn styles_lists_and_tables_have_their_form() {
    check(
        &(paragraph("<w:pStyle w:val=\"3\"/>", "Part")
            + &paragraph("<w:pStyle w:val=\"Q\"/>", "said")),
        "## Part\n\n> said\n",
    );
    let entry = |level: u8, text: &str| {
        let numbers =
            format!("<w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"5\"/></w:numPr>");
        paragraph(&numbers, text)
    };
    check(
        &(entry(0, "a") + &entry(1, "b") + &entry(1, "c") + &entry(0, "d")),
        "- a\n  1. b\n  2. c\n- d\n",
    );
    let line = |text: &str| paragraph("<w:pStyle w:val=\"P\"/>", text);
    check(
        &(line("let a;") + &line("") + &line("b")),
        "```\nlet a;\n\nb\n```\n",
    );
    let cell = |text: &str| format!("<w:tc>{}</w:tc>", paragraph("", text));
    let row = |a: &str, b: &str| format!("<w:tr>{}{}</w:tr>", cell(a), cell(b));
    check(
        &format!("<w:tbl>{}{}</w:tbl>", row("x", "y"), row("1", "2|3")),
        "| x | y |\n| --- | --- |\n| 1 | 2\\|3 |\n",
    );
}

#[test]
fn marks_links_notes_and_pictures_are_kept() {
    let run = |properties: &str, text: &str| {
        format!("<w:r><w:rPr>{properties}</w:rPr><w:t xml:space=\"preserve\">{text}</w:t></w:r>")
    };
    let body = format!(
        "<w:p>{}{}{}{}{}<w:hyperlink r:id=\"r1\">{}</w:hyperlink><w:hyperlink r:id=\"r3\">{}</w:hyperlink>\
         <w:r><w:footnoteReference w:id=\"7\"/></w:r><w:r><w:br/><w:delText>gone</w:delText></w:r>\
         <w:r><w:drawing><wp:docPr descr=\"A cat\"/><a:blip r:embed=\"r2\"/></w:drawing></w:r>\
         <w:r><w:pict><v:imagedata r:id=\"r4\"/></w:pict></w:r></w:p>",
        run("<w:b/>", "bo"),
        run("<w:b/>", "ld "),
        run("<w:i/><w:b w:val=\"0\"/>", "it"),
        run("<w:strike/>", " st"),
        run("<w:rStyle w:val=\"C\"/>", "co*de"),
        run("", "link"),
        run("", "bad"),
    );
    let mut source = Files::single("docs/a.docx", document(&body));
    let imported = import(&mut source, Format::Docx);
    let a = &imported.posts[0];
    assert_eq!(
        a.markdown,
        "**bold** *it* ~~st~~`co*de`[link](https://a.b/c)bad[^1]\\\n\
         ![A cat](stoa:file/docs/a.docx/word/media/image1.png)\n\n[^1]: A note.\n"
    );
    assert_eq!(
        a.files,
        [FileRef::Entry(
            "docs/a.docx/word/media/image1.png".to_owned()
        )]
    );
    assert_eq!(codes(&imported), [ProblemCode::MissingFile]);
    let path = "docs/a.docx/word/media/image1.png";
    let bytes = read_file(&mut source, path, 100, &Limits::default()).unwrap();
    assert_eq!(bytes, b"picture");
}

#[test]
fn fields_that_link_are_links() {
    check(
        "<w:p><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText> HYPERLINK \"https://a.b/\" </w:instrText></w:r>\
         <w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>x</w:t></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r>\
         <w:r><w:t> y</w:t></w:r></w:p>",
        "[x](https://a.b/) y\n",
    );
}

#[test]
fn a_document_that_is_none_stops_no_other() {
    let mut source: Files = [
        ("a.docx".to_owned(), b"no zip".to_vec()),
        ("b.docx".to_owned(), zip(&[("x", b"y")])),
        ("c.docx".to_owned(), document(&paragraph("", "fine"))),
    ]
    .into_iter()
    .collect();
    let imported = import(&mut source, Format::Docx);
    assert_eq!(imported.posts.len(), 1);
    assert_eq!(codes(&imported), [ProblemCode::Unreadable; 2]);
}
