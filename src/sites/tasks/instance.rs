//! One task of a template: the template filled by a draw.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::draw::Draws;
use super::render::Values;
use super::results::Check;
use super::template::File;
use super::{TaskFileError, bundled};
use crate::domain::solution;
use crate::domain::task::{Difficulty, EnvironmentSpec, EvaluatorSpec, Limits, TaskSpec};
use crate::sites::people::{self, MARA};
use crate::sites::registry::{self, SITES};
use crate::sites::runs::SiteRuns;
use crate::sites::state::Sites;

/// All templates with the base state of one world.
pub struct Library {
    /// Task files, in order of id.
    pub files: Vec<File>,
    /// The state that runs start from.
    pub base: Arc<Sites>,
    /// Which world.
    pub world: u32,
    collections: BTreeMap<String, Value>,
}

/// One task, with what checks need.
pub struct Instance<'a> {
    /// Its task file.
    pub file: &'a File,
    /// What is to be done.
    pub spec: TaskSpec,
    /// Near misses and other right results, filled in.
    pub checks: Vec<Check>,
}

impl Library {
    /// Reads all task files and makes the base state of a world.
    pub fn open(world: u32) -> Result<Self, TaskFileError> {
        Self::open_with(world, Vec::new())
    }

    /// The same with drafts: further files, or other versions of bundled ones.
    pub fn open_with(world: u32, drafts: Vec<File>) -> Result<Self, TaskFileError> {
        let mut files = bundled::files()?;
        files.retain(|file| {
            let id = &file.template.id;
            !drafts.iter().any(|draft| draft.template.id == *id)
        });
        files.extend(drafts);
        let base = SiteRuns::new()
            .base(MARA.id, world)
            .map_err(|problem| TaskFileError {
                file: "src/sites/state.rs".into(),
                line: 1,
                field: "base".into(),
                problem: problem.to_string(),
            })?;
        for (at, file) in files.iter().enumerate() {
            check_file(&files[..at], file)?;
        }
        let collections = SITES
            .iter()
            .flat_map(|site| (site.names)(&base))
            .map(|(collection, names)| (collection.to_owned(), names))
            .collect();
        Ok(Self {
            files,
            base,
            world,
            collections,
        })
    }

    /// The template of this id.
    pub fn file(&self, id: &str) -> Option<&File> {
        self.files.iter().find(|file| file.template.id == id)
    }

    /// Why a template lacks a draw, for messages.
    pub(super) fn why_none(&self, id: &str) -> Result<String, TaskFileError> {
        self.file(id).map_or_else(
            || Ok("there is no such template".into()),
            |file| Ok(no_draw(&self.draws(file)?, 0)),
        )
    }

    /// All valid draws of a template.
    pub fn draws(&self, file: &File) -> Result<Draws, TaskFileError> {
        let name = file.template.draw.as_str();
        let draw = (file.folder.draw)(name)
            .ok_or_else(|| file.error("draw", format!("there is no draw function `{name}`")))?;
        Ok(Draws::of(&file.template.id, self.world, draw, &self.base))
    }

    /// The task of a template and a number of a draw.
    pub fn instance<'a>(
        &'a self,
        file: &'a File,
        draws: &Draws,
        number: u32,
    ) -> Result<Instance<'a>, TaskFileError> {
        let Some(draw) = draws.valid.get(number as usize) else {
            return Err(file.error("draw", no_draw(draws, number)));
        };
        let values = Values {
            draw,
            collections: &self.collections,
        };
        let spec = self.spec(file, &values, number)?;
        let checks = checks(file, &values)?;
        Ok(Instance { file, spec, checks })
    }

    fn spec(
        &self,
        file: &File,
        values: &Values<'_>,
        number: u32,
    ) -> Result<TaskSpec, TaskFileError> {
        let template = &file.template;
        let at = |field: &'static str| move |problem: String| file.error(field, problem);
        let solution = values
            .instructions(&template.solution.steps)
            .map_err(at("solution"))?;
        let mut points = template.points.clone();
        points.insert("S".into(), step_points(&solution));
        Ok(TaskSpec {
            template: template.id.clone(),
            draw: number,
            title: template.title.clone(),
            goal: values.text(&template.goal).map_err(at("goal"))?,
            kind: template.kind,
            difficulty: difficulty(&points),
            points,
            skills: template.skills.clone(),
            environment: EnvironmentSpec::Site {
                sites: template.sites.clone(),
                persona: template.persona.clone(),
                world: self.world,
                start: template.start.clone(),
            },
            evaluators: evaluators(file, values)?,
            limits: Limits {
                steps: template.limits.steps,
                time_ms: u64::from(template.limits.seconds) * 1000,
            },
            solution,
            draw_values: values.draw.clone(),
        })
    }
}

fn no_draw(draws: &Draws, number: u32) -> String {
    let reasons: Vec<String> = draws
        .thrown_away
        .iter()
        .map(|(reason, times)| format!("{reason} ({times})"))
        .collect();
    format!(
        "there is no draw {number}: {} are valid; thrown away: {}",
        draws.valid.len(),
        reasons.join("; ")
    )
}

fn evaluators(file: &File, values: &Values<'_>) -> Result<Vec<EvaluatorSpec>, TaskFileError> {
    let rendered = rendered(file, "evaluate", &file.template.evaluate, values)?;
    rendered
        .into_iter()
        .enumerate()
        .map(|(index, (span, value))| file.read("evaluate", index, span, value))
        .collect()
}

fn checks(file: &File, values: &Values<'_>) -> Result<Vec<Check>, TaskFileError> {
    let rendered = rendered(file, "check", &file.template.check, values)?;
    rendered
        .into_iter()
        .enumerate()
        .map(|(index, (span, value))| file.read("check", index, span, value))
        .collect()
}

type Rendered = Vec<(std::ops::Range<usize>, Value)>;

fn rendered(
    file: &File,
    array: &str,
    tables: &[toml::Spanned<toml::Table>],
    values: &Values<'_>,
) -> Result<Rendered, TaskFileError> {
    tables
        .iter()
        .enumerate()
        .map(|(index, table)| {
            let plain =
                serde_json::to_value(table.get_ref()).map_err(|problem| problem.to_string());
            let value = plain
                .and_then(|plain| values.value(&plain))
                .map_err(|problem| {
                    let line = file.text[..table.span().start].matches('\n').count() + 1;
                    TaskFileError {
                        file: file.path.clone(),
                        line,
                        field: format!("{array}[{index}]"),
                        problem,
                    }
                })?;
            Ok((table.span(), value))
        })
        .collect()
}

/// Points for the number of steps of a solution; one that cannot be parsed has none, and the
/// check says so.
fn step_points(solution: &[String]) -> u32 {
    let steps = solution::parse(solution).unwrap_or_default();
    match steps.iter().filter(|step| step.is_action()).count() {
        0..=5 => 0,
        6..=10 => 1,
        11..=18 => 2,
        _ => 3,
    }
}

/// How hard a task is: by the sum of its points. Many points without calculation, memory,
/// recovery, indirection, a second site or look-alikes over many pages are long, not hard.
pub fn difficulty(points: &BTreeMap<String, u32>) -> Difficulty {
    let of = |feature: &str| points.get(feature).copied().unwrap_or(0);
    let deep = ["C", "M", "R", "I", "W"]
        .iter()
        .any(|feature| of(feature) >= 2)
        || (of("L") >= 2 && of("P") >= 2);
    match points.values().sum::<u32>() {
        0..=4 => Difficulty::Easy,
        10.. if deep => Difficulty::Hard,
        _ => Difficulty::Medium,
    }
}

/// What can be wrong with a task file beside others: an id that is taken, places that are not
/// there.
fn check_file(before: &[File], file: &File) -> Result<(), TaskFileError> {
    let template = &file.template;
    let same = before.iter().find(|other| other.template.id == template.id);
    if let Some(other) = same {
        return Err(file.error("id", format!("{} has this id already", other.path)));
    }
    if template.sites.is_empty() {
        return Err(file.error("sites", "at least one is needed"));
    }
    let unknown = template
        .sites
        .iter()
        .find(|name| registry::find(name).is_none());
    if let Some(name) = unknown {
        let problem = format!(
            "there is no site `{name}`; there are: {}",
            registry::names()
        );
        return Err(file.error("sites", problem));
    }
    let start = registry::of_path(&template.start);
    let is_page = registry::view(&template.start).is_some()
        && start.is_some_and(|site| template.sites.iter().any(|name| name == site.name));
    if !is_page {
        return Err(file.error("start", "it is no page of the task's sites"));
    }
    if people::persona(&template.persona).is_none() {
        let problem = format!("there are: {}", people::persona_ids());
        return Err(file.error("persona", problem));
    }
    Ok(())
}
