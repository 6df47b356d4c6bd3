//! The frame around every page: title, navigation, who is signed in, theme, playground.

use crate::domain::user::Role;

crate::named_values! {
    /// A part of the website, for the mark "you are here".
    Section {
        /// The dashboard.
        Dashboard = "dashboard",
        /// The leaderboard.
        Leaderboard = "leaderboard",
        /// Submissions.
        Submissions = "submissions",
        /// Tasks and suites.
        Tasks = "tasks",
        /// Agents.
        Agents = "agents",
        /// Administration.
        Admin = "admin",
        /// Anything else.
        Other = "other",
    }
}

/// What every page's template holds as `shell`.
#[derive(Debug, Clone)]
pub struct Shell {
    /// Title of the page.
    pub title: String,
    /// Where in the website it is.
    pub section: Section,
    /// Who looks at it.
    pub viewer: Option<Viewer>,
    /// `light` or `dark`; absent: as the system says.
    pub theme: Option<String>,
    /// Token that every form sends back.
    pub csrf: String,
    /// Path and query of this page, to come back to.
    pub path: String,
    /// How the playground stands.
    pub playground: PlaygroundNote,
}

/// Who looks at a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// Name.
    pub username: String,
    /// Role.
    pub role: Role,
}

impl Viewer {
    /// Up to two letters for the corner of the page.
    pub fn initials(&self) -> String {
        let parts = self.username.split(|c: char| !c.is_alphanumeric());
        let firsts: String = parts
            .filter_map(|part| part.chars().next())
            .take(2)
            .flat_map(char::to_uppercase)
            .collect();
        if firsts.chars().count() == 2 {
            return firsts;
        }
        self.username
            .chars()
            .take(2)
            .flat_map(char::to_uppercase)
            .collect()
    }

    /// Whether the person administers the arena.
    pub fn is_admin(&self) -> bool {
        self.role >= Role::Admin
    }
}

/// How the playground stands, in the words of the navigation and of the dashboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaygroundNote {
    /// Outcome whose colours are borrowed: `passed`, `infra_error`, `cancelled`.
    pub state: &'static str,
    /// A few words.
    pub label: String,
    /// A sentence.
    pub title: String,
    /// What is wrong and what to do, when something is.
    pub problem: Option<String>,
    /// Whether results are simulated.
    pub simulated: bool,
}

/// An entry of the navigation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Address.
    pub href: &'static str,
    /// Words.
    pub label: &'static str,
    /// Whether the page is there.
    pub current: bool,
}

impl Shell {
    /// The navigation, for who looks at it.
    pub fn links(&self) -> Vec<Link> {
        let signed_in = self.viewer.is_some();
        let admin = self.viewer.as_ref().is_some_and(Viewer::is_admin);
        let all = [
            (Section::Dashboard, "/dashboard", "Dashboard", signed_in),
            (Section::Leaderboard, "/leaderboard", "Leaderboard", true),
            (
                Section::Submissions,
                "/submissions",
                "Submissions",
                signed_in,
            ),
            (Section::Tasks, "/tasks", "Tasks", true),
            (Section::Agents, "/agents", "Agents", signed_in),
            (Section::Admin, "/admin/users", "Admin", admin),
        ];
        all.into_iter()
            .filter(|(.., shown)| *shown)
            .map(|(section, href, label, _)| Link {
                href,
                label,
                current: section == self.section,
            })
            .collect()
    }

    /// The theme after this one: system, light, dark, and around.
    pub fn next_theme(&self) -> &'static str {
        match self.theme.as_deref() {
            None => "light",
            Some("light") => "dark",
            Some(_) => "system",
        }
    }

    /// What the theme button says.
    pub fn theme_words(&self) -> &'static str {
        match self.theme.as_deref() {
            None => "Theme: as the system. Change to light",
            Some("light") => "Theme: light. Change to dark",
            Some(_) => "Theme: dark. Follow the system",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_come_from_the_name_whatever_it_is() {
        let of = |name: &str| {
            Viewer {
                username: name.to_owned(),
                role: Role::User,
            }
            .initials()
        };
        assert_eq!(of("Mara Keller"), "MK");
        assert_eq!(of("mara"), "MA");
        assert_eq!(of("x"), "X");
    }
}
