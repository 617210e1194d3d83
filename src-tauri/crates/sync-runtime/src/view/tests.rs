//! Views of realistic records.
