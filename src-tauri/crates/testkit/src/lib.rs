//! What tests need beside the parts under test: a network that fails on request, a server that answers what it is
//! told, and waiting for a condition instead of for a time.
//!
//! Everything here listens on 127.0.0.1 and stops with its handle.
#![deny(missing_docs)]

mod evil;
mod log;
mod proxy;
mod wait;
mod wire;

pub use evil::{End, EvilServer, Reply};
pub use log::{Passed, Written};
pub use proxy::{Fault, FaultProxy, Rule};
pub use wait::{TimedOut, until};
pub use wire::Heard;
