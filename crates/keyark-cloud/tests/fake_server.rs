//! The server of the other tests does what they take for granted.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

#[path = "support/server/mod.rs"]
mod server;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use server::{Face, Fault, SECRET_OF_THE_SERVER, Server, When};

/// The whole answer to one request on a connection of its own; what came of it where the connection broke.
fn ask(server: &Server, line: &str, headers: &str, body: &str) -> String {
    let Ok(mut stream) = TcpStream::connect(server.address()) else { return String::new() };
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let length = body.len();
    let request = format!(
        "{line} HTTP/1.1\r\nHost: x\r\nAuthorization: hidden\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
    );
    // A server that stops hangs up at any moment: what it has sent until then is the answer.
    let _ = stream.write_all(request.as_bytes());
    let _ = stream.shutdown(std::net::Shutdown::Write);
    let mut answer = Vec::new();
    let mut piece = [0; 4096];
    while answer.len() < 1 << 20 {
        match stream.read(&mut piece) {
            Ok(0) | Err(_) => break,
            Ok(bytes) => answer.extend(&piece[..bytes]),
        }
    }
    String::from_utf8_lossy(&answer).into_owned()
}

fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).map_or(0, |status| status.parse().unwrap())
}

fn both() -> [(Server, &'static str); 2] {
    [
        (Server::start(Face::s3()), "/bucket/"),
        (Server::start(Face::WebDav { conditional: true, missing_parent: None }), "/dav/"),
    ]
}

#[test]
fn objects_are_written_read_and_removed() {
    for (server, root) in both() {
        assert!(matches!(status(&ask(&server, &format!("PUT {root}a/b%20c"), "", "0123456789")), 200 | 201));
        assert_eq!(server.objects()["a/b c"], b"0123456789");
        assert!(ask(&server, &format!("GET {root}a/b%20c"), "", "").ends_with("\r\n\r\n0123456789"));
        let part = ask(&server, &format!("GET {root}a/b%20c"), "Range: bytes=2-4\r\n", "");
        assert!(part.starts_with("HTTP/1.1 206") && part.ends_with("\r\n\r\n234"), "{part}");
        assert_eq!(status(&ask(&server, &format!("GET {root}a/b%20c"), "Range: bytes=10-\r\n", "")), 416);
        let head = ask(&server, &format!("HEAD {root}a/b%20c"), "", "");
        assert!(head.contains("Content-Length: 10\r\n") && head.ends_with("\r\n\r\n"), "{head}");
        assert_eq!(status(&ask(&server, &format!("PUT {root}a/b%20c"), "If-None-Match: *\r\n", "new")), 412);
        assert_eq!(status(&ask(&server, &format!("DELETE {root}a/b%20c"), "", "")), 204);
        assert_eq!(status(&ask(&server, &format!("GET {root}a/b%20c"), "", "")), 404);
        let log = server.log();
        assert!(log.iter().all(|logged| logged.authorization && logged.path == "a/b c"), "{log:?}");
        assert_eq!((server.count("PUT"), server.count("GET"), log[0].received), (2, 4, 10));
        assert_eq!(format!("{log:?}").matches("hidden").count(), 0);
    }
}

#[test]
fn chunked_bodies_and_missing_credentials() {
    for (server, root) in both() {
        let mut stream = TcpStream::connect(server.address()).unwrap();
        let request = format!(
            "PUT {root}x HTTP/1.1\r\nAuthorization: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\nGET {root}x HTTP/1.1\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let _ = stream.shutdown(std::net::Shutdown::Write); // the server may be through and have hung up
        let mut answers = String::new();
        stream.read_to_string(&mut answers).unwrap();
        assert_eq!(server.objects()["x"], b"abcde");
        assert!(matches!(server.log()[1].status, 401 | 403), "{answers}");
    }
}

#[test]
fn s3_lists_in_pages_with_folders() {
    let server = Server::start(Face::S3 { if_none_match: true, page: 2 });
    for key in ["p/a", "p/b/1", "p/b/2", "p/c", "p/d/1", "p/e", "q"] {
        server.put(key, b"x");
    }
    let (mut names, mut token) = (Vec::new(), String::new());
    loop {
        let answer = ask(&server, &format!("GET /bucket?list-type=2&prefix=p/&delimiter=/{token}"), "", "");
        let listed = answer.split("<Prefix>p/</Prefix>").nth(1).unwrap();
        for tag in ["Key", "Prefix"] {
            let tag = format!("<{tag}>");
            let parts = listed.split(&tag).skip(1);
            names.extend(parts.map(|part| part.split('<').next().unwrap().to_owned()));
        }
        let next = answer.split("<NextContinuationToken>").nth(1).map(|rest| rest.split('<').next().unwrap());
        let Some(next) = next else { break };
        token = format!("&continuation-token={}", next.replace('=', "%3D"));
    }
    names.sort();
    assert_eq!(names, ["p/a", "p/b/", "p/c", "p/d/", "p/e"]);
    assert_eq!(server.requests(), 3);
    assert_eq!(status(&ask(&server, "GET /other/key", "", "")), 404);
}

#[test]
fn webdav_has_collections() {
    let server = Server::start(Face::webdav());
    assert_eq!(status(&ask(&server, "PUT /dav/a/b", "", "x")), 409);
    assert_eq!(status(&ask(&server, "MKCOL /dav/a/c/", "", "")), 409);
    assert_eq!(status(&ask(&server, "MKCOL /dav/a/", "", "")), 201);
    assert_eq!(status(&ask(&server, "MKCOL /dav/a/", "", "")), 405);
    assert_eq!(status(&ask(&server, "PUT /dav/a/b", "", "x")), 201);
    assert_eq!(status(&ask(&server, "PUT /dav/a/b", "", "yz")), 204);
    let listed = ask(&server, "PROPFIND /dav/", "Depth: 1\r\n", "");
    assert!(listed.contains("<D:href>/dav/a/</D:href>") && !listed.contains("/dav/a/b"), "{listed}");
    let listed = ask(&server, "PROPFIND /dav/a/", "Depth: 1\r\n", "");
    assert!(listed.contains("<D:href>/dav/a/b</D:href>") && listed.contains("length>2<"), "{listed}");
    assert_eq!(status(&ask(&server, "PROPFIND /dav/a/b", "Depth: 0\r\n", "")), 207);
    assert_eq!(status(&ask(&server, "PROPFIND /dav/b", "Depth: 0\r\n", "")), 404);
    assert_eq!(status(&ask(&server, "PROPFIND /dav/", "", "")), 403);
    let to = |name: &str, overwrite| format!("Destination: http://x/dav/{name}\r\nOverwrite: {overwrite}\r\n");
    assert_eq!(status(&ask(&server, "MOVE /dav/a/b", &to("c", "F"), "")), 201);
    assert_eq!(status(&ask(&server, "PUT /dav/d", "", "d")), 201);
    assert_eq!(status(&ask(&server, "MOVE /dav/d", &to("c", "F"), "")), 412);
    assert_eq!(status(&ask(&server, "MOVE /dav/d", &to("c", "T"), "")), 204);
    assert_eq!(server.objects().into_iter().collect::<Vec<_>>(), [("c".to_owned(), b"d".to_vec())]);
    assert_eq!(status(&ask(&server, "DELETE /dav/a/", "", "")), 204);
    assert_eq!(status(&ask(&server, "PROPFIND /dav/a/", "Depth: 1\r\n", "")), 404);

    let careless = Server::start(Face::WebDav { conditional: false, missing_parent: None });
    assert_eq!(status(&ask(&careless, "PUT /dav/a/b", "", "x")), 201);
    assert_eq!(status(&ask(&careless, "PUT /dav/a/b", "If-None-Match: *\r\n", "y")), 204);
}

#[test]
fn faults_happen_when_they_are_planned() {
    for (server, root) in both() {
        server.put("x", b"0123456789");
        let get = || ask(&server, &format!("GET {root}x"), "", "");
        let put = |name: &str| ask(&server, &format!("PUT {root}{name}"), "", "new");
        get();
        server.fault(When::method("GET").after(1).times(2), Fault::Status(500));
        assert_eq!([get(), get(), get(), get()].map(|answer| status(&answer)), [200, 500, 500, 200]);
        server.heal();

        server.fault(When::always().since_request(3), Fault::Close);
        assert_eq!([get(), get(), get(), get()].map(|answer| status(&answer)), [200, 200, 0, 0]);
        server.heal();

        server.fault(When::method("PUT").of("lost"), Fault::LoseAnswer);
        server.fault(When::method("PUT|DELETE").of("never"), Fault::RetryAfter(503, 7));
        assert_eq!(put("lost"), "");
        let refused = put("never");
        assert!(refused.contains("Retry-After: 7\r\n") && refused.contains(SECRET_OF_THE_SERVER), "{refused}");
        assert_eq!(server.objects().keys().collect::<Vec<_>>(), ["lost", "x"]);
        server.heal();

        server.fault(When::reading().of("x").times(1), Fault::HalfBody);
        let half = get();
        assert!(half.contains("Content-Length: 10\r\n") && half.ends_with("\r\n\r\n01234"), "{half}");

        let start = Instant::now();
        server.fault(When::always().times(1), Fault::Slow(Duration::from_millis(1)));
        assert!(get().ends_with("0123456789") && start.elapsed() > Duration::from_millis(100));
        let start = Instant::now();
        server.fault(When::always().times(1), Fault::Wait(Duration::from_millis(50)));
        assert!(status(&get()) == 200 && start.elapsed() >= Duration::from_millis(50));

        server.put("x", b"newer");
        server.put("x", b"newest");
        server.fault(When::reading().times(1), Fault::Stale { writes: 1 });
        assert!(get().ends_with("newer"));
        assert!(get().ends_with("newest"));

        server.fault(When::always().times(1), Fault::Redirect("http://elsewhere/x".into()));
        assert!(get().contains("Location: http://elsewhere/x\r\n"));
        for says_length in [true, false] {
            server.fault(When::always().times(1), Fault::Flood { bytes: 1 << 30, says_length });
            assert!(get().len() >= 1 << 20, "the client hangs up");
        }
    }
}

#[test]
fn a_stopped_server_is_gone_and_comes_back() {
    for (server, root) in both() {
        let put = |name: &str| status(&ask(&server, &format!("PUT {root}{name}"), "", "x"));
        let mut open = TcpStream::connect(server.address()).unwrap();
        assert!(put("a") > 0);
        server.stop();
        assert_eq!(open.read(&mut [0]).unwrap_or(0), 0);
        assert_eq!(put("b"), 0);
        server.start_again();
        assert!(put("c") > 0);
        server.fault(When::method("PUT").of("e"), Fault::Stop { after_effect: true });
        assert_eq!([put("e"), put("f")], [0, 0]);
        server.start_again();
        assert_eq!(server.objects().keys().collect::<Vec<_>>(), ["a", "c", "e"]);
    }
}
