//! The worlds: how much there is, and that it holds together.

use super::*;
use crate::sites::people::MARA;
use crate::sites::shop;
use crate::sites::wiki::markup::{self, Block};
use crate::sites::wiki::queries::{self, categories_of, history, links, members};
use crate::sites::wiki::{invariants, records};

fn world(number: u32) -> WikiState {
    let people = People::of(number);
    base(number, &MARA, &people, &shop::world::base(number))
}

#[test]
fn a_world_is_a_function_of_its_number() {
    assert_eq!(world(1), world(1));
    let titles = |state: &WikiState| state.titles.keys().cloned().collect::<Vec<_>>();
    assert_ne!(titles(&world(1)), titles(&world(2)));
}

#[test]
fn the_world_is_as_large_as_it_should_be() {
    for number in [1, 2, 3] {
        let state = world(number);
        let redirects = state
            .pages
            .values()
            .filter(|page| queries::is_redirect(page))
            .count();
        let articles = state.pages.len() - redirects;
        let tables: usize = state
            .pages
            .values()
            .map(|page| page.content.document.tables().count())
            .sum();
        let boxes = state
            .pages
            .values()
            .filter(|page| page.content.document.infobox.is_some())
            .count();
        let words = |page: &Page| page.content.source.split_whitespace().count();
        assert!(articles >= 150, "{articles} articles");
        assert_eq!(redirects, REDIRECTS);
        assert!(
            state.revisions.len() >= 900,
            "{} revisions",
            state.revisions.len()
        );
        assert!(tables >= 40, "{tables} tables");
        assert!(boxes >= 60, "{boxes} infoboxes");
        assert!(
            state.pages.values().any(|page| words(page) > 9_000),
            "a very long article"
        );
        assert!(state.pages.values().filter(|page| page.protected).count() >= 6);
        assert!(
            state
                .pages
                .values()
                .filter(|page| page.content.document.disambiguation)
                .count()
                >= 7
        );
        assert!(members(&state, "Tunnels").is_empty(), "an empty category");
        assert!(links::wanted(&state).len() >= 60, "wanted pages");
        let longest = queries::page(&state, "List of lighthouses").unwrap();
        assert_eq!(
            longest
                .content
                .document
                .table("Lighthouses")
                .unwrap()
                .rows
                .len(),
            80
        );
    }
}

#[test]
fn every_text_reads_without_faults_and_belongs_somewhere() {
    for number in [1, 2, 3] {
        let state = world(number);
        assert_eq!(invariants::broken(&state, &state), Vec::<String>::new());
        for revision in state.revisions.values() {
            let (_, faults) = markup::parse(&revision.source);
            assert_eq!(faults, Vec::new(), "revision {}", revision.no);
        }
        for page in state
            .pages
            .values()
            .filter(|page| !queries::is_redirect(page))
        {
            let names = categories_of(&state.book, page);
            assert!(!names.is_empty(), "{} has no category", page.title);
            for name in names {
                assert!(queries::category(&state.book, &name).is_some(), "{name}");
            }
        }
    }
}

#[test]
fn what_is_parsed_is_what_was_written() {
    let state = world(1);
    for page in state.pages.values() {
        for block in page.content.document.blocks() {
            let text = markup::print_blocks(std::slice::from_ref(block), true);
            let (again, _) = markup::parse(&text);
            assert_eq!(again.lead, std::slice::from_ref(block), "{text}");
            if let Block::Table(table) = block {
                assert!(markup::table_span(&page.content.source, &table.caption).is_some());
            }
        }
    }
    assert!(records::of(&state).len() > 700);
}

#[test]
fn histories_are_in_order_and_end_with_the_page() {
    let state = world(2);
    for page in state.pages.values() {
        let revisions = history::of(&state, page.id);
        assert_eq!(revisions[0].no, page.latest);
        assert_eq!(revisions[0].source, page.content.source);
        for pair in revisions.windows(2) {
            assert!(pair[0].at > pair[1].at, "{}", page.title);
            assert_ne!(pair[0].source, pair[1].source, "{}", page.title);
        }
    }
}
