//! Just enough HTTP/1.0 over a socket to hold a conversation in tests.

use connectors::{Answer, Request, Response, TransportError};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

type Fail = Box<dyn std::error::Error>;

/// Sends a request with these headers added (credentials).
pub(crate) fn send(request: &Request, more: &[(String, String)]) -> Answer {
    exchange(request, more).map_err(|error| TransportError::Lost { words: error.to_string() })
}

fn exchange(request: &Request, more: &[(String, String)]) -> Result<Response, Fail> {
    let host = request.url.host_str().ok_or("no host")?;
    let port = request.url.port_or_known_default().ok_or("no port")?;
    let mut stream = TcpStream::connect((host, port))?;
    let path = request.url.path();
    let query = request.url.query().map(|q| format!("?{q}")).unwrap_or_default();
    let mut head = format!("{} {path}{query} HTTP/1.0\r\nHost: {host}:{port}\r\n", request.method);
    for (name, value) in request.headers.iter().chain(more) {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    let body = request.body.as_deref().unwrap_or_default();
    head.push_str(&format!("Content-Length: {}\r\n\r\n", body.len()));
    stream.write_all(head.as_bytes())?;
    stream.write_all(body)?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let end = bytes.windows(4).position(|w| w == b"\r\n\r\n").ok_or("no end of the headers")?;
    let head = String::from_utf8_lossy(bytes.get(..end).unwrap_or_default()).into_owned();
    let mut lines = head.lines();
    let status = lines.next().and_then(|l| l.split(' ').nth(1)).ok_or("no status")?.parse()?;
    let mut headers = http::HeaderMap::new();
    for line in lines {
        let (name, value) = line.split_once(':').ok_or("a header without a colon")?;
        headers.append(http::HeaderName::from_bytes(name.as_bytes())?, value.trim().parse()?);
    }
    Ok(Response { status, headers, body: bytes.get(end + 4..).unwrap_or_default().into() })
}
