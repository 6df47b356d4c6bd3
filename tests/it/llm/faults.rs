//! What a provider can do wrong, each fault once for every provider's client.

use std::time::{Duration, Instant, SystemTime};

use agentarena::agents::call_event;
use agentarena::domain::agent::Provider as Speech;
use agentarena::llm::{ChatError, ModelCall};

use super::{KEY, call_in, connected, options, request};
use crate::support::provider::{Answer, Provider};

macro_rules! for_each_provider {
    ($($fault:ident),+ $(,)?) => {
        mod openai {
            $(#[actix_web::test]
            async fn $fault() {
                super::$fault(super::Speech::OpenAi).await;
            })+
        }

        mod anthropic {
            $(#[actix_web::test]
            async fn $fault() {
                super::$fault(super::Speech::Anthropic).await;
            })+
        }
    };
}

for_each_provider!(
    a_refused_key_401_is_final,
    a_forbidden_model_403_is_final,
    an_unknown_model_404_is_final,
    a_bad_request_400_is_final,
    an_address_that_moved_302_is_final,
    too_many_requests_429_waits_as_long_as_asked,
    too_many_requests_429_waits_until_the_date,
    an_empty_account_429_is_final,
    a_server_error_500_is_tried_four_times,
    an_overload_529_is_tried_four_times,
    silence_ends_at_the_time_limit,
    an_answer_that_stops_in_the_middle_ends_at_the_time_limit,
    a_connection_cut_in_the_middle_is_tried_again,
    malformed_json_is_tried_again,
    json_of_another_form_is_tried_again,
    a_page_instead_of_json_names_its_type,
    an_answer_of_ten_megabytes_is_not_read,
    a_key_that_comes_back_is_nowhere,
);

const COMPLAINT: &str = r#"{"type":"error","error":{"type":"some_error","message":"no luck"}}"#;

fn answers_with(status: u16) -> Provider {
    Provider::start([], Answer::Status(status, COMPLAINT, None))
}

fn statuses(calls: &[ModelCall]) -> Vec<Option<u16>> {
    calls.iter().map(|call| call.status).collect()
}

/// One call, an error that says these words, and nothing counted.
async fn is_final(speech: Speech, status: u16, words: &str) {
    let provider = answers_with(status);
    let (reply, calls) = call_in(speech, &provider).await;
    let error = reply.unwrap_err();
    assert!(
        matches!(&error, ChatError::Final { message }
            if message.contains(words) && message.contains("no luck")),
        "{error}"
    );
    assert_eq!(statuses(&calls), [Some(status)]);
    assert_eq!(provider.seen().len(), 1, "every request is a record");
    assert_eq!(calls[0].error.as_deref(), Some(error.to_string().as_str()));
    assert!(!calls[0].usage.reported && calls[0].usage.cost_microusd.is_none());
}

/// Four calls with this status each, and an error that says these words.
async fn is_tried_again(speech: Speech, answer: Answer, status: u16, words: &str) {
    let provider = Provider::start([], answer);
    let (reply, calls) = call_in(speech, &provider).await;
    let error = reply.unwrap_err();
    assert!(
        matches!(&error, ChatError::Passing { message, .. }
            if message.contains(words) && message.contains("4 calls")),
        "{error}"
    );
    assert_eq!(statuses(&calls), [Some(status); 4]);
    assert_eq!(provider.seen().len(), 4, "every request is a record");
    let attempts: Vec<_> = calls.iter().map(|call| call.attempt).collect();
    assert_eq!(attempts, [1, 2, 3, 4]);
    for call in &calls {
        assert!(!call.usage.reported && call.usage.cost_microusd.is_none());
    }
}

async fn a_refused_key_401_is_final(speech: Speech) {
    is_final(speech, 401, "check the agent's provider key").await;
}

async fn a_forbidden_model_403_is_final(speech: Speech) {
    is_final(speech, 403, "check the agent's provider key").await;
}

async fn an_unknown_model_404_is_final(speech: Speech) {
    is_final(speech, 404, "check model and base URL").await;
}

async fn a_bad_request_400_is_final(speech: Speech) {
    is_final(speech, 400, "400").await;
}

async fn an_address_that_moved_302_is_final(speech: Speech) {
    let (reply, calls) = call_in(speech, &answers_with(302)).await;
    let error = reply.unwrap_err();
    assert!(
        matches!(&error, ChatError::Final { message } if message.contains("leads elsewhere")),
        "{error}"
    );
    assert_eq!(statuses(&calls), [Some(302)]);
}

async fn waits(speech: Speech, retry_after: &'static str, at_least: Duration) {
    let busy = Answer::Status(429, COMPLAINT, Some(retry_after));
    let provider = Provider::start([busy], Answer::Text("fine"));
    let (reply, calls) = call_in(speech, &provider).await;
    assert_eq!(reply.unwrap().text, "fine");
    assert_eq!(statuses(&calls), [Some(429), Some(200)]);
    let seen = provider.seen();
    let waited = seen[1].at - seen[0].at;
    assert!(waited >= at_least, "{waited:?}");
}

async fn too_many_requests_429_waits_as_long_as_asked(speech: Speech) {
    waits(speech, "1", Duration::from_secs(1)).await;
}

async fn too_many_requests_429_waits_until_the_date(speech: Speech) {
    // A date has whole seconds: this one is between one and two seconds away.
    let date = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(2));
    waits(speech, date.leak(), Duration::from_millis(900)).await;
}

async fn an_empty_account_429_is_final(speech: Speech) {
    let empty = r#"{"error":{"message":"pay first","code":"insufficient_quota"}}"#;
    let provider = Provider::start([], Answer::Status(429, empty, None));
    let (reply, calls) = call_in(speech, &provider).await;
    let error = reply.unwrap_err();
    assert!(
        matches!(&error, ChatError::Final { message }
            if message.contains("limit of spending") && message.contains("pay first")),
        "{error}"
    );
    assert_eq!(calls.len(), 1);
}

async fn a_server_error_500_is_tried_four_times(speech: Speech) {
    let answer = Answer::Status(500, COMPLAINT, None);
    is_tried_again(speech, answer, 500, "answered 500: no luck").await;
}

async fn an_overload_529_is_tried_four_times(speech: Speech) {
    let overloaded = r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"req_1"}"#;
    let answer = Answer::Status(529, overloaded, None);
    is_tried_again(speech, answer, 529, "529, overloaded: Overloaded").await;
}

async fn ends_in_time(speech: Speech, answer: Answer, status: Option<u16>) {
    let provider = Provider::start([], answer);
    let mut options = options(&provider.base_url);
    options.timeout = Duration::from_millis(150);
    let begun = Instant::now();
    let result = connected(speech, options).call(&request()).await;
    assert!(begun.elapsed() < Duration::from_secs(3));
    let error = result.reply.unwrap_err();
    assert!(
        matches!(&error, ChatError::Passing { message, .. }
            if message.contains("did not answer within 150 ms")),
        "{error}"
    );
    assert_eq!(result.record.status, status);
}

async fn silence_ends_at_the_time_limit(speech: Speech) {
    ends_in_time(speech, Answer::Hang, None).await;
}

async fn an_answer_that_stops_in_the_middle_ends_at_the_time_limit(speech: Speech) {
    ends_in_time(speech, Answer::Stall("{\"model\": \"m\", "), Some(200)).await;
}

async fn a_connection_cut_in_the_middle_is_tried_again(speech: Speech) {
    let cut = Answer::Cut("{\"model\": \"m\", ");
    is_tried_again(speech, cut, 200, "broke off after 15 bytes").await;
}

async fn malformed_json_is_tried_again(speech: Speech) {
    for body in ["", "{\"content\": [", "{\"choices\": [{]}"] {
        let answer = Answer::Body(body.to_owned());
        is_tried_again(speech, answer, 200, "not readable JSON").await;
    }
}

async fn json_of_another_form_is_tried_again(speech: Speech) {
    for body in [
        "[]",
        "{}",
        "7",
        r#"{"choices": []}"#,
        r#"{"choices": [{"message": 7}], "content": 7}"#,
        r#"{"content": [{"type": "tool_use", "name": "click"}]}"#,
    ] {
        let answer = Answer::Body(body.to_owned());
        is_tried_again(speech, answer, 200, "the provider's answer is not a").await;
    }
}

async fn a_page_instead_of_json_names_its_type(speech: Speech) {
    let page = Answer::Typed("text/html; charset=utf-8", "<h1>Sign in</h1>");
    is_tried_again(
        speech,
        page,
        200,
        "text/html and not JSON; check the base URL",
    )
    .await;
    let events = Answer::Typed("text/event-stream", "data: {}\n\n");
    is_tried_again(speech, events, 200, "text/event-stream and not JSON").await;
}

async fn an_answer_of_ten_megabytes_is_not_read(speech: Speech) {
    let provider = Provider::start([], Answer::Body("x".repeat(10_000_000)));
    let (reply, calls) = call_in(speech, &provider).await;
    let error = reply.unwrap_err();
    assert!(
        matches!(&error, ChatError::Final { message } if message.contains("longer than 4194304 bytes")),
        "{error}"
    );
    assert_eq!(statuses(&calls), [Some(200)], "it would cost again");
    assert!(calls[0].exchange.to_string().len() < 1_000);
}

async fn a_key_that_comes_back_is_nowhere(speech: Speech) {
    let echo = r#"{"error":{"message":"bad key Bearer sk-test-1234567890 given"}}"#;
    let said = r#"{"choices":[{"message":{"content":"it is sk-test-1234567890"}}],
        "content":[{"type":"text","text":"it is sk-test-1234567890"}],
        "model":"sk-test-1234567890"}"#;
    for (answer, status) in [
        (Answer::Status(401, echo, None), Some(401)),
        (Answer::Status(400, KEY, None), Some(400)),
        (Answer::Status(500, echo, None), Some(500)),
        (Answer::Body(said.to_owned()), Some(200)),
        (Answer::Body(echo.to_owned()), Some(200)),
        (Answer::Body(KEY.to_owned()), Some(200)),
        (Answer::Typed("text/html", KEY), Some(200)),
    ] {
        let provider = Provider::start([], answer);
        let (reply, calls) = call_in(speech, &provider).await;
        assert_eq!(calls[0].status, status);
        let events: Vec<_> = calls.iter().map(|call| call_event(1, call, None)).collect();
        let events = serde_json::to_string(&events).unwrap();
        for told in [format!("{reply:?}"), format!("{calls:?}"), events] {
            assert!(!told.contains(KEY), "{status:?}: {told}");
        }
    }
}
