//! People with an account, for administrators: who they are, and changing role and activity.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Bytes, ServiceConfig, get, post, resource};
use askama::Template;

use crate::arena::accounts::{self, AccountChange};
use crate::auth::{Permission, Principal};
use crate::domain::ids::UserId;
use crate::domain::page::{Cursor, DEFAULT_PAGE_LIMIT, PageRequest};
use crate::domain::time::Timestamp;
use crate::domain::user::{Role, User};
use crate::web::error::{Code, Failure, PageError};
use crate::web::extract::{PageAuthorized, PageId, PageQuery, UsersManage, UsersRead};
use crate::web::pages::frame::Frame;
use crate::web::pages::notice;
use crate::web::query::{Params, QueryParams};
use crate::web::ui::filter::Choice;
use crate::web::ui::form::Fields;
use crate::web::ui::format::Moment;
use crate::web::ui::page::{page_with, see_other};
use crate::web::ui::pager::Pager;
use crate::web::ui::shell::{Section, Shell};

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(resource("/admin/users").route(get().to(show)))
        .service(resource("/admin/users/{userId}").route(post().to(change)));
}

#[derive(Template)]
#[template(path = "pages/admin_users.html")]
struct UsersPage {
    shell: Shell,
    notice: Option<&'static str>,
    problem: Option<String>,
    rows: Vec<Row>,
    pager: Pager,
}

struct Row {
    id: String,
    username: String,
    email: String,
    role: &'static str,
    active: bool,
    is_self: bool,
    can_change: bool,
    roles: Vec<Choice>,
    at: Moment,
}

#[derive(Default)]
struct Query {
    after: Option<Cursor>,
    notice: Option<&'static str>,
}

impl QueryParams for Query {
    const NAMES: &'static [&'static str] = &["after", "done"];

    fn read(params: &mut Params) -> Self {
        Self {
            after: params.named("after"),
            notice: notice::read(params),
        }
    }
}

async fn page_of(
    frame: &Frame,
    person: &Principal,
    query: Query,
    problem: Option<String>,
) -> Result<UsersPage, Failure> {
    let request = PageRequest::after(DEFAULT_PAGE_LIMIT, query.after.clone());
    let listed = accounts::list(&frame.state.store, person, request).await?;
    let now = Timestamp::now();
    Ok(UsersPage {
        shell: frame.shell(Section::Admin, "Users"),
        notice: query.notice,
        problem,
        rows: listed
            .items
            .iter()
            .map(|user| row(user, person, now))
            .collect(),
        pager: Pager::newest_first(
            query.after.map(|_| "/admin/users".to_owned()),
            listed.next.map(|next| format!("/admin/users?after={next}")),
        ),
    })
}

fn row(user: &User, person: &Principal, now: Timestamp) -> Row {
    let is_self = user.id == person.user_id;
    let manages_admins = person.may(Permission::ManageAdmins);
    let roles = Role::ALL
        .iter()
        .filter(|role| manages_admins || **role == Role::User);
    Row {
        id: user.id.to_string(),
        username: user.username.clone(),
        email: user.email.clone(),
        role: user.role.as_str(),
        active: user.active,
        is_self,
        can_change: !is_self && (manages_admins || user.role == Role::User),
        roles: roles
            .map(|role| Choice {
                value: role.to_string(),
                label: role.to_string(),
                selected: *role == user.role,
            })
            .collect(),
        at: Moment::new(user.created_at, now),
    }
}

async fn show(
    frame: Frame,
    person: PageAuthorized<UsersRead>,
    query: PageQuery<Query>,
) -> Result<HttpResponse, PageError> {
    let page = page_of(&frame, &person, query.0, None).await?;
    page_with(StatusCode::OK, &page)
}

async fn change(
    frame: Frame,
    person: PageAuthorized<UsersManage>,
    id: PageId<UserId>,
    body: Bytes,
) -> Result<HttpResponse, PageError> {
    let fields = Fields::parse(&body);
    let role: Role = fields
        .raw("role")
        .parse()
        .map_err(|error| Failure::invalid("role", format!("{error}.")))?;
    let change = AccountChange {
        role: Some(role),
        active: Some(fields.raw("active") == "yes"),
    };
    let failure = match accounts::change(&frame.state.store, &person, id.0, change).await {
        Ok(_) => return Ok(see_other("/admin/users?done=saved")),
        Err(error) => Failure::from(error),
    };
    if !matches!(failure.code(), Code::ValidationError | Code::Conflict) {
        return Err(PageError(failure));
    }
    let problem = failure.items().first().map(|item| item.message.clone());
    let page = page_of(&frame, &person, Query::default(), problem).await?;
    page_with(failure.status(), &page)
}
