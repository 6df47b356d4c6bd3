//! The checks of tasks that need no browser: schema, wording, draws, near misses, mutants.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::bundled::{self, KeyedInstance, PUBLIC_WORLD};
use super::instance::{Instance, Library};
use super::template::File;
use super::{TaskFileError, guess, lint, mutants, results};
use crate::domain::evidence::Evidence;
use crate::domain::task::{Difficulty, TaskKind, TaskSpec};
use crate::domain::verdict::{Verdict, VerdictStatus};
use crate::sites::diff::Records;
use crate::sites::registry;

/// The evaluators, which the caller passes in: sites know none.
pub type Evaluate = fn(&TaskSpec, &Evidence) -> Verdict;

/// Draws of each template whose near misses and mutants are run, besides the public ones.
const SAMPLED_DRAWS: usize = 4;

/// Valid draws that a template needs in a world: with fewer, a guess is right too often, and an
/// agent that has seen some has seen most.
const LEAST_DRAWS: usize = 20;

/// What the checks found.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// One entry per public task, then one per further draw that has problems.
    pub tasks: Vec<TaskReport>,
}

impl Report {
    /// Every problem with the task that it belongs to.
    pub fn problems(&self) -> Vec<String> {
        self.tasks
            .iter()
            .flat_map(|task| {
                task.problems.iter().map(|problem| {
                    format!(
                        "{} ({} draw {}): {problem}",
                        task.key, task.template, task.draw
                    )
                })
            })
            .collect()
    }
}

/// What the checks found about one task.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskReport {
    /// Name in the suite; `-` for a draw that is not in it.
    pub key: String,
    /// Template.
    pub template: String,
    /// Number of the draw.
    pub draw: u32,
    /// Title.
    pub title: String,
    /// Goal as the agent reads it.
    pub goal: String,
    /// Kind.
    pub kind: TaskKind,
    /// How hard, from the points.
    pub difficulty: Difficulty,
    /// Points by feature.
    pub points: BTreeMap<String, u32>,
    /// Valid draws of the template in this world.
    pub draws: usize,
    /// Near misses and other right results that were judged.
    pub checks: usize,
    /// Mutants that failed as they must.
    pub mutants: usize,
    /// Mutants that equal an accepted result.
    pub skipped: usize,
    /// What is wrong.
    pub problems: Vec<String>,
}

/// Checks drafts in a world: task files that are not bundled, or other versions of such that are.
/// Every draw that is looked at is in the report.
pub fn check_drafts(
    evaluate: Evaluate,
    world: u32,
    drafts: Vec<File>,
) -> Result<Report, TaskFileError> {
    let ids: Vec<String> = drafts
        .iter()
        .map(|draft| draft.template.id.clone())
        .collect();
    let library = Library::open_with(world, drafts)?;
    let base = registry::records(&library.base);
    let mut tasks = Vec::new();
    for file in library
        .files
        .iter()
        .filter(|file| ids.contains(&file.template.id))
    {
        let reports = check_file(evaluate, &library, file, &base)?;
        if reports.is_empty() {
            return Err(file.error("draw", library.why_none(&file.template.id)?));
        }
        tasks.extend(reports.into_iter().map(|(_, report)| TaskReport {
            key: format!("{}-{}", file.template.id, report.draw),
            ..report
        }));
    }
    Ok(Report { tasks })
}

/// Checks all bundled tasks in a world, and further draws of each template. Outside of the public
/// world those are checked that have the same template and draw as a public task.
pub fn check(evaluate: Evaluate, world: u32) -> Result<Report, TaskFileError> {
    let library = Library::open(world)?;
    let base = registry::records(&library.base);
    let by_file: Vec<_> = library
        .files
        .par_iter()
        .map(|file| check_file(evaluate, &library, file, &base))
        .collect::<Result<_, _>>()?;
    let mut tasks: Vec<TaskReport> = by_file
        .into_iter()
        .flatten()
        .filter(|(key, report)| key.is_some() || !report.problems.is_empty())
        .map(|(key, report)| TaskReport {
            key: key.unwrap_or_else(|| "-".into()),
            ..report
        })
        .collect();
    let missing: Vec<KeyedInstance> = bundled::public_instances()
        .into_iter()
        .filter(|wanted| {
            !tasks
                .iter()
                .any(|task| (task.template.as_str(), task.draw) == (wanted.template, wanted.draw))
        })
        .collect();
    if let Some(wanted) = missing.first() {
        return Err(TaskFileError {
            file: wanted.folder.module(),
            line: 1,
            field: format!("public: {}", wanted.key),
            problem: format!(
                "there is no draw {} of {}: {}",
                wanted.draw,
                wanted.template,
                library.why_none(wanted.template)?
            ),
        });
    }
    tasks.sort_by(|left, right| left.key.cmp(&right.key));
    Ok(Report { tasks })
}

/// Checks the first draws of a template, each with its key when it is public or would be in the
/// public world.
fn check_file(
    evaluate: Evaluate,
    library: &Library,
    file: &File,
    base: &Records,
) -> Result<Vec<(Option<String>, TaskReport)>, TaskFileError> {
    let draws = library.draws(file)?;
    let public = bundled::keys_of(&file.template.id);
    let guess = guess::problem(library, file, &draws)?;
    (0..draws.valid.len().min(SAMPLED_DRAWS))
        .map(|number| {
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            let instance = library.instance(file, &draws, number)?;
            let key = public
                .iter()
                .find(|(draw, _)| *draw == number)
                .map(|(_, key)| match library.world {
                    PUBLIC_WORLD => key.clone(),
                    world => bundled::drawn_key(&file.template.id, number, world),
                });
            let mut report = check_one(evaluate, &instance, base, draws.valid.len());
            twin(library, &instance, &mut report);
            report
                .problems
                .extend(guess.clone().filter(|_| number == 0));
            Ok((key, report))
        })
        .collect()
}

fn check_one(
    evaluate: Evaluate,
    instance: &Instance<'_>,
    base: &Records,
    draws: usize,
) -> TaskReport {
    let spec = &instance.spec;
    let mut report = TaskReport {
        key: String::new(),
        template: spec.template.clone(),
        draw: spec.draw,
        title: spec.title.clone(),
        goal: spec.goal.clone(),
        kind: spec.kind,
        difficulty: spec.difficulty,
        points: spec.points.clone(),
        draws,
        checks: 0,
        mutants: 0,
        skipped: 0,
        problems: lint::problems(instance, base),
    };
    if draws < LEAST_DRAWS {
        report.problems.push(format!(
            "the template has only {draws} valid draws in this world; at least {LEAST_DRAWS} are \
             needed"
        ));
    }
    let right = results::accepted(spec);
    let verdict = evaluate(spec, &right);
    if verdict.status != VerdictStatus::Pass {
        report.problems.push(format!(
            "the expected result does not pass: {}",
            verdict.summary
        ));
    }
    let accepted = near_misses(evaluate, instance, &mut report);
    for mutant in mutants::of(spec, base) {
        if accepted.contains(&mutant.evidence) {
            report.skipped += 1;
        } else if evaluate(spec, &mutant.evidence).status == VerdictStatus::Fail {
            report.mutants += 1;
        } else {
            report
                .problems
                .push(format!("a wrong result does not fail: {}", mutant.why));
        }
    }
    report
}

/// Judges the checks of the task file; answers the results that pass.
fn near_misses(
    evaluate: Evaluate,
    instance: &Instance<'_>,
    report: &mut TaskReport,
) -> Vec<Evidence> {
    let mut accepted = vec![results::accepted(&instance.spec)];
    for check in &instance.checks {
        let evidence = match results::variant(&instance.spec, check) {
            Ok(evidence) => evidence,
            Err(problem) => {
                report
                    .problems
                    .push(format!("check `{}`: {problem}", check.why));
                continue;
            }
        };
        report.checks += 1;
        let verdict = evaluate(&instance.spec, &evidence);
        if verdict.status != check.verdict {
            report.problems.push(format!(
                "check `{}` must {}, but: {}",
                check.why, check.verdict, verdict.summary
            ));
        }
        if check.verdict == VerdictStatus::Pass {
            accepted.push(evidence);
        } else if accepted[0] == evidence {
            report
                .problems
                .push(format!("check `{}` differs in nothing", check.why));
        }
    }
    accepted
}

/// An infeasible task has the words of a feasible one.
fn twin(library: &Library, instance: &Instance<'_>, report: &mut TaskReport) {
    let template = &instance.file.template;
    if template.kind != TaskKind::Infeasible {
        return;
    }
    let twin = template.twin.as_deref().and_then(|id| library.file(id));
    match twin {
        None => report
            .problems
            .push("twin: an infeasible task needs a feasible twin".into()),
        Some(twin) if twin.template.goal != template.goal => {
            report.problems.push(format!(
                "twin: the goal differs from that of {}",
                twin.template.id
            ));
        }
        Some(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Passes whatever it is shown.
    fn lax(_spec: &TaskSpec, _evidence: &Evidence) -> Verdict {
        Verdict {
            status: VerdictStatus::Pass,
            value: 1.0,
            summary: String::new(),
            criteria: Vec::new(),
        }
    }

    #[test]
    fn an_evaluator_that_accepts_everything_is_found_out() {
        let library = Library::open(1).unwrap();
        let file = library.file("S08").unwrap();
        let draws = library.draws(file).unwrap();
        let instance = library.instance(file, &draws, 0).unwrap();
        let report = check_one(lax, &instance, &registry::records(&library.base), 19);
        let found = |text: &str| report.problems.iter().any(|problem| problem.contains(text));
        assert!(
            found("does nothing and says `done`"),
            "{:?}",
            report.problems
        );
        assert!(found("must fail"), "{:?}", report.problems);
        assert!(found("change 0 missing"), "{:?}", report.problems);
        assert!(found("also add shop.outbox"), "{:?}", report.problems);
        assert!(found("only 19 valid draws"), "{:?}", report.problems);
    }
}
