//! A server that answers what it is told, however wrong.

use crate::wire::{Heard, break_off, hear, say};
use std::future::pending;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// How a connection ends after an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// In order.
    Close,
    /// It breaks (RST).
    Reset,
    /// Not at all, until the server is dropped.
    Hang,
}

/// What is answered: these bytes, as they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// How the connection ends then.
    pub end: End,
}

impl Reply {
    /// These bytes, then the end in order.
    pub fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self { bytes: bytes.into(), end: End::Close }
    }

    /// A whole answer: status, header lines (each with its CR LF), body. `Content-Length` is added.
    pub fn http(status: u16, headers: &str, body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        let head = format!(
            "HTTP/1.1 {status} Told to\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n",
            body.len()
        );
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(body);
        Self::raw(bytes)
    }

    /// The same with another end.
    #[must_use]
    pub fn then(mut self, end: End) -> Self {
        self.end = end;
        self
    }
}

type Script = dyn Fn(&Heard) -> Reply + Send + Sync;

/// A server on 127.0.0.1 that follows a script. Dropping it stops it.
#[derive(Debug)]
pub struct EvilServer {
    address: SocketAddr,
    log: Arc<Mutex<Vec<Heard>>>,
    listening: JoinHandle<()>,
}

impl EvilServer {
    /// Starts one; `script` says what each request is answered.
    ///
    /// # Errors
    /// No port is free.
    pub async fn start(script: impl Fn(&Heard) -> Reply + Send + Sync + 'static) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let log = Arc::new(Mutex::new(Vec::new()));
        let listening = tokio::spawn(listen(listener, Arc::clone(&log), Arc::new(script)));
        Ok(Self { address, log, listening })
    }

    /// Where it answers: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The same, for a proxy.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Every request so far.
    pub fn log(&self) -> Vec<Heard> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for EvilServer {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

async fn listen(listener: TcpListener, log: Arc<Mutex<Vec<Heard>>>, script: Arc<Script>) {
    // Connections live in the set: they end with the server.
    let mut open = tokio::task::JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        open.spawn(serve(stream, Arc::clone(&log), Arc::clone(&script)));
    }
}

async fn serve(mut stream: TcpStream, log: Arc<Mutex<Vec<Heard>>>, script: Arc<Script>) -> io::Result<()> {
    let Some(heard) = hear(&mut stream).await? else { return Ok(()) };
    let reply = script(&heard);
    log.lock().unwrap_or_else(PoisonError::into_inner).push(heard);
    match reply.end {
        End::Close => say(stream, &reply.bytes).await,
        End::Reset => break_off(stream, &reply.bytes).await,
        End::Hang => {
            use tokio::io::AsyncWriteExt as _;
            stream.write_all(&reply.bytes).await?;
            pending().await
        }
    }
}
