//! Writes addresses of the desk, and what they mean in typed form.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::{Value, json};

use crate::domain::evidence::View;
use crate::sites::desk::view::{
    IssuePage, IssueQuery, MergeQuery, ProjectPage, Route, Scope, StatusFilter,
};

type Pairs = Vec<(&'static str, String)>;

impl Route {
    /// The address of the page, defaults left out, e.g. `/desk/issues?project=WEB`.
    pub fn href(&self) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in self.query() {
            query.append_pair(name, &value);
        }
        let query = query.finish();
        let path = self.path();
        if query.is_empty() {
            path
        } else {
            format!("{path}?{query}")
        }
    }

    fn path(&self) -> String {
        match self {
            Self::Home => "/desk/".to_owned(),
            Self::Issues(_) => "/desk/issues".to_owned(),
            Self::IssueNew { .. } => "/desk/issues/new".to_owned(),
            Self::Issue {
                issue,
                page: IssuePage::Show,
                ..
            } => format!("/desk/issues/{issue}"),
            Self::Issue { issue, page, .. } => format!("/desk/issues/{issue}/{page}"),
            Self::Project { project, page } => match page {
                ProjectPage::Show => format!("/desk/p/{project}"),
                ProjectPage::MilestoneNew => format!("/desk/p/{project}/milestones/new"),
                page => format!("/desk/p/{project}/{page}"),
            },
            Self::MemberAdd { project, .. } => format!("/desk/p/{project}/members/add"),
            Self::Member { project, member } => {
                format!("/desk/p/{project}/members/{}", encode(member))
            }
            Self::Activity { project, .. } => format!("/desk/p/{project}/activity"),
            Self::Milestone { milestone } => format!("/desk/milestones/{}", encode(milestone)),
            Self::MilestoneEdit { milestone } => {
                format!("/desk/milestones/{}/edit", encode(milestone))
            }
            Self::Merges(_) => "/desk/merge-requests".to_owned(),
            Self::Merge { merge } => {
                format!("/desk/merge-requests/{}/{}", merge.project, merge.no)
            }
            Self::People { .. } => "/desk/people".to_owned(),
            Self::Person { member } => format!("/desk/people/{}", encode(member)),
            Self::Search { .. } => "/desk/search".to_owned(),
            Self::Filters => "/desk/filters".to_owned(),
        }
    }

    /// Parameters of the query, defaults left out.
    fn query(&self) -> Pairs {
        let mut pairs = Vec::new();
        let mut push = |name, value: Option<String>| pairs.extend(value.map(|value| (name, value)));
        match self {
            Self::Issues(query) => return query.pairs(),
            Self::Merges(query) => return query.pairs(),
            Self::IssueNew { project } => push("project", project.map(|one| one.to_string())),
            Self::Issue { q, .. } | Self::MemberAdd { q, .. } | Self::People { q } => {
                push("q", q.clone());
            }
            Self::Activity {
                what, month, page, ..
            } => {
                push("what", what.map(|what| what.to_string()));
                push("month", month.map(month_text));
                push("page", page_text(*page));
            }
            Self::Search { q, scope, page } => {
                push("q", q.clone());
                push("in", (*scope != Scope::Issues).then(|| scope.to_string()));
                push("page", page_text(*page));
            }
            _ => {}
        }
        pairs
    }

    /// The page as evaluators and the journal name it. Parameters have the names that they have
    /// in addresses; `page` is a number, `overdue` is `true` or left out.
    pub fn view(&self, unknown: Vec<String>) -> View {
        View {
            route: format!("desk.{}", self.name()),
            params: self.params(),
            unknown,
        }
    }

    fn name(&self) -> String {
        match self {
            Self::Issue {
                page: IssuePage::Show,
                ..
            } => "issue".to_owned(),
            Self::Issue { page, .. } => format!("issue_{page}"),
            Self::Project {
                page: ProjectPage::Show,
                ..
            } => "project".to_owned(),
            Self::Project { page, .. } => page.to_string(),
            Self::Home => "home".to_owned(),
            Self::Issues(_) => "issues".to_owned(),
            Self::IssueNew { .. } => "issue_new".to_owned(),
            Self::MemberAdd { .. } => "member_add".to_owned(),
            Self::Member { .. } => "member".to_owned(),
            Self::Activity { .. } => "activity".to_owned(),
            Self::Milestone { .. } => "milestone".to_owned(),
            Self::MilestoneEdit { .. } => "milestone_edit".to_owned(),
            Self::Merges(_) => "merges".to_owned(),
            Self::Merge { .. } => "merge".to_owned(),
            Self::People { .. } => "people".to_owned(),
            Self::Person { .. } => "person".to_owned(),
            Self::Search { .. } => "search".to_owned(),
            Self::Filters => "filters".to_owned(),
        }
    }

    fn params(&self) -> BTreeMap<String, Value> {
        let mut params: BTreeMap<String, Value> = self
            .query()
            .into_iter()
            .map(|(name, value)| {
                let value = match name {
                    "page" => json!(value.parse::<u32>().unwrap_or(1)),
                    _ => json!(value),
                };
                (name.to_owned(), value)
            })
            .collect();
        let mut put = |name: &str, value: String| {
            params.insert(name.to_owned(), json!(value));
        };
        match self {
            Self::Issue { issue, .. } => put("issue", issue.to_string()),
            Self::Project { project, .. }
            | Self::MemberAdd { project, .. }
            | Self::Activity { project, .. } => put("project", project.to_string()),
            Self::Member { project, member } => {
                put("project", project.to_string());
                put("member", member.clone());
            }
            Self::Milestone { milestone } | Self::MilestoneEdit { milestone } => {
                put("milestone", milestone.clone());
            }
            Self::Merge { merge } => put("merge", merge.to_string()),
            Self::Person { member } => put("member", member.clone()),
            _ => {}
        }
        params
    }
}

impl IssueQuery {
    /// What it narrows to, as parameters of an address.
    pub fn pairs(&self) -> Pairs {
        let mut pairs = Vec::new();
        let mut push = |name, value: Option<String>| pairs.extend(value.map(|value| (name, value)));
        push("project", self.project.map(|one| one.to_string()));
        push("q", self.q.clone());
        let status = self.status != StatusFilter::NotClosed;
        push("status", status.then(|| self.status.to_string()));
        push("kind", self.kind.map(|one| one.to_string()));
        push("priority", self.priority.map(|one| one.to_string()));
        push("component", self.component.clone());
        push("label", self.label.clone());
        push("without", self.without.clone());
        push("milestone", self.milestone.clone());
        push("assignee", self.assignee.clone());
        push("reporter", self.reporter.clone());
        push("watcher", self.watcher.clone());
        push("due", self.overdue.then(|| "overdue".to_owned()));
        push("closed_from", self.closed_from.map(|day| day.to_string()));
        push("closed_to", self.closed_to.map(|day| day.to_string()));
        let sorted = self.sort != crate::sites::desk::view::IssueSort::default();
        push("sort", sorted.then(|| self.sort.to_string()));
        push("page", page_text(self.page));
        pairs
    }
}

impl MergeQuery {
    fn pairs(&self) -> Pairs {
        let mut pairs = Vec::new();
        let mut push = |name, value: Option<String>| pairs.extend(value.map(|value| (name, value)));
        push("project", self.project.map(|one| one.to_string()));
        let state = self.state != crate::sites::desk::view::MergeStateFilter::default();
        push("state", state.then(|| self.state.to_string()));
        push("reviewer", self.reviewer.clone());
        push("assignee", self.assignee.clone());
        push("author", self.author.clone());
        let sorted = self.sort != crate::sites::desk::view::MergeSort::default();
        push("sort", sorted.then(|| self.sort.to_string()));
        push("page", page_text(self.page));
        pairs
    }
}

fn page_text(page: u32) -> Option<String> {
    (page > 1).then(|| page.to_string())
}

fn month_text(day: Date) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

fn encode(segment: &str) -> String {
    url::form_urlencoded::byte_serialize(segment.as_bytes())
        .collect::<String>()
        .replace('+', "%20")
}
