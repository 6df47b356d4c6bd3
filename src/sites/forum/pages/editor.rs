//! Forms of posts: write, change, delete, take back.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::{Posted, Visit, missing};
use crate::sites::forum::actions::writing::{self, PostForm as Written};
use crate::sites::forum::pages::feed::Place;
use crate::sites::forum::pages::form::{Choice, Form};
use crate::sites::forum::pages::frame::{self, Frame, post_href};
use crate::sites::forum::queries::feed;
use crate::sites::forum::state::{TEXT_LENGTH, TITLE_LENGTH};
use crate::sites::forum::view::{Feed, PostForm, Route};

#[derive(Template)]
#[template(path = "sites/forum/editor.html")]
struct Editor {
    frame: Frame,
    heading: String,
    action: String,
    cancel_href: String,
    form: Form,
    /// Community of a new post.
    place: Option<Place>,
    flairs: Vec<Choice>,
    preview: bool,
    refusal: String,
    title_length: usize,
    text_length: usize,
}

/// Shows the form for a post. It starts with the flair that most posts take.
pub fn new(visit: &Visit, community: &str) -> HttpResponse {
    let state = visit.state();
    let suggested = feed::community(&state, community)
        .map_or("", |community| community.suggested_flair.as_str());
    let form = Form::starting(&[("flair", suggested)]);
    render_new(visit, community, form, false, StatusCode::OK)
}

fn render_new(
    visit: &Visit,
    id: &str,
    form: Form,
    preview: bool,
    status: StatusCode,
) -> HttpResponse {
    let state = visit.state();
    let Some(community) = feed::community(&state, id) else {
        return missing::show(visit);
    };
    visit.show("forum.communities", id);
    let joined = state.joined.contains(&community.id);
    let none = Choice::new("", "No flair").chosen(form.value("flair").is_empty());
    let each = community.flairs.iter().map(|flair| {
        Choice::new(&flair.name, &flair.name).chosen(form.value("flair") == flair.name)
    });
    let template = Editor {
        frame: Frame::new(visit, &state, format!("New post in {}", community.name)),
        heading: format!("New post in {}", community.name),
        action: Route::PostNew {
            community: id.to_owned(),
        }
        .href(),
        cancel_href: Route::Feed(Feed::of(id)).href(),
        place: Some(Place::of(&state, community)),
        flairs: std::iter::once(none).chain(each).collect(),
        preview,
        refusal: if joined {
            String::new()
        } else {
            format!("Join {} before you post there.", community.name)
        },
        form,
        title_length: TITLE_LENGTH,
        text_length: TEXT_LENGTH,
    };
    frame::page(status, &template)
}

/// Takes a post, or shows what it would look like.
pub async fn send(posted: Posted, path: web::Path<String>) -> HttpResponse {
    let known = ["title", "text", "flair", "preview"];
    if let Some(answer) = frame::foreign_fields(&posted, &known) {
        return answer;
    }
    let community = path.into_inner();
    let fields = &posted.fields;
    if fields.has("preview") {
        let form = Form::typed(fields);
        return render_new(&posted.visit, &community, form, true, StatusCode::OK);
    }
    let written = Written {
        title: fields.text("title").to_owned(),
        text: fields.text("text").to_owned(),
        flair: fields.text("flair").to_owned(),
    };
    match posted.write(|state| writing::post(state, &community, &written)) {
        Ok(no) => frame::go_saying(&posted.visit, &post_href(no), "Your post is online."),
        Err(refusal) => {
            let form = Form::typed(fields).refused(&refusal);
            let status = frame::status_of(refusal.status());
            render_new(&posted.visit, &community, form, false, status)
        }
    }
}

/// Shows the form that changes a post, or the question whether to delete it.
pub fn show(visit: &Visit, no: u32, form: PostForm) -> HttpResponse {
    let state = visit.state();
    let post = match writing::own_post(&state, no) {
        Ok(post) => post,
        Err(refusal) => return missing::refused(visit, &refusal),
    };
    match form {
        PostForm::Edit => {
            let form = Form::starting(&[("title", &post.title), ("text", &post.text)]);
            render_edit(visit, no, form, false, StatusCode::OK)
        }
        PostForm::Delete => {
            visit.show("forum.posts", no);
            let template = Confirm {
                frame: Frame::new(visit, &state, "Delete post"),
                heading: "Delete this post?".to_owned(),
                what: post.title.clone(),
                text: post.text.clone(),
                facts: format!(
                    "Posted {} with {}.",
                    crate::sites::clock::moment_text(post.written_at),
                    crate::sites::forum::pages::parts::counted(
                        crate::sites::forum::queries::thread::comment_count(&state, no),
                        "comment"
                    )
                ),
                action: Route::PostForm {
                    post: no,
                    form: PostForm::Delete,
                }
                .href(),
                button: "Delete post",
                cancel_href: post_href(no),
            };
            frame::ok(&template)
        }
    }
}

fn render_edit(
    visit: &Visit,
    no: u32,
    form: Form,
    preview: bool,
    status: StatusCode,
) -> HttpResponse {
    let state = visit.state();
    visit.show("forum.posts", no);
    let template = Editor {
        frame: Frame::new(visit, &state, "Edit post"),
        heading: "Edit post".to_owned(),
        action: Route::PostForm {
            post: no,
            form: PostForm::Edit,
        }
        .href(),
        cancel_href: post_href(no),
        form,
        place: None,
        flairs: Vec::new(),
        preview,
        refusal: String::new(),
        title_length: TITLE_LENGTH,
        text_length: TEXT_LENGTH,
    };
    frame::page(status, &template)
}

/// Takes a changed post.
pub async fn save(posted: Posted, path: web::Path<u32>) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &["title", "text", "preview"]) {
        return answer;
    }
    let no = path.into_inner();
    let fields = &posted.fields;
    if fields.has("preview") {
        return render_edit(&posted.visit, no, Form::typed(fields), true, StatusCode::OK);
    }
    let done = posted
        .write(|state| writing::edit_post(state, no, fields.text("title"), fields.text("text")));
    match done {
        Ok(()) => frame::go_saying(&posted.visit, &post_href(no), "Your changes are saved."),
        Err(refusal) if refusal.fields.is_empty() => missing::refused(&posted.visit, &refusal),
        Err(refusal) => {
            let form = Form::typed(fields).refused(&refusal);
            let status = frame::status_of(refusal.status());
            render_edit(&posted.visit, no, form, false, status)
        }
    }
}

#[derive(Template)]
#[template(path = "sites/forum/confirm.html")]
pub struct Confirm {
    /// What surrounds it.
    pub frame: Frame,
    /// The question.
    pub heading: String,
    /// What it is about, by its title.
    pub what: String,
    /// What it says.
    pub text: String,
    /// When it was written, and what hangs on it.
    pub facts: String,
    /// Where yes leads.
    pub action: String,
    /// What yes says.
    pub button: &'static str,
    /// Where no leads.
    pub cancel_href: String,
}

/// Deletes a post; the next page offers to take it back.
pub async fn delete(posted: Posted, path: web::Path<u32>) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &[]) {
        return answer;
    }
    let no = path.into_inner();
    let community = posted
        .visit
        .state()
        .posts
        .get(&no)
        .map(|post| post.community.to_string());
    match posted.write(|state| writing::delete_post(state, no)) {
        Ok(()) => {
            let feed = Feed {
                community,
                ..Feed::default()
            };
            let href = Route::Feed(feed).href();
            frame::go_saying(&posted.visit, &href, "Your post was deleted.")
        }
        Err(refusal) => missing::refused(&posted.visit, &refusal),
    }
}

/// Takes back the last deletion.
pub async fn undo(posted: Posted) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &[]) {
        return answer;
    }
    match posted.write(writing::undo_delete) {
        Ok(no) => frame::go_saying(&posted.visit, &post_href(no), "Your post is back."),
        Err(refusal) => missing::refused(&posted.visit, &refusal),
    }
}
