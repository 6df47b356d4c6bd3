//! Chat models behind one trait.
