//! Addresses of the sites as they are read: segments of a path and parameters of a query. Which
//! pages there are is each site's own.

use std::str::FromStr;

use url::form_urlencoded;

/// What an address on a site says: the decoded segments behind the site's name, and its query.
pub(super) struct Address<'a> {
    /// Segments that are not empty.
    pub(super) segments: Vec<String>,
    /// As it stands in the address, without `?`.
    pub(super) query: &'a str,
}

impl<'a> Address<'a> {
    /// Reads a path and query of the site at `root`, such as `/desk`. None when it is on another
    /// site. A fragment is not looked at.
    pub(super) fn read(path_and_query: &'a str, root: &str) -> Option<Self> {
        let without_fragment = path_and_query.split('#').next().unwrap_or("");
        let (path, query) = without_fragment
            .split_once('?')
            .unwrap_or((without_fragment, ""));
        let rest = path.strip_prefix(root)?;
        if !rest.is_empty() && !rest.starts_with('/') {
            return None;
        }
        let segments = rest.split('/').filter(|segment| !segment.is_empty());
        Some(Self {
            segments: segments.map(decode).collect(),
            query,
        })
    }
}

/// Percent-decodes a path segment. What separates the parts of a form is text in a path.
fn decode(segment: &str) -> String {
    let whole = segment
        .replace('+', "%2B")
        .replace('&', "%26")
        .replace('=', "%3D");
    form_urlencoded::parse(whole.as_bytes())
        .next()
        .map_or_else(String::new, |(key, _)| key.into_owned())
}

/// Parameters of a query that nobody took yet. Empty values count as not given, because browsers
/// send every field of a filter form.
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    pub(super) fn read(query: &str) -> Self {
        Self(
            form_urlencoded::parse(query.as_bytes())
                .map(|(key, value)| (key.into_owned(), value.trim().to_owned()))
                .filter(|(_, value)| !value.is_empty())
                .collect(),
        )
    }

    /// Takes a parameter; a second one of the same name stays and is unknown.
    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        self.parsed(name, |text| Some(text.to_owned()))
    }

    /// Takes a parameter that can be read; one that cannot stays and is unknown.
    pub(super) fn parsed<T>(&mut self, name: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let index = self.0.iter().position(|(key, _)| key == name)?;
        let value = read(&self.0[index].1)?;
        self.0.remove(index);
        Some(value)
    }

    /// Takes a parameter by its type: a number, a date, one of several names.
    pub(super) fn named<T: FromStr>(&mut self, name: &str) -> Option<T> {
        self.parsed(name, |text| text.parse().ok())
    }

    /// Takes a parameter that is there with one value, or not at all.
    pub(super) fn flag(&mut self, name: &str, on: &str) -> bool {
        self.parsed(name, |text| (text == on).then_some(()))
            .is_some()
    }

    /// Takes the number of a page of a list, from 1.
    pub(super) fn page(&mut self) -> u32 {
        self.parsed("page", |text| text.parse().ok().filter(|page| *page >= 1))
            .unwrap_or(1)
    }

    /// Names that nobody took, in order.
    pub(super) fn rest(self) -> Vec<String> {
        let mut names: Vec<String> = self.0.into_iter().map(|(key, _)| key).collect();
        names.sort();
        names.dedup();
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_decoded_segments_whatever_stands_in_them() {
        let address = Address::read("/wiki//page/A%20%26+B=C&D/?q=1#top", "/wiki").unwrap();
        assert_eq!(address.segments, ["page", "A &+B=C&D"]);
        assert_eq!(address.query, "q=1");
        assert!(Address::read("/wikis", "/wiki").is_none());
        assert!(Address::read("/wiki", "/wiki").unwrap().segments.is_empty());
    }

    #[test]
    fn what_cannot_be_read_stays_and_is_unknown() {
        let mut query = Query::read("page=0&q=+a+&q=b&empty=&show=on");
        assert_eq!(query.page(), 1);
        assert_eq!(query.text("q"), Some("a".to_owned()));
        assert!(query.flag("show", "on"));
        assert_eq!(query.named::<u32>("empty"), None);
        assert_eq!(query.rest(), ["page", "q"]);
    }
}
