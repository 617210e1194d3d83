//! Records and schemas as the window shows them: pure functions from bytes to `ipc-types`.
