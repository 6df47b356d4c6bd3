//! Pages that ask, move, leave or reload while an agent acts.

use super::Stage;

#[tokio::test]
async fn the_only_tab_is_replaced_by_an_empty_one() {
    let stage = Stage::new().await;
    let mut tab = stage.open("/plain").await;
    let closed = tab.does("tab_close()").await;
    assert_eq!(closed.url, "about:blank");
    assert!(
        closed.message.contains("open an address with goto"),
        "{}",
        closed.message
    );
    assert_eq!(tab.see().await.tabs.len(), 1);
    let address = stage.site.url("/plain");
    assert_eq!(tab.does(&format!("goto('{address}')")).await.url, address);
    tab.close().await;
}
