//! Making and changing milestones.

use std::sync::Arc;

use jiff::civil::Date;

use crate::sites::desk::actions::{DAY, Refusal, Wrong, need};
use crate::sites::desk::queries::milestones::by_title;
use crate::sites::desk::state::{
    DeskState, Milestone, MilestoneId, MilestoneState, ProjectKey, Right,
};

/// What is entered about a milestone. All as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    /// Field `title`.
    pub title: String,
    /// Field `about`.
    pub about: String,
    /// Field `start`.
    pub start: String,
    /// Field `due`.
    pub due: String,
}

fn read(
    state: &DeskState,
    project: ProjectKey,
    form: &Form,
    own: Option<&str>,
) -> Result<(Date, Date), Refusal> {
    let mut wrong = Wrong::default();
    wrong.needs("title", &form.title, 60);
    wrong.at_most("about", &form.about, 300);
    let same = by_title(state, project, &form.title);
    if same.is_some_and(|same| Some(&*same.id) != own) {
        wrong.say("title", "The project has a milestone of this title.");
    }
    let mut day = |field, text: &str| {
        let day: Option<Date> = text.parse().ok();
        if day.is_none() {
            wrong.say(field, DAY);
        }
        day
    };
    let (start, due) = (day("start", &form.start), day("due", &form.due));
    if let (Some(start), Some(due)) = (start, due)
        && due < start
    {
        wrong.say("due", "It ends before it starts.");
    }
    wrong.none()?;
    start.zip(due).ok_or_else(|| Refusal::field("start", DAY))
}

/// Makes a milestone.
pub fn create(
    state: &mut DeskState,
    project: ProjectKey,
    form: &Form,
) -> Result<MilestoneId, Refusal> {
    need(state, project, Right::Milestones)?;
    let (start, due) = read(state, project, form, None)?;
    let no = state.incidental.next_milestone;
    state.incidental.next_milestone += 1;
    let id: MilestoneId = format!("{}-m{no}", project.as_str().to_lowercase()).into();
    let milestone = Milestone {
        id: id.clone(),
        project,
        title: form.title.clone(),
        about: form.about.clone(),
        start,
        due,
        state: MilestoneState::Open,
    };
    Arc::make_mut(&mut state.milestones).insert(id.clone(), milestone);
    Ok(id)
}

/// The milestone of an id that who is signed in may change.
fn own<'a>(state: &'a DeskState, id: &str) -> Result<&'a Milestone, Refusal> {
    let milestone = state
        .milestones
        .get(id)
        .ok_or_else(|| Refusal::not_found("There is no such milestone."))?;
    need(state, milestone.project, Right::Milestones)?;
    Ok(milestone)
}

/// Changes a milestone.
pub fn edit(state: &mut DeskState, id: &str, form: &Form) -> Result<(), Refusal> {
    let project = own(state, id)?.project;
    let (start, due) = read(state, project, form, Some(id))?;
    if let Some(milestone) = Arc::make_mut(&mut state.milestones).get_mut(id) {
        milestone.title.clone_from(&form.title);
        milestone.about.clone_from(&form.about);
        milestone.start = start;
        milestone.due = due;
    }
    Ok(())
}

/// Ends a milestone or takes it up again.
pub fn set_state(state: &mut DeskState, id: &str, wanted: MilestoneState) -> Result<(), Refusal> {
    own(state, id)?;
    if let Some(milestone) = Arc::make_mut(&mut state.milestones).get_mut(id) {
        milestone.state = wanted;
    }
    Ok(())
}
