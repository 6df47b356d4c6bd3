//! Everything that pages and draws read from the state.

pub mod diff;
pub mod history;
pub mod links;
pub mod search;
pub mod tables;

use crate::sites::wiki::state::{Book, Category, Member, Page, Role, WikiState, fold_title};

/// The page of a title, redirects not followed.
pub fn page<'a>(state: &'a WikiState, title: &str) -> Option<&'a Page> {
    let id = state.titles.get(&fold_title(title))?;
    state.pages.get(id)
}

/// The page that a title leads to: a redirect is followed once.
pub fn target<'a>(state: &'a WikiState, title: &str) -> Option<&'a Page> {
    let found = page(state, title)?;
    match &found.content.document.redirect {
        Some(to) => page(state, to).or(Some(found)),
        None => Some(found),
    }
}

/// Whether a page only points to another.
pub fn is_redirect(page: &Page) -> bool {
    page.content.document.redirect.is_some()
}

/// Who is signed in.
pub fn reader(book: &Book) -> Option<&Member> {
    book.members.get(&book.reader)
}

/// A member's full name; the username when there is none.
pub fn name_of<'a>(book: &'a Book, username: &'a str) -> &'a str {
    book.members
        .get(username)
        .map_or(username, |member| member.name.as_str())
}

/// Whether who is signed in may write a page.
pub fn may_write(state: &WikiState, page: &Page) -> bool {
    !page.protected || reader(&state.book).is_some_and(|reader| reader.role == Role::Steward)
}

/// The categories of a page: of its infobox, then those it names.
pub fn categories_of(book: &Book, page: &Page) -> Vec<String> {
    let document = &page.content.document;
    let by_infobox = document.infobox.as_ref().and_then(|infobox| {
        book.infoboxes
            .iter()
            .find(|known| known.kind == infobox.kind)
            .map(|known| known.category.clone())
    });
    let mut names: Vec<String> = by_infobox.into_iter().collect();
    if document.disambiguation {
        names.push("Disambiguation".to_owned());
    }
    for name in &document.categories {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

/// The category of this name.
pub fn category<'a>(book: &'a Book, name: &str) -> Option<&'a Category> {
    let wanted = fold_title(name);
    book.categories
        .iter()
        .find(|category| fold_title(&category.name) == wanted)
}

/// Categories directly below another.
pub fn below<'a>(book: &'a Book, name: &'a str) -> impl Iterator<Item = &'a Category> {
    book.categories
        .iter()
        .filter(move |category| category.parent.as_deref() == Some(name))
}

/// A category with all below it.
fn family(book: &Book, name: &str) -> Vec<String> {
    let mut names = vec![name.to_owned()];
    let mut at = 0;
    while at < names.len() {
        let more: Vec<String> = below(book, &names[at])
            .map(|category| category.name.clone())
            .collect();
        names.extend(more);
        at += 1;
    }
    names
}

/// Pages of a category, by title.
pub fn members<'a>(state: &'a WikiState, name: &str) -> Vec<&'a Page> {
    let mut pages: Vec<&Page> = state
        .pages
        .values()
        .filter(|page| {
            categories_of(&state.book, page)
                .iter()
                .any(|category| category == name)
        })
        .collect();
    pages.sort_by_key(|page| fold_title(&page.title));
    pages
}

/// Whether a page belongs to a category or to one below it.
pub fn is_within(book: &Book, page: &Page, name: &str) -> bool {
    let family = family(book, name);
    categories_of(book, page)
        .iter()
        .any(|category| family.contains(category))
}

/// All pages by title, redirects left out; only those that begin with a letter when one is given.
pub fn by_title<'a>(state: &'a WikiState, letter: Option<&str>) -> Vec<&'a Page> {
    let mut pages: Vec<&Page> = state
        .pages
        .values()
        .filter(|page| !is_redirect(page))
        .filter(|page| letter.is_none_or(|letter| initial(&page.title) == letter.to_uppercase()))
        .collect();
    pages.sort_by_key(|page| crate::sites::folding::fold(&page.title));
    pages
}

/// The letter under which a title stands in the list of all pages.
pub fn initial(title: &str) -> String {
    crate::sites::folding::fold(title)
        .chars()
        .find(|c| c.is_alphanumeric())
        .map_or_else(String::new, |c| c.to_uppercase().collect())
}

/// The rows of one page of a list.
pub fn of_page<T>(items: Vec<T>, page: u32, per_page: usize) -> Vec<T> {
    let skipped = (page.max(1) as usize - 1).saturating_mul(per_page);
    items.into_iter().skip(skipped).take(per_page).collect()
}

#[cfg(test)]
mod tests;
