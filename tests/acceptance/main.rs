//! Stories over the real engine, the real SQLite file and real servers.
