//! What just happened, told on the page that a form leads to. The address holds a code from a
//! closed list, never text.

use crate::web::query::{Params, QueryParams};

/// `?done=`: what just happened.
pub struct Done(pub Option<&'static str>);

impl QueryParams for Done {
    const NAMES: &'static [&'static str] = &["done"];

    fn read(params: &mut Params) -> Self {
        Self(read(params))
    }
}

/// The words for the code in `?done=`.
pub fn read(params: &mut Params) -> Option<&'static str> {
    match params.text("done")? {
        "saved" => Some("Saved."),
        "revision" => {
            Some("Saved as a new revision. Results of earlier revisions stay as they are.")
        }
        "deleted" => Some("Deleted. Its results stay."),
        "key-stored" => Some("The key is stored. It is not shown again."),
        "key-rotated" => Some(
            "The key is replaced. Agents that use it go on with the new one. It is not shown again.",
        ),
        "price-set" => Some("The price is set. It holds for calls from now on."),
        "price-taken-back" => Some("The price is taken back. What is booked stays as it is."),
        "key-deleted" => Some("The key is deleted. Agents that use it need another one."),
        "password" => Some("The password is changed. Every other device is signed out."),
        "theme" => Some("The theme is changed."),
        "signed-out" => Some("You are signed out."),
        "signed-up" => Some("The account is made. Sign in to use it."),
        _ => None,
    }
}
