//! MiniWoB++ as the arena runs it: imported, served, played and scored in the real browser.

#[path = "miniwob/episodes.rs"]
mod episodes;
#[path = "miniwob/ground.rs"]
mod ground;
#[path = "miniwob/importing.rs"]
mod importing;
#[path = "miniwob/serving.rs"]
mod serving;
#[path = "miniwob/tampering.rs"]
mod tampering;
