//! Private messages in threads.

use std::cmp::Reverse;

use crate::sites::forum::queries::Paged;
use crate::sites::forum::queries::people::is_blocked;
use crate::sites::forum::state::{ForumState, MemberId, Message, MessageNo};

/// Threads on a page of the inbox.
pub const THREADS_PER_PAGE: usize = 15;

/// A thread of messages.
#[derive(Debug, Clone, PartialEq)]
pub struct Thread<'a> {
    /// The message that began it.
    pub first: &'a Message,
    /// All messages in order, the first included.
    pub messages: Vec<&'a Message>,
    /// The other member.
    pub with: &'a MemberId,
}

impl<'a> Thread<'a> {
    /// The latest message.
    pub fn last(&self) -> &'a Message {
        self.messages.last().copied().unwrap_or(self.first)
    }
}

/// A thread by the number of its first message.
pub fn thread(state: &ForumState, no: MessageNo) -> Option<Thread<'_>> {
    let first = state.messages.get(&no).map(AsRef::as_ref)?;
    if first.thread.is_some() {
        return None;
    }
    let messages = state
        .messages
        .values()
        .map(AsRef::as_ref)
        .filter(|message| message.no == no || message.thread == Some(no))
        .collect();
    let with = if first.from == state.board.me {
        &first.to
    } else {
        &first.from
    };
    Some(Thread {
        first,
        messages,
        with,
    })
}

/// All threads, latest first, without those of blocked members.
pub fn threads(state: &ForumState) -> Vec<Thread<'_>> {
    let mut threads: Vec<Thread<'_>> = state
        .messages
        .values()
        .filter(|message| message.thread.is_none())
        .filter_map(|message| thread(state, message.no))
        .filter(|thread| !is_blocked(state, thread.with))
        .collect();
    threads.sort_by_key(|thread| Reverse((thread.last().sent_at, thread.last().no)));
    threads
}

/// A page of them.
pub fn inbox(state: &ForumState, page: u32) -> Paged<Thread<'_>> {
    Paged::cut(threads(state), page, THREADS_PER_PAGE)
}

/// Whether the latest message is from the other member and was not looked at.
pub fn is_unread(state: &ForumState, thread: &Thread<'_>) -> bool {
    thread.last().from != state.board.me && !state.incidental.read.contains(&thread.first.no)
}

/// Threads that were not looked at.
pub fn unread_count(state: &ForumState) -> usize {
    threads(state)
        .iter()
        .filter(|thread| is_unread(state, thread))
        .count()
}
