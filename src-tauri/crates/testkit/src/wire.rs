//! Requests and answers as bytes of a connection: one of each, then the connection ends.

use std::io;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Most bytes of a request's head.
const HEAD: usize = 256 * 1024;

/// A request as it came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// Method, in upper case.
    pub method: String,
    /// Path and query as sent.
    pub target: String,
    /// Headers in order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Heard {
    /// The first header of this name (in lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// It may change something on a server.
    pub fn is_write(&self) -> bool {
        !matches!(self.method.as_str(), "GET" | "HEAD" | "OPTIONS")
    }
}

fn bad(words: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, words)
}

/// Reads one request; `None` if the connection ended before one began.
pub(crate) async fn hear(stream: &mut TcpStream) -> io::Result<Option<Heard>> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = head_end(&bytes) {
            break end;
        }
        if bytes.len() > HEAD {
            return Err(bad("the head of the request is too long"));
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return if bytes.is_empty() { Ok(None) } else { Err(bad("the request ends in its head")) };
        }
    };
    let mut body = bytes.split_off(end);
    let mut heard = head(&bytes)?;
    let length = match heard.header("content-length") {
        Some(text) => text.parse::<usize>().map_err(|_| bad("Content-Length is no number"))?,
        None if heard.header("transfer-encoding").is_some() => {
            return Err(bad("chunked requests are not understood here"));
        }
        None => 0,
    };
    while body.len() < length {
        if stream.read_buf(&mut body).await? == 0 {
            return Err(bad("the request ends in its body"));
        }
    }
    body.truncate(length);
    heard.body = body;
    Ok(Some(heard))
}

/// Where the body begins.
pub(crate) fn head_end(bytes: &[u8]) -> Option<usize> {
    bytes.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at + 4)
}

fn head(bytes: &[u8]) -> io::Result<Heard> {
    let text = std::str::from_utf8(bytes).map_err(|_| bad("the head of the request is no text"))?;
    let mut lines = text.split("\r\n");
    let mut first = lines.next().unwrap_or_default().split(' ');
    let (Some(method), Some(target)) = (first.next(), first.next()) else {
        return Err(bad("the request has no method and target"));
    };
    let headers = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    Ok(Heard { method: method.to_ascii_uppercase(), target: target.to_owned(), headers, body: Vec::new() })
}

/// Asks the server behind, on a connection of its own; answers with the bytes of the whole answer.
pub(crate) async fn ask(server: SocketAddr, heard: &Heard) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(server).await?;
    stream.set_nodelay(true)?;
    let mut head = format!("{} {} HTTP/1.1\r\n", heard.method, heard.target);
    for (name, value) in heard.headers.iter().filter(|(name, _)| name != "connection") {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("connection: close\r\n\r\n");
    let mut bytes = head.into_bytes();
    bytes.extend_from_slice(&heard.body);
    stream.write_all(&bytes).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(closing(answer))
}

/// The answer with `Connection: close`: the connection it came on is not used again.
fn closing(answer: Vec<u8>) -> Vec<u8> {
    let end = head_end(&answer).unwrap_or(answer.len());
    let head = String::from_utf8_lossy(answer.get(..end).unwrap_or_default()).to_ascii_lowercase();
    if head.contains("\r\nconnection: close\r\n") {
        return answer;
    }
    let Some(line) = answer.windows(2).position(|two| two == b"\r\n") else { return answer };
    let (first, rest) = answer.split_at(line);
    let mut whole = first.to_vec();
    whole.extend_from_slice(b"\r\nConnection: close");
    whole.extend_from_slice(rest);
    whole
}

/// The status of an answer.
pub(crate) fn status(answer: &[u8]) -> Option<u16> {
    let line = answer.split(|byte| *byte == b'\r').next()?;
    std::str::from_utf8(line).ok()?.split(' ').nth(1)?.parse().ok()
}

/// Sends the bytes and ends the connection in order.
pub(crate) async fn say(mut stream: TcpStream, bytes: &[u8]) -> io::Result<()> {
    stream.write_all(bytes).await?;
    stream.shutdown().await
}

/// Sends the bytes, then breaks the connection (RST).
pub(crate) async fn break_off(mut stream: TcpStream, bytes: &[u8]) -> io::Result<()> {
    stream.write_all(bytes).await?;
    stream.flush().await?;
    stream.set_zero_linger()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read() {
        let heard = head(b"put /a?b=c HTTP/1.1\r\nIf-Match: \"x:y\"\r\nHost: here\r\n\r\n").unwrap();
        assert_eq!((heard.method.as_str(), heard.target.as_str()), ("PUT", "/a?b=c"));
        assert_eq!(heard.header("if-match"), Some("\"x:y\""));
        assert!(heard.is_write());
    }

    #[test]
    fn an_answer_says_that_the_connection_ends() {
        let cases = [
            (
                "HTTP/1.1 200 OK\r\nETag: \"1\"\r\n\r\nbody",
                "HTTP/1.1 200 OK\r\nConnection: close\r\nETag: \"1\"\r\n\r\nbody",
            ),
            (
                "HTTP/1.1 204 None\r\nconnection: close\r\n\r\n",
                "HTTP/1.1 204 None\r\nconnection: close\r\n\r\n",
            ),
        ];
        for (answer, want) in cases {
            assert_eq!(closing(answer.as_bytes().to_vec()), want.as_bytes());
        }
        assert_eq!(status(b"HTTP/1.1 412 Precondition Failed\r\n\r\n"), Some(412));
        assert_eq!(status(b"nothing"), None);
    }
}
