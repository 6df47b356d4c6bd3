//! What an observation holds.

use super::{Stage, named};

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
    let picture = tab.page.screenshot().await.unwrap().await.unwrap();
    assert_eq!(&picture[..8], b"\x89PNG\r\n\x1a\n");
    let size = |at: usize| u32::from_be_bytes(picture[at..at + 4].try_into().unwrap());
    assert_eq!((size(16), size(20)), (1280, 720));
    tab.close().await;
}
