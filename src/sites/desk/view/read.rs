//! Reads addresses of the desk.

use jiff::civil::Date;

use crate::sites::address::{Address, Query};
use crate::sites::desk::state::{MergeId, ProjectKey};
use crate::sites::desk::view::{IssuePage, IssueQuery, MergeQuery, Parsed, ProjectPage, Route};

/// Reads a path and query such as `/desk/issues?project=WEB`. None when it is no page of the
/// desk. A fragment is not looked at.
pub fn parse(path_and_query: &str) -> Option<Parsed> {
    let address = Address::read(path_and_query, "/desk")?;
    let segments: Vec<&str> = address.segments.iter().map(String::as_str).collect();
    let mut query = Query::read(address.query);
    let route = route_of(&segments, &mut query)?;
    Some(Parsed {
        route,
        unknown: query.rest(),
    })
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

impl Query {
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
            overdue: self.flag("due", "overdue"),
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
}
