//! What is written, read and written again.

use super::*;

const PAGE: &str = "{{infobox island
| Area = 41.3 km²
| Joined to = [[Oster (island)|Oster]], [[Pell]]
}}

**Brae** is an island. Salt is made at [[Brae Saltworks]]
since 1702, see [[/desk/issues|the desk]].

## Ferries
{{note Times are for summer.}}

{{table Lines
| Line | To | Minutes
| 1 | [[Oster (island)|Oster]] | 1,204
| 2 | a \\| b | 98
}}

### Winter

- one ''only''
- two

1. first
2. second

{{category Harbours}}
";

fn read(source: &str) -> Document {
    let (document, faults) = parse(source);
    assert_eq!(faults, Vec::new(), "{source}");
    document
}

#[test]
fn reads_everything_that_it_documents() {
    let page = read(PAGE);
    let infobox = page.infobox.as_ref().unwrap();
    assert_eq!(infobox.kind, "island");
    assert_eq!(infobox.text("Area").unwrap(), "41.3 km²");
    assert_eq!(infobox.links("Joined to")[0].target, "Oster (island)");
    assert_eq!(page.categories, ["Harbours"]);
    assert_eq!(page.lead.len(), 1);
    let headings: Vec<_> = page
        .sections
        .iter()
        .map(|section| (section.level, section.heading.as_str()))
        .collect();
    assert_eq!(headings, [(2, "Ferries"), (3, "Winter")]);
    let table = page.table("Lines").unwrap();
    assert_eq!(table.columns, ["Line", "To", "Minutes"]);
    assert_eq!(table.cell(0, 1), "Oster");
    assert_eq!(table.cell(1, 1), "a | b");
    assert_eq!(page.sections[1].blocks.len(), 2);
    let places: Vec<Place> = page.links().iter().map(|(place, _)| *place).collect();
    assert_eq!(
        places,
        [
            Place::Infobox,
            Place::Infobox,
            Place::Text,
            Place::Text,
            Place::Table
        ]
    );
}

#[test]
fn what_is_written_again_reads_the_same() {
    let page = read(PAGE);
    for section in &page.sections {
        let again = read(&print_blocks(&section.blocks, true));
        assert_eq!(again.lead, section.blocks);
    }
    let hard = vec![Inline::Text("a [[b]] **c** ''d'' \\ | e".into())];
    assert_eq!(parse_inline(&print_inline(&hard)).0, hard);
}

#[test]
fn what_is_wrong_is_named_with_its_line_and_stays_readable() {
    let faults = |source: &str| {
        let (_, faults) = parse(source);
        faults
            .into_iter()
            .map(|fault| (fault.line, fault.message))
            .collect::<Vec<_>>()
    };
    assert_eq!(faults("text\n\n{{table T\n| a | b\n| 1")[0].0, 5);
    assert!(
        faults("{{table T\n| a | b\n| 1\n}}")[0]
            .1
            .contains("1 cells")
    );
    assert!(
        faults("{{infobox island\n| Area\n}}")[0]
            .1
            .contains("Field = value")
    );
    assert!(faults("see [[Brae")[0].1.contains("not closed"));
    assert!(faults("{{picture x}}")[0].1.contains("no block"));
    assert!(
        faults("[[/etc/passwd|x]]")[0]
            .1
            .contains("site of the company")
    );
    assert!(
        faults("[[//evil.example/|x]]")[0]
            .1
            .contains("site of the company")
    );
    assert!(
        faults("{{table T\n| a\n}}\n{{table T\n| a\n}}")[0]
            .1
            .contains("same caption")
    );
}

#[test]
fn html_is_only_text() {
    let page = read("<script>alert(1)</script> <b>x</b>");
    let Block::Paragraph(inlines) = &page.lead[0] else {
        panic!("{page:?}")
    };
    assert_eq!(plain(inlines), "<script>alert(1)</script> <b>x</b>");
}

#[test]
fn a_section_is_replaced_alone() {
    let spans = section_spans(PAGE);
    assert_eq!(spans.len(), 2);
    assert!(
        spans[0].text(PAGE).contains("### Winter"),
        "it holds its part"
    );
    let replaced = replace_span(PAGE, &spans[1], "### Winter\n\nNone.");
    let page = read(&replaced);
    assert_eq!(page.sections[1].blocks.len(), 1);
    assert_eq!(page.sections[0], read(PAGE).sections[0]);
    let first = replace_span(
        "## A\n\nx\n\n## B\n\ny",
        &section_spans("## A\n\nx\n\n## B\n\ny")[0],
        "## A\n\nz",
    );
    assert_eq!(first, "## A\n\nz\n\n## B\n\ny");
}

#[test]
fn a_table_is_replaced_alone() {
    let span = table_span(PAGE, "Lines").unwrap();
    let mut table = read(PAGE).table("Lines").unwrap().clone();
    table.rows.swap(0, 1);
    let replaced = replace_span(PAGE, &span, &print_table(&table));
    let page = read(&replaced);
    assert_eq!(page.table("Lines"), Some(&table));
    assert_eq!(page.lead, read(PAGE).lead);
    assert_eq!(table_span(PAGE, "Other"), None);
}
