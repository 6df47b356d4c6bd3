//! `/model-proxy`: where a foreign agent's clients call models through the arena, in OpenAI's and in
//! Anthropic's form (`docs/agent-protocol.md`). Whoever asks has the token of an episode that runs;
//! nothing else opens it, and it opens nothing else.
//!
//! Stands outside the API: its answers, errors too, are those that the providers' clients read, and
//! a call may take longer than any request of ours.

use std::future::{Ready, ready};
use std::sync::Arc;
use std::time::Duration;

use actix_web::body::BodyStream;
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{AUTHORIZATION, CONTENT_LENGTH};
use actix_web::web::{self, Bytes, Data, ServiceConfig, post, resource, scope};
use actix_web::{FromRequest, HttpRequest, HttpResponse, HttpResponseBuilder};
use futures_util::stream;

use crate::domain::agent::Provider;
use crate::llm::proxy::refusal::{Refusal, Why};
use crate::llm::proxy::{Answer, AnswerBody, MAX_REQUEST_BYTES, ProxiedEpisode, ProxyRequest};
use crate::web::api::body::read_bytes;
use crate::web::error::Code;
use crate::web::state::AppState;

/// Where it stands.
pub const PATH: &str = "/model-proxy";

/// How long a request may take to arrive.
const ARRIVES_WITHIN: Duration = Duration::from_mins(1);

/// Headers of the agent's client that the provider gets.
const PASSED_ON: [&str; 2] = ["anthropic-version", "anthropic-beta"];

/// Adds the routes, below [`PATH`].
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(
            scope("/openai")
                .service(resource("/v1/chat/completions").route(post().to(openai)))
                .default_service(web::to(nowhere)),
        )
        .service(
            scope("/anthropic")
                .service(resource("/v1/messages").route(post().to(anthropic)))
                .default_service(web::to(nowhere)),
        )
        .default_service(web::to(nowhere));
}

/// The episode behind a request, by its token: the one permission that there is here.
struct EpisodeToken(Arc<ProxiedEpisode>);

impl FromRequest for EpisodeToken {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(match opened(request) {
            Ok(episode) => Ok(Self(episode)),
            Err(refusal) => {
                let response = respond(refusal.answer(provider_of(request)));
                let error = actix_web::error::InternalError::from_response(refused(), response);
                Err(error.into())
            }
        })
    }
}

const fn refused() -> &'static str {
    "no token of an episode that runs"
}

/// Both clients have a header of their own for their key; either is taken.
fn opened(request: &HttpRequest) -> Result<Arc<ProxiedEpisode>, Refusal> {
    let state = request.app_data::<Data<AppState>>().ok_or_else(|| {
        tracing::error!("the application has no state");
        Refusal::new(
            Why::Fault,
            "Something went wrong inside the arena; its log says what.",
        )
    })?;
    let text = |name: &str| request.headers().get(name)?.to_str().ok();
    let bearer = text(AUTHORIZATION.as_str())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token);
    let mut last = Refusal::new(
        Why::Unknown,
        "This needs the token of an episode that runs: give it to the client as its key.",
    );
    for token in [text("x-api-key"), bearer].into_iter().flatten() {
        match state.models.episode(token.trim()) {
            Ok(episode) => return Ok(episode),
            Err(refusal) => last = refusal,
        }
    }
    Err(last)
}

/// Whose form an address has.
fn provider_of(request: &HttpRequest) -> Provider {
    let rest = request.path().strip_prefix(PATH).unwrap_or_default();
    if rest.starts_with("/anthropic") {
        Provider::Anthropic
    } else {
        Provider::OpenAi
    }
}

async fn openai(
    episode: EpisodeToken,
    request: HttpRequest,
    payload: web::Payload,
) -> HttpResponse {
    forward(Provider::OpenAi, episode, request, payload).await
}

async fn anthropic(
    episode: EpisodeToken,
    request: HttpRequest,
    payload: web::Payload,
) -> HttpResponse {
    forward(Provider::Anthropic, episode, request, payload).await
}

async fn forward(
    provider: Provider,
    episode: EpisodeToken,
    request: HttpRequest,
    payload: web::Payload,
) -> HttpResponse {
    match arrived(&request, payload).await {
        Ok(asked) => respond(episode.0.call(provider, asked).await),
        Err(refusal) => respond(refusal.answer(provider)),
    }
}

/// Reads a request whole; only when there is room for it, and not for ever.
async fn arrived(request: &HttpRequest, payload: web::Payload) -> Result<ProxyRequest, Refusal> {
    let header = |name: &str| request.headers().get(name)?.to_str().ok();
    let length = header(CONTENT_LENGTH.as_str()).and_then(|length| length.parse().ok());
    let length: usize = length.unwrap_or(MAX_REQUEST_BYTES);
    let reading = async {
        let Some(state) = request.app_data::<Data<AppState>>() else {
            return Err(Refusal::new(Why::Fault, "The application has no state."));
        };
        let room = state.models.room(length.min(MAX_REQUEST_BYTES)).await;
        let room = room.ok_or_else(|| Refusal::new(Why::Busy, "The arena has no room now."))?;
        let body = read_bytes(&mut payload.into_inner(), MAX_REQUEST_BYTES).await;
        let body = body.map_err(|failure| {
            let why = match failure.code() {
                Code::BodyTooLarge => Why::TooLarge,
                _ => Why::Invalid,
            };
            let message = failure.items().first().map(|item| item.message.clone());
            Refusal::new(why, message.unwrap_or_default())
        })?;
        Ok((body, room))
    };
    let Ok(read) = tokio::time::timeout(ARRIVES_WITHIN, reading).await else {
        return Err(Refusal::new(
            Why::Busy,
            "The request took too long to arrive.",
        ));
    };
    let (body, room) = read?;
    let passed = PASSED_ON.into_iter();
    let headers = passed.filter_map(|name| Some((name, header(name)?.to_owned())));
    Ok(ProxyRequest {
        headers: headers.collect(),
        body,
        room,
    })
}

fn respond(answer: Answer) -> HttpResponse {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::BAD_GATEWAY);
    let mut response = HttpResponseBuilder::new(status);
    for (name, value) in answer.headers {
        response.insert_header((name, value));
    }
    match answer.body {
        AnswerBody::Whole(body) => response.body(body),
        AnswerBody::Stream(pieces) => {
            let pieces = stream::unfold(pieces, |mut pieces| async move {
                let piece = pieces.recv().await?;
                Some((piece.map(Bytes::from), pieces))
            });
            response.body(BodyStream::new(Box::pin(pieces)))
        }
    }
}

/// What the providers have and the arena does not.
async fn nowhere(request: HttpRequest) -> HttpResponse {
    let path: String = request.path().chars().take(80).collect();
    let here = path.ends_with("/v1/chat/completions") || path.ends_with("/v1/messages");
    let refusal = if here {
        Refusal::new(Why::Method, format!("`{path}` takes POST."))
    } else if path.ends_with("/count_tokens") {
        Refusal::new(
            Why::Nowhere,
            "The arena's model proxy counts no tokens before a call: what a call used is in its answer.",
        )
    } else {
        Refusal::new(
            Why::Nowhere,
            format!(
                "There is nothing at `{path}`: the arena's model proxy has `openai/v1/chat/completions` and \
                 `anthropic/v1/messages`."
            ),
        )
    };
    respond(refusal.answer(provider_of(&request)))
}
