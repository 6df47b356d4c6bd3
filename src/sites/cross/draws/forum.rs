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

/// X12: the population of a place, as a comment under a post.
pub(super) fn told_figure(sites: &Sites) -> Vec<Drawn> {
    let mut posts = sites
        .forum
        .posts
        .values()
        .map(AsRef::as_ref)
        .filter(|post| is_fit(&sites.forum, post));
    let mut drawn = Vec::new();
    for (kind, called) in [("Islands", "the island of"), ("Villages", "the village of")] {
        for page in queries::members(&sites.wiki, kind) {
            let Some((name, _)) = page.title.split_once(" (") else {
                continue;
            };
            let asked = format!("population of {called} {name}");
            drawn.push(match posts.next() {
                Some(post) => one_figure(sites, page, name, &asked, post),
                None => Err("there is no further post".into()),
            });
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

fn population(page: &Page) -> Option<String> {
    page.content.document.infobox.as_ref()?.text("Population")
}

fn one_figure(sites: &Sites, page: &Page, name: &str, asked: &str, post: &Post) -> Drawn {
    let value = population(page).ok_or("no population")?;
    let namesake = namesake(&sites.wiki, page, name).ok_or("no namesake has one")?;
    ensure(namesake != value, "the namesake has the same population")?;
    let mut steps = open_article(&page.title);
    steps.extend([
        "read value after 'Population'".to_owned(),
        "goto '/forum/'".to_owned(),
        format!("fill 'Search the forum' '{}'", quoted(&post.title)),
        "click button 'Search'".to_owned(),
        format!("click link '{}' nth 1", quoted(&post.title)),
        "fill 'Add a comment' '$value'".to_owned(),
        "click button 'Post comment'".to_owned(),
        "done".to_owned(),
    ]);
    Ok(json!({
        "asked": asked,
        "user": post.author,
        "title": post.title,
        "post": post.no,
        "me": sites.forum.board.me,
        "value": value,
        "plain": value.replace(',', ""),
        "namesake": namesake,
        "steps": steps,
    }))
}

/// The population of another place of that name.
fn namesake(wiki: &WikiState, page: &Page, name: &str) -> Option<String> {
    let prefix = format!("{name} (");
    wiki.pages
        .values()
        .filter(|other| other.id != page.id && other.title.starts_with(&prefix))
        .find_map(population)
}
