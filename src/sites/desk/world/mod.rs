//! Makes the base state from the number of a world: the same number gives the same state, to
//! the byte, on every machine. No clock, no randomness but the seeded generator.

mod families;
mod issues;
mod links;
mod merges;
mod milestones;
mod people;
mod plan;
mod talk;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeMap;
use std::sync::Arc;

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use crate::sites::desk::state::{
    Component, DeskState, Fixed, Incidental, Issue, IssueId, Label, Member, Membership, Project,
    ProjectKey, Role, SavedFilter, Username,
};
use crate::sites::people::People;
use plan::{PLANS, Plan};

/// The base state of a world with its people.
pub fn base(world: u32, people: &People) -> DeskState {
    let stream = |number: u64| {
        let mut rng = ChaCha8Rng::seed_from_u64(0x6465_736b_0000_0000 | u64::from(world));
        rng.set_stream(number);
        rng
    };
    let members = people::members(&mut stream(1), people);
    let memberships = memberships(&mut stream(2), &members);
    let projects = projects(&memberships);
    let milestones = milestones::milestones(&mut stream(3));
    let mut made = issues::Made::default();
    for (at, plan) in PLANS.iter().enumerate() {
        let rng = &mut stream(10 + at as u64);
        issues::Maker::new(rng, plan, &memberships, &milestones).make(&mut made);
    }
    let mut links = links::links(&mut stream(4), &mut made, &milestones);
    let merges = merges::merges(&mut stream(5), &mut made.issues, &memberships);
    let moved = links::moved(&mut stream(6), &mut made);
    links.extend(links::duplicates(&mut stream(7), &mut made.issues, &links));
    let talk = talk::talk(&mut stream(8), &mut made, &merges, &memberships);
    let order = order(&mut stream(9), &made.issues);
    let next_issue = made
        .issues
        .keys()
        .map(|id| (id.project, id.no + 1))
        .collect();
    let incidental = Incidental {
        flash: None,
        undo: None,
        next_issue,
        next_comment: talk.next_comment,
        next_work: talk.next_work,
        next_milestone: 50,
        next_filter: 4,
    };
    DeskState {
        fixed: Arc::new(Fixed {
            world,
            me: people::ME.into(),
            projects,
            members,
            moved,
            families: made.families,
            base_order: order.clone(),
        }),
        issues: Arc::new(
            made.issues
                .into_iter()
                .map(|(id, issue)| (id, Arc::new(issue)))
                .collect(),
        ),
        order: Arc::new(order),
        comments: Arc::new(talk.comments),
        links: Arc::new(links),
        work: Arc::new(talk.work),
        milestones: Arc::new(milestones),
        merges: Arc::new(merges),
        memberships: Arc::new(memberships),
        filters: Arc::new(filters()),
        incidental,
    }
}

fn key_of(plan: &Plan) -> ProjectKey {
    // The keys of the plans are constants of three capital letters; a test reads them all.
    plan.key
        .parse()
        .unwrap_or_else(|problem| unreachable!("{problem}"))
}

fn memberships(
    rng: &mut ChaCha8Rng,
    members: &BTreeMap<Username, Member>,
) -> BTreeMap<(ProjectKey, Username), Membership> {
    PLANS
        .iter()
        .flat_map(|plan| {
            let project = key_of(plan);
            people::memberships(rng, plan, members)
                .into_iter()
                .map(move |(username, membership)| ((project, username), membership))
        })
        .collect()
}

fn projects(memberships: &BTreeMap<(ProjectKey, Username), Membership>) -> Vec<Project> {
    PLANS
        .iter()
        .map(|plan| {
            let key = key_of(plan);
            let lead = memberships
                .iter()
                .find(|((project, username), membership)| {
                    *project == key
                        && membership.role == Role::Maintainer
                        && &**username != people::ME
                })
                .map_or_else(|| people::ME.into(), |((_, username), _)| username.clone());
            let workers = people::workers(memberships, key);
            let components = plan
                .components
                .iter()
                .enumerate()
                .map(|(at, (name, _))| Component {
                    name: (*name).to_owned(),
                    owner: workers
                        .get(at * 2 % workers.len().max(1))
                        .unwrap_or(&lead)
                        .clone(),
                })
                .collect();
            let mut labels: Vec<Label> = plan
                .labels
                .iter()
                .map(|(name, about)| Label {
                    name: (*name).to_owned(),
                    about: (*about).to_owned(),
                })
                .collect();
            labels.sort_by(|one, two| one.name.cmp(&two.name));
            Project {
                key,
                name: plan.name.to_owned(),
                about: plan.about.to_owned(),
                lead,
                components,
                labels,
                rights: plan.rights().into_iter().collect(),
            }
        })
        .collect()
}

/// The order of each board.
fn order(
    rng: &mut ChaCha8Rng,
    issues: &BTreeMap<IssueId, Issue>,
) -> BTreeMap<ProjectKey, Arc<Vec<IssueId>>> {
    let mut order: BTreeMap<ProjectKey, Vec<IssueId>> = BTreeMap::new();
    for id in issues.keys() {
        order.entry(id.project).or_default().push(*id);
    }
    order
        .into_iter()
        .map(|(project, mut ids)| {
            ids.shuffle(rng);
            (project, Arc::new(ids))
        })
        .collect()
}

fn filters() -> BTreeMap<u32, SavedFilter> {
    [
        (1, "Urgent in the storefront", "project=WEB&priority=urgent"),
        (
            2,
            "Customers waiting",
            "project=HLP&status=waiting&sort=oldest",
        ),
        (3, "Old tasks", "kind=task&sort=oldest"),
    ]
    .into_iter()
    .map(|(no, name, query)| {
        let filter = SavedFilter {
            name: name.to_owned(),
            query: query.to_owned(),
        };
        (no, filter)
    })
    .collect()
}
