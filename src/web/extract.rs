//! What handlers take as arguments. A permission is part of the argument's type, so that a
//! handler without one does not exist by accident.

use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::ops::Deref;
use std::str::FromStr;

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest};

use crate::auth::{AuthError, Permission, Principal};
use crate::web::csrf::CsrfToken;
use crate::web::error::{ApiError, Code, Failure, PageError};
use crate::web::middleware::identify::Identity;
use crate::web::query::{QueryParams, read_query};
use crate::web::state::AppState;

/// A permission that a handler's argument asks for.
pub trait Required {
    /// The permission; none: whoever is signed in.
    const PERMISSION: Option<Permission>;
}

macro_rules! required {
    ($($(#[$doc:meta])* $name:ident = $permission:expr;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub struct $name;

        impl Required for $name {
            const PERMISSION: Option<Permission> = $permission;
        }
    )+};
}

required! {
    /// Whoever is signed in.
    Anyone = None;
    /// Suites and tasks.
    TasksRead = Some(Permission::ViewCatalogue);
    /// Rankings.
    LeaderboardRead = Some(Permission::ViewCatalogue);
    /// Agents that one may see.
    AgentsRead = Some(Permission::ManageOwnAgents);
    /// Agents of one's own.
    AgentsWrite = Some(Permission::ManageOwnAgents);
    /// Provider keys of one's own.
    ProviderKeysManage = Some(Permission::ManageOwnKeys);
    /// The price list, and one's own prices.
    PricesManage = Some(Permission::ManageOwnAgents);
    /// What one's own submissions may spend.
    BudgetManage = Some(Permission::Submit);
    /// Submissions that one may see.
    SubmissionsRead = Some(Permission::Submit);
    /// Handing in and calling back.
    SubmissionsWrite = Some(Permission::Submit);
    /// Other people's accounts.
    UsersRead = Some(Permission::ViewUsers);
    /// Roles and activity of other people's accounts.
    UsersManage = Some(Permission::ManageUsers);
}

/// The person behind an API request, who has permission `P`.
pub struct Authorized<P> {
    principal: Principal,
    permission: PhantomData<P>,
}

/// The person behind a page request, who has permission `P`. Without a session the answer
/// leads to the sign-in page and back.
pub struct PageAuthorized<P> {
    principal: Principal,
    permission: PhantomData<P>,
}

/// The person behind a page request, whoever is signed in.
pub type SignedIn = PageAuthorized<Anyone>;

fn authorize(request: &HttpRequest, permission: Option<Permission>) -> Result<Principal, Failure> {
    let extensions = request.extensions();
    let identity = extensions.get::<Identity>();
    let principal = identity.and_then(Identity::principal).ok_or_else(|| {
        let problem = identity.and_then(Identity::problem);
        let message = problem.unwrap_or(
            "This needs a signed-in person: send `Authorization: Bearer <access token>`.",
        );
        Failure::new(Code::Unauthenticated, message)
    })?;
    if let Some(permission) = permission
        && !principal.may(permission)
    {
        return Err(AuthError::Forbidden(permission).into());
    }
    Ok(principal.clone())
}

macro_rules! authorized {
    ($($name:ident => $error:ident;)+) => {$(
        impl<P> Deref for $name<P> {
            type Target = Principal;

            fn deref(&self) -> &Principal {
                &self.principal
            }
        }

        impl<P: Required> FromRequest for $name<P> {
            type Error = $error;
            type Future = Ready<Result<Self, $error>>;

            fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
                let principal = authorize(request, P::PERMISSION);
                ready(match principal {
                    Ok(principal) => Ok(Self { principal, permission: PhantomData }),
                    Err(failure) => Err($error(failure)),
                })
            }
        }
    )+};
}

authorized! {
    Authorized => ApiError;
    PageAuthorized => PageError;
}

/// Whoever asks for a page: signed in or not.
pub struct Visitor(pub Option<Principal>);

impl FromRequest for Visitor {
    type Error = PageError;
    type Future = Ready<Result<Self, PageError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let extensions = request.extensions();
        let principal = extensions.get::<Identity>().and_then(Identity::principal);
        ready(Ok(Self(principal.cloned())))
    }
}

/// The token that a page's forms repeat in their field [`crate::web::csrf::FIELD`].
pub struct Csrf(pub CsrfToken);

impl FromRequest for Csrf {
    type Error = PageError;
    type Future = Ready<Result<Self, PageError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let token = request.extensions().get::<CsrfToken>().cloned();
        ready(token.map(Self).ok_or_else(|| {
            PageError(Failure::internal(anyhow::anyhow!(
                "a page outside the scope that makes form tokens"
            )))
        }))
    }
}

/// The application's state.
pub struct State(pub AppState);

impl Deref for State {
    type Target = AppState;

    fn deref(&self) -> &AppState {
        &self.0
    }
}

impl FromRequest for State {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let state = request.app_data::<Data<AppState>>();
        ready(
            state
                .map(|state| Self(state.get_ref().clone()))
                .ok_or_else(|| {
                    ApiError(Failure::internal(anyhow::anyhow!(
                        "the application has no state"
                    )))
                }),
        )
    }
}

/// The query parameters of an API request.
pub struct ApiQuery<Q>(pub Q);

/// The query parameters of a page request.
pub struct PageQuery<Q>(pub Q);

macro_rules! queries {
    ($($name:ident => $error:ident;)+) => {$(
        impl<Q: QueryParams> FromRequest for $name<Q> {
            type Error = $error;
            type Future = Ready<Result<Self, $error>>;

            fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
                ready(match read_query(request) {
                    Ok(query) => Ok(Self(query)),
                    Err(failure) => Err($error(failure)),
                })
            }
        }
    )+};
}

queries! {
    ApiQuery => ApiError;
    PageQuery => PageError;
}

/// Reads an id out of a route's segment `name`. What is no id names nothing that exists.
pub fn path_id<I: FromStr>(
    request: &HttpRequest,
    name: &'static str,
    what: &'static str,
) -> Result<I, Failure> {
    let text = request.match_info().get(name).unwrap_or_default();
    text.parse()
        .map_err(|_| Failure::not_found(what, name, text))
}

/// An id out of the route: its segment and what it names follow from the type.
pub trait PathId: FromStr {
    /// The segment, e.g. `submissionId`.
    const SEGMENT: &'static str;
    /// What it names, e.g. `submission`.
    const WHAT: &'static str;
}

macro_rules! path_ids {
    ($($id:ident = $segment:literal, $what:literal;)+) => {$(
        impl PathId for crate::domain::ids::$id {
            const SEGMENT: &'static str = $segment;
            const WHAT: &'static str = $what;
        }
    )+};
}

path_ids! {
    AgentId = "agentId", "agent";
    ProviderKeyId = "providerKeyId", "provider key";
    RowId = "priceId", "price";
    SubmissionId = "submissionId", "submission";
    SuiteId = "suiteId", "suite";
    TaskId = "taskId", "task";
    UserId = "userId", "user";
}

/// An id out of an API route.
pub struct ApiId<I>(pub I);

/// An id out of a page's route.
pub struct PageId<I>(pub I);

macro_rules! ids_of_routes {
    ($($name:ident => $error:ident;)+) => {$(
        impl<I: PathId> FromRequest for $name<I> {
            type Error = $error;
            type Future = Ready<Result<Self, $error>>;

            fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
                ready(match path_id(request, I::SEGMENT, I::WHAT) {
                    Ok(id) => Ok(Self(id)),
                    Err(failure) => Err($error(failure)),
                })
            }
        }
    )+};
}

ids_of_routes! {
    ApiId => ApiError;
    PageId => PageError;
}
