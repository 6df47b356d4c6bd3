//! One episode from an empty page to a report: prepare the place, open the page, take the
//! steps, evaluate once after the end, clean up whatever happens.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::browser::{BrowserError, Page};
use crate::domain::event::EventBody;
use crate::domain::evidence::Lookup;
use crate::domain::outcome::Outcome;
use crate::domain::task::TaskSpec;
use crate::environments::{Instruction, Place};
use crate::evaluators;
use crate::playground::finish::Finish;
use crate::playground::gather;
use crate::playground::preamble::preamble;
use crate::playground::prepare::{Prepared, Ready, close};
use crate::playground::recorder::Recorder;
use crate::playground::steps::{Steps, Trace, elapsed_ms, record_calls, record_violations, to_ms};
use crate::playground::{Assignment, BrowserPlayground, Evaluation, Report};

impl BrowserPlayground {
    /// Runs one episode. Everything but its closing events is recorded when it returns.
    pub(super) async fn play(
        &self,
        prepared: Prepared,
        mut assignment: Assignment,
        recorder: &Recorder,
    ) -> Report {
        let mut trace = Trace::default();
        let mut ready = match prepared.0 {
            Ok(ready) => ready,
            Err(finish) => {
                return report(&finish, None, trace, Instant::now(), &assignment.spec);
            }
        };
        let (finish, started) = self
            .perform(&mut assignment, recorder, &mut ready, &mut trace)
            .await;
        let ended = Instant::now();
        let finish = gather::ending_by_rules(finish, &assignment.spec);
        let Ready {
            mut place,
            mut page,
            ..
        } = ready;
        let mut lookups = Vec::new();
        if finish.is_evaluated() {
            let (place, page) = (place.as_mut(), page.as_mut());
            lookups = gather::look_from_page(&assignment.spec, place, page).await;
        }
        let (evaluated, (), log) = tokio::join!(
            self.evaluate(
                finish,
                place.as_mut(),
                &assignment.spec,
                recorder,
                &trace,
                lookups
            ),
            close(page),
            assignment.policy.close(),
        );
        if let Some(log) = log {
            recorder.record(EventBody::Noted {
                message: "the agent wrote to its log".to_owned(),
                details: json!({ "log": log }),
            });
        }
        let (late, step) = (assignment.policy.take_calls(), trace.steps);
        record_calls(recorder, &mut trace, step, late);
        place.dispose().await;
        let (finish, evaluation) = evaluated;
        let mut report = report(&finish, evaluation, trace, started, &assignment.spec);
        report.duration_ms = to_ms(ended.duration_since(started));
        report
    }

    /// Asks the evaluators, once, from what the place itself saw. A place that cannot be read is a
    /// fault of the infrastructure, whatever the agent did.
    async fn evaluate(
        &self,
        finish: Finish,
        place: &mut dyn Place,
        spec: &TaskSpec,
        recorder: &Recorder,
        trace: &Trace,
        lookups: Vec<Lookup>,
    ) -> (Finish, Option<Evaluation>) {
        if !finish.is_evaluated() {
            return (finish, None);
        }
        let finish = match record_violations(recorder, trace.steps, place.violations()) {
            Err(violation) if matches!(finish, Finish::Ended(_)) => violation,
            _ => finish,
        };
        let started = Instant::now();
        let mut evidence = match place.evidence(trace.final_url.as_deref()).await {
            Ok(evidence) => evidence,
            Err(error) => return (error.into(), None),
        };
        evidence.ending = finish.ending();
        evidence.lookups = lookups;
        let looked = gather::look_afresh(spec, &mut evidence, place, self.browser.as_ref()).await;
        if let Err(error) = looked {
            return (error.into(), None);
        }
        let hearing = gather::ask_model(spec, &mut evidence, self.judge.as_deref(), recorder).await;
        let verdict = evaluators::evaluate(spec, &evidence);
        let evaluation = Evaluation {
            verdict,
            evidence_hash: recorder.attach_json(&evidence),
            duration_ms: elapsed_ms(started),
            calls: hearing.calls,
            judge_refused: hearing.refused,
        };
        (finish, Some(evaluation))
    }

    /// Starts the episode and takes the steps. Also says when the first observation began.
    async fn perform(
        &self,
        assignment: &mut Assignment,
        recorder: &Recorder,
        ready: &mut Ready,
        trace: &mut Trace,
    ) -> (Finish, Instant) {
        let taken = Instant::now();
        let (prepared_ms, place, page) =
            (ready.prepared_ms, ready.place.as_mut(), ready.page.as_mut());
        let rules = preamble(&place.briefing(), &place.policy());
        let entered = tokio::select! {
            biased;
            cause = assignment.interrupt.raised() => Err(Finish::Interrupted(cause)),
            entered = place.start(page, assignment.seed) => entered.map_err(Finish::from),
        };
        let (instruction, failed) = match entered {
            Ok(instruction) => (instruction, None),
            Err(finish) => (Instruction::default(), Some(finish)),
        };
        let goal = instruction
            .goal
            .unwrap_or_else(|| assignment.spec.goal.clone());
        recorder.record(EventBody::EpisodeStarted {
            attempt: assignment.attempt,
            playground: self.kind,
            browser: self.browser.health().version,
            preamble: rules.clone(),
            goal: goal.clone(),
            fields: instruction.fields.clone(),
            start_url: place.start_url().to_owned(),
            prepared_ms,
            reset_ms: elapsed_ms(taken),
        });
        let started = Instant::now();
        if let Some(finish) = failed {
            return (finish, started);
        }
        let limit = Duration::from_millis(assignment.spec.limits.time_ms);
        let mut steps = Steps {
            recorder,
            page,
            place,
            policy: assignment.policy.as_mut(),
            limits: assignment.spec.limits,
            preamble: &rules,
            goal: &goal,
            fields: &instruction.fields,
            trace,
        };
        let finish = tokio::select! {
            biased;
            cause = assignment.interrupt.raised() => Finish::Interrupted(cause),
            done = tokio::time::timeout(limit, steps.run()) => done.unwrap_or(Finish::TimeLimit),
        };
        let acted = steps.trace.acted;
        if finish.is_evaluated() {
            // From here on the agent may learn that it is over; nobody can call it back then.
            assignment.interrupt.decide();
        }
        let finish = leave(finish, place, page).await;
        (tell_death(finish, acted, page).await, started)
    }
}

/// Tells a page that died under the agent's hands, or that nothing can be read of any more, from any
/// other fault of the infrastructure.
async fn tell_death(finish: Finish, acted: bool, page: &mut dyn Page) -> Finish {
    let Finish::Infra(reason) = finish else {
        return finish;
    };
    let is_page =
        |error: &BrowserError| matches!(error, BrowserError::Crashed | BrowserError::Unreadable(_));
    if acted
        && (page.settle().await.is_err_and(|e| is_page(&e))
            || page.observe().await.is_err_and(|e| is_page(&e)))
    {
        return Finish::PageDied(reason);
    }
    Finish::Infra(reason)
}

/// Lets the place look at the page for the last time. A page that cannot be read then is a fault
/// of the infrastructure, unless the result is decided anyway.
async fn leave(finish: Finish, place: &mut dyn Place, page: &mut dyn Page) -> Finish {
    if !finish.is_evaluated() {
        return finish;
    }
    match place.leave(page).await {
        Ok(()) => finish,
        Err(error) if matches!(finish, Finish::Ended(_)) => error.into(),
        Err(error) => {
            tracing::debug!(%error, "the page of an episode that ran into a limit was not read");
            finish
        }
    }
}

fn report(
    finish: &Finish,
    evaluation: Option<Evaluation>,
    trace: Trace,
    started: Instant,
    spec: &TaskSpec,
) -> Report {
    let verdict = evaluation.as_ref().map(|evaluation| &evaluation.verdict);
    let judgement = finish.judge(verdict, spec.limits);
    let judge_refused = evaluation.as_ref().is_some_and(|all| all.judge_refused);
    Report {
        outcome: judgement.outcome,
        reason: judgement.reason,
        agent_error: finish
            .agent_error()
            .filter(|_| judgement.outcome == Outcome::AgentError),
        score: judgement.score,
        evaluation,
        steps: trace.steps,
        duration_ms: elapsed_ms(started),
        calls: trace.calls,
        decision_cut_off: trace.deciding,
        refused: matches!(finish, Finish::Refused(_)) || judge_refused,
        page_died: matches!(finish, Finish::PageDied(_)),
        interrupted: match finish {
            Finish::Interrupted(cause) => Some(*cause),
            _ => None,
        },
    }
}
