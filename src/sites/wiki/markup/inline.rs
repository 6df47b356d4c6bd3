//! Words with links and stress.

use super::{Inline, Link};

/// Paths that links may lead to, besides pages of the wiki.
const SITES: [&str; 5] = ["/shop", "/forum", "/desk", "/office", "/wiki"];

/// Reads a run of words. What is not closed is taken as it is written, and named in the second
/// part of the answer.
pub fn parse_inline(text: &str) -> (Vec<Inline>, Option<&'static str>) {
    let mut reader = Reader {
        rest: text,
        plain: String::new(),
        inlines: Vec::new(),
        problem: None,
    };
    reader.read();
    (reader.inlines, reader.problem)
}

/// The words alone.
pub fn plain(inlines: &[Inline]) -> String {
    inlines
        .iter()
        .map(|inline| match inline {
            Inline::Text(text) | Inline::Strong(text) | Inline::Emphasis(text) => text.as_str(),
            Inline::Link(link) => link.words.as_str(),
        })
        .collect()
}

struct Reader<'a> {
    rest: &'a str,
    plain: String,
    inlines: Vec<Inline>,
    problem: Option<&'static str>,
}

impl<'a> Reader<'a> {
    fn read(&mut self) {
        while let Some(c) = self.rest.chars().next() {
            if c == '\\' {
                let mut chars = self.rest.chars();
                chars.next();
                self.plain.push(chars.next().unwrap_or('\\'));
                self.rest = chars.as_str();
            } else if self.rest.starts_with("[[") {
                self.link();
            } else if self.rest.starts_with("**") {
                self.stressed("**", Inline::Strong);
            } else if self.rest.starts_with("''") {
                self.stressed("''", Inline::Emphasis);
            } else {
                self.plain.push(c);
                self.rest = &self.rest[c.len_utf8()..];
            }
        }
        self.flush();
    }

    fn flush(&mut self) {
        if !self.plain.is_empty() {
            self.inlines
                .push(Inline::Text(std::mem::take(&mut self.plain)));
        }
    }

    /// What stands between two marks; without the second one the first is plain text.
    fn enclosed(&mut self, open: &str, close: &str) -> Option<&'a str> {
        let inner = &self.rest[open.len()..];
        if let Some(end) = inner.find(close).filter(|end| *end > 0) {
            self.rest = &inner[end + close.len()..];
            return Some(&inner[..end]);
        }
        self.plain.push_str(open);
        self.rest = inner;
        None
    }

    fn stressed(&mut self, mark: &str, make: fn(String) -> Inline) {
        if let Some(words) = self.enclosed(mark, mark) {
            self.flush();
            self.inlines.push(make(unescape(words)));
        }
    }

    fn link(&mut self) {
        let Some(inner) = self.enclosed("[[", "]]") else {
            self.problem = Some("a link begins with [[ and is not closed with ]]");
            return;
        };
        let (target, words) = inner.split_once('|').unwrap_or((inner, inner));
        let (target, words) = (unescape(target.trim()), unescape(words.trim()));
        if target.is_empty() || words.is_empty() {
            self.problem = Some("a link needs a page, as in [[Page]] or [[Page|words]]");
        }
        let foreign = target.starts_with('/') && !is_site_path(&target);
        if foreign {
            self.problem = Some("a link that begins with / must lead to a site of the company");
            self.plain.push_str(&words);
            return;
        }
        self.flush();
        self.inlines.push(Inline::Link(Link { target, words }));
    }
}

fn is_site_path(path: &str) -> bool {
    SITES.iter().any(|site| {
        path.strip_prefix(site)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        plain.push(if c == '\\' {
            chars.next().unwrap_or('\\')
        } else {
            c
        });
    }
    plain
}
