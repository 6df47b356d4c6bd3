//! WebArena's sites under the names that agents see, and under their real addresses.

/// Names of the sites as agents know them, in the order in which the reference replaces them.
const NAMES: [(&str, &str); 7] = [
    ("REDDIT", "http://reddit.com"),
    ("SHOPPING", "http://onestopmarket.com"),
    ("SHOPPING_ADMIN", "http://luma.com/admin"),
    ("GITLAB", "http://gitlab.com"),
    ("WIKIPEDIA", "http://wikipedia.org"),
    ("MAP", "http://openstreetmap.org"),
    ("HOMEPAGE", "http://homepage.com"),
];

/// Where the sites of a run really are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SiteNames {
    /// Name for agents and address here, in the reference's order.
    pairs: Vec<(&'static str, String)>,
}

impl SiteNames {
    /// Addresses by WebArena's names of the sites (`SHOPPING`, `GITLAB`, ...), without a slash at
    /// the end. Sites that are not given keep the names that agents write.
    pub fn new<'a>(address_of: impl Fn(&str) -> Option<&'a str>) -> Self {
        let pairs = NAMES.iter().filter_map(|(site, name)| {
            let address = address_of(site).filter(|address| !address.is_empty())?;
            Some((*name, address.to_owned()))
        });
        Self {
            pairs: pairs.collect(),
        }
    }

    /// An action text with real addresses in the place of the names, also where they were
    /// written with `https`.
    pub fn to_local(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (name, address) in &self.pairs {
            text = text.replace(name, address);
            let secure = name.replacen("http", "https", 1);
            text = text.replace(&secure, address);
        }
        text
    }

    /// A text with names in the place of real addresses: what agents see.
    pub fn to_shown(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (name, address) in &self.pairs {
            text = text.replace(address, name);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sites() -> SiteNames {
        SiteNames::new(|site| match site {
            "SHOPPING" => Some("http://shop.example:1"),
            "SHOPPING_ADMIN" => Some("http://shop.example:2/admin"),
            "GITLAB" => Some("http://git.example"),
            _ => None,
        })
    }

    #[test]
    fn names_become_addresses_in_actions() {
        let local = sites().to_local("goto [https://gitlab.com/x] [http://luma.com/admin/y]");
        assert_eq!(
            local,
            "goto [http://git.example/x] [http://shop.example:2/admin/y]"
        );
        let other = "goto [http://www.gitlab.com] [http://reddit.com]";
        assert_eq!(sites().to_local(other), other);
    }

    #[test]
    fn addresses_become_names_in_what_agents_see() {
        let shown = sites().to_shown("http://shop.example:2/admin/x http://shop.example:1/");
        assert_eq!(shown, "http://luma.com/admin/x http://onestopmarket.com/");
    }
}
