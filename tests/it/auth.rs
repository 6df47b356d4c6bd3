//! Letting people in: accounts, sessions, the first administrator, and what is refused.

use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;

use agentarena::auth::{AuthError, AuthService, NewAccount, Permission};
use agentarena::config::AuthSettings;
use agentarena::domain::page::PageRequest;
use agentarena::domain::time::Timestamp;
use agentarena::domain::user::Role;
use agentarena::store::{audit, users};
use agentarena::vault::{AccessClaims, AccessTokenError, Vault, VaultError};

use crate::support::data::TempStore;

const PASSWORD: &str = "correct horse battery";

struct Arena {
    at: TempStore,
    auth: AuthService,
    vault: Arc<Vault>,
}

fn arena(change: impl FnOnce(&mut AuthSettings)) -> Arena {
    let at = TempStore::new();
    let vault = Arc::new(Vault::open(at.dir.path()).unwrap());
    let mut settings = AuthSettings {
        bcrypt_cost: 4,
        ..AuthSettings::default()
    };
    change(&mut settings);
    let auth = AuthService::new(at.store.clone(), Arc::clone(&vault), settings);
    Arena { at, auth, vault }
}

fn account(name: &str) -> NewAccount {
    NewAccount {
        username: name.to_owned(),
        email: format!("{name}@example.org"),
        password: PASSWORD.to_owned(),
    }
}

impl Arena {
    async fn actions(&self) -> Vec<String> {
        let log = self
            .at
            .store
            .read(|db| audit::list(db, &PageRequest::first(100)));
        let mut actions: Vec<_> = log
            .await
            .unwrap()
            .items
            .into_iter()
            .map(|e| e.action)
            .collect();
        actions.reverse();
        actions
    }
}

#[tokio::test]
async fn a_person_signs_up_in_by_name_or_address_and_out() {
    let arena = arena(|_| {});
    let user = arena.auth.sign_up(account("Ada")).await.unwrap();
    assert_eq!(user.role, Role::User);
    arena
        .auth
        .sign_in("ADA@example.ORG", PASSWORD)
        .await
        .unwrap();
    let session = arena.auth.sign_in(" ada ", PASSWORD).await.unwrap();
    let principal = arena.auth.verify(&session.access_token).await.unwrap();
    assert_eq!(
        (principal.user_id, principal.username.as_str()),
        (user.id, "Ada")
    );
    assert!(principal.require(Permission::Submit).is_ok());
    assert!(principal.require(Permission::ManageUsers).is_err());

    let refresh = session.refresh_token.unwrap();
    arena.auth.sign_out(&refresh).await.unwrap();
    let gone = arena.auth.verify(&session.access_token).await.unwrap_err();
    assert!(matches!(gone, AuthError::SessionEnded), "{gone:?}");
    let gone = arena.auth.refresh(&refresh).await.err().unwrap();
    assert!(matches!(gone, AuthError::SessionEnded), "{gone:?}");
    arena.auth.sign_out("nobody's").await.unwrap();
    assert_eq!(
        arena.actions().await,
        [
            "user.sign_up",
            "user.sign_in",
            "user.sign_in",
            "user.sign_out"
        ]
    );
}

#[tokio::test]
async fn wrong_passwords_and_unknown_names_are_refused_alike() {
    let arena = arena(|_| {});
    arena.auth.sign_up(account("ada")).await.unwrap();
    let long = format!("{PASSWORD}{}", "x".repeat(100));
    let mut texts = Vec::new();
    for (login, password) in [
        ("ada", "wrong password"),
        ("bob", PASSWORD),
        ("ada", &long),
        ("", ""),
    ] {
        match arena.auth.sign_in(login, password).await {
            Err(error @ AuthError::WrongCredentials) => texts.push(error.to_string()),
            other => panic!("{login}: {:?}", other.err()),
        }
    }
    texts.dedup();
    assert_eq!(texts.len(), 1);
    let written = arena
        .at
        .store
        .read(|db| audit::list(db, &PageRequest::first(10)))
        .await
        .unwrap();
    assert!(!format!("{written:?}").contains("wrong password"));
    assert_eq!(arena.actions().await[1..], ["user.sign_in_refused"; 4]);
}

#[tokio::test]
async fn a_refresh_token_is_good_once() {
    let arena = arena(|_| {});
    arena.auth.sign_up(account("ada")).await.unwrap();
    let first = arena.auth.sign_in("ada", PASSWORD).await.unwrap();
    let token = first.refresh_token.unwrap();
    let second = arena.auth.refresh(&token).await.unwrap();
    assert_eq!(second.session_id, first.session_id);
    // Pages that were asked for together go on, without a further refresh token.
    let raced = arena.auth.resume(&token).await.unwrap();
    assert_eq!(raced.refresh_token, None);
    arena.auth.verify(&raced.access_token).await.unwrap();

    let reused = arena.auth.refresh(&token).await.err().unwrap();
    assert!(matches!(reused, AuthError::TokenReused), "{reused:?}");
    let ended = arena.auth.verify(&second.access_token).await.unwrap_err();
    assert!(matches!(ended, AuthError::SessionEnded), "{ended:?}");
    let ended = arena
        .auth
        .refresh(&second.refresh_token.unwrap())
        .await
        .err()
        .unwrap();
    assert!(matches!(ended, AuthError::SessionEnded), "{ended:?}");
    let unknown = arena.auth.refresh("x").await.err().unwrap();
    assert!(matches!(unknown, AuthError::InvalidToken), "{unknown:?}");
    assert!(
        arena
            .actions()
            .await
            .contains(&"session.token_reused".to_owned())
    );
}

#[tokio::test]
async fn a_deactivated_person_is_out_at_once() {
    let arena = arena(|_| {});
    let user = arena.auth.sign_up(account("ada")).await.unwrap();
    let session = arena.auth.sign_in("ada", PASSWORD).await.unwrap();
    let promote = move |tx: &agentarena::store::Transaction| {
        users::set_role(tx, user.id, Role::Admin, Timestamp::now())
    };
    arena.at.store.write(promote).await.unwrap();
    let principal = arena.auth.verify(&session.access_token).await.unwrap();
    assert_eq!(
        principal.role,
        Role::Admin,
        "the role is the database's, not the token's"
    );

    let deactivate = move |tx: &agentarena::store::Transaction| {
        users::set_active(tx, user.id, false, Timestamp::now())
    };
    arena.at.store.write(deactivate).await.unwrap();
    for refusal in [
        arena.auth.verify(&session.access_token).await.err(),
        arena.auth.sign_in("ada", PASSWORD).await.err(),
        arena
            .auth
            .refresh(&session.refresh_token.unwrap())
            .await
            .err(),
    ] {
        assert!(
            matches!(refusal, Some(AuthError::Deactivated)),
            "{refusal:?}"
        );
    }
    let wrong = arena
        .auth
        .sign_in("ada", "wrong password")
        .await
        .err()
        .unwrap();
    assert!(matches!(wrong, AuthError::WrongCredentials), "{wrong:?}");
}

#[tokio::test]
async fn a_changed_password_ends_the_other_sessions() {
    let arena = arena(|_| {});
    arena.auth.sign_up(account("ada")).await.unwrap();
    let here = arena.auth.sign_in("ada", PASSWORD).await.unwrap();
    let elsewhere = arena.auth.sign_in("ada", PASSWORD).await.unwrap();
    let principal = arena.auth.verify(&here.access_token).await.unwrap();
    let field = |error: AuthError| match error {
        AuthError::Invalid(invalid) => invalid.0[0].field.clone(),
        other => panic!("{other:?}"),
    };
    let change = |current, new| arena.auth.change_password(&principal, current, new);
    assert_eq!(
        field(
            change("wrong password", "another password")
                .await
                .unwrap_err()
        ),
        "currentPassword"
    );
    assert_eq!(
        field(change(PASSWORD, "short").await.unwrap_err()),
        "newPassword"
    );
    change(PASSWORD, "another password").await.unwrap();
    arena.auth.verify(&here.access_token).await.unwrap();
    assert!(arena.auth.verify(&elsewhere.access_token).await.is_err());
    assert!(arena.auth.sign_in("ada", PASSWORD).await.is_err());
    arena.auth.sign_in("ada", "another password").await.unwrap();
}

#[tokio::test]
async fn sign_up_names_what_is_taken_and_can_be_closed() {
    let open = arena(|_| {});
    open.auth.sign_up(account("ada")).await.unwrap();
    let mut same_name = account("ADA");
    same_name.email = "other@example.org".into();
    let mut same_address = account("other");
    same_address.email = "Ada@Example.org".into();
    for (again, field) in [(same_name, "username"), (same_address, "email")] {
        let Err(AuthError::Invalid(invalid)) = open.auth.sign_up(again).await else {
            panic!("a {field} was given twice");
        };
        assert_eq!(
            (invalid.0[0].field.as_str(), invalid.0[0].code),
            (field, "taken")
        );
    }
    let closed = arena(|settings| settings.sign_up_open = false);
    let refused = closed.auth.sign_up(account("ada")).await.unwrap_err();
    assert!(matches!(refused, AuthError::SignUpClosed), "{refused:?}");
    assert_eq!(closed.at.store.read(users::count).await.unwrap(), 0);
}

#[tokio::test]
async fn the_first_administrator_is_made_once() {
    let arena = arena(|settings| settings.sign_up_open = false);
    let replaced = arena.auth.first_admin_token().await.unwrap().unwrap();
    let token = arena.auth.first_admin_token().await.unwrap().unwrap();
    for wrong in ["", "x", &replaced] {
        let refused = arena
            .auth
            .create_first_admin(wrong, account("eve"))
            .await
            .unwrap_err();
        assert!(matches!(refused, AuthError::FirstAdminLink), "{refused:?}");
    }
    let mut short = account("root");
    short.password = "short".into();
    let invalid = arena
        .auth
        .create_first_admin(&token, short)
        .await
        .unwrap_err();
    assert!(matches!(invalid, AuthError::Invalid(_)), "{invalid:?}");

    // Two at the same time: one wins.
    let (one, two) = tokio::join!(
        arena.auth.create_first_admin(&token, account("root")),
        arena.auth.create_first_admin(&token, account("toor")),
    );
    assert_eq!(usize::from(one.is_ok()) + usize::from(two.is_ok()), 1);
    assert_eq!(one.or(two).unwrap().role, Role::SuperAdmin);
    assert!(!arena.auth.is_first_admin_token(&token).await.unwrap());
    assert_eq!(arena.auth.first_admin_token().await.unwrap(), None);
}

#[tokio::test]
async fn accounts_of_administrators_are_made_by_super_administrators_only() {
    let arena = arena(|_| {});
    arena
        .auth
        .create_user(account("chief"), Role::SuperAdmin, None)
        .await
        .unwrap();
    arena
        .auth
        .create_user(account("admin"), Role::Admin, None)
        .await
        .unwrap();
    let principal = async |name: &str| {
        let session = arena.auth.sign_in(name, PASSWORD).await.unwrap();
        arena.auth.verify(&session.access_token).await.unwrap()
    };
    let (chief, admin) = (principal("chief").await, principal("admin").await);
    arena
        .auth
        .create_user(account("one"), Role::User, Some(&admin))
        .await
        .unwrap();
    let refused = arena
        .auth
        .create_user(account("two"), Role::Admin, Some(&admin))
        .await
        .unwrap_err();
    assert!(
        matches!(refused, AuthError::Forbidden(Permission::ManageAdmins)),
        "{refused:?}"
    );
    arena
        .auth
        .create_user(account("two"), Role::Admin, Some(&chief))
        .await
        .unwrap();
}

#[test]
fn access_tokens_of_others_expired_or_changed_are_refused() {
    let (here, there) = (arena(|_| {}), arena(|_| {}));
    let claims = |from_now_ms| AccessClaims {
        user_id: agentarena::domain::ids::UserId::new(),
        role: Role::User,
        session_id: agentarena::domain::ids::TokenFamilyId::new(),
        issued_at: Timestamp(1_000),
        expires_at: Timestamp((Timestamp::now().0 + from_now_ms) / 1000 * 1000),
    };
    let good = claims(60_000);
    let token = here.vault.issue_access_token(&good).unwrap();
    assert_eq!(here.vault.verify_access_token(&token), Ok(good));
    assert_eq!(
        there.vault.verify_access_token(&token),
        Err(AccessTokenError::Invalid)
    );
    let old = here.vault.issue_access_token(&claims(-2_000)).unwrap();
    assert_eq!(
        here.vault.verify_access_token(&old),
        Err(AccessTokenError::Expired)
    );
    // Unsigned, and signed by a symmetric algorithm with the public key, as forgers try.
    let parts: Vec<_> = token.split('.').collect();
    let none = format!("eyJhbGciOiJub25lIn0.{}.", parts[1]);
    let hmac = format!("eyJhbGciOiJIUzI1NiJ9.{}.{}", parts[1], parts[2]);
    for forged in [none.as_str(), &hmac, "", "a.b.c", &token[..token.len() - 4]] {
        assert_eq!(
            here.vault.verify_access_token(forged),
            Err(AccessTokenError::Invalid),
            "{forged}"
        );
    }
}

#[test]
fn sealed_secrets_open_in_their_context_with_their_key_only() {
    let (here, there) = (arena(|_| {}), arena(|_| {}));
    let sealed = here.vault.seal("key/1", b"sk-secret").unwrap();
    assert!(!sealed.windows(9).any(|bytes| bytes == b"sk-secret"));
    assert_ne!(sealed, here.vault.seal("key/1", b"sk-secret").unwrap());
    assert_eq!(
        here.vault.open_sealed("key/1", &sealed).unwrap(),
        b"sk-secret"
    );
    let mut changed = sealed.clone();
    *changed.last_mut().unwrap() ^= 1;
    for (vault, context, bytes) in [
        (&here, "key/2", &sealed),
        (&there, "key/1", &sealed),
        (&here, "key/1", &changed),
        (&here, "key/1", &Vec::new()),
    ] {
        let error = vault.vault.open_sealed(context, bytes).unwrap_err();
        assert!(matches!(error, VaultError::Unopenable), "{error:?}");
    }
    let tag = here.vault.tag("csrf", "session");
    assert!(here.vault.tag_matches("csrf", "session", &tag));
    assert!(!here.vault.tag_matches("csrf", "other", &tag));
    assert!(!here.vault.tag_matches("csrfs", "ession", &tag));
    assert!(!there.vault.tag_matches("csrf", "session", &tag));
    assert!(!here.vault.tag_matches("csrf", "session", ""));
}

#[test]
fn keys_are_private_stay_the_same_and_are_refused_when_exposed() {
    let arena = arena(|_| {});
    let keys = arena.at.dir.path().join("keys");
    let sealed = arena.vault.seal("a", b"b").unwrap();
    for name in ["master.key", "access-token.pem"] {
        let mode = std::fs::metadata(keys.join(name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    let again = Vault::open(arena.at.dir.path()).unwrap();
    assert_eq!(again.open_sealed("a", &sealed).unwrap(), b"b");

    let master = keys.join("master.key");
    std::fs::set_permissions(&master, std::fs::Permissions::from_mode(0o644)).unwrap();
    let error = Vault::open(arena.at.dir.path()).err().unwrap().to_string();
    assert!(
        error.contains("has mode 0644, so others may read it; run `chmod 600 "),
        "{error}"
    );
    std::fs::set_permissions(&master, std::fs::Permissions::from_mode(0o600)).unwrap();
    std::fs::write(&master, "short").unwrap();
    let error = Vault::open(arena.at.dir.path()).err().unwrap().to_string();
    assert!(error.contains("does not hold a master key"), "{error}");
}
