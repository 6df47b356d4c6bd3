//! Cuts a stream of server-sent events into its events
//! (<https://html.spec.whatwg.org/multipage/server-sent-events.html>), one at a time, as they came.

/// The longest event that is taken, in bytes: far above a piece of a reply.
const MAX_EVENT_BYTES: usize = 1024 * 1024;

/// A stream that is not cut yet.
#[derive(Debug, Default)]
pub(super) struct Events {
    buffer: Vec<u8>,
    /// Up to here no event ends.
    searched: usize,
}

/// An event as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Event {
    /// Its bytes, the empty line at its end included.
    pub raw: Vec<u8>,
    /// What it says; empty for comments.
    pub data: String,
    /// Its name; empty when it has none.
    pub name: String,
}

/// An event that is longer than is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an event of the provider's stream is longer than {MAX_EVENT_BYTES} bytes")]
pub(super) struct TooLong;

impl Events {
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole event; none: more bytes are needed.
    pub(super) fn next(&mut self) -> Result<Option<Event>, TooLong> {
        let Some(end) = self.end() else {
            if self.buffer.len() > MAX_EVENT_BYTES {
                return Err(TooLong);
            }
            return Ok(None);
        };
        let rest = self.buffer.split_off(end);
        let raw = std::mem::replace(&mut self.buffer, rest);
        self.searched = 0;
        Ok(Some(read(raw)))
    }

    /// What is left at the end of the stream: some servers leave out the last empty line.
    pub(super) fn rest(&mut self) -> Option<Event> {
        self.searched = 0;
        let raw = std::mem::take(&mut self.buffer);
        Some(read(raw)).filter(|event| !event.raw.is_empty())
    }

    /// Where the first event ends: behind its empty line.
    fn end(&mut self) -> Option<usize> {
        let breaks = self.buffer.iter().enumerate().skip(self.searched);
        for (at, _) in breaks.filter(|(_, byte)| **byte == b'\n') {
            match self.buffer.get(at + 1..) {
                Some([b'\n', ..]) => return Some(at + 2),
                Some([b'\r', b'\n', ..]) => return Some(at + 3),
                _ => {}
            }
        }
        // The last break may be the first half of an end.
        self.searched = self.buffer.len().saturating_sub(2);
        None
    }
}

fn read(raw: Vec<u8>) -> Event {
    let text = String::from_utf8_lossy(&raw);
    let (mut data, mut name) = (Vec::new(), String::new());
    for line in text.lines() {
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => data.push(value),
            "event" => value.clone_into(&mut name),
            _ => {}
        }
    }
    let data = data.join("\n");
    Event { raw, data, name }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(pieces: &[&str]) -> Vec<(String, String)> {
        let mut events = Events::default();
        let mut found = Vec::new();
        for piece in pieces {
            events.push(piece.as_bytes());
            while let Some(event) = events.next().unwrap() {
                found.push((event.name, event.data));
            }
        }
        found.extend(events.rest().map(|event| (event.name, event.data)));
        found
    }

    #[test]
    fn events_are_the_same_however_the_stream_is_cut() {
        let stream = "event: a\r\ndata: 1\r\n\r\n: ping\n\ndata:{\"x\":\ndata: 2}\n\ndata: [DONE]";
        let whole = all(&[stream]);
        let pair = |name: &str, data: &str| (name.to_owned(), data.to_owned());
        assert_eq!(
            whole,
            [
                pair("a", "1"),
                pair("", ""),
                pair("", "{\"x\":\n2}"),
                pair("", "[DONE]")
            ]
        );
        let bytes: Vec<String> = stream.chars().map(String::from).collect();
        let bytes: Vec<&str> = bytes.iter().map(String::as_str).collect();
        assert_eq!(all(&bytes), whole);
    }

    #[test]
    fn nothing_of_an_event_is_lost_and_one_without_end_is_refused() {
        let mut events = Events::default();
        events.push(b"id: 7\ndata: x\n\nrest");
        assert_eq!(events.next().unwrap().unwrap().raw, b"id: 7\ndata: x\n\n");
        assert_eq!(events.next().unwrap(), None);
        events.push(&vec![b'x'; MAX_EVENT_BYTES]);
        assert_eq!(events.next(), Err(TooLong));
    }
}
