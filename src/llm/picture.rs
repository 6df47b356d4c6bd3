//! Pictures that are shown to a model: how large they are, what they can cost, how they stand in a
//! request, and how they are taken out of its record, where they are kept beside it.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

/// The first bytes of every PNG, up to its width (PNG specification, sections 5.2 and 11.2.1).
const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

/// How a picture begins within a request of OpenAI's.
const DATA_URI: &str = "data:image/png;base64,";

/// A picture, a PNG.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    png: Arc<[u8]>,
    width: u32,
    height: u32,
}

/// The bytes are no PNG.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the picture of the page is no PNG")]
pub struct NoPicture;

impl Picture {
    /// A picture from its bytes.
    pub fn new(png: &[u8]) -> Result<Self, NoPicture> {
        let size = png.strip_prefix(SIGNATURE).ok_or(NoPicture)?;
        let side = |from: usize| {
            let bytes = size.get(from..from + 4)?;
            Some(u32::from_be_bytes(bytes.try_into().ok()?))
        };
        let (width, height) = side(0).zip(side(4)).ok_or(NoPicture)?;
        Ok(Self {
            png: png.into(),
            width,
            height,
        })
    }

    /// The most tokens that a provider may count for it. OpenAI's dearest counting is that of
    /// models which take 2,833 tokens and 5,667 for every square of 512 pixels, the shorter side
    /// being 768 at most (<https://platform.openai.com/docs/guides/images-vision>). Anthropic's is
    /// one token for 750 pixels (<https://platform.claude.com/docs/en/build-with-claude/vision>);
    /// models that others serve have patches of 14 pixels or more, which is what is held.
    pub fn most_tokens(&self, provider: &str) -> u64 {
        let across = |size: u32| self.width.div_ceil(size).max(1);
        let down = |size: u32| self.height.div_ceil(size).max(1);
        let patches = u64::from(across(14)) * u64::from(down(14));
        if provider != "openai" {
            return patches;
        }
        let squares = u64::from(across(512)) * u64::from(down(512));
        (2_833 + 5_667 * squares.min(8)).max(patches.min(10_000))
    }

    /// As Anthropic takes it.
    pub(super) fn base64(&self) -> String {
        STANDARD.encode(&self.png)
    }

    /// As OpenAI takes it.
    pub(super) fn data_uri(&self) -> String {
        format!("{DATA_URI}{}", self.base64())
    }
}

/// Puts names in the place of the pictures in a recorded request. `keep` takes the bytes of one and
/// gives its name.
pub fn take_out(exchange: &mut Value, keep: &mut dyn FnMut(Vec<u8>) -> String) {
    match exchange {
        Value::String(text) => {
            let png = text.strip_prefix(DATA_URI);
            if let Some(png) = png.and_then(|data| STANDARD.decode(data).ok()) {
                *text = format!("data:image/png;artifact={}", keep(png));
            }
        }
        Value::Array(items) => {
            for item in items {
                take_out(item, keep);
            }
        }
        Value::Object(fields) => {
            let is_png = fields.get("media_type").and_then(Value::as_str) == Some("image/png");
            for (name, value) in fields.iter_mut() {
                match value {
                    Value::String(data) if is_png && name == "data" => {
                        if let Ok(png) = STANDARD.decode(data.as_bytes()) {
                            *data = format!("artifact={}", keep(png));
                        }
                    }
                    other => take_out(other, keep),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The name of the picture that a part of a recorded request shows, as [`take_out`] left it.
pub fn kept_in(part: &Value) -> Option<&str> {
    let openai = || part.pointer("/image_url/url").and_then(Value::as_str);
    let anthropic = || part.pointer("/source/data").and_then(Value::as_str);
    let text = openai().or_else(anthropic)?;
    text.rsplit_once("artifact=").map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The beginning of a PNG of this size.
    fn png(width: u32, height: u32) -> Vec<u8> {
        [
            SIGNATURE,
            &width.to_be_bytes()[..],
            &height.to_be_bytes()[..],
        ]
        .concat()
    }

    #[test]
    fn what_is_held_covers_what_providers_count() {
        let picture = Picture::new(&png(1280, 720)).unwrap();
        // 6 squares; 1,229 tokens by Anthropic's formula.
        assert_eq!(picture.most_tokens("openai"), 2_833 + 6 * 5_667);
        assert!(picture.most_tokens("anthropic") >= 1_229);
        assert_eq!(Picture::new(b"GIF89a"), Err(NoPicture));
        assert_eq!(Picture::new(SIGNATURE), Err(NoPicture));
    }

    #[test]
    fn pictures_leave_their_names_in_the_record() {
        let picture = Picture::new(&png(2, 3)).unwrap();
        let mut exchange = json!({ "request": { "messages": [{ "content": [
            { "type": "image_url", "image_url": { "url": picture.data_uri() } },
            { "type": "image", "source": { "type": "base64", "media_type": "image/png",
                "data": picture.base64() } },
            { "type": "text", "text": "data" },
        ] }] } });
        let mut kept = Vec::new();
        take_out(&mut exchange, &mut |bytes| {
            kept.push(bytes);
            format!("n{}", kept.len())
        });
        assert_eq!(kept, [png(2, 3), png(2, 3)]);
        let parts = &exchange["request"]["messages"][0]["content"];
        let names: Vec<_> = (0..3).map(|at| kept_in(&parts[at])).collect();
        assert_eq!(names, [Some("n1"), Some("n2"), None]);
        assert!(!exchange.to_string().contains("base64,"));
    }
}
