//! The bundled web applications and their state.
