//! A person with a browser that has no scripts: keeps cookies, follows redirects, and posts the
//! forms that stand on pages, with the token that stands in them.

use std::collections::BTreeMap;

use agentarena::domain::user::Role;
use reqwest::header::{LOCATION, SET_COOKIE};
use reqwest::{Method, StatusCode};
use scraper::{ElementRef, Html, Selector};

use super::app::{Answer, PASSWORD, TestApp, send};

/// A browser.
pub struct Browse<'a> {
    app: &'a TestApp,
    cookies: BTreeMap<String, String>,
}

impl<'a> Browse<'a> {
    /// A browser that nobody has signed in with.
    pub fn new(app: &'a TestApp) -> Self {
        Self {
            app,
            cookies: BTreeMap::new(),
        }
    }

    /// A browser of someone with a role, signed in by the form.
    pub async fn signed_in(app: &'a TestApp, username: &str, role: Role) -> Self {
        app.person(username, role).await;
        let mut browse = Self::new(app);
        let answer = browse.sign_in(username, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        browse
    }

    /// Fills in the form on the sign-in page and follows.
    pub async fn sign_in(&mut self, login: &str, password: &str) -> Answer {
        let fields = [("login", login), ("password", password)];
        let answer = self.submit("/sign-in", "/sign-in", &fields).await;
        self.follow(answer).await
    }

    /// A cookie's value.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    /// Forgets a cookie.
    pub fn forget(&mut self, name: &str) {
        self.cookies.remove(name);
    }

    async fn ask(&mut self, method: Method, path: &str, body: Option<String>) -> Answer {
        let cookies: Vec<_> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let mut request = self
            .app
            .request(method, path)
            .header("cookie", cookies.join("; "));
        if let Some(body) = body {
            request = request
                .header("content-type", "application/x-www-form-urlencoded")
                .body(body);
        }
        let answer = send(request).await;
        for set in answer.headers.get_all(SET_COOKIE) {
            self.keep(set.to_str().expect("a cookie is text"));
        }
        answer
    }

    fn keep(&mut self, set: &str) {
        let pair = set.split(';').next().unwrap_or_default();
        let (name, value) = pair.split_once('=').expect("a name and a value");
        if value.is_empty() {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }

    /// Opens an address, without following.
    pub async fn get(&mut self, path: &str) -> Answer {
        self.ask(Method::GET, path, None).await
    }

    /// Opens a page that must be there.
    pub async fn page(&mut self, path: &str) -> Html {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        Html::parse_document(&answer.text)
    }

    /// Goes where an answer leads, as long as it leads anywhere.
    pub async fn follow(&mut self, mut answer: Answer) -> Answer {
        while let Some(to) = answer.headers.get(LOCATION) {
            let to = to.to_str().expect("an address").to_owned();
            answer = self.get(&to).await;
        }
        answer
    }

    /// Opens a page, and posts the form on it that goes to `action` with these fields.
    pub async fn submit(&mut self, page: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
        let html = self.page(page).await;
        let token = form_token(&html, action);
        self.post(action, &token, fields).await
    }

    /// Posts fields with a token.
    pub async fn post(&mut self, action: &str, token: &str, fields: &[(&str, &str)]) -> Answer {
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.append_pair("csrf_token", token);
        body.extend_pairs(fields);
        self.ask(Method::POST, action, Some(body.finish())).await
    }
}

fn form_token(html: &Html, action: &str) -> String {
    let selector = format!("form[action='{action}'] input[name=csrf_token]");
    let field =
        first(html, &selector).unwrap_or_else(|| panic!("no form to {action}: {}", html.html()));
    field.value().attr("value").expect("a token").to_owned()
}

/// The first element that a selector finds.
pub fn first<'a>(html: &'a Html, selector: &str) -> Option<ElementRef<'a>> {
    all(html, selector).into_iter().next()
}

/// Every element that a selector finds.
pub fn all<'a>(html: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    let selector = Selector::parse(selector).unwrap_or_else(|error| panic!("{selector}: {error}"));
    html.select(&selector).collect()
}

/// The text of an element, with white space folded.
pub fn text(element: ElementRef<'_>) -> String {
    let text: String = element.text().collect::<Vec<_>>().join(" ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text of the first element that a selector finds.
pub fn text_of(html: &Html, selector: &str) -> String {
    let found = first(html, selector).unwrap_or_else(|| panic!("no {selector}: {}", html.html()));
    text(found)
}
