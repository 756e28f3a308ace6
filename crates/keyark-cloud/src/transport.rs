//! The one way to the network: every request of every service passes here.
//!
//! OpenDAL asks for whole bodies and follows what servers say. This transport bounds the time and the size of every answer, sends nothing
//! to hosts other than the service's, nothing without TLS but to this computer, and keeps a [`Watch`] from which errors are made.

use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;

use http::header::{LOCATION, RANGE, RETRY_AFTER};
use http::{HeaderMap, Method, Request, Response, StatusCode};
use opendal::raw::Operation;
use opendal::{Buffer, HttpBody, HttpTransport};
use reqwest::redirect::Policy;
use tokio::time::{Instant, timeout_at};
use url::{Host, Url};

use crate::Service;
use crate::location::is_loopback;
use crate::watch::{Answer, Fault, Met, Reason, Watch};

/// The longest listing or other answer that is not a file, in bytes.
const LARGEST_ANSWER: usize = 1 << 26;
/// How much of an error is looked at, in bytes.
const LARGEST_ERROR: usize = 1 << 16;
/// What a slow line is given beyond the time limit: it has to carry so many bytes in a millisecond, which is 64 kB/s.
const SLOWEST: usize = 64;
/// The most requests of one try: a listing has pages, and a server could add to them for ever.
const MOST_REQUESTS: usize = 2_000;
/// How many times a server may send us on.
const MOST_REDIRECTS: usize = 3;

/// What the transport lets pass.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    /// For one request.
    pub(crate) time_limit: Duration,
    pub(crate) hosts: Hosts,
    /// Whether files may be fetched, without credentials, from where the service says they are (OneDrive).
    pub(crate) downloads_elsewhere: bool,
    pub(crate) service: Service,
}

/// The servers that may be asked.
#[derive(Clone, Debug)]
#[allow(dead_code)] // a build with one service needs one of them
pub(crate) enum Hosts {
    /// Whatever the service's signer asks: its requests go to places of the configuration, none of which a server names.
    Configured,
    /// These origins (`https://host:port`).
    Only(Vec<String>),
    /// Whatever is asked, ask this origin: a server on this computer that stands in for the service.
    Instead(String),
}

/// A client that follows no redirects, trusts the system's certificates, and does not say what it is for.
pub(crate) fn client(
    rules: &Rules,
    extra_certificates: Option<&[u8]>,
    without_proxy: bool,
) -> Result<reqwest::Client, reqwest::Error> {
    let mut builder = reqwest::Client::builder()
        .redirect(Policy::none())
        .referer(false)
        .http1_only()
        .connect_timeout(rules.time_limit)
        .pool_idle_timeout(Duration::from_secs(30));
    if let Some(pem) = extra_certificates {
        builder = builder.tls_certs_merge(reqwest::Certificate::from_pem_bundle(pem)?);
    }
    if without_proxy {
        builder = builder.no_proxy();
    }
    builder.build()
}

/// The transport of one try.
#[derive(Clone)]
pub(crate) struct Courier {
    pub(crate) client: reqwest::Client,
    pub(crate) rules: Arc<Rules>,
    pub(crate) watch: Arc<Watch>,
    /// The most bytes that a file may have.
    pub(crate) limit: usize,
}

impl HttpTransport for Courier {
    async fn fetch(&self, request: Request<Buffer>) -> opendal::Result<Response<HttpBody>> {
        match self.carry(request).await {
            Ok((parts, body)) => {
                let size = u64::try_from(body.len()).ok();
                let stream = futures::stream::iter((!body.is_empty()).then(|| Ok(Buffer::from(body))));
                Ok(Response::from_parts(parts, HttpBody::new(stream, size)))
            }
            Err(fault) => {
                self.watch.record(Met::Fault(fault));
                Err(opendal::Error::new(opendal::ErrorKind::Unexpected, "the request had no usable answer"))
            }
        }
    }
}

impl Courier {
    async fn carry(&self, request: Request<Buffer>) -> Result<(http::response::Parts, Vec<u8>), Fault> {
        if self.watch.count() >= MOST_REQUESTS {
            return Err(Fault::TooLarge);
        }
        let (mut parts, body) = request.into_parts();
        let body = body.to_vec();
        let operation = parts.extensions.get::<Operation>().copied().unwrap_or_default();
        let is_file = operation == Operation::Read;
        let mut url = self.address(&parts.uri.to_string())?;
        let mut redirects = 0;
        loop {
            let deadline = Instant::now() + self.rules.time_limit + allowance(body.len());
            let sent = self
                .client
                .request(parts.method.clone(), url.clone())
                .headers(parts.headers.clone())
                .body(body.clone())
                .send();
            let response = timeout_at(deadline, sent).await.map_err(|_| Fault::Slow)?.map_err(|error| fault(&error))?;
            let may_follow = redirects < MOST_REDIRECTS && matches!(parts.method, Method::GET | Method::HEAD);
            if let Some(next) = location(&url, &response).filter(|_| may_follow) {
                if next.origin() == url.origin() {
                    (url, redirects) = (next, redirects + 1);
                    continue;
                }
                if self.rules.downloads_elsewhere && is_file && is_private(&next) {
                    // The address itself is the permission; what opens the account stays here.
                    let range = parts.headers.remove(RANGE);
                    parts.headers = range.into_iter().map(|range| (RANGE, range)).collect();
                    (url, redirects) = (next, redirects + 1);
                    continue;
                }
            }
            return self.receive(response, &parts.method, &url, operation).await;
        }
    }

    async fn receive(
        &self,
        mut response: reqwest::Response,
        method: &Method,
        url: &Url,
        operation: Operation,
    ) -> Result<(http::response::Parts, Vec<u8>), Fault> {
        let (status, headers) = (response.status(), response.headers().clone());
        let good = status.is_success();
        let most = match (good, operation == Operation::Read) {
            (false, _) => LARGEST_ERROR,
            (true, true) => self.limit,
            (true, false) => LARGEST_ANSWER,
        };
        let too_large =
            response.content_length().is_some_and(|length| usize::try_from(length).is_ok_and(|length| length > most));
        if good && too_large && method != Method::HEAD {
            return Err(Fault::TooLarge);
        }
        let start = Instant::now() + self.rules.time_limit;
        let mut body = Vec::new();
        loop {
            let next = timeout_at(start + allowance(body.len()), response.chunk()).await;
            let Some(bytes) = next.map_err(|_| Fault::Slow)?.map_err(|error| fault(&error))? else { break };
            body.extend_from_slice(&bytes);
            if body.len() > most {
                if good {
                    return Err(Fault::TooLarge);
                }
                body.truncate(most);
                break;
            }
        }
        self.watch.record(Met::Answer(answer(status, &headers, &body)));
        if operation == Operation::List && good {
            body = listing(self.rules.service, body, url).ok_or(Fault::Garbled)?;
        }
        let mut parts = Response::new(()).into_parts().0;
        (parts.status, parts.headers) = (status, headers);
        Ok((parts, body))
    }

    /// Where a request goes, if it may.
    fn address(&self, uri: &str) -> Result<Url, Fault> {
        let mut url = Url::parse(uri).map_err(|_| Fault::Garbled)?;
        let origin = url.origin().ascii_serialization();
        match &self.rules.hosts {
            Hosts::Configured => {}
            Hosts::Only(origins) if origins.contains(&origin) => {}
            Hosts::Only(_) => return Err(Fault::Elsewhere),
            Hosts::Instead(server) => {
                let rest = uri.split_once("://").and_then(|(_, rest)| rest.find('/').and_then(|cut| rest.get(cut..)));
                url = Url::parse(&format!("{server}{}", rest.unwrap_or("/"))).map_err(|_| Fault::Garbled)?;
            }
        }
        if self.rules.service == Service::GoogleDrive {
            oldest_first(&mut url);
        }
        if is_private(&url) { Ok(url) } else { Err(Fault::Elsewhere) }
    }
}

/// Where Google Drive has several files of one name, OpenDAL takes the one that was changed last, which is now the one and then the other.
/// All computers agree on the oldest.
fn oldest_first(url: &mut Url) {
    let Some(query) = url.query() else { return };
    let order =
        |pair: &str| if pair.starts_with("orderBy=") { "orderBy=createdTime".to_owned() } else { pair.to_owned() };
    let query = query.split('&').map(order).collect::<Vec<_>>().join("&");
    url.set_query(Some(&query));
}

/// A listing, if it is one: OpenDAL takes any XML for a listing without entries, and the vault would look empty.
fn listing(service: Service, body: Vec<u8>, asked: &Url) -> Option<Vec<u8>> {
    let has = |word: &[u8]| body.windows(word.len()).any(|bytes| bytes == word);
    match service {
        Service::S3 | Service::HuaweiObs => has(b"ListBucketResult").then_some(body),
        #[cfg(feature = "webdav")]
        Service::WebDav if has(b"multistatus") => crate::webdav::tidy(body, asked),
        Service::WebDav => None,
        _ => {
            let _ = asked; // not of use without WebDAV
            Some(body)
        }
    }
}

/// Whether nobody on the way can read along: TLS, this computer, or the link to the container's or the instance's own metadata.
fn is_private(url: &Url) -> bool {
    let link_local = match url.host() {
        Some(Host::Ipv4(address)) => address.is_link_local(),
        Some(Host::Ipv6(address)) => address.is_unique_local(), // fd00:ec2::254
        _ => false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && (link_local || is_loopback(url.host())))
}

/// Where a redirect leads.
fn location(from: &Url, response: &reqwest::Response) -> Option<Url> {
    let target = response.headers().get(LOCATION).filter(|_| response.status().is_redirection())?;
    from.join(target.to_str().ok()?).ok()
}

/// The time that a slow line needs for so many bytes.
pub(crate) fn allowance(bytes: usize) -> Duration {
    Duration::from_millis(u64::try_from(bytes / SLOWEST).unwrap_or(u64::MAX).min(u64::from(u32::MAX)))
}

fn answer(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Answer {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    Answer {
        status: status.as_u16(),
        reason: if status.is_success() { None } else { Reason::find(body) },
        region: text("x-amz-bucket-region").filter(|region| crate::location::region(region).is_ok()).map(str::to_owned),
        retry_after: text(RETRY_AFTER.as_str())
            .and_then(|seconds| seconds.trim().parse().ok())
            .map(Duration::from_secs),
    }
}

/// What sort of failure it is. The texts of the causes are looked at, and go nowhere.
fn fault(error: &reqwest::Error) -> Fault {
    if error.is_timeout() {
        return Fault::Slow;
    }
    let mut text = String::new();
    let mut cause = error.source();
    while let Some(error) = cause {
        text += &error.to_string().to_lowercase();
        text.push('\n');
        cause = error.source();
    }
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if says(&["certificate", "tls", "handshake", "corrupt message"]) {
        Fault::Tls
    } else if says(&["dns error", "failed to lookup"]) {
        Fault::NoSuchHost
    } else if error.is_connect() {
        Fault::Unreachable
    } else {
        Fault::Broken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn courier(hosts: Hosts) -> Courier {
        let rules =
            Rules { time_limit: Duration::from_secs(1), hosts, downloads_elsewhere: false, service: Service::S3 };
        let client = client(&rules, None, true).unwrap();
        Courier { client, rules: Arc::new(rules), watch: Arc::new(Watch::default()), limit: 0 }
    }

    #[test]
    fn requests_go_to_the_service_alone_and_never_in_the_clear() {
        let service = courier(Hosts::Only(vec!["https://www.example.org".to_owned()]));
        assert!(service.address("https://www.example.org/a?b=c").is_ok());
        assert!(service.address("https://www.example.org:443/a").is_ok());
        for uri in [
            "http://www.example.org/a",
            "https://www.example.org:8443/a",
            "https://www.example.org.evil.example/a",
            "https://www.example.org@evil.example/a",
            "https://evil.example/www.example.org",
        ] {
            assert_eq!(service.address(uri).unwrap_err(), Fault::Elsewhere, "{uri}");
        }
        let any = courier(Hosts::Configured);
        for uri in
            ["https://sts.amazonaws.com/", "http://169.254.170.2/credentials", "http://127.0.0.1:9/", "http://[::1]/"]
        {
            assert!(any.address(uri).is_ok(), "{uri}");
        }
        for uri in ["http://example.org/", "http://10.0.0.1/", "ftp://127.0.0.1/"] {
            assert_eq!(any.address(uri).unwrap_err(), Fault::Elsewhere, "{uri}");
        }
    }

    #[test]
    fn a_stand_in_gets_the_path_and_the_query() {
        let courier = courier(Hosts::Instead("http://127.0.0.1:9999".to_owned()));
        let url = courier.address("https://www.example.org/drive/v3/files?q='a' in b").unwrap();
        assert_eq!(url.as_str(), "http://127.0.0.1:9999/drive/v3/files?q='a'%20in%20b".replace('\'', "%27"));
        assert_eq!(courier.address("https://www.example.org").unwrap().as_str(), "http://127.0.0.1:9999/");
    }

    #[test]
    fn of_several_files_of_one_name_the_oldest_is_taken() {
        let mut url =
            Url::parse("https://www.example.org/files?q=name%20%3D%20'a'&orderBy=modifiedTime%20desc&pageSize=1")
                .unwrap();
        oldest_first(&mut url);
        assert_eq!(url.query().unwrap().replace("%27", "'"), "q=name%20%3D%20'a'&orderBy=createdTime&pageSize=1");
    }

    #[test]
    fn of_an_answer_nothing_is_kept_that_the_server_wrote() {
        let mut headers = HeaderMap::new();
        for (name, value) in
            [("x-amz-bucket-region", "canary/../canary"), ("retry-after", "7"), ("set-cookie", "canary")]
        {
            headers.insert(name, value.parse().unwrap());
        }
        let told = answer(StatusCode::FORBIDDEN, &headers, b"<Code>ExpiredToken</Code><Token>canary</Token>");
        assert_eq!((told.reason, told.retry_after), (Some(Reason::Expired), Some(Duration::from_secs(7))));
        assert!(!format!("{told:?}").contains("canary"), "{told:?}");
        headers.insert("x-amz-bucket-region", "eu-central-1".parse().unwrap());
        headers.insert("retry-after", "Wed, 21 Oct 2099 07:28:00 GMT".parse().unwrap());
        let told = answer(StatusCode::OK, &headers, b"ExpiredToken");
        assert_eq!((told.reason, told.region.as_deref(), told.retry_after), (None, Some("eu-central-1"), None));
    }
}
