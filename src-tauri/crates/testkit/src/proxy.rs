//! A network that fails on request: a TCP proxy in front of a real server.

use crate::log::Passed;
use crate::wire::{self, Heard, ask, break_off, head_end, hear, say};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// What happens to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Taken and never answered; the connection ends when the rules change.
    BlackHole,
    /// Kept back until the rules change, then passed on.
    Hold,
    /// Lost before the server saw it: the connection breaks.
    LoseRequest,
    /// The server sees it and answers; the answer is lost.
    LoseAnswer,
    /// The server sees it; the connection breaks in the middle of the answer.
    ResetMidAnswer,
    /// The server sees it; the answer ends too early, in order.
    Truncate,
    /// Answered with these bytes; the server never sees it.
    Answer(Vec<u8>),
    /// Passed on as if the server did not know `If-Match`: it becomes `If-Match: *`.
    IgnoreIfMatch,
}

impl Fault {
    /// A web page where the server's answer should be, as networks with a sign-in page give.
    pub fn web_page() -> Self {
        Self::answer(
            200,
            "text/html; charset=utf-8",
            "",
            "<!doctype html><title>Sign in to the network</title>",
        )
    }

    /// An answer made up: status, type, further header lines (each with its CR LF), body.
    pub fn answer(status: u16, content_type: &str, headers: &str, body: &str) -> Self {
        let length = body.len();
        let text = format!(
            "HTTP/1.1 {status} Made up\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n{body}"
        );
        Self::Answer(text.into_bytes())
    }
}

/// Which requests meet a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    fault: Fault,
    methods: Vec<String>,
    path: Option<String>,
    left: Option<u32>,
}

impl Rule {
    /// Every request.
    pub fn all(fault: Fault) -> Self {
        Self { fault, methods: Vec::new(), path: None, left: None }
    }

    /// Everything that may change something.
    pub fn writes(fault: Fault) -> Self {
        Self::all(fault).by(&["PUT", "POST", "PATCH", "DELETE"])
    }

    /// Only these methods.
    #[must_use]
    pub fn by(mut self, methods: &[&str]) -> Self {
        self.methods = methods.iter().map(|&m| m.to_owned()).collect();
        self
    }

    /// Only targets that hold this text.
    #[must_use]
    pub fn at(mut self, path: &str) -> Self {
        self.path = Some(path.to_owned());
        self
    }

    /// Only so often.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.left = Some(times);
        self
    }

    fn meets(&self, heard: &Heard) -> bool {
        (self.methods.is_empty() || self.methods.contains(&heard.method))
            && self.path.as_ref().is_none_or(|path| heard.target.contains(path.as_str()))
            && self.left != Some(0)
    }
}

#[derive(Debug)]
struct Inside {
    server: Mutex<SocketAddr>,
    rules: Mutex<Vec<Rule>>,
    /// Counts changes of the rules: whoever is kept back waits for the next.
    changes: watch::Sender<u64>,
    log: Mutex<Vec<Passed>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A TCP proxy on 127.0.0.1 that lets requests through to a server, or does to them what its rules say. Every request
/// takes a connection of its own. Dropping it stops it.
#[derive(Debug)]
pub struct FaultProxy {
    address: SocketAddr,
    inside: Arc<Inside>,
    listening: Mutex<Option<JoinHandle<()>>>,
}

impl FaultProxy {
    /// Starts one in front of a server.
    ///
    /// # Errors
    /// No port is free.
    pub async fn start(server: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let inside = Arc::new(Inside {
            server: Mutex::new(server),
            rules: Mutex::default(),
            changes: watch::channel(0).0,
            log: Mutex::default(),
        });
        let listening = Mutex::new(Some(tokio::spawn(listen(listener, Arc::clone(&inside)))));
        Ok(Self { address, inside, listening })
    }

    /// Where it answers: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The server behind is somewhere else now.
    pub fn lead_to(&self, server: SocketAddr) {
        *locked(&self.inside.server) = server;
    }

    /// One more rule; the first that fits counts.
    pub fn add(&self, rule: Rule) {
        locked(&self.inside.rules).push(rule);
        self.inside.changes.send_modify(|n| *n += 1);
    }

    /// Everything goes through again.
    pub fn clear(&self) {
        locked(&self.inside.rules).clear();
        self.inside.changes.send_modify(|n| *n += 1);
    }

    /// Connections are refused, as by a server that is not running.
    pub async fn refuse(&self) {
        let listening = locked(&self.listening).take();
        if let Some(listening) = listening {
            listening.abort();
            // The port is closed only when the task is gone; its end is an error, as asked.
            let _ = listening.await;
        }
    }

    /// Connections are taken again, at the same address.
    ///
    /// # Errors
    /// Somebody else took the port meanwhile.
    pub async fn accept_again(&self) -> io::Result<()> {
        if locked(&self.listening).is_none() {
            let listener = TcpListener::bind(self.address).await?;
            let task = tokio::spawn(listen(listener, Arc::clone(&self.inside)));
            *locked(&self.listening) = Some(task);
        }
        Ok(())
    }

    /// Everything that came by so far, in the order of arrival.
    pub fn log(&self) -> Vec<Passed> {
        locked(&self.inside.log).clone()
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        if let Some(listening) = locked(&self.listening).take() {
            listening.abort();
        }
    }
}

async fn listen(listener: TcpListener, inside: Arc<Inside>) {
    while let Ok((stream, _)) = listener.accept().await {
        let inside = Arc::clone(&inside);
        tokio::spawn(async move {
            // A connection that ends is the client's affair, and often what was asked for.
            let _ = serve(stream, &inside).await;
        });
    }
}

async fn serve(mut stream: TcpStream, inside: &Inside) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut changes = inside.changes.subscribe();
    changes.mark_unchanged();
    let Some(heard) = hear(&mut stream).await? else { return Ok(()) };
    let fault = inside.fault_for(&heard);
    let passed = inside.begin(heard.clone(), fault.clone());
    match fault {
        None => {
            let answer = inside.pass(&heard, passed).await?;
            say(stream, &answer).await
        }
        Some(Fault::BlackHole) => changes.changed().await.map_err(io::Error::other),
        Some(Fault::Hold) => {
            changes.changed().await.map_err(io::Error::other)?;
            let answer = inside.pass(&heard, passed).await?;
            say(stream, &answer).await
        }
        Some(Fault::LoseRequest) => break_off(stream, b"").await,
        Some(Fault::LoseAnswer) => {
            inside.pass(&heard, passed).await?;
            break_off(stream, b"").await
        }
        Some(Fault::ResetMidAnswer) => {
            let answer = inside.pass(&heard, passed).await?;
            break_off(stream, part(&answer)).await
        }
        Some(Fault::Truncate) => {
            let answer = inside.pass(&heard, passed).await?;
            say(stream, part(&answer)).await
        }
        Some(Fault::Answer(bytes)) => say(stream, &bytes).await,
        Some(Fault::IgnoreIfMatch) => {
            let answer = inside.pass(&careless(heard), passed).await?;
            say(stream, &answer).await
        }
    }
}

/// Cut in the middle of the body; in the middle of the head if there is none.
fn part(answer: &[u8]) -> &[u8] {
    let body = head_end(answer).unwrap_or(0);
    let end = if body < answer.len() { (body + answer.len()) / 2 } else { answer.len() / 2 };
    answer.get(..end).unwrap_or_default()
}

fn careless(mut heard: Heard) -> Heard {
    heard.headers.retain(|(name, _)| name != "if-match");
    if heard.is_write() && heard.method != "POST" && heard.header("if-none-match").is_none() {
        heard.headers.push(("if-match".to_owned(), "*".to_owned()));
    }
    heard
}

impl Inside {
    fn fault_for(&self, heard: &Heard) -> Option<Fault> {
        let mut rules = locked(&self.rules);
        let rule = rules.iter_mut().find(|rule| rule.meets(heard))?;
        rule.left = rule.left.map(|left| left.saturating_sub(1));
        Some(rule.fault.clone())
    }

    /// Notes a request; answers with its place in the log.
    fn begin(&self, heard: Heard, fault: Option<Fault>) -> usize {
        let mut log = locked(&self.log);
        log.push(Passed { heard, at: Instant::now(), fault, status: None, answer: Vec::new() });
        log.len() - 1
    }

    async fn pass(&self, heard: &Heard, place: usize) -> io::Result<Vec<u8>> {
        let server = *locked(&self.server);
        let answer = ask(server, heard).await?;
        if let Some(passed) = locked(&self.log).get_mut(place) {
            passed.status = wire::status(&answer);
            let body = head_end(&answer).and_then(|at| answer.get(at..));
            passed.answer = body.unwrap_or_default().to_vec();
        }
        Ok(answer)
    }
}
