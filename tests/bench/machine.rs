//! What the machine says about this process.

use std::time::{Duration, Instant};

/// Wall-clock and processor time of a stretch of work.
#[derive(Clone, Copy, Debug, Default)]
pub struct Took {
    /// Milliseconds that passed.
    pub wall: f64,
    /// Milliseconds of processor time of this process, if the system tells them.
    pub cpu: Option<f64>,
}

/// Runs while something is measured.
pub struct Watch {
    began: Instant,
    cpu: Option<f64>,
}

impl Watch {
    /// Starts it.
    pub fn start() -> Self {
        let cpu = cpu();
        Self { began: Instant::now(), cpu }
    }

    /// Reads it.
    pub fn read(&self) -> Took {
        let wall = self.began.elapsed().as_secs_f64() * 1_000.0;
        Took { wall, cpu: self.cpu.zip(cpu()).map(|(before, now)| now - before) }
    }
}

/// Processor time of this process so far, in milliseconds (Linux: steps of 10 ms).
fn cpu() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program may hold spaces; it ends with the last parenthesis.
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace();
    let user: f64 = fields.nth(11)?.parse().ok()?;
    let system: f64 = fields.next()?.parse().ok()?;
    Some((user + system) * 10.0)
}

/// A line of `/proc/self/status` in MB: `VmRSS`, `VmHWM`.
pub fn memory(name: &str) -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    let kilobytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes / 1024.0)
}

/// Lets what was begun in the background (a checkpoint of the log, say) come to an end, so that the next one measured
/// does not pay for it.
pub async fn settle() {
    tokio::time::sleep(Duration::from_millis(900)).await;
}
