//! Addresses as Python's `urllib.parse` splits them. Not the browser's rules: nothing is
//! normalised, and the letters of the host stay as they are.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization as _;

/// What the references compare of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// User, host, port and path as written, without the last segment's `;parameters`.
    pub base: String,
    /// All values of each query key, decoded; pairs without a value are left out.
    pub query: HashMap<String, Vec<String>>,
}

/// Schemes whose last path segment may have `;parameters`.
const WITH_PARAMETERS: [&str; 14] = [
    "", "ftp", "hdl", "prospero", "http", "https", "shttp", "rtsp", "rtspu", "sip", "sips", "mms",
    "sftp", "tel",
];

/// Splits an address; the error says why Python refuses it.
pub fn split(url: &str) -> Result<Address, String> {
    let parts = parse(url)?;
    Ok(Address {
        base: format!("{}{}", parts.host, parts.path),
        query: read_query(&parts.query),
    })
}

/// The address of the post that an address belongs to: forum and number of the post. An address
/// of anything else stays as it is; the error says why Python refuses it.
pub fn reddit_post_url(url: &str) -> Result<String, String> {
    let Parts {
        scheme, host, path, ..
    } = parse(url)?;
    let segments: Vec<&str> = path.split('/').collect();
    Ok(match segments.as_slice() {
        [_, "f", forum, post, ..] => format!("{scheme}://{host}/f/{forum}/{post}/"),
        _ => url.to_owned(),
    })
}

/// What `urlparse` gives of an address.
struct Parts {
    /// In lower case.
    scheme: String,
    /// With user and port.
    host: String,
    /// Without the last segment's `;parameters`.
    path: String,
    query: String,
}

fn parse(url: &str) -> Result<Parts, String> {
    let url = url
        .trim_start_matches(|c: char| c <= ' ')
        .replace(['\t', '\r', '\n'], "");
    let (scheme, rest) = split_scheme(&url);
    let (host, rest) = match rest.strip_prefix("//") {
        Some(rest) => rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len())),
        None => ("", rest),
    };
    check_host(host)?;
    let rest = rest.split_once('#').map_or(rest, |(before, _)| before);
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let path = if WITH_PARAMETERS.contains(&scheme.as_str()) {
        without_parameters(path)
    } else {
        path
    };
    Ok(Parts {
        host: host.to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        scheme,
    })
}

fn split_scheme(url: &str) -> (String, &str) {
    let known = |scheme: &str| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    };
    match url.split_once(':') {
        Some((scheme, rest)) if known(scheme) => (scheme.to_ascii_lowercase(), rest),
        _ => (String::new(), url),
    }
}

fn check_host(host: &str) -> Result<(), String> {
    let refused = |why: &str| Err(format!("`{host}` is no host: {why}"));
    match (host.split_once('['), host.contains(']')) {
        (None, false) => {}
        (Some((_, after)), true) => {
            let inner = after.split(']').next().unwrap_or_default();
            let future = |text: &str| {
                text.split_once('.').is_some_and(|(version, rest)| {
                    !version.is_empty()
                        && version.chars().all(|c| c.is_ascii_hexdigit())
                        && !rest.is_empty()
                })
            };
            let is_address = match inner.strip_prefix('v') {
                Some(version) => future(version),
                None => is_ipv6(inner),
            };
            if !is_address {
                return refused("what stands in [ ] is no address");
            }
        }
        _ => return refused("a bracket is missing"),
    }
    if host.is_ascii() {
        return Ok(());
    }
    let plain = host.replace(['@', ':', '#', '?'], "");
    let composed: String = plain.nfkc().collect();
    if composed != plain && composed.contains(['/', '?', '#', '@', ':']) {
        return refused("a character stands for a sign that separates");
    }
    Ok(())
}

/// An IPv6 address, which may name a zone.
fn is_ipv6(text: &str) -> bool {
    let (address, zone) = text.split_once('%').unwrap_or((text, "zone"));
    let is_zone = !zone.is_empty() && !zone.contains('%');
    is_zone && address.parse::<std::net::Ipv6Addr>().is_ok()
}

fn without_parameters(path: &str) -> &str {
    let last = path.rfind('/').unwrap_or(0);
    path[last..].find(';').map_or(path, |at| &path[..last + at])
}

fn read_query(query: &str) -> HashMap<String, Vec<String>> {
    let mut all: HashMap<String, Vec<String>> = HashMap::new();
    for pair in query.split('&') {
        if let Some((key, value)) = pair.split_once('=').filter(|(_, value)| !value.is_empty()) {
            all.entry(decode(key)).or_default().push(decode(value));
        }
    }
    all
}

/// Percent-decodes as UTF-8, with U+FFFD for what is none; a plus is a blank.
fn decode(text: &str) -> String {
    let text = text.replace('+', " ");
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = (bytes[at] == b'%')
            .then(|| bytes.get(at + 1..at + 3))
            .flatten();
        let code = code
            .filter(|code| code.iter().all(u8::is_ascii_hexdigit))
            .and_then(|code| std::str::from_utf8(code).ok())
            .and_then(|code| u8::from_str_radix(code, 16).ok());
        out.push(code.unwrap_or(bytes[at]));
        at += if code.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_split_as_python_splits_them() {
        for (url, base) in [
            (
                "http://User@Host.test:80/a/b;p=1?x#y",
                "User@Host.test:80/a/b",
            ),
            ("http://h/a;p/b;q", "h/a;p/b"),
            ("  ht\ttp://h/a", "h/a"),
            ("//h/a", "h/a"),
            ("1http://h/a", "1http://h/a"),
            ("http:/a", "/a"),
            ("http://h?x=1", "h"),
            ("http://[::1]:5/a", "[::1]:5/a"),
            ("http://[fe80::1%eth0]/a", "[fe80::1%eth0]/a"),
            ("foo://h/a;p", "h/a;p"),
        ] {
            assert_eq!(split(url).expect("an address").base, base, "{url}");
        }
        for url in [
            "http://[h/a",
            "http://h]/a",
            "http://[x]/a",
            "http://[::1%]/a",
            "http://[::1%a%b]/a",
            "http://a\u{2100}b/",
        ] {
            assert!(split(url).is_err(), "{url}");
        }
    }

    #[test]
    fn posts_are_found_in_addresses() {
        for (url, post) in [
            (
                "http://r:9/f/books/12/a-title?x#y",
                "http://r:9/f/books/12/",
            ),
            ("http://r:9/f/books/12", "http://r:9/f/books/12/"),
            ("http://r:9/f/books/", "http://r:9/f/books//"),
            ("http://r:9/f/books", "http://r:9/f/books"),
            ("http://r:9/submit/books/1/2", "http://r:9/submit/books/1/2"),
            ("http://r:9/f/books/12;p", "http://r:9/f/books/12/"),
            ("HTTP://R:9/f/books/12/x", "http://R:9/f/books/12/"),
            (" http://r:9/f/bo\toks/12/x", "http://r:9/f/books/12/"),
            ("\thttp://r:9/f/books", "\thttp://r:9/f/books"),
            ("blob:http://r:9/f/a/1", "blob:http://r:9/f/a/1"),
            ("//r:9/f/books/12/x", "://r:9/f/books/12/"),
            ("http:/f/books/12", "http:///f/books/12/"),
        ] {
            assert_eq!(reddit_post_url(url).as_deref(), Ok(post), "{url:?}");
        }
        assert!(reddit_post_url("http://[x/f/books/12/").is_err());
    }

    #[test]
    fn queries_are_read_as_python_reads_them() {
        let query = split("http://h/?q=a+b&q=%C3%A9&e=&f&x%5B%5D=%zz%FF=&&")
            .expect("one")
            .query;
        assert_eq!(query["q"], ["a b", "é"]);
        assert_eq!(query["x[]"], ["%zz\u{FFFD}="]);
        assert_eq!(query.len(), 2);
    }
}
