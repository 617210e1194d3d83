//! demo-server
