//! record-store
