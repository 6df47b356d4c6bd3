//! The pages that pick people and labels for an issue: what is chosen, a search, what it finds.

use actix_web::HttpResponse;
use askama::Template;

use crate::sites::desk::actions::{self, Refusal};
use crate::sites::desk::pages::edit::{frame_below, with_issue};
use crate::sites::desk::pages::form::Choice;
use crate::sites::desk::pages::frame::{self, Frame, role_text};
use crate::sites::desk::pages::parts::issue_href;
use crate::sites::desk::pages::{Posted, Visit, missing};
use crate::sites::desk::queries::access::{project, refusal};
use crate::sites::desk::queries::people::{PICKER_SIZE, pick};
use crate::sites::desk::state::{DeskState, Issue, IssueId, Member, Right, Username};
use crate::sites::desk::view::{IssuePage, Parsed, Route};
use crate::sites::folding;

#[derive(Template)]
#[template(path = "sites/desk/picker.html")]
struct PickerPage {
    frame: Frame,
    key: String,
    title: String,
    heading: &'static str,
    find: &'static str,
    field: &'static str,
    q: String,
    action: String,
    back: String,
    chosen: Vec<Choice>,
    found: Vec<Choice>,
    more: usize,
    outsiders: Vec<Choice>,
    outside: String,
}

const fn right_of(page: IssuePage) -> Right {
    match page {
        IssuePage::Labels => Right::Label,
        _ => Right::Edit,
    }
}

/// Shows a picker.
pub fn show(visit: &Visit, id: IssueId, page: IssuePage, q: &str) -> HttpResponse {
    with_issue(visit, id, right_of(page), |state, issue| {
        render(visit, state, issue, page, q, None)
    })
}

fn choice(member: &Member) -> Choice {
    Choice {
        sub: format!("{}, {}", member.team, member.username),
        ..Choice::new(&*member.username, &member.name)
    }
}

fn people(state: &DeskState, chosen: &[Username]) -> Vec<Choice> {
    chosen
        .iter()
        .filter_map(|username| state.fixed.members.get(username))
        .map(choice)
        .collect()
}

fn render(
    visit: &Visit,
    state: &DeskState,
    issue: &Issue,
    page: IssuePage,
    q: &str,
    refused: Option<&Refusal>,
) -> HttpResponse {
    let key = issue.id.project;
    let href = |page| issue_href(issue.id, page);
    let mut template = PickerPage {
        frame: frame_below(visit, state, issue, "Labels").refusing(refused),
        key: issue.id.to_string(),
        title: issue.title.clone(),
        heading: "Labels",
        find: "Find labels",
        field: "labels",
        q: q.to_owned(),
        action: href(page),
        back: href(IssuePage::Show),
        chosen: Vec::new(),
        found: Vec::new(),
        more: 0,
        outsiders: Vec::new(),
        outside: String::new(),
    };
    if page == IssuePage::Labels {
        labels(state, issue, q, &mut template);
        return frame::page(frame::status_of(refused), &template);
    }
    let (heading, chosen) = if page == IssuePage::Assignees {
        ("Assignees", &issue.assignees)
    } else {
        ("Watchers", &issue.watchers)
    };
    template.frame = frame_below(visit, state, issue, heading).refusing(refused);
    template.heading = heading;
    template.find = "Find people";
    template.field = "people";
    let picked = pick(state, key, q);
    for member in picked.found.iter().chain(&picked.outsiders) {
        visit.show("desk.people", &member.username);
    }
    template.chosen = people(state, chosen);
    template.found = picked
        .found
        .iter()
        .filter(|member| !chosen.contains(&member.username))
        .map(|member| choice(member))
        .collect();
    template.more = picked.more;
    template.outsiders = picked
        .outsiders
        .iter()
        .map(|member| choice(member))
        .collect();
    template.outside = refusal(state, key, Right::Members).map_or_else(
        || "You can add members on the project's page \"Members\".".to_owned(),
        |_| {
            format!(
                "Only a maintainer can add members. {} in {key}.",
                role_text(state, key)
            )
        },
    );
    frame::page(frame::status_of(refused), &template)
}

fn labels(state: &DeskState, issue: &Issue, q: &str, template: &mut PickerPage) {
    let wanted = folding::words(q);
    let known = project(state, issue.id.project).map_or(&[][..], |project| &project.labels);
    let option = |label: &crate::sites::desk::state::Label| Choice {
        sub: label.about.clone(),
        ..Choice::new(&label.name, &label.name)
    };
    let (chosen, others): (Vec<_>, Vec<_>) = known
        .iter()
        .partition(|label| issue.labels.contains(&label.name));
    template.chosen = chosen.into_iter().map(option).collect();
    let found: Vec<Choice> = others
        .into_iter()
        .filter(|label| {
            let words = folding::words(&label.name);
            wanted
                .iter()
                .all(|wanted| words.iter().any(|word| word.starts_with(wanted)))
        })
        .map(option)
        .collect();
    template.more = found.len().saturating_sub(PICKER_SIZE);
    template.found = found.into_iter().take(PICKER_SIZE).collect();
}

/// Sets what is ticked.
pub async fn send(posted: Posted) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &["people", "labels"]) {
        return answer;
    }
    let Some(Parsed {
        route: Route::Issue {
            issue: id, page, ..
        },
        ..
    }) = posted.visit.parsed().cloned()
    else {
        return missing::show(&posted.visit);
    };
    let (people, labels) = (posted.fields.all("people"), posted.fields.all("labels"));
    let done = posted.write(|state| match page {
        IssuePage::Labels => actions::picks::set_labels(state, id, &labels),
        IssuePage::Watchers => actions::picks::set_watchers(state, id, &people),
        _ => actions::picks::assign(state, id, &people),
    });
    match done {
        Ok(()) => {
            let href = issue_href(id, IssuePage::Show);
            frame::go_saying(&posted.visit, &href, "Saved.")
        }
        Err(refusal) => with_issue(&posted.visit, id, right_of(page), |state, issue| {
            render(&posted.visit, state, issue, page, "", Some(&refusal))
        }),
    }
}
