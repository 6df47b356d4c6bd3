//! Pages that make themselves hard to read, on purpose or not: each is read all the same.

use super::{Stage, Tab, named};

/// A plain page with this body.
async fn page_of(stage: &Stage, body: &str) -> Tab {
    let mut tab = stage.open("/plain").await;
    let body = serde_json::to_string(body).unwrap();
    let code = format!("document.body.innerHTML = {body}; true");
    tab.page.evaluate(&code).await.expect("the page is made");
    tab
}

#[tokio::test]
async fn names_of_fields_hide_nothing_of_their_form() {
    let stage = Stage::new().await;
    let fields = [
        "getAttribute",
        "getAttributeNames",
        "hasAttribute",
        "matches",
        "closest",
        "nodeType",
        "ownerDocument",
        "textContent",
        "parentElement",
        "assignedSlot",
        "shadowRoot",
        "firstChild",
        "nextSibling",
        "localName",
        "querySelector",
        "querySelectorAll",
        "getBoundingClientRect",
        "getClientRects",
        "getRootNode",
        "checkVisibility",
        "labels",
        "value",
        "type",
        "tabIndex",
        "isConnected",
        "children",
        "innerText",
        "isContentEditable",
        "style",
        "id",
        "dispatchEvent",
    ]
    .map(|name| format!("<input name={name} aria-label='Field {name}'>"))
    .concat();
    let body =
        format!("<form id=f aria-label=Order><h2>Details</h2>{fields}<button>Send</button></form>");
    let mut tab = page_of(&stage, &body).await;
    let seen = tab.see().await;
    let form = named(&seen, "Order");
    assert_eq!(form.role, "form");
    named(&seen, "Field shadowRoot");
    named(&seen, "Details");
    let done = tab.does("fill('{Field getAttribute}', 'written')").await;
    assert!(done.ok, "{}", done.message);
    let done = tab.does("click('{Send}')").await;
    assert!(done.message.contains("Send"), "{}", done.message);
    tab.close().await;
}

#[tokio::test]
async fn names_of_elements_hide_nothing_of_their_document() {
    let stage = Stage::new().await;
    let names = [
        "body",
        "documentElement",
        "activeElement",
        "querySelector",
        "querySelectorAll",
        "defaultView",
        "scripts",
        "readyState",
        "styleSheets",
        "elementFromPoint",
        "scrollingElement",
        "title",
    ];
    let images = names
        .map(|name| format!("<img name={name} alt='Picture {name}'>"))
        .concat();
    let mut tab = page_of(&stage, &format!("{images}<button>Go on</button>")).await;
    let seen = tab.see().await;
    for name in names {
        named(&seen, &format!("Picture {name}"));
    }
    let done = tab.does("click('{Go on}')").await;
    assert!(done.ok, "{}", done.message);
    // The same in a frame, whose document was never looked at before.
    let framed = format!(
        "<iframe title=Inside srcdoc=\"<form><input name=matches aria-label=Matches><input name=nodeType></form>{}\"></iframe>",
        images.replace('"', "&quot;")
    );
    let mut tab = page_of(&stage, &framed).await;
    tab.page.settle().await.expect("a page at rest");
    let seen = tab.see().await;
    named(&seen, "Matches");
    named(&seen, "Picture body");
    tab.close().await;
}

#[tokio::test]
async fn halves_of_characters_are_read_as_unreadable_and_ids_may_hold_any() {
    let stage = Stage::new().await;
    let mut tab = page_of(
        &stage,
        "<button id=b>x</button><p id=p></p><input aria-label=Note>",
    )
    .await;
    let code = "document.title = 'T\\ud83d'; b.textContent = 'a\\ud800b'; p.textContent = 'y'.repeat(1999) + '\u{1f600}\u{1f600}'; true";
    tab.page.evaluate(code).await.unwrap();
    let seen = tab.see().await;
    assert_eq!(seen.title, "T\u{fffd}");
    named(&seen, "a\u{fffd}b");
    assert!(seen.truncated, "the long text is cut");
    let done = tab.does("click('{a\u{fffd}b}')").await;
    assert!(
        done.ok && done.message.contains("a\u{fffd}b"),
        "{}",
        done.message
    );
    let long = format!("{}\u{1f600}", "a".repeat(39));
    let done = tab.act(&format!("click('{long}')")).await;
    assert!(
        !done.ok && done.message.contains("there is no element"),
        "{}",
        done.message
    );
    let text = format!("{}\u{1f600}", "n".repeat(59));
    let done = tab.does(&format!("fill('{{Note}}', '{text}')")).await;
    assert!(done.ok, "{}", done.message);
    tab.close().await;
}

#[tokio::test]
async fn elements_inside_each_other_without_end_are_read_down_to_a_bound() {
    let stage = Stage::new().await;
    let mut tab = page_of(
        &stage,
        "<button id=b></button><div id=d></div><button>After</button>",
    )
    .await;
    let code = "for (const root of [b, d]) { let at = root; \
                for (let n = 0; n < 5000; n++) at = at.appendChild(document.createElement('span')); \
                at.textContent = 'deep'; } true";
    tab.page.evaluate(code).await.unwrap();
    let seen = tab.see().await;
    assert!(seen.truncated);
    named(&seen, "After");
    tab.close().await;
}

#[tokio::test]
async fn of_a_page_with_more_than_fits_the_rest_comes_by_scrolling() {
    let stage = Stage::new().await;
    let mut tab = stage.open("/plain").await;
    let code = "document.body.innerHTML = Array.from({length: 6000}, \
                (_, n) => `<p>row ${n} <a href='#${n}'>Link ${n}</a></p>`).join(''); true";
    tab.page.evaluate(code).await.unwrap();
    let seen = tab.see().await;
    assert!(seen.truncated && seen.nodes.iter().any(|node| node.name == "Link 0"));
    assert!(seen.nodes.iter().all(|node| node.name != "Link 5999"));
    assert!(seen.tree_text().contains("when you scroll"));
    let first = named(&seen, "Link 0").bid.clone();
    tab.page
        .evaluate("scrollTo(0, document.body.scrollHeight); true")
        .await
        .unwrap();
    let seen = tab.see().await;
    assert!(seen.truncated);
    let last = named(&seen, "Link 5999");
    assert!(last.in_view && last.bid.is_some());
    tab.page.evaluate("scrollTo(0, 0); true").await.unwrap();
    let seen = tab.see().await;
    assert_eq!(named(&seen, "Link 0").bid, first, "ids stay");
    tab.close().await;
}
