//! What goes wrong, and when.

use std::io::{self, Write};
use std::net::TcpStream;
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use super::http::{Answer, Request};

/// One thing that goes wrong with a request.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// Nothing happens, and the answer is this status with a text that no error may repeat.
    Status(u16),
    /// The same, with a time to wait, in seconds.
    RetryAfter(u16, u64),
    /// Nothing happens, and the connection ends without an answer.
    Close,
    /// What was asked for happens, and the connection ends without an answer.
    LoseAnswer,
    /// What was asked for happens; half of the answer's body is missing, and the connection ends.
    HalfBody,
    /// What was asked for happens; the answer comes byte by byte with this time between them.
    Slow(Duration),
    /// What was asked for does not happen; the answer says 200 and has this many bytes, with or without its length in front.
    Flood { bytes: u64, says_length: bool },
    /// The answer says 200 and is another text than was asked for.
    Nonsense,
    /// A reading or listing of the objects as they were before the last writes.
    Stale { writes: usize },
    /// Nothing happens; the answer is 307 and this address.
    Redirect(String),
    /// The request is held up before it has any effect.
    Wait(Duration),
    /// The request waits, before it has any effect, until as many have come as the barrier wants.
    Meet(Arc<Barrier>),
    /// The server is killed before the request has any effect, or after it.
    Stop { after_effect: bool },
}

/// The text in each answer that fails; no error of keyark may show it.
pub(crate) const SECRET_OF_THE_SERVER: &str = "X-Amz-Signature-0123456789-token-of-the-server";

/// The requests that a fault happens to.
pub(crate) struct When {
    fits: Box<dyn Fn(&Request) -> bool + Send>,
    skip: usize,
    left: usize,
    counted_from: usize,
    from: usize,
}

impl When {
    fn new(fits: impl Fn(&Request) -> bool + Send + 'static) -> Self {
        Self { fits: Box::new(fits), skip: 0, left: usize::MAX, counted_from: 0, from: 0 }
    }

    /// Every request.
    pub(crate) fn always() -> Self {
        Self::new(|_| true)
    }

    /// Every request of a method: of several, those with `|` between them.
    pub(crate) fn method(methods: &'static str) -> Self {
        Self::new(|request| methods.split('|').any(|method| method == request.method))
    }

    /// Requests that list a folder.
    pub(crate) fn listing() -> Self {
        Self::new(|request| match request.method.as_str() {
            "GET" => request.query("list-type").is_some(),
            "PROPFIND" => request.header("depth") == Some("1"),
            _ => false,
        })
    }

    /// Requests that read an object.
    pub(crate) fn reading() -> Self {
        Self::new(|request| request.method == "GET" && request.query("list-type").is_none())
    }

    /// Requests that are to create an object and not to overwrite one.
    pub(crate) fn conditional() -> Self {
        Self::new(|request| request.header("if-none-match").is_some())
    }

    /// Those of `self` whose path ends so.
    pub(crate) fn of(self, end: &'static str) -> Self {
        let fits = self.fits;
        Self { fits: Box::new(move |request| fits(request) && request.path.ends_with(end)), ..self }
    }

    /// Only from the n-th request on, whatever its method, counted from 1 and from when the fault is planned.
    pub(crate) fn since_request(self, n: usize) -> Self {
        Self { from: n, ..self }
    }

    /// Not the first ones that fit.
    pub(crate) fn after(self, skip: usize) -> Self {
        Self { skip, ..self }
    }

    /// Not more often than that.
    pub(crate) fn times(self, times: usize) -> Self {
        Self { left: times, ..self }
    }

    pub(super) fn counted_from(self, requests: usize) -> Self {
        Self { counted_from: requests, ..self }
    }

    fn happens(&mut self, request: &Request) -> bool {
        if request.number < self.counted_from + self.from || self.left == 0 || !(self.fits)(request) {
            return false;
        }
        if self.skip > 0 {
            self.skip -= 1;
            return false;
        }
        self.left -= 1;
        true
    }
}

#[derive(Default)]
pub(super) struct Plan(Vec<(When, Fault)>);

impl Plan {
    pub(super) fn add(&mut self, when: When, what: Fault) {
        self.0.push((when, what));
    }

    pub(super) fn find(&mut self, request: &Request) -> Option<Fault> {
        self.0.iter_mut().find_map(|(when, what)| when.happens(request).then(|| what.clone()))
    }
}

/// What became of an answer.
pub(super) struct Sent {
    pub(super) status: u16,
    pub(super) bytes: usize,
    pub(super) close: bool,
    pub(super) stop: bool,
}

/// Carries out the request (`work`, on the objects as they were so many writes ago) and answers it, with the fault.
pub(super) fn answer(
    stream: &TcpStream,
    fault: Option<Fault>,
    request: &Request,
    work: impl Fn(usize) -> Answer,
) -> Sent {
    let failing = |status| Answer::new(status, "text/plain", format!("failed: {SECRET_OF_THE_SERVER}").into_bytes());
    let silent = |stop| Sent { status: 0, bytes: 0, close: true, stop };
    let answer = match fault {
        None => work(0),
        Some(Fault::Status(status)) => failing(status),
        Some(Fault::RetryAfter(status, seconds)) => failing(status).with("Retry-After", &seconds.to_string()),
        Some(Fault::Redirect(url)) => failing(307).with("Location", &url),
        Some(Fault::Nonsense) => failing(200),
        Some(Fault::Stale { writes }) => work(writes),
        Some(Fault::Close) => return silent(false),
        Some(Fault::Stop { after_effect: false }) => return silent(true),
        Some(Fault::LoseAnswer | Fault::Stop { after_effect: true }) => {
            work(0);
            return silent(matches!(fault, Some(Fault::Stop { .. })));
        }
        Some(Fault::HalfBody) => return half(stream, &work(0)),
        Some(Fault::Slow(pause)) => return slowly(stream, &work(0), pause),
        Some(Fault::Flood { bytes, says_length }) => return flood(stream, bytes, says_length),
        Some(Fault::Wait(time)) => {
            thread::sleep(time);
            work(0)
        }
        Some(Fault::Meet(barrier)) => {
            barrier.wait();
            work(0)
        }
    };
    let answer = if request.method == "HEAD" { answer.without_body() } else { answer };
    let failed = answer.write(stream).is_err();
    Sent { status: answer.status, bytes: answer.body.len(), close: failed, stop: false }
}

/// An answer without a body loses half of its head.
fn half(mut stream: &TcpStream, answer: &Answer) -> Sent {
    let head = answer.head();
    let bytes = answer.body.len() / 2;
    if answer.body.is_empty() {
        let _ = stream.write_all(&head[..head.len() / 2]);
    } else {
        let _ = stream.write_all(&head).and_then(|()| stream.write_all(&answer.body[..bytes]));
    }
    Sent { status: answer.status, bytes, close: true, stop: false }
}

fn slowly(mut stream: &TcpStream, answer: &Answer, pause: Duration) -> Sent {
    let head = answer.head();
    let mut bytes = 0;
    for (at, byte) in head.iter().chain(&answer.body).enumerate() {
        if stream.write_all(&[*byte]).is_err() {
            return Sent { status: answer.status, bytes, close: true, stop: false };
        }
        bytes = (at + 1).saturating_sub(head.len());
        thread::sleep(pause);
    }
    Sent { status: answer.status, bytes, close: false, stop: false }
}

fn flood(stream: &TcpStream, bytes: u64, says_length: bool) -> Sent {
    let mut sent = 0;
    let _ = pour(stream, bytes, says_length, &mut sent);
    Sent { status: 200, bytes: sent, close: true, stop: false }
}

fn pour(mut stream: &TcpStream, bytes: u64, says_length: bool, sent: &mut usize) -> io::Result<()> {
    const PIECE: usize = 1 << 16;
    let length = if says_length { format!("Content-Length: {bytes}") } else { "Transfer-Encoding: chunked".to_owned() };
    stream.write_all(
        format!("HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n{length}\r\n\r\n").as_bytes(),
    )?;
    let piece = vec![b' '; PIECE];
    for _ in 0..bytes / PIECE as u64 {
        if !says_length {
            stream.write_all(format!("{PIECE:x}\r\n").as_bytes())?;
        }
        stream.write_all(&piece)?;
        *sent += PIECE;
        if !says_length {
            stream.write_all(b"\r\n")?;
        }
    }
    if says_length { Ok(()) } else { stream.write_all(b"0\r\n\r\n") }
}
