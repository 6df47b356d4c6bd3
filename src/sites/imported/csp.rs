//! The content security policy of an imported page. The page's own scripts run, named by their
//! hashes, and so do the handlers in its markup if it has any; nothing that is typed into the
//! page, and no address that is typed over it, can run as a script, and nothing can be fetched
//! from elsewhere.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// How a page writes options for the colour picker `jscolor`, which evaluates them as an expression.
/// It finds them in the page's own markup and nowhere else.
const JSCOLOR: &str = "data-jscolor=";

/// The policy for a page. Styles may stand in the page, because these pages write them into
/// their markup; they cannot run anything. `handlers` are those that the page's own script files
/// write into the page.
pub(super) fn policy_of(html: &str, handlers: &[String]) -> String {
    let mut scripts = String::from("'self'");
    for script in inline_scripts(html) {
        add_hash(&mut scripts, script);
    }
    let mut handlers: Vec<String> = handlers.to_vec();
    handlers.extend(inline_handlers(html));
    if !handlers.is_empty() {
        // Handlers run only when this is said, and then only those whose hash is there.
        scripts.push_str(" 'unsafe-hashes'");
    }
    for handler in handlers {
        add_hash(&mut scripts, &handler);
    }
    if html.contains(JSCOLOR) {
        scripts.push_str(" 'unsafe-eval'");
    }
    let frames = if has_tag(html, "iframe") {
        "'self'"
    } else {
        "'none'"
    };
    format!(
        "default-src 'none'; script-src {scripts}; style-src 'self' 'unsafe-inline'; \
         img-src 'self' data:; font-src 'self' data:; connect-src 'none'; frame-src {frames}; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
    )
}

fn add_hash(sources: &mut String, script: &str) {
    // The browser hashes what its parser sees, and that turns every line end into one.
    let script = script.replace("\r\n", "\n").replace('\r', "\n");
    let hash = STANDARD.encode(digest(&SHA256, script.as_bytes()));
    let source = format!(" 'sha256-{hash}'");
    if !sources.contains(&source) {
        sources.push_str(&source);
    }
}

/// The handlers in a text of markup, or in a script that writes markup: `onclick="..."` and the
/// like, as the browser's parser reads them.
pub(super) fn inline_handlers(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices(" on") {
        let rest = &text[at + 3..];
        let name = rest.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(0);
        let value = rest[name..].strip_prefix("=\"").filter(|_| name > 0);
        let Some((value, _)) = value.and_then(|value| value.split_once('"')) else {
            continue;
        };
        let entities = [
            ("&quot;", "\""),
            ("&#39;", "'"),
            ("&lt;", "<"),
            ("&gt;", ">"),
            ("&amp;", "&"),
        ];
        let read = |text: String, (entity, meaning): (&str, &str)| text.replace(entity, meaning);
        found.push(entities.into_iter().fold(value.to_owned(), read));
    }
    found
}

/// The texts of all scripts that stand in the page itself.
fn inline_scripts(html: &str) -> Vec<&str> {
    // Lower-casing ASCII alone keeps every place where it is.
    let folded = html.to_ascii_lowercase();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = find_tag(&folded, "script", at) {
        let Some(end) = folded[open..].find('>').map(|length| open + length) else {
            break;
        };
        let start = end + 1;
        let close = folded[start..]
            .find("</script")
            .map_or(folded.len(), |length| start + length);
        let attributes = &folded[open..end];
        if !attributes.contains(" src=") && start < close {
            found.push(&html[start..close]);
        }
        at = close;
    }
    found
}

fn has_tag(html: &str, name: &str) -> bool {
    find_tag(&html.to_ascii_lowercase(), name, 0).is_some()
}

/// Where a start tag begins, at or after a place.
fn find_tag(folded: &str, name: &str, from: usize) -> Option<usize> {
    let tag = format!("<{name}");
    let mut at = from;
    loop {
        let open = at + folded[at..].find(&tag)?;
        at = open + tag.len();
        let after = folded[at..].chars().next();
        if after.is_some_and(|c| c == '>' || c == '/' || c.is_ascii_whitespace()) {
            return Some(open);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_scripts_in_the_page_are_named_by_hash() {
        let page = "<head><script src='a.js'></script><SCRIPT type=\"x\">\r\nlet a;</Script>\
                    <scripture>no</scripture><script></script></head>";
        assert_eq!(inline_scripts(page), ["\r\nlet a;"]);
        let policy = policy_of(page, &[]);
        // printf '\nlet a;' | openssl dgst -sha256 -binary | base64
        let scripts = "script-src 'self' 'sha256-hceeRDdVsfCEdiP6+1IB/tHb8VWtpLHbypEUnffMoiU='; ";
        assert!(policy.contains(scripts), "{policy}");
        assert!(policy.contains("frame-src 'none'"), "{policy}");
        assert!(policy_of("<iframe id=x></iframe>", &[]).contains("frame-src 'self'"));
        assert!(!policy.contains("unsafe-hashes"), "{policy}");
        assert!(!policy.contains("unsafe-eval"), "{policy}");
        assert!(policy_of("<input data-jscolor=\"{}\">", &[]).contains("'unsafe-eval'"));
    }

    #[test]
    fn handlers_are_named_by_hash_too() {
        let page = "<a onclick=\"go(&quot;a&quot;);\" href=\"on.html\">on = \"x\"</a>";
        assert_eq!(inline_handlers(page), ["go(\"a\");"]);
        let both = policy_of(page, &["done();".to_owned()]);
        // printf 'done();' | openssl dgst -sha256 -binary | base64
        assert!(
            both.contains(
                " 'unsafe-hashes' 'sha256-sc3CeiHrlck5tH2tTC4MnBYFnI9D5zp8f9odqnmGQjE=' 'sha256-"
            ),
            "{both}"
        );
    }

    #[test]
    fn a_page_that_ends_within_a_script_is_read_to_its_end() {
        assert_eq!(inline_scripts("<script>let a"), ["let a"]);
        assert!(inline_scripts("<script").is_empty());
    }
}
