//! Pieces that several pages show: links, rows of posts, points, page links.

use super::Visit;
use crate::sites::clock::moment_text;
use crate::sites::forum::pages::form::Choice;
use crate::sites::forum::pages::frame::{community_href, member_href, post_href};
use crate::sites::forum::queries::Paged;
use crate::sites::forum::queries::feed;
use crate::sites::forum::queries::thread::{comment_count, post_score};
use crate::sites::forum::state::{ForumState, Post, Target, Vote};
use crate::sites::forum::view::{CommentSort, MemberTab, Period, PostSort, SearchSort};

/// A link, or the place where the reader is.
#[derive(Debug, Clone, Default)]
pub struct Link {
    /// Address.
    pub href: String,
    /// Words.
    pub label: String,
    /// A number behind them; 0 for none.
    pub count: usize,
    /// Number of a community's colour; 0 for none.
    pub colour: u8,
    /// Whether it is the page that is open.
    pub current: bool,
}

impl Link {
    /// A link to another page.
    pub fn to(href: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            href: href.into(),
            label: label.into(),
            ..Self::default()
        }
    }
}

/// A count with its noun, e.g. `1 comment`, `21 comments`.
pub fn counted(count: usize, noun: &str) -> String {
    if count == 1 {
        format!("1 {noun}")
    } else {
        format!("{count} {noun}s")
    }
}

/// Points with their noun, e.g. `1 point`, `-3 points`.
pub fn points(points: i32) -> String {
    if points == 1 {
        "1 point".to_owned()
    } else {
        format!("{points} points")
    }
}

/// What the persona can do with a post or comment at a glance.
#[derive(Debug, Clone)]
pub struct Marks {
    /// Name in forms, e.g. `post-7`.
    pub target: String,
    /// Points in figures.
    pub score: i32,
    /// She voted up.
    pub up: bool,
    /// She voted down.
    pub down: bool,
    /// She keeps it.
    pub saved: bool,
    /// She wrote it.
    pub own: bool,
    /// What it is called in names of buttons.
    pub what: String,
}

impl Marks {
    /// The marks of a post or comment.
    pub fn of(state: &ForumState, target: Target, score: i32, own: bool, what: String) -> Self {
        let vote = state.votes.get(&target);
        Self {
            target: target.to_string(),
            score,
            up: vote == Some(&Vote::Up),
            down: vote == Some(&Vote::Down),
            saved: state.saved.contains_key(&target),
            own,
            what,
        }
    }
}

/// A row of a list of posts.
#[derive(Debug)]
pub struct PostRow {
    /// Number.
    pub no: u32,
    /// Its page.
    pub href: String,
    /// Title.
    pub title: String,
    /// The beginning of the text.
    pub excerpt: String,
    /// Mark; empty for none.
    pub flair: String,
    /// It stands on top.
    pub pinned: bool,
    /// It has a picture.
    pub picture: bool,
    /// Who wrote it.
    pub author: Link,
    /// Where; empty on the community's own page.
    pub community: Link,
    /// When.
    pub at: String,
    /// `12 comments`.
    pub comments: String,
    /// Votes and the like.
    pub marks: Marks,
    /// Where its forms go back to.
    pub back: String,
}

impl PostRow {
    /// The row of a post; the page reports that it shows it.
    pub fn of(
        visit: &Visit,
        state: &ForumState,
        post: &Post,
        back: &str,
        with_place: bool,
    ) -> Self {
        visit.show("forum.posts", post.no);
        let community = feed::community(state, post.community.as_str());
        let place = community
            .filter(|_| with_place)
            .map_or_else(Link::default, |place| Link {
                colour: place.colour,
                ..Link::to(community_href(place), &place.name)
            });
        Self {
            no: post.no,
            href: post_href(post.no),
            title: post.title.clone(),
            excerpt: excerpt(&post.text),
            flair: post.flair.clone().unwrap_or_default(),
            pinned: post.pinned,
            picture: post.picture.is_some(),
            author: Link::to(member_href(post.author.as_str()), post.author.as_str()),
            community: place,
            at: moment_text(post.written_at),
            comments: counted(comment_count(state, post.no), "comment"),
            marks: Marks::of(
                state,
                Target::Post(post.no),
                post_score(state, post),
                post.author == state.board.me,
                post.title.clone(),
            ),
            back: format!("{back}#post-{}", post.no),
        }
    }
}

/// The beginning of a text, in one line.
pub fn excerpt(text: &str) -> String {
    const LONGEST: usize = 150;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= LONGEST {
        return line;
    }
    let cut: String = line.chars().take(LONGEST).collect();
    let whole = cut
        .rsplit_once(' ')
        .map_or(cut.as_str(), |(whole, _)| whole);
    format!("{whole} ...")
}

/// Links to the pages of a list.
#[derive(Debug, Default)]
pub struct Pages {
    /// The page before.
    pub previous: Option<String>,
    /// The page after.
    pub next: Option<String>,
    /// All pages.
    pub links: Vec<Link>,
}

impl Pages {
    /// Links for a cut list; `href` gives the address of a page.
    pub fn of<T>(paged: &Paged<T>, href: impl Fn(u32) -> String) -> Self {
        let links = (1..=paged.pages)
            .map(|number| Link {
                current: number == paged.page,
                ..Link::to(href(number), number.to_string())
            })
            .collect();
        Self {
            previous: (paged.page > 1).then(|| href(paged.page - 1)),
            next: (paged.page < paged.pages).then(|| href(paged.page + 1)),
            links,
        }
    }
}

/// What part of a list a page shows, e.g. `41 posts, 21 to 40 shown`.
pub fn extent<T>(paged: &Paged<T>, size: usize, noun: &str) -> String {
    let count = counted(paged.total, noun);
    if paged.pages < 2 {
        return count;
    }
    let first = (paged.page as usize - 1) * size + 1;
    let last = first + paged.rows.len().saturating_sub(1);
    format!("{count}, {first} to {last} shown")
}

/// Orders of a list of posts.
pub fn post_sorts(chosen: PostSort) -> Vec<Choice> {
    PostSort::ALL
        .iter()
        .map(|sort| {
            let label = match sort {
                PostSort::Hot => "Hot",
                PostSort::New => "New",
                PostSort::Top => "Top",
                PostSort::Comments => "Most comments",
            };
            Choice::new(sort.as_str(), label).chosen(*sort == chosen)
        })
        .collect()
}

/// Orders of results.
pub fn search_sorts(chosen: SearchSort) -> Vec<Choice> {
    SearchSort::ALL
        .iter()
        .map(|sort| {
            let label = match sort {
                SearchSort::Relevance => "Best match",
                SearchSort::New => "New",
                SearchSort::Top => "Top",
                SearchSort::Comments => "Most comments",
            };
            Choice::new(sort.as_str(), label).chosen(*sort == chosen)
        })
        .collect()
}

/// Orders of comments.
pub fn comment_sorts(chosen: CommentSort) -> Vec<Choice> {
    CommentSort::ALL
        .iter()
        .map(|sort| {
            let label = match sort {
                CommentSort::Best => "Best",
                CommentSort::New => "Newest first",
                CommentSort::Old => "Oldest first",
            };
            Choice::new(sort.as_str(), label).chosen(*sort == chosen)
        })
        .collect()
}

/// Times of a list of posts: general ones, then every month.
pub fn periods(state: &ForumState, chosen: Period) -> Vec<Choice> {
    let general = [
        (Period::All, "All time".to_owned()),
        (Period::Week, "Last 7 days".to_owned()),
        (Period::Year, "Last 365 days".to_owned()),
    ];
    let months = feed::months(state).into_iter().map(|(year, month)| {
        let name = crate::sites::clock::month_name(month);
        (Period::Month(year, month), format!("{name} {year}"))
    });
    general
        .into_iter()
        .chain(months)
        .map(|(period, label)| Choice::new(period.to_string(), label).chosen(period == chosen))
        .collect()
}

/// Tabs of a profile.
pub fn member_tabs(chosen: MemberTab, href: impl Fn(MemberTab) -> String) -> Vec<Link> {
    MemberTab::ALL
        .iter()
        .map(|tab| {
            let label = match tab {
                MemberTab::Posts => "Posts",
                MemberTab::Comments => "Comments",
            };
            Link {
                current: *tab == chosen,
                ..Link::to(href(*tab), label)
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_between_words() {
        assert_eq!(excerpt("one\ntwo"), "one two");
        let cut = excerpt(&"word ".repeat(60));
        assert!(
            cut.ends_with("word ...") && cut.chars().count() <= 154,
            "{cut}"
        );
    }

    #[test]
    fn twenty_one_rows_make_two_pages() {
        let paged = Paged::cut((1..=21).collect::<Vec<u32>>(), 2, 20);
        let links = Pages::of(&paged, |page| format!("?page={page}"));
        assert_eq!(links.links.len(), 2);
        assert_eq!(links.next, None);
        assert_eq!(extent(&paged, 20, "post"), "21 posts, 21 to 21 shown");
        assert_eq!(
            (points(1), points(-2)),
            ("1 point".to_owned(), "-2 points".to_owned())
        );
    }
}
