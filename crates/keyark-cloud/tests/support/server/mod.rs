//! A cloud for tests: a small S3 or WebDAV server in this process, on a random loopback port, that fails as it is told to.
//!
//! ```ignore
//! #[path = "support/server/mod.rs"]
//! mod server;
//! use server::{Face, Fault, Server, When};
//!
//! let server = Server::start(Face::s3());
//! server.fault(When::method("PUT").after(2).times(1), Fault::LoseAnswer);
//! // ... a client at server.url("backups") ...
//! assert_eq!(server.count("PUT"), 4);
//! ```
//!
//! It speaks what a client of a vault needs and no more: single-part S3 in path style, WebDAV class 1 without properties of one's own. It does not
//! check signatures; it does refuse requests without any `Authorization`, which is all that it keeps of that header. tests/clouds runs against
//! complete servers.
#![allow(dead_code, unused_imports)] // each test file uses a part of it
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

mod faults;
mod http;
mod s3;
mod store;
mod webdav;

use std::collections::BTreeMap;
use std::io::BufReader;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

pub(crate) use faults::{Fault, SECRET_OF_THE_SERVER, When};
use faults::{Plan, Sent};
use http::{Answer, Request};
use store::Objects;

/// Which service is spoken.
#[derive(Clone, Copy)]
pub(crate) enum Face {
    /// The bucket is `bucket`. `page` is the most entries in one answer to a listing.
    S3 { if_none_match: bool, page: usize },
    /// The root is `/dav/`. Without `conditional`, `If-None-Match` and `Overwrite: F` are ignored, as many servers do. A missing parent
    /// is answered with this status (409 by the standard; nginx 500, rclone 404), or made.
    WebDav { conditional: bool, missing_parent: Option<u16> },
}

impl Face {
    pub(crate) fn s3() -> Self {
        Self::S3 { if_none_match: true, page: 1000 }
    }

    /// As the standard wants it: conditions are honoured, and a missing parent is an error.
    pub(crate) fn webdav() -> Self {
        Self::WebDav { conditional: true, missing_parent: Some(409) }
    }
}

/// One request, as it is remembered. Of credentials there is only whether some were sent.
#[derive(Clone, Debug)]
pub(crate) struct Logged {
    /// From 1, over the server's life.
    pub(crate) number: usize,
    pub(crate) method: String,
    /// Decoded, without the bucket's name or `/dav/`.
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) authorization: bool,
    pub(crate) if_none_match: bool,
    pub(crate) received: usize,
    /// 0 where no answer was sent.
    pub(crate) status: u16,
    /// Of the answer's body, as far as the client took it.
    pub(crate) sent: usize,
}

#[derive(Default)]
struct State {
    objects: Objects,
    plan: Plan,
    log: Vec<Logged>,
    requests: usize,
    in_flight: usize,
    most_at_once: usize,
    connections: Vec<TcpStream>,
    stopped: bool,
}

/// The server. Dropping it stops it.
pub(crate) struct Server {
    face: Face,
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

impl Server {
    pub(crate) fn start(face: Face) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self { face, address: listener.local_addr().unwrap(), state: Arc::default() };
        server.accept(listener);
        server
    }

    /// The same port and objects again, after [`stop`](Self::stop).
    pub(crate) fn start_again(&self) {
        // A fault that stops it does so on a thread of its own, and its listener must be gone before the next one comes.
        while !self.state().stopped || TcpStream::connect(self.address).is_ok() {
            thread::yield_now();
        }
        self.state().stopped = false;
        self.accept(TcpListener::bind(self.address).unwrap());
    }

    /// As a server that is killed: open connections break, new ones are refused.
    pub(crate) fn stop(&self) {
        stop(&self.state, self.address);
    }

    fn accept(&self, listener: TcpListener) {
        let (state, face, address) = (self.state.clone(), self.face, self.address);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut now = lock(&state);
                if now.stopped {
                    return;
                }
                let Ok(stream) = stream else { continue };
                now.connections.extend(stream.try_clone());
                let state = state.clone();
                thread::spawn(move || serve(stream, face, address, &state));
            }
        });
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// keyark's URL of the folder in this cloud.
    pub(crate) fn url(&self, folder: &str) -> String {
        let address = self.address;
        match self.face {
            Face::S3 { .. } => format!("s3://bucket/{folder}?endpoint=http://{address}&region=us-east-1"),
            Face::WebDav { .. } => format!("webdav+http://{address}/dav/{folder}"),
        }
    }

    /// Where a [`Fault::Redirect`] of another server may point to.
    pub(crate) fn http(&self, path: &str) -> String {
        format!("http://{}/{path}", self.address)
    }

    /// From now on, `what` happens to the requests that `when` fits. Of several, the one that was planned first.
    pub(crate) fn fault(&self, when: When, what: Fault) {
        let requests = self.state().requests;
        self.state().plan.add(when.counted_from(requests), what);
    }

    /// No faults from now on.
    pub(crate) fn heal(&self) {
        self.state().plan = Plan::default();
    }

    /// The requests so far, in the order in which they came.
    pub(crate) fn log(&self) -> Vec<Logged> {
        self.settle();
        self.state().log.clone()
    }

    pub(crate) fn forget_log(&self) {
        self.settle();
        let mut state = self.state();
        state.log.clear();
        state.most_at_once = 0;
    }

    /// A client has its answer a moment before the log has it.
    fn settle(&self) {
        let end = Instant::now() + Duration::from_millis(50);
        while self.state().in_flight > 0 && Instant::now() < end {
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// The requests of that method since the log was forgotten.
    pub(crate) fn count(&self, method: &str) -> usize {
        self.state().log.iter().filter(|logged| logged.method == method).count()
    }

    pub(crate) fn requests(&self) -> usize {
        self.state().log.len()
    }

    /// The most requests that were being answered at one time.
    pub(crate) fn most_at_once(&self) -> usize {
        self.state().most_at_once
    }

    /// All objects, by their path.
    pub(crate) fn objects(&self) -> BTreeMap<String, Vec<u8>> {
        self.state().objects.all()
    }

    /// Puts an object there, as another client would.
    pub(crate) fn put(&self, path: &str, bytes: &[u8]) {
        self.state().objects.write(path, bytes.to_vec());
    }

    pub(crate) fn remove(&self, path: &str) {
        self.state().objects.remove(path);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A test that fails while it holds the state leaves it to the others.
fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

fn stop(state: &Mutex<State>, address: SocketAddr) {
    let mut state = lock(state);
    state.stopped = true;
    for connection in state.connections.drain(..) {
        let _ = connection.shutdown(Shutdown::Both);
    }
    drop(state);
    // The listener waits for one more connection before it looks; once it is gone, this one is refused.
    while TcpStream::connect(address).is_ok() {
        thread::yield_now();
    }
}

/// Answers the requests of one connection, one after the other.
fn serve(stream: TcpStream, face: Face, address: SocketAddr, state: &Mutex<State>) {
    let _ = stream.set_nodelay(true);
    let mut reader = BufReader::new(&stream);
    while let Ok(Some(mut request)) = http::read(&mut reader) {
        let fault = {
            let mut state = lock(state);
            if state.stopped {
                return;
            }
            state.requests += 1;
            state.in_flight += 1;
            state.most_at_once = state.most_at_once.max(state.in_flight);
            request.number = state.requests;
            state.log.push(logged(face, &request));
            state.plan.find(&request)
        };
        let sent = faults::answer(&stream, fault, &request, |objects_ago| answer(face, state, &request, objects_ago));
        let mut now = lock(state);
        now.in_flight -= 1;
        if let Some(logged) = now.log.iter_mut().find(|logged| logged.number == request.number) {
            (logged.status, logged.sent) = (sent.status, sent.bytes);
        }
        drop(now);
        match sent {
            Sent { stop: true, .. } => return stop(state, address),
            Sent { close: true, .. } => break,
            _ => {}
        }
    }
    let _ = stream.shutdown(Shutdown::Both);
}

/// What the healthy server does and says; reading from the objects as they were so many writes ago.
fn answer(face: Face, state: &Mutex<State>, request: &Request, writes_ago: usize) -> Answer {
    let mut state = lock(state);
    if request.header("authorization").is_none() {
        return match face {
            Face::S3 { .. } => s3::refusal(403, "AccessDenied"),
            Face::WebDav { .. } => Answer::empty(401).with("WWW-Authenticate", "Basic realm=\"test\""),
        };
    }
    let mut past;
    let objects = if writes_ago == 0 {
        &mut state.objects
    } else {
        past = state.objects.before(writes_ago);
        &mut past
    };
    match face {
        Face::S3 { if_none_match, page } => s3::answer(objects, request, if_none_match, page),
        Face::WebDav { conditional, missing_parent } => webdav::answer(objects, request, conditional, missing_parent),
    }
}

/// Without what became of it.
fn logged(face: Face, request: &Request) -> Logged {
    let root = if matches!(face, Face::S3 { .. }) { s3::ROOT } else { webdav::ROOT };
    Logged {
        number: request.number,
        method: request.method.clone(),
        path: request.path.strip_prefix(root).unwrap_or(&request.path).to_owned(),
        query: request.query.clone(),
        authorization: request.header("authorization").is_some(),
        if_none_match: request.header("if-none-match").is_some(),
        received: request.body.len(),
        status: 0,
        sent: 0,
    }
}
