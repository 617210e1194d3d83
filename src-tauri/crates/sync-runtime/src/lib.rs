//! The thin side: what the pure crates decide is done here, and shown in the words of the window.

pub mod view;
