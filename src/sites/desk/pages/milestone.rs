//! Milestones of a project, and one milestone with its burndown.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::sites::clock::{TODAY, day_text, weekday_name};
use crate::sites::desk::pages::frame::{self, Frame, above, project_href};
use crate::sites::desk::pages::parts::{IssueRow, Link, due_text, short_day};
use crate::sites::desk::pages::{Visit, missing};
use crate::sites::desk::queries::access::{may, my_role, project, sees};
use crate::sites::desk::queries::milestones::{self, BurnDay, burndown, issues, progress};
use crate::sites::desk::state::{DeskState, Milestone, MilestoneState, ProjectKey, Right};
use crate::sites::desk::view::{IssueQuery, ProjectPage, Route, StatusFilter};

#[derive(Template)]
#[template(path = "sites/desk/milestones.html")]
struct MilestonesPage {
    frame: Frame,
    name: String,
    rows: Vec<Row>,
    new_href: String,
    may_change: bool,
}

struct Row {
    href: String,
    title: String,
    about: String,
    start: String,
    due: String,
    state: String,
    over: bool,
    open: usize,
    closed: usize,
    points: u32,
    done: u32,
}

fn row(state: &DeskState, milestone: &Milestone) -> Row {
    let progress = progress(state, milestone);
    let over = milestone.state == MilestoneState::Closed;
    Row {
        href: href(milestone),
        title: milestone.title.clone(),
        about: milestone.about.clone(),
        start: long_day(milestone.start),
        due: long_day(milestone.due),
        state: if over {
            "Closed".to_owned()
        } else if milestone.due < TODAY {
            "Open, overdue".to_owned()
        } else if milestone.start > TODAY {
            "Open, not started".to_owned()
        } else {
            "Open".to_owned()
        },
        over,
        open: progress.open,
        closed: progress.closed,
        points: progress.points,
        done: progress.done,
    }
}

fn long_day(day: jiff::civil::Date) -> String {
    format!("{} {}", weekday_name(day.weekday()), day_text(day))
}

/// The address of a milestone.
pub fn href(milestone: &Milestone) -> String {
    Route::Milestone {
        milestone: milestone.id.to_string(),
    }
    .href()
}

/// Shows the milestones of a project.
pub fn list(visit: &Visit, key: ProjectKey) -> HttpResponse {
    let state = visit.state();
    let (Some(project), Some(_)) = (project(&state, key), my_role(&state, key)) else {
        return missing::show(visit);
    };
    let all = milestones::of_project(&state, key);
    for milestone in &all {
        visit.show("desk.milestones", &milestone.id);
    }
    let template = MilestonesPage {
        frame: Frame::new(visit, &state, format!("Milestones of {}", project.name))
            .under(above(&state, key), "Milestones")
            .within(&state, key, "Milestones"),
        name: project.name.clone(),
        rows: all.iter().map(|milestone| row(&state, milestone)).collect(),
        new_href: project_href(key, ProjectPage::MilestoneNew),
        may_change: may(&state, key, Right::Milestones),
    };
    frame::page(StatusCode::OK, &template)
}

#[derive(Template)]
#[template(path = "sites/desk/milestone.html")]
struct MilestonePage {
    frame: Frame,
    row: Row,
    until: String,
    list_href: String,
    edit_href: String,
    state_href: String,
    may_change: bool,
    issues: Vec<IssueRow>,
    chart: Chart,
    days: Vec<DayRow>,
}

struct DayRow {
    day: String,
    remaining: u32,
    change: String,
}

/// The burndown as lines in a drawing of 640 by 220.
struct Chart {
    line: String,
    ideal: String,
    points: Vec<(u32, u32, String)>,
    grid: Vec<(u32, u32)>,
    first: String,
    last: String,
    label: String,
}

const WIDTH: u32 = 580;
const HEIGHT: u32 = 170;
const LEFT: u32 = 44;
const TOP: u32 = 14;

impl Chart {
    fn of(milestone: &Milestone, days: &[BurnDay]) -> Self {
        let most = days
            .iter()
            .map(|day| day.remaining)
            .max()
            .unwrap_or(0)
            .max(1);
        let length = crate::sites::clock::days_between(milestone.start, milestone.due).max(1);
        let length = u32::try_from(length).unwrap_or(1);
        let x = |at: usize| LEFT + u32::try_from(at).unwrap_or(0).min(length) * WIDTH / length;
        let y = |points: u32| TOP + HEIGHT - points * HEIGHT / most;
        let points: Vec<(u32, u32, String)> = days
            .iter()
            .enumerate()
            .map(|(at, day)| {
                let title = format!("{}: {} points", short_day(day.day), day.remaining);
                (x(at), y(day.remaining), title)
            })
            .collect();
        let line = points
            .iter()
            .map(|(x, y, _)| format!("{x},{y}"))
            .collect::<Vec<_>>()
            .join(" ");
        let start = days.first().map_or(0, |day| day.remaining);
        let (right, floor) = (LEFT + WIDTH, TOP + HEIGHT);
        Self {
            line,
            ideal: format!("{LEFT},{} {right},{floor}", y(start)),
            points,
            grid: (0..=4)
                .map(|part| (y(most * part / 4), most * part / 4))
                .collect(),
            first: short_day(milestone.start),
            last: short_day(milestone.due),
            label: format!(
                "Burndown of {}: {} points left on {}",
                milestone.title,
                days.last().map_or(0, |day| day.remaining),
                days.last()
                    .map_or_else(String::new, |day| day_text(day.day)),
            ),
        }
    }
}

/// Shows a milestone.
pub fn show(visit: &Visit, id: &str) -> HttpResponse {
    let state = visit.state();
    let found = state
        .milestones
        .get(id)
        .filter(|milestone| my_role(&state, milestone.project).is_some());
    let Some(milestone) = found else {
        return missing::show(visit);
    };
    visit.show("desk.milestones", id);
    let key = milestone.project;
    let mut above = above(&state, key);
    above.push(Link::to(
        project_href(key, ProjectPage::Milestones),
        "Milestones",
    ));
    let burn = burndown(&state, milestone);
    let query = IssueQuery {
        milestone: Some(milestone.title.clone()),
        status: StatusFilter::All,
        ..IssueQuery::of(key)
    };
    let mut open: Vec<_> = issues(&state, milestone)
        .into_iter()
        .filter(|issue| issue.is_open() && sees(&state, issue))
        .collect();
    open.sort_by_key(|issue| (issue.priority, issue.id));
    for issue in &open {
        visit.show("desk.issues", issue.id);
    }
    let edit = Route::MilestoneEdit {
        milestone: id.to_owned(),
    };
    let template = MilestonePage {
        frame: Frame::new(visit, &state, milestone.title.clone())
            .under(above, milestone.title.clone())
            .within(&state, key, "Milestones"),
        row: row(&state, milestone),
        until: due_text(milestone.due),
        list_href: Route::Issues(query).href(),
        edit_href: edit.href(),
        state_href: format!("{}/state", href(milestone)),
        may_change: may(&state, key, Right::Milestones),
        issues: open
            .into_iter()
            .map(|issue| IssueRow::of(&state, issue))
            .collect(),
        chart: Chart::of(milestone, &burn),
        days: burn.iter().map(day_row).collect(),
    };
    frame::page(StatusCode::OK, &template)
}

fn day_row(day: &BurnDay) -> DayRow {
    DayRow {
        day: day_text(day.day),
        remaining: day.remaining,
        change: match day.change {
            0 => "0".to_owned(),
            change if change > 0 => format!("+{change}"),
            change => format!("\u{2212}{}", -change),
        },
    }
}
