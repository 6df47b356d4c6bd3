//! What pages share: the responder, the frame around every page, and how numbers, times, costs
//! and outcomes are written (design system sections 4 to 6). Knows no use case and no SQL.

pub mod assets;
pub mod filter;
pub mod form;
pub mod format;
pub mod interval;
pub mod model_call;
pub mod outcome;
pub mod page;
pub mod pager;
pub mod ranking;
pub mod replay;
pub mod shell;
pub mod spend;
pub mod stage;
pub mod state_diff;
pub mod submission_rows;
pub mod track;
pub mod tree;
