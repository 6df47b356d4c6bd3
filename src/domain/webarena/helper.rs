//! The small calls that task files hold behind `func:`, read and never executed as code.

use serde_json::Value;

use crate::domain::action::Call;

/// Stands for the page in the argument of a call.
const PAGE: &str = "__page__";

/// A helper of the references with its argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Helper {
    /// The address of the post that an address belongs to.
    RedditPostUrl(String),
    /// The address of the newest order of the shop.
    ShoppingLatestOrderUrl,
    /// The rating in per cent of the newest review of a product.
    ShoppingReviewRating(String),
    /// The nickname of the author of the newest review of a product.
    ShoppingReviewAuthor(String),
    /// The role of a member on a project's page of members.
    GitlabMemberRole(String),
}

impl Helper {
    /// Its name in task files.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::RedditPostUrl(_) => "reddit_get_post_url",
            Self::ShoppingLatestOrderUrl => "shopping_get_latest_order_url",
            Self::ShoppingReviewRating(_) => "shopping_get_sku_latest_review_rating",
            Self::ShoppingReviewAuthor(_) => "shopping_get_sku_latest_review_author",
            Self::GitlabMemberRole(_) => "gitlab_get_project_memeber_role",
        }
    }

    /// Its argument; empty when it has none.
    pub fn argument(&self) -> &str {
        match self {
            Self::RedditPostUrl(text)
            | Self::ShoppingReviewRating(text)
            | Self::ShoppingReviewAuthor(text)
            | Self::GitlabMemberRole(text) => text,
            Self::ShoppingLatestOrderUrl => "",
        }
    }

    /// Reads what stands behind the first `func:` of a text, up to the next.
    pub fn read(text: &str) -> Result<Self, String> {
        let code = text.split("func:").nth(1).unwrap_or_default();
        // The page is the one name among literals. The reader of calls would make blanks of a tab.
        let code = code.replace(PAGE, "'__page__'").replace('\t', "\\t");
        let calls = Call::read_all(&code).map_err(|error| format!("`{code}`: {error}"))?;
        let [call] = calls.as_slice() else {
            return Err(format!("`{code}` is not one call"));
        };
        if !call.kwargs.is_empty() {
            return Err(format!("`{code}` has named arguments"));
        }
        let args: Option<Vec<&str>> = call.args.iter().map(Value::as_str).collect();
        match (call.name.as_str(), args.unwrap_or_default().as_slice()) {
            ("reddit_get_post_url", [url]) => Ok(Self::RedditPostUrl((*url).to_owned())),
            ("shopping_get_latest_order_url", []) if call.args.is_empty() => {
                Ok(Self::ShoppingLatestOrderUrl)
            }
            ("shopping_get_sku_latest_review_rating", [sku]) => {
                Ok(Self::ShoppingReviewRating((*sku).to_owned()))
            }
            ("shopping_get_sku_latest_review_author", [sku]) => {
                Ok(Self::ShoppingReviewAuthor((*sku).to_owned()))
            }
            ("gitlab_get_project_memeber_role", [PAGE, name]) => {
                Ok(Self::GitlabMemberRole((*name).to_owned()))
            }
            _ => Err(format!(
                "`{code}` calls no helper that is known, or not with its arguments"
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn helpers_are_read_and_nothing_else() {
        let role = Helper::read("func:gitlab_get_project_memeber_role(__page__, 'x y')");
        assert_eq!(role, Ok(Helper::GitlabMemberRole("x y".into())));
        let order = Helper::read("func:shopping_get_latest_order_url()");
        assert_eq!(order, Ok(Helper::ShoppingLatestOrderUrl));
        let post = Helper::read("func:reddit_get_post_url('a\tb')");
        assert_eq!(post, Ok(Helper::RedditPostUrl("a\tb".into())));
        for wrong in [
            "func:open('/etc/passwd')",
            "func:reddit_get_post_url('it's')",
            "func:reddit_get_post_url(1)",
            "func:",
            "func:shopping_get_latest_order_url(1)",
        ] {
            assert!(Helper::read(wrong).is_err(), "{wrong}");
        }
    }
}
