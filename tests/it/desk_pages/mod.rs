//! The desk over HTTP: its pages are there and sound, and its forms do what they say.

mod colleague;
mod looking;
mod working;
