//! sync-runtime
