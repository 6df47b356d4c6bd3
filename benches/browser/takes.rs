//! How long it takes to get an isolated page with the task loaded and begun: when page and task
//! were prepared ahead; when nothing was, in a browser that has nothing else to do and so holds an
//! empty context; and when there is not even that.

use std::time::Instant;

use agentarena::browser::{Browser as _, Page};
use agentarena::environments::{Environments as _, Place};
use anyhow::Context as _;
use serde_json::{Value, json};

use crate::Given;
use crate::arena::Arena;
use crate::watch::ms;

/// How often each is measured.
const TIMES: usize = 10;

/// All times, in milliseconds.
pub async fn measure(given: &Given) -> anyhow::Result<Value> {
    let arena = Arena::start(given).await?;
    let (mut unprepared, mut prepared) = (Vec::new(), Vec::new());
    for task in crate::TWENTY.iter().take(TIMES) {
        arena.browser.inner.at_rest().await;
        unprepared.push(take(&arena, task).await?);

        let (mut page, mut place) = prepare(&arena, task).await?;
        let begun = Instant::now();
        begin(page.as_mut(), place.as_mut()).await?;
        prepared.push(ms(begun));
        finish(page, place).await?;
    }
    arena.stop().await?;
    Ok(json!({
        "take_unprepared_ms": unprepared,
        "take_prepared_ms": prepared,
        "take_from_nothing_ms": from_nothing(given).await?,
    }))
}

/// The same in a browser that keeps nothing at hand.
async fn from_nothing(given: &Given) -> anyhow::Result<Vec<f64>> {
    let mut given = given.clone();
    given.alone = true;
    let arena = Arena::start(&given).await?;
    let mut times = Vec::new();
    for task in crate::TWENTY.iter().take(TIMES) {
        times.push(take(&arena, task).await?);
    }
    arena.stop().await?;
    Ok(times)
}

async fn take(arena: &Arena, task: &str) -> anyhow::Result<f64> {
    let begun = Instant::now();
    let (mut page, mut place) = prepare(arena, task).await?;
    begin(page.as_mut(), place.as_mut()).await?;
    let time = ms(begun);
    finish(page, place).await?;
    Ok(time)
}

/// An isolated page with the task loaded: all that does not depend on the episode's seed.
async fn prepare(arena: &Arena, task: &str) -> anyhow::Result<(Box<dyn Page>, Box<dyn Place>)> {
    let id = *arena.tasks.get(task).context("an unknown task")?;
    let found = arena
        .store
        .read(move |db| agentarena::store::tasks::by_id(db, id))
        .await?;
    let spec = found.context("the task is gone")?.spec;
    let mut place = arena.environments.prepare(&spec.environment).await?;
    let mut page = arena
        .browser
        .open(place.policy(), spec.environment.viewport())
        .await?;
    place.open(page.as_mut()).await?;
    Ok((page, place))
}

async fn begin(page: &mut dyn Page, place: &mut dyn Place) -> anyhow::Result<()> {
    page.begin().await?;
    place.start(page, 7).await?;
    Ok(())
}

async fn finish(page: Box<dyn Page>, place: Box<dyn Place>) -> anyhow::Result<()> {
    page.close().await?;
    place.dispose().await;
    Ok(())
}
