//! `agentarena users`: the operator's hand on accounts, at the machine itself.

use std::io::Read as _;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

use crate::app::Application;
use crate::auth::{AuthService, NewAccount};
use crate::cli::args::{RoleArg, UsersCommand};
use crate::cli::output::{self, Side, Table};
use crate::config::Settings;
use crate::domain::agent::Agent;
use crate::domain::ids::UserId;
use crate::domain::page::{MAX_PAGE_LIMIT, PageRequest};
use crate::domain::time::Timestamp;
use crate::domain::user::{Role, User};
use crate::store::audit::{self, NewEntry};
use crate::store::{self, Store};
use crate::vault::{Vault, tokens};

/// Who submits what `demo` runs.
const DEMO_EMAIL: &str = "demo@agentarena.example";

/// Who submits what `run` runs when nobody is named.
const OPERATOR_EMAIL: &str = "operator@agentarena.example";

/// An account that the demo made for whoever watches it.
pub(super) struct DemoAccount {
    /// The account.
    pub(super) id: UserId,
    /// To sign in with.
    pub(super) email: &'static str,
    /// To sign in with; shown once.
    pub(super) password: String,
}

/// Runs a command on accounts.
pub(super) async fn run(settings: &Settings, command: UsersCommand) -> anyhow::Result<ExitCode> {
    if !matches!(command, UsersCommand::Add { .. }) {
        Store::must_exist(&settings.data.dir)?;
    }
    let store = Store::open_beside(&settings.data.dir)?;
    match command {
        UsersCommand::List(list) => print(&all(&store).await?, list.json)?,
        UsersCommand::Add {
            email,
            username,
            role,
        } => {
            let auth = service(&store, settings)?;
            let account = NewAccount {
                username,
                email,
                password: read_password()?,
            };
            let user = auth.create_user(account, role.into(), None).await?;
            output::line(&format!("{} is {} now", user.email, user.role));
        }
        UsersCommand::SetPassword { email } => {
            let user = by_email(&store, &email).await?;
            service(&store, settings)?
                .reset_password(user.id, &read_password()?)
                .await?;
            output::line(&format!(
                "the password of {email} is changed; all their sessions are ended"
            ));
        }
        UsersCommand::SetRole { email, role } => {
            let user = by_email(&store, &email).await?;
            let role = Role::from(role);
            keep_a_super_admin(&store, &user, role != Role::SuperAdmin).await?;
            change(
                &store,
                &user,
                "user.role",
                json!({ "role": role }),
                move |tx, id, now| store::users::set_role(tx, id, role, now),
            )
            .await?;
            output::line(&format!("{email} is {role} now"));
        }
        UsersCommand::Activate { email } => set_active(&store, &email, true).await?,
        UsersCommand::Deactivate { email } => set_active(&store, &email, false).await?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Makes the account that `demo` submits with: a SUPER_ADMIN, since the demo's arena is the
/// watcher's own.
pub(super) async fn demo_account(app: &Application) -> anyhow::Result<DemoAccount> {
    let password: String = tokens::new_opaque()?.chars().take(20).collect();
    let account = NewAccount {
        username: "demo".to_owned(),
        email: DEMO_EMAIL.to_owned(),
        password: password.clone(),
    };
    let user = app
        .auth()
        .create_user(account, Role::SuperAdmin, None)
        .await?;
    Ok(DemoAccount {
        id: user.id,
        email: DEMO_EMAIL,
        password,
    })
}

/// Who submits for `run`: the one named, the agent's owner, or the machine's operator.
pub(super) async fn submitter(
    app: &Application,
    named: Option<&str>,
    agent: &Agent,
) -> anyhow::Result<UserId> {
    if let Some(email) = named {
        return Ok(by_email(app.store(), email).await?.id);
    }
    if let Some(owner) = agent.user_id {
        return Ok(owner);
    }
    Ok(operator(app).await?.id)
}

/// The machine's operator, an account that nobody can sign in to.
pub(super) async fn operator(app: &Application) -> anyhow::Result<User> {
    if let Some(user) = find(app.store(), OPERATOR_EMAIL).await? {
        return Ok(user);
    }
    let account = NewAccount {
        username: "operator".to_owned(),
        email: OPERATOR_EMAIL.to_owned(),
        password: tokens::new_opaque()?.chars().take(40).collect(),
    };
    Ok(app.auth().create_user(account, Role::User, None).await?)
}

/// The person with an e-mail address.
pub(super) async fn by_email(store: &Store, email: &str) -> anyhow::Result<User> {
    let found = find(store, email).await?;
    found.with_context(|| {
        format!("there is nobody with the e-mail {email}; `agentarena users list` names all")
    })
}

async fn find(store: &Store, email: &str) -> anyhow::Result<Option<User>> {
    let wanted = email.to_owned();
    Ok(store
        .read(move |db| store::users::by_login(db, &wanted))
        .await?
        .map(|(user, _)| user))
}

async fn set_active(store: &Store, email: &str, active: bool) -> anyhow::Result<()> {
    let user = by_email(store, email).await?;
    keep_a_super_admin(store, &user, !active).await?;
    change(
        store,
        &user,
        "user.active",
        json!({ "active": active }),
        move |tx, id, now| {
            store::users::set_active(tx, id, active, now)?;
            if !active {
                store::tokens::revoke_user(tx, id, None, now)?;
            }
            Ok(())
        },
    )
    .await?;
    output::line(&format!(
        "{email} {} sign in",
        if active { "can" } else { "can no longer" }
    ));
    Ok(())
}

/// Refuses to take the last SUPER_ADMIN away.
async fn keep_a_super_admin(store: &Store, user: &User, is_taken_away: bool) -> anyhow::Result<()> {
    if is_taken_away && user.role == Role::SuperAdmin && user.active {
        let left = store
            .read(|db| store::users::count_active(db, Role::SuperAdmin))
            .await?;
        if left <= 1 {
            bail!(
                "{} is the last SUPER_ADMIN; make another one first",
                user.email
            );
        }
    }
    Ok(())
}

/// Changes an account and writes that down in the audit log, in one transaction.
async fn change<F>(
    store: &Store,
    user: &User,
    action: &'static str,
    details: Value,
    apply: F,
) -> anyhow::Result<()>
where
    F: FnOnce(&store::Transaction, UserId, Timestamp) -> Result<(), store::StoreError>
        + Send
        + 'static,
{
    let id = user.id;
    store
        .write(move |tx| {
            let now = Timestamp::now();
            apply(tx, id, now)?;
            let entry = NewEntry {
                user_id: None,
                action,
                subject: &format!("user/{id}"),
                details,
            };
            audit::append(tx, &entry, now)
        })
        .await?;
    Ok(())
}

fn service(store: &Store, settings: &Settings) -> anyhow::Result<AuthService> {
    let vault = Arc::new(Vault::open(&settings.data.dir)?);
    Ok(AuthService::new(
        store.clone(),
        vault,
        settings.auth.clone(),
    ))
}

async fn all(store: &Store) -> anyhow::Result<Vec<User>> {
    let mut users = Vec::new();
    let mut request = PageRequest::first(MAX_PAGE_LIMIT);
    loop {
        let asked = request.clone();
        let page = store.read(move |db| store::users::list(db, &asked)).await?;
        users.extend(page.items);
        match page.next {
            Some(cursor) => request = PageRequest::after(MAX_PAGE_LIMIT, Some(cursor)),
            None => return Ok(users),
        }
    }
}

fn print(users: &[User], as_json: bool) -> anyhow::Result<()> {
    if as_json {
        let rows = users.iter().map(|user| {
            json!({ "id": user.id, "username": user.username, "email": user.email, "role": user.role,
                "active": user.active, "createdAt": user.created_at.to_rfc3339() })
        });
        return output::json(&rows.collect::<Vec<_>>());
    }
    let mut table = Table::new(&[
        ("username", Side::Left),
        ("e-mail", Side::Left),
        ("role", Side::Left),
        ("state", Side::Left),
        ("since", Side::Left),
    ]);
    for user in users {
        let state = if user.active { "active" } else { "deactivated" };
        table.row([
            user.username.clone(),
            user.email.clone(),
            user.role.to_string(),
            state.to_owned(),
            user.created_at.to_rfc3339(),
        ]);
    }
    table.print();
    Ok(())
}

/// The first line of standard input.
fn read_password() -> anyhow::Result<String> {
    if output::is_watched() {
        output::note(
            "Password (it is read from standard input and shown as you type; end with Enter and Ctrl-D):",
        );
    }
    let mut text = String::new();
    std::io::stdin()
        .take(4096)
        .read_to_string(&mut text)
        .context("reading the password from standard input")?;
    let password = text.lines().next().unwrap_or_default().to_owned();
    if password.is_empty() {
        bail!(
            "no password came on standard input; e.g. printf '%s' 'a long password' | agentarena users ..."
        );
    }
    Ok(password)
}

impl From<RoleArg> for Role {
    fn from(role: RoleArg) -> Self {
        match role {
            RoleArg::User => Self::User,
            RoleArg::Admin => Self::Admin,
            RoleArg::SuperAdmin => Self::SuperAdmin,
        }
    }
}
