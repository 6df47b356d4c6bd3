//! Closing and opening issues, and moving their cards.

use std::sync::Arc;

use crate::sites::desk::actions::issues::say_changes;
use crate::sites::desk::actions::{Refusal, issue_with, note, write_issue};
use crate::sites::desk::queries::access::visible;
use crate::sites::desk::queries::board::column;
use crate::sites::desk::state::{
    DeskState, Happening, IssueId, Link, LinkKind, Resolution, Right, Status,
};

/// Closes an issue. Fields: `resolution`, and `duplicate_of` with the key of the issue that is
/// kept when it is a duplicate.
pub fn close(
    state: &mut DeskState,
    id: IssueId,
    resolution: &str,
    duplicate_of: &str,
) -> Result<(), Refusal> {
    let issue = issue_with(state, id, Right::Edit)?;
    if !issue.is_open() {
        return Err(Refusal::not_allowed(format!("{id} is closed already.")));
    }
    let Ok(resolution) = resolution.parse::<Resolution>() else {
        return Err(Refusal::field("resolution", "Choose why it is closed."));
    };
    let kept = match (resolution, duplicate_of) {
        (Resolution::Duplicate, key) => Some(kept(state, id, key)?),
        (_, "") => None,
        _ => {
            return Err(Refusal::field(
                "duplicate_of",
                "Only a duplicate has an issue that is kept.",
            ));
        }
    };
    if let Some(kept) = kept {
        let link = Link::new(id, LinkKind::Duplicates, kept);
        Arc::make_mut(&mut state.links).insert(link);
    }
    shut(state, id, resolution)
}

/// Closes an issue without asking.
pub(super) fn shut(
    state: &mut DeskState,
    id: IssueId,
    resolution: Resolution,
) -> Result<(), Refusal> {
    let me = state.fixed.me.clone();
    let issue = write_issue(state, id)?;
    issue.status = Status::Closed;
    issue.resolution = Some(resolution);
    note(issue, &me, Happening::Closed);
    Ok(())
}

fn kept(state: &DeskState, id: IssueId, key: &str) -> Result<IssueId, Refusal> {
    let wrong = |message: String| Refusal::field("duplicate_of", message);
    let kept: IssueId = key
        .to_uppercase()
        .parse()
        .map_err(|_| wrong("Enter the key of the issue that is kept, e.g. HLP-482.".into()))?;
    if kept == id {
        return Err(wrong("An issue cannot be a duplicate of itself.".into()));
    }
    if visible(state, kept).is_none() {
        return Err(wrong(format!("There is no issue {kept}.")));
    }
    let turns_back = state
        .links
        .contains(&Link::new(kept, LinkKind::Duplicates, id));
    if turns_back {
        return Err(wrong(format!("{kept} is a duplicate of {id} already.")));
    }
    Ok(kept)
}

/// Opens a closed issue again; one that was a duplicate is none any more.
pub fn reopen(state: &mut DeskState, id: IssueId) -> Result<(), Refusal> {
    let issue = issue_with(state, id, Right::Edit)?;
    if issue.is_open() {
        return Err(Refusal::not_allowed(format!("{id} is not closed.")));
    }
    let was_duplicate = issue.resolution == Some(Resolution::Duplicate);
    let me = state.fixed.me.clone();
    if was_duplicate {
        Arc::make_mut(&mut state.links)
            .retain(|link| link.from != id || link.kind != LinkKind::Duplicates);
    }
    let issue = write_issue(state, id)?;
    issue.status = Status::Todo;
    issue.resolution = None;
    note(issue, &me, Happening::Reopened);
    Ok(())
}

/// Where a card goes in its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Above all others.
    Top,
    /// Below all others.
    Bottom,
    /// Right above this one.
    Above(IssueId),
    /// One up.
    Up,
    /// One down.
    Down,
}

impl Place {
    /// Reads `top`, `bottom`, `up`, `down` or a key.
    pub fn read(text: &str) -> Option<Self> {
        match text {
            "top" => Some(Self::Top),
            "bottom" => Some(Self::Bottom),
            "up" => Some(Self::Up),
            "down" => Some(Self::Down),
            key => key.parse().ok().map(Self::Above),
        }
    }
}

/// Puts a card into a column and there to a place. Fields: `status`, `place`.
pub fn move_card(
    state: &mut DeskState,
    id: IssueId,
    status: &str,
    place: &str,
) -> Result<(), Refusal> {
    let issue = issue_with(state, id, Right::Edit)?;
    if !issue.is_open() {
        return Err(Refusal::not_allowed(format!(
            "{id} is closed. Reopen it first."
        )));
    }
    let status = status.parse::<Status>().ok();
    let Some(status) = status.filter(|status| *status != Status::Closed) else {
        return Err(Refusal::field("status", "Choose a column of the board."));
    };
    let others: Vec<IssueId> = column(state, id.project, status)
        .into_iter()
        .filter(|other| *other != id)
        .collect();
    let was_in = issue.status == status;
    let at = column(state, id.project, status)
        .iter()
        .position(|other| *other == id)
        .unwrap_or(others.len());
    // The card goes right before or behind another one, so that a way back leads to the order
    // that was.
    let wanted = match Place::read(place) {
        Some(Place::Top) => 0,
        Some(Place::Bottom) => others.len(),
        Some(Place::Up) => at.saturating_sub(1),
        Some(Place::Down) => (at + usize::from(was_in)).min(others.len()),
        Some(Place::Above(anchor)) => match others.iter().position(|other| *other == anchor) {
            Some(at) => at,
            None => return Err(Refusal::field("place", "Choose a card of that column.")),
        },
        None => return Err(Refusal::field("place", "Choose a place in the column.")),
    };
    let me = state.fixed.me.clone();
    let orders = Arc::make_mut(&mut state.order);
    let order = Arc::make_mut(orders.entry(id.project).or_default());
    order.retain(|other| *other != id);
    let position = |anchor: IssueId| order.iter().position(|other| *other == anchor);
    let to = match (others.get(wanted), wanted.checked_sub(1)) {
        (Some(next), _) => position(*next),
        (None, Some(last)) => position(others[last]).map(|at| at + 1),
        (None, None) => None,
    };
    order.insert(to.unwrap_or(order.len()), id);
    let issue = write_issue(state, id)?;
    let before = issue.clone();
    issue.status = status;
    say_changes(&before, issue, &me);
    Ok(())
}
