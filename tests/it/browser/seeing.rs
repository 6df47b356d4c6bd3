//! What an observation holds.

use agentarena::browser::Browser as _;
use agentarena::domain::action::Action;
use agentarena::domain::viewport::Viewport;
use serde_json::json;

use super::{Stage, Tab, named};

#[tokio::test]
async fn the_tree_of_a_page_with_every_kind_of_element() {
    let stage = Stage::new().await;
    let mut tab = stage.open("/shapes").await;
    let seen = tab.see().await;
    let tree = seen.tree_text().replace(&stage.site.origin, "http://site");
    insta::assert_snapshot!(tree);
    assert!(!seen.truncated);
    tab.close().await;
}

#[tokio::test]
async fn ids_stay_with_their_elements_and_boxes_are_where_they_are() {
    let stage = Stage::new().await;
    let mut tab = stage.open("/shapes").await;
    let (first, second) = (tab.see().await, tab.see().await);
    assert_eq!(first, second);
    let low = named(&first, "Far below");
    assert!(!low.in_view && low.bbox.unwrap()[1] > 720.0, "{low:?}");
    let inner = named(&first, "Framed button");
    let frame = named(&first, "Inner frame").bbox.unwrap();
    let [x, y, ..] = inner.bbox.unwrap();
    assert!(
        x > frame[0] && y > frame[1] && y < frame[1] + frame[3],
        "{inner:?} in {frame:?}"
    );
    tab.close().await;
}

#[tokio::test]
async fn every_page_has_the_same_viewport_language_and_time_zone() {
    let stage = Stage::new().await;
    let mut tab = stage.open("/plain").await;
    assert_eq!(size_of_picture(&mut tab).await, (1280, 720));
    tab.close().await;
}

/// Width and height of a picture of the page, as its PNG header says.
async fn size_of_picture(tab: &mut Tab) -> (u32, u32) {
    let picture = tab.page.screenshot().await.unwrap().await.unwrap();
    assert_eq!(&picture[..8], b"\x89PNG\r\n\x1a\n");
    let size = |at: usize| u32::from_be_bytes(picture[at..at + 4].try_into().unwrap());
    (size(16), size(20))
}

#[tokio::test]
async fn a_page_is_as_large_as_it_was_asked_for() {
    let stage = Stage::new().await;
    let small = Viewport {
        width: 500,
        height: 320,
    };
    // The browser keeps an empty page at hand for the size that was asked for last.
    for viewport in [small, small, Viewport::STANDARD, small] {
        let page = stage.browser.open(stage.policy(), viewport).await;
        let mut tab = Tab {
            page: page.expect("a page"),
        };
        let url = stage.site.url("/plain");
        tab.page.navigate(&url).await.expect("a loaded page");
        let expected = (viewport.width, viewport.height);
        assert_eq!(size_of_picture(&mut tab).await, expected);
        let inner = tab.page.evaluate("[innerWidth, innerHeight]").await;
        assert_eq!(inner.unwrap(), json!([viewport.width, viewport.height]));

        let outside = Action::parse(&format!("mouse_click({}, 5)", viewport.width));
        let told = tab.page.act(&outside.unwrap()).await.unwrap();
        let size = format!("{} by {}", viewport.width, viewport.height);
        assert!(!told.ok && told.message.contains(&size), "{told:?}");

        let opened = tab.page.act(&Action::parse("new_tab()").unwrap()).await;
        assert!(opened.unwrap().ok);
        assert_eq!(size_of_picture(&mut tab).await, expected);
        tab.close().await;
    }
}
