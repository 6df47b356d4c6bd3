//! What WebArena's helpers ask the shop's own interface (Magento's REST interface).

use serde_json::{Value, json};

use super::map::Account;
use crate::domain::webarena::Helper;
use crate::environments::EnvironmentError;
use crate::llm::outbound;

/// Answers a helper.
pub(super) async fn ask(
    shop: &str,
    account: &Account,
    helper: &Helper,
) -> Result<String, EnvironmentError> {
    let said = match helper {
        Helper::ShoppingLatestOrderUrl => latest_order(shop, account).await,
        Helper::ShoppingReviewRating(sku) => {
            let review = latest_review(shop, account, sku).await;
            review.map(|review| review.as_ref().map_or_else(String::new, rating))
        }
        Helper::ShoppingReviewAuthor(sku) => {
            let review = latest_review(shop, account, sku).await;
            review.map(|review| {
                let name = review
                    .as_ref()
                    .and_then(|review| review["nickname"].as_str());
                name.unwrap_or_default().to_owned()
            })
        }
        Helper::RedditPostUrl(_) | Helper::GitlabMemberRole(_) => {
            Err("it asks no interface of the shop".to_owned())
        }
    };
    said.map_err(|why| EnvironmentError(format!("{} failed: {why}", helper.name())))
}

/// The address of the order that was made last.
async fn latest_order(shop: &str, account: &Account) -> Result<String, String> {
    let query = "searchCriteria[sortOrders][0][field]=created_at\
                 &searchCriteria[sortOrders][0][direction]=DESC&searchCriteria[pageSize]=1";
    let orders = get(shop, account, &format!("/rest/V1/orders?{query}")).await?;
    let id = &orders["items"][0]["increment_id"];
    let number = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
    let number: u64 = number
        .parse()
        .map_err(|_| format!("the newest order has no number: {id}"))?;
    Ok(format!("{shop}/sales/order/view/order_id/{number}/"))
}

/// The last review of a product; none when it has no review.
async fn latest_review(shop: &str, account: &Account, sku: &str) -> Result<Option<Value>, String> {
    let reviews = get(shop, account, &format!("/rest/V1/products/{sku}/reviews")).await?;
    Ok(reviews
        .as_array()
        .and_then(|reviews| reviews.last())
        .cloned())
}

fn rating(review: &Value) -> String {
    let percent = &review["ratings"][0]["percent"];
    percent
        .as_str()
        .map_or_else(|| percent.to_string(), str::to_owned)
}

async fn get(shop: &str, account: &Account, path: &str) -> Result<Value, String> {
    let client = outbound::client(true).map_err(|error| error.to_string())?;
    let url = format!("{shop}/rest/default/V1/integration/admin/token");
    let login = json!({"username": account.username, "password": account.password});
    let answer = client
        .post(&url)
        .json(&login)
        .send()
        .await
        .map_err(|error| error.to_string())?;
    if !answer.status().is_success() {
        return Err(format!("{url} answered with {}", answer.status()));
    }
    let token: String = answer.json().await.map_err(|error| error.to_string())?;
    let url = format!("{shop}{path}");
    let answer = client.get(&url).bearer_auth(token).send().await;
    let answer = answer.map_err(|error| error.to_string())?;
    if !answer.status().is_success() {
        return Err(format!("{url} answered with {}", answer.status()));
    }
    answer.json().await.map_err(|error| error.to_string())
}
