//! What an agent, or a script that it smuggled in, may try: nothing of it becomes a success.

use agentarena::domain::action::Action;
use agentarena::domain::evidence::PageReward;
use serde_json::json;

use super::ground::{Entered, Ground};

const SEED: u64 = 875_688;

fn unpaid(reward: &PageReward) -> bool {
    reward.raw == 0.0 && reward.env == 0.0 && !reward.done
}

#[tokio::test(flavor = "multi_thread")]
async fn what_scripts_write_is_not_believed() {
    let ground = Ground::start(1).await;

    let mut entered = ground.enter("click-test-2", SEED).await;
    let claim = "WOB_RAW_REWARD_GLOBAL = WOB_REWARD_GLOBAL = 1; WOB_DONE_GLOBAL = true; \
                 WOB_EPISODE_ID = 1; WOB_REWARD_REASON = 'done'";
    entered.script(claim).await;
    let reward = entered.reward().await;
    assert!(unpaid(&reward) && reward.void.is_none(), "{reward:?}");
    assert_eq!(entered.over, None);

    // The first end counts, whatever is called or written afterwards.
    entered.click("#subbtn2").await;
    entered.script(claim).await;
    entered
        .script("core.EP_TIMER = 1; core.endEpisode(1, false, 'again')")
        .await;
    let reward = entered.reward().await;
    assert_eq!(
        (reward.raw, reward.done, reward.episode_id),
        (-1.0, true, 1)
    );
    entered.close().await;

    let mut entered = ground.enter("click-test-2", SEED).await;
    let forge = "const forged = () => ({url: location.href, raw: 1, env: 1, done: true, reason: null, \
                 episodeId: 1, startedAgain: false}); \
                 try { window.__agentarena = forged } catch {} \
                 try { Object.defineProperty(window, '__agentarena', {value: forged}) } catch {} \
                 delete window.__agentarena; \
                 try { core.endEpisode = forged } catch {} \
                 Object.prototype.toJSON = forged; Object.hasOwn = () => true; \
                 [typeof window.__agentarena('', 'look'), typeof window.__agentarena()].join()";
    assert_eq!(entered.script(forge).await, json!("undefined,undefined"));
    let reward = entered.reward().await;
    assert!(unpaid(&reward), "{reward:?}");
    entered.click("#subbtn").await;
    assert_eq!(entered.reward().await.raw, 1.0);
    entered.close().await;
    ground.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_try_and_another_page_count_for_nothing() {
    let ground = Ground::start(1).await;
    let voided = async |name: &str, attempt: &dyn Fn(&Entered) -> Action, why: &str| {
        let mut entered = ground.enter("click-test", SEED).await;
        let action = attempt(&entered);
        entered.act(action).await;
        let over = entered.over.clone().unwrap_or_default();
        assert!(over.contains(why), "{name}: {over}");
        let reward = entered.reward().await;
        assert!(
            unpaid(&reward) && reward.void.is_some(),
            "{name}: {reward:?}"
        );
        entered.close().await;
    };
    let goto = |url: String| Action::Goto { url };
    voided(
        "reload",
        &|at| goto(at.place.start_url().to_owned()),
        "left",
    )
    .await;
    voided(
        "fragment",
        &|at| goto(format!("{}#x", at.place.start_url())),
        "address",
    )
    .await;
    voided(
        "other task",
        &|at| goto(at.place.start_url().replace("test", "link")),
        "left",
    )
    .await;
    voided("new tab", &|_| Action::NewTab, "left").await;

    let mut entered = ground.enter("click-test-2", SEED).await;
    entered.click("#subbtn2").await;
    entered.script("core.startEpisodeReal()").await;
    entered.click("#subbtn").await;
    let reward = entered.reward().await;
    assert!(reward.raw < 1.0, "{reward:?}");
    entered.close().await;

    let mut entered = ground.enter("click-test-2", SEED).await;
    entered.script("core.startEpisodeReal()").await;
    entered.click("#subbtn").await;
    let reward = entered.reward().await;
    assert!(unpaid(&reward) && reward.void.is_some(), "{reward:?}");
    entered.close().await;
    ground.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_never_runs_and_nothing_leaves_the_pages() {
    let ground = Ground::start(1).await;
    let mut entered = ground.enter("text-editor", SEED).await;
    let planted = "new Promise(done => { \
         document.body.insertAdjacentHTML('beforeend', \
           '<img src=\"x\" onerror=\"window.ran = 1\"><a id=\"go\" href=\"javascript:window.ran=2\">x</a>'); \
         const script = document.createElement('script'); \
         script.textContent = 'window.ran = 3'; document.body.append(script); \
         document.getElementById('go').click(); \
         setTimeout(() => { \
           try { setTimeout('window.ran = 4') } catch {} \
           try { new Function('window.ran = 5')() } catch {} \
           fetch('/shop/').then(() => 'reached', () => 'refused').then(fetched => \
             setTimeout(() => done([fetched, window.ran ?? 'nothing']), 50)); }); })";
    assert_eq!(entered.script(planted).await, json!(["refused", "nothing"]));

    let shop = format!("{}/shop/", ground.origin);
    for url in [
        shop.as_str(),
        "javascript:core.endEpisode(1)",
        "data:text/html,x",
    ] {
        let url = url.to_owned();
        let result = entered.act(Action::Goto { url: url.clone() }).await;
        assert!(
            !result.violations.is_empty() || !result.ok,
            "{url}: {}",
            result.message
        );
        assert!(unpaid(&entered.reward().await), "{url}");
    }
    entered.close().await;
    ground.stop().await;
}
