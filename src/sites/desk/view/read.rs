//! Reads addresses of the desk.

use jiff::civil::Date;

use crate::sites::desk::state::{MergeId, ProjectKey};
use crate::sites::desk::view::{IssuePage, IssueQuery, MergeQuery, Parsed, ProjectPage, Route};

/// Reads a path and query such as `/desk/issues?project=WEB`. None when it is no page of the
/// desk. A fragment is not looked at.
pub fn parse(path_and_query: &str) -> Option<Parsed> {
    let without_fragment = path_and_query.split('#').next().unwrap_or("");
    let (path, query) = without_fragment
        .split_once('?')
        .unwrap_or((without_fragment, ""));
    let rest = path.strip_prefix("/desk")?;
    if !rest.is_empty() && !rest.starts_with('/') {
        return None;
    }
    let segments: Vec<String> = rest
        .split('/')
        .filter(|segment| !segment.is_empty())
        .map(decode)
        .collect();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let mut query = Query::read(query);
    let route = route_of(&segments, &mut query)?;
    Some(Parsed {
        route,
        unknown: query.rest(),
    })
}

/// Percent-decodes a path segment.
fn decode(segment: &str) -> String {
    let plus = segment.replace('+', "%2B");
    url::form_urlencoded::parse(plus.as_bytes())
        .next()
        .map_or_else(String::new, |(key, _)| key.into_owned())
}

fn route_of(segments: &[&str], query: &mut Query) -> Option<Route> {
    Some(match *segments {
        [] => Route::Home,
        ["issues"] => Route::Issues(query.issues()),
        ["issues", "new"] => Route::IssueNew {
            project: query.parsed("project", |text| text.parse().ok()),
        },
        ["issues", issue] => Route::Issue {
            issue: issue.parse().ok()?,
            page: IssuePage::Show,
            q: None,
        },
        ["issues", issue, page] => issue_page(issue, page, query)?,
        ["p", project, ref rest @ ..] => project_route(project.parse().ok()?, rest, query)?,
        ["milestones", milestone] => Route::Milestone {
            milestone: milestone.to_owned(),
        },
        ["milestones", milestone, "edit"] => Route::MilestoneEdit {
            milestone: milestone.to_owned(),
        },
        ["merge-requests"] => Route::Merges(query.merges()),
        ["merge-requests", project, no] => Route::Merge {
            merge: MergeId {
                project: project.parse().ok()?,
                no: no.parse().ok()?,
            },
        },
        ["people"] => Route::People { q: query.text("q") },
        ["people", member] => Route::Person {
            member: member.to_owned(),
        },
        ["search"] => Route::Search {
            q: query.text("q"),
            scope: query.named("in").unwrap_or_default(),
            page: query.page(),
        },
        ["filters"] => Route::Filters,
        _ => return None,
    })
}

fn issue_page(issue: &str, page: &str, query: &mut Query) -> Option<Route> {
    let page: IssuePage = page.parse().ok()?;
    let picks = matches!(
        page,
        IssuePage::Assignees | IssuePage::Watchers | IssuePage::Labels
    );
    (page != IssuePage::Show).then_some(())?;
    Some(Route::Issue {
        issue: issue.parse().ok()?,
        page,
        q: if picks { query.text("q") } else { None },
    })
}

fn project_route(project: ProjectKey, rest: &[&str], query: &mut Query) -> Option<Route> {
    let page = |page| Route::Project { project, page };
    Some(match *rest {
        [] => page(ProjectPage::Show),
        ["board"] => page(ProjectPage::Board),
        ["milestones"] => page(ProjectPage::Milestones),
        ["milestones", "new"] => page(ProjectPage::MilestoneNew),
        ["members"] => page(ProjectPage::Members),
        ["rights"] => page(ProjectPage::Rights),
        ["members", "add"] => Route::MemberAdd {
            project,
            q: query.text("q"),
        },
        ["members", member] => Route::Member {
            project,
            member: member.to_owned(),
        },
        ["activity"] => Route::Activity {
            project,
            what: query.named("what"),
            month: query.parsed("month", |text| format!("{text}-01").parse::<Date>().ok()),
            page: query.page(),
        },
        _ => return None,
    })
}

/// Parameters of an address that were not read yet. Empty values count as not given, because
/// browsers send every field of a filter form.
struct Query(Vec<(String, String)>);

impl Query {
    fn read(query: &str) -> Self {
        Self(
            url::form_urlencoded::parse(query.as_bytes())
                .map(|(key, value)| (key.into_owned(), value.trim().to_owned()))
                .filter(|(_, value)| !value.is_empty())
                .collect(),
        )
    }

    /// Takes a parameter; a second one of the same name stays and is unknown.
    fn text(&mut self, name: &str) -> Option<String> {
        self.parsed(name, |text| Some(text.to_owned()))
    }

    /// Takes a parameter that can be read; one that cannot stays and is unknown.
    fn parsed<T>(&mut self, name: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let index = self.0.iter().position(|(key, _)| key == name)?;
        let value = read(&self.0[index].1)?;
        self.0.remove(index);
        Some(value)
    }

    fn named<T: std::str::FromStr>(&mut self, name: &str) -> Option<T> {
        self.parsed(name, |text| text.parse().ok())
    }

    fn page(&mut self) -> u32 {
        self.parsed("page", |text| text.parse().ok().filter(|page| *page >= 1))
            .unwrap_or(1)
    }

    fn issues(&mut self) -> IssueQuery {
        IssueQuery {
            project: self.named("project"),
            q: self.text("q"),
            status: self.named("status").unwrap_or_default(),
            kind: self.named("kind"),
            priority: self.named("priority"),
            component: self.text("component"),
            label: self.text("label"),
            without: self.text("without"),
            milestone: self.text("milestone"),
            assignee: self.text("assignee"),
            reporter: self.text("reporter"),
            watcher: self.text("watcher"),
            overdue: self
                .parsed("due", |text| (text == "overdue").then_some(()))
                .is_some(),
            closed_from: self.named("closed_from"),
            closed_to: self.named("closed_to"),
            sort: self.named("sort").unwrap_or_default(),
            page: self.page(),
        }
    }

    fn merges(&mut self) -> MergeQuery {
        MergeQuery {
            project: self.named("project"),
            state: self.named("state").unwrap_or_default(),
            reviewer: self.text("reviewer"),
            assignee: self.text("assignee"),
            author: self.text("author"),
            sort: self.named("sort").unwrap_or_default(),
            page: self.page(),
        }
    }

    fn rest(self) -> Vec<String> {
        let mut names: Vec<String> = self.0.into_iter().map(|(key, _)| key).collect();
        names.sort();
        names.dedup();
        names
    }
}
