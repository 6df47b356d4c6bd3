//! A figure of the wiki that is told in the forum.

use serde_json::json;

use super::parts::{ensure, open_article, quoted};
use crate::sites::forum::queries::feed::is_visible;
use crate::sites::forum::queries::search::{RESULTS_PER_PAGE, all};
use crate::sites::forum::state::{ForumState, Post};
use crate::sites::forum::view::Search;
use crate::sites::state::Sites;
use crate::sites::tasks::draw::Drawn;
use crate::sites::wiki::queries;
use crate::sites::wiki::state::{Page, WikiState};

/// A figure of a place: the field, what it is called, what the comment holds, and another field
/// of the same page that is easily taken for it.
struct Figure {
    field: &'static str,
    words: &'static str,
    form: &'static str,
    beside: &'static str,
}

const fn people(beside: &'static str) -> Figure {
    Figure {
        field: "Population",
        words: "population",
        form: "number",
        beside,
    }
}

const fn founding(beside: &'static str) -> Figure {
    Figure {
        field: "Founded",
        words: "founding year",
        form: "year",
        beside,
    }
}

/// Categories of places that share names, how one of them is called, and its figures.
const ASKED: [(&str, &str, &[Figure]); 3] = [
    ("Islands", "the island of {name}", &[people("Settled")]),
    (
        "Villages",
        "the village of {name}",
        &[people("Founded"), founding("Population")],
    ),
    ("Saltworks", "the {name} saltworks", &[founding("Pans")]),
];

/// X12: a figure of a place, as a comment under a post.
pub(super) fn told_figure(sites: &Sites) -> Vec<Drawn> {
    let mut posts = sites
        .forum
        .posts
        .values()
        .map(AsRef::as_ref)
        .filter(|post| is_fit(&sites.forum, post));
    let mut drawn = Vec::new();
    for (kind, called, figures) in ASKED {
        for page in queries::members(&sites.wiki, kind) {
            let Some((name, _)) = page.title.split_once(" (") else {
                continue;
            };
            let place = called.replace("{name}", name);
            for figure in figures {
                drawn.push(match posts.next() {
                    Some(post) => one_figure(sites, page, name, (figure, &place), post),
                    None => Err("there is no further post".into()),
                });
            }
        }
    }
    drawn
}

/// A post of somebody else that is found by its title alone.
fn is_fit(forum: &ForumState, post: &Post) -> bool {
    let is_plain = |text: &str| !text.contains(['"', '\'', '$', '\\']) && text.is_ascii();
    let search = || Search {
        q: Some(post.title.clone()),
        page: 1,
        ..Search::default()
    };
    is_visible(forum, post)
        && post.author != forum.board.me
        && is_plain(&post.title)
        && forum
            .posts
            .values()
            .filter(|other| other.title == post.title)
            .count()
            == 1
        && all(forum, &search())
            .iter()
            .take(RESULTS_PER_PAGE)
            .any(|found| found.no == post.no)
}

fn fact(page: &Page, field: &str) -> Option<String> {
    page.content.document.infobox.as_ref()?.text(field)
}

fn one_figure(
    sites: &Sites,
    page: &Page,
    name: &str,
    (figure, place): (&Figure, &str),
    post: &Post,
) -> Drawn {
    let value = fact(page, figure.field).ok_or("no such figure")?;
    let namesake = namesake(&sites.wiki, page, name, figure.field).ok_or("no namesake has one")?;
    ensure(namesake != value, "the namesake has the same figure")?;
    let beside = fact(page, figure.beside).ok_or("no figure beside it")?;
    ensure(beside != value, "the figure beside it is the same")?;
    let mut steps = open_article(&page.title);
    steps.extend([
        format!("read value after '{}'", figure.field),
        "goto '/forum/'".to_owned(),
        format!("fill 'Search the forum' '{}'", quoted(&post.title)),
        "click button 'Search'".to_owned(),
        format!("click link '{}' nth 1", quoted(&post.title)),
        "fill 'Add a comment' '$value'".to_owned(),
        "click button 'Post comment'".to_owned(),
        "done".to_owned(),
    ]);
    Ok(json!({
        "asked": format!("{} of {place}", figure.words),
        "form": figure.form,
        "user": post.author,
        "title": post.title,
        "post": post.no,
        "me": sites.forum.board.me,
        "value": value,
        "plain": value.replace(',', ""),
        "namesake": namesake,
        "beside": beside,
        "steps": steps,
    }))
}

/// The figure of another place of that name.
fn namesake(wiki: &WikiState, page: &Page, name: &str, field: &str) -> Option<String> {
    let prefix = format!("{name} (");
    wiki.pages
        .values()
        .filter(|other| other.id != page.id && other.title.starts_with(&prefix))
        .find_map(|other| fact(other, field))
}
