//! The forum's pages over HTTP, as a browser without scripts would use them: every page is
//! served, every control can be named, forms do what they say, and what people type stays text.

mod doing;
mod looking;
mod visitor;
