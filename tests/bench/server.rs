//! The reference server in a process of its own: its processor time and memory are the same for both clients.

use anyhow::{Context as _, Result, bail};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A running server; dropping it stops it.
pub struct Server {
    child: Child,
    url: String,
}

impl Server {
    /// Starts this program again, as a server.
    pub fn start(folder: &Path) -> Result<Self> {
        let program = std::env::current_exe().context("this program cannot be found")?;
        let mut child = Command::new(program)
            .arg("--serve")
            .arg(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("the server could not be started")?;
        let mut line = String::new();
        let stdout = child.stdout.take().context("the server has no output")?;
        BufReader::new(stdout).read_line(&mut line)?;
        match line.trim().strip_prefix("base=") {
            Some(url) => Ok(Self { url: url.to_owned(), child }),
            None => {
                child.kill()?;
                bail!("the server did not say where it answers: {line:?}")
            }
        }
    }

    /// Where it answers, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Its input ends, and so does the server.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// Serves until the input ends.
pub async fn serve(folder: PathBuf) -> Result<()> {
    let options = demo_server::Options { data: Some(folder), rate: None, ..demo_server::Options::default() };
    let server = demo_server::start(options).await?;
    println!("base={}", server.base_url());
    std::io::stdout().flush()?;
    tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await??;
    server.stop().await;
    Ok(())
}
