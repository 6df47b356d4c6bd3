//! Addresses of the desk: one place that reads and writes them, for pages and for evaluators.
//!
//! | path | route |
//! |---|---|
//! | `/desk/` | `desk.home` |
//! | `/desk/issues?project=&status=&...` | `desk.issues` |
//! | `/desk/issues/new?project=` | `desk.issue_new` |
//! | `/desk/issues/{issue}` | `desk.issue` |
//! | `/desk/issues/{issue}/edit`, `/close`, `/move`, `/work`, `/links` | `desk.issue_edit`, ... |
//! | `/desk/issues/{issue}/assignees?q=`, `/watchers?q=`, `/labels?q=` | `desk.issue_assignees`, ... |
//! | `/desk/p/{project}` | `desk.project` |
//! | `/desk/p/{project}/board` | `desk.board` |
//! | `/desk/p/{project}/milestones`, `/milestones/new` | `desk.milestones`, `desk.milestone_new` |
//! | `/desk/milestones/{milestone}`, `/edit` | `desk.milestone`, `desk.milestone_edit` |
//! | `/desk/p/{project}/members`, `/members/add?q=` | `desk.members`, `desk.member_add` |
//! | `/desk/p/{project}/members/{username}` | `desk.member` |
//! | `/desk/p/{project}/rights` | `desk.rights` |
//! | `/desk/p/{project}/activity?what=&month=&page=` | `desk.activity` |
//! | `/desk/merge-requests?project=&state=&...` | `desk.merges` |
//! | `/desk/merge-requests/{project}/{no}` | `desk.merge` |
//! | `/desk/people?q=`, `/desk/people/{username}` | `desk.people`, `desk.person` |
//! | `/desk/search?q=&in=&page=` | `desk.search` |
//! | `/desk/filters` | `desk.filters` |

mod read;
mod write;

use jiff::civil::Date;

pub use read::parse;

use crate::sites::desk::state::{IssueId, IssueKind, MergeId, Priority, ProjectKey};

/// A page of the desk with its typed parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// Start page.
    Home,
    /// List of issues.
    Issues(IssueQuery),
    /// The form for a new issue.
    IssueNew {
        /// In which project.
        project: Option<ProjectKey>,
    },
    /// An issue, or one of its forms.
    Issue {
        /// Which.
        issue: IssueId,
        /// Which of its pages.
        page: IssuePage,
        /// What was searched for on pages that pick people or labels.
        q: Option<String>,
    },
    /// A page of a project.
    Project {
        /// Which.
        project: ProjectKey,
        /// Which of its pages.
        page: ProjectPage,
    },
    /// The form that adds a member.
    MemberAdd {
        /// To which project.
        project: ProjectKey,
        /// What was searched for.
        q: Option<String>,
    },
    /// The form of a member of a project.
    Member {
        /// Which project.
        project: ProjectKey,
        /// Who.
        member: String,
    },
    /// What happened in a project.
    Activity {
        /// Which.
        project: ProjectKey,
        /// Only what is of this kind.
        what: Option<ActivityKind>,
        /// Only this month, by its first day.
        month: Option<Date>,
        /// From 1.
        page: u32,
    },
    /// A milestone.
    Milestone {
        /// Its id.
        milestone: String,
    },
    /// The form of a milestone.
    MilestoneEdit {
        /// Its id.
        milestone: String,
    },
    /// List of merge requests.
    Merges(MergeQuery),
    /// A merge request.
    Merge {
        /// Which.
        merge: MergeId,
    },
    /// List of people.
    People {
        /// What was searched for.
        q: Option<String>,
    },
    /// A person.
    Person {
        /// Short name.
        member: String,
    },
    /// Search over everything.
    Search {
        /// For what.
        q: Option<String>,
        /// Among what.
        scope: Scope,
        /// From 1.
        page: u32,
    },
    /// Saved filters.
    Filters,
}

crate::named_values! {
    /// Pages of an issue.
    IssuePage {
        /// The issue itself.
        Show = "show",
        /// Its form.
        Edit = "edit",
        /// The form that closes it.
        Close = "close",
        /// The form that moves its card.
        Move = "move",
        /// The form that logs work.
        Work = "work",
        /// The form for links.
        Links = "links",
        /// Who works on it.
        Assignees = "assignees",
        /// Who watches it.
        Watchers = "watchers",
        /// Its labels.
        Labels = "labels",
    }
}

crate::named_values! {
    /// Pages of a project without parameters.
    ProjectPage {
        /// Overview.
        Show = "show",
        /// Board.
        Board = "board",
        /// Milestones.
        Milestones = "milestones",
        /// The form for a new milestone.
        MilestoneNew = "milestone_new",
        /// Members.
        Members = "members",
        /// Who may do what.
        Rights = "rights",
    }
}

crate::named_values! {
    /// What a list of events is narrowed to.
    ActivityKind {
        /// Reported.
        Reported = "reported",
        /// Closed.
        Closed = "closed",
        /// Opened again.
        Reopened = "reopened",
    }
}

crate::named_values! {
    /// What a search looks through.
    #[derive(Default)]
    Scope {
        /// Issues.
        #[default]
        Issues = "issues",
        /// Merge requests.
        Merges = "merges",
        /// People.
        People = "people",
        /// Milestones.
        Milestones = "milestones",
    }
}

crate::named_values! {
    /// Which issues a list shows, by status.
    #[derive(Default)]
    StatusFilter {
        /// All that are not closed; the default.
        #[default]
        NotClosed = "not_closed",
        /// To do.
        Todo = "todo",
        /// In progress.
        InProgress = "in_progress",
        /// In review.
        InReview = "in_review",
        /// Waiting.
        Waiting = "waiting",
        /// Closed.
        Closed = "closed",
        /// All.
        All = "all",
    }
}

crate::named_values! {
    /// Order of a list of issues.
    #[derive(Default)]
    IssueSort {
        /// Changed last first; the default.
        #[default]
        Updated = "updated",
        /// Reported last first.
        Newest = "newest",
        /// Reported first first.
        Oldest = "oldest",
        /// Most urgent first.
        Priority = "priority",
        /// Due first; without a day last.
        Due = "due",
        /// By key.
        Key = "key",
    }
}

crate::named_values! {
    /// Which merge requests a list shows, by state.
    #[derive(Default)]
    MergeStateFilter {
        /// Open; the default.
        #[default]
        Open = "open",
        /// Merged.
        Merged = "merged",
        /// Closed.
        Closed = "closed",
        /// All.
        All = "all",
    }
}

crate::named_values! {
    /// Order of a list of merge requests.
    #[derive(Default)]
    MergeSort {
        /// Latest first; the default.
        #[default]
        Newest = "newest",
        /// Earliest first.
        Oldest = "oldest",
    }
}

/// The word for "nobody" and "none" in filters.
pub const NONE: &str = "none";

/// What a list of issues is narrowed to and how it is ordered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IssueQuery {
    /// Project.
    pub project: Option<ProjectKey>,
    /// Words.
    pub q: Option<String>,
    /// Status.
    pub status: StatusFilter,
    /// Kind.
    pub kind: Option<IssueKind>,
    /// Priority.
    pub priority: Option<Priority>,
    /// Component.
    pub component: Option<String>,
    /// Bears this label.
    pub label: Option<String>,
    /// Does not bear this label (`without`).
    pub without: Option<String>,
    /// Title of a milestone, or [`NONE`].
    pub milestone: Option<String>,
    /// Short name of an assignee, or [`NONE`].
    pub assignee: Option<String>,
    /// Short name of who reported it.
    pub reporter: Option<String>,
    /// Short name of somebody who watches it.
    pub watcher: Option<String>,
    /// Only what is overdue (`due=overdue`).
    pub overdue: bool,
    /// Closed on this day or later (`closed_from`).
    pub closed_from: Option<Date>,
    /// Closed on this day or earlier (`closed_to`).
    pub closed_to: Option<Date>,
    /// Order (`sort`).
    pub sort: IssueSort,
    /// From 1 (`page`).
    pub page: u32,
}

impl IssueQuery {
    /// All issues that are not closed, first page.
    pub fn start() -> Self {
        Self {
            page: 1,
            ..Self::default()
        }
    }

    /// The same of one project.
    pub fn of(project: ProjectKey) -> Self {
        Self {
            project: Some(project),
            ..Self::start()
        }
    }
}

/// What a list of merge requests is narrowed to and how it is ordered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MergeQuery {
    /// Project.
    pub project: Option<ProjectKey>,
    /// State.
    pub state: MergeStateFilter,
    /// Short name of a reviewer.
    pub reviewer: Option<String>,
    /// Short name of the assignee.
    pub assignee: Option<String>,
    /// Short name of the author.
    pub author: Option<String>,
    /// Order.
    pub sort: MergeSort,
    /// From 1.
    pub page: u32,
}

impl MergeQuery {
    /// Open requests, first page.
    pub fn start() -> Self {
        Self {
            page: 1,
            ..Self::default()
        }
    }
}

/// What an address means: the route and the names of parameters that it does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// The page.
    pub route: Route,
    /// Names of unknown or unreadable parameters.
    pub unknown: Vec<String>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_filtered_list_is_read_typed_and_written_back() {
        let address = "/desk/issues?project=WEB&status=closed&label=needs+design&without=&closed_from=2026-02-01&sort=updated&page=1&assignee=none";
        let parsed = parse(address).unwrap();
        assert_eq!(parsed.unknown, Vec::<String>::new());
        let view = parsed.route.view(Vec::new());
        assert_eq!(view.route, "desk.issues");
        assert_eq!(
            serde_json::to_value(&view.params).unwrap(),
            json!({
                "assignee": "none",
                "closed_from": "2026-02-01",
                "label": "needs design",
                "project": "WEB",
                "status": "closed",
            })
        );
        assert_eq!(parse(&parsed.route.href()).unwrap(), parsed);
    }

    #[test]
    fn every_route_survives_the_way_to_an_address_and_back() {
        let web: ProjectKey = "WEB".parse().unwrap();
        let issue: IssueId = "WEB-1040".parse().unwrap();
        let mut routes = vec![
            Route::Home,
            Route::Issues(IssueQuery::of(web)),
            Route::IssueNew { project: Some(web) },
            Route::MemberAdd {
                project: web,
                q: Some("N\u{fa}\u{f1}ez & co".into()),
            },
            Route::Member {
                project: web,
                member: "li.na".into(),
            },
            Route::Activity {
                project: web,
                what: Some(ActivityKind::Closed),
                month: Some(jiff::civil::date(2026, 2, 1)),
                page: 2,
            },
            Route::Milestone {
                milestone: "web-spring-2026".into(),
            },
            Route::MilestoneEdit {
                milestone: "web-spring-2026".into(),
            },
            Route::Merges(MergeQuery::start()),
            Route::Merge {
                merge: "WEB!31".parse().unwrap(),
            },
            Route::People { q: None },
            Route::Person {
                member: "taru".into(),
            },
            Route::Search {
                q: Some("size picker".into()),
                scope: Scope::People,
                page: 1,
            },
            Route::Filters,
        ];
        routes.extend(IssuePage::ALL.iter().map(|page| Route::Issue {
            issue,
            page: *page,
            q: None,
        }));
        routes.extend(ProjectPage::ALL.iter().map(|page| Route::Project {
            project: web,
            page: *page,
        }));
        for route in routes {
            let parsed = parse(&route.href()).unwrap_or_else(|| panic!("{}", route.href()));
            assert_eq!(parsed.route, route);
            assert_eq!(parsed.unknown, Vec::<String>::new());
        }
        assert_eq!(parse("/desktop"), None);
        assert_eq!(parse("/desk/issues/first"), None);
        assert_eq!(parse("/desk/?next=/desk/issues").unwrap().unknown, ["next"]);
    }
}
