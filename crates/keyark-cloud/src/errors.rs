//! What a person is told when a cloud fails: one line that says what happened, one that says what to do.

use std::time::Duration;

use keyark_core::{Error, ErrorKind};

use crate::Service;
use crate::watch::{Answer, Fault, Met, Reason, Watch};

/// How a try failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// There is no such file.
    NotFound,
    /// There is a file of that name already.
    Exists,
    /// The server refused, or could not.
    Answer(Answer),
    Fault(Fault),
    /// No request was made, because the service's usual places hold no credentials, or none that still work.
    NoCredentials,
    /// A part of this crate or of OpenDAL broke.
    Internal,
}

/// What an error is about.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    pub(crate) service: Service,
    /// The location, without parameters.
    pub(crate) place: String,
    pub(crate) time_limit: Duration,
    pub(crate) tries: usize,
}

impl Failure {
    /// The failure behind OpenDAL's error, of which only the kind is looked at.
    pub(crate) fn of(kind: opendal::ErrorKind, watch: &Watch) -> Self {
        use opendal::ErrorKind as Kind;

        let met = watch.met();
        match (kind, met) {
            (Kind::NotFound, Met::Answer(answer)) if answer.reason == Some(Reason::NoSuchBucket) => {
                Self::Answer(answer)
            }
            (Kind::NotFound, _) => Self::NotFound,
            (Kind::AlreadyExists | Kind::ConditionNotMatch, _) => Self::Exists,
            (_, Met::Fault(fault)) => Self::Fault(fault),
            (_, Met::Answer(answer)) if answer.status == 412 => Self::Exists,
            (_, Met::Answer(answer)) if answer.status >= 300 => Self::Answer(answer),
            (_, Met::Answer(_)) => Self::Fault(Fault::Garbled),
            (Kind::Unsupported, Met::Nothing) => Self::Internal,
            (_, Met::Nothing) => Self::NoCredentials,
        }
    }

    /// Whether the same request may succeed in a while.
    pub(crate) fn is_temporary(&self) -> bool {
        match self {
            Self::Fault(fault) => {
                matches!(fault, Fault::Slow | Fault::NoSuchHost | Fault::Unreachable | Fault::Broken | Fault::Garbled)
            }
            Self::Answer(answer) => is_busy(answer),
            _ => false,
        }
    }

    /// For how long the server wants to be left alone.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Answer(answer) => answer.retry_after,
            _ => None,
        }
    }

    /// The status that the server answered with.
    pub(crate) fn status(&self) -> Option<u16> {
        match self {
            Self::Answer(answer) => Some(answer.status),
            _ => None,
        }
    }

    pub(crate) fn into_error(self, about: &Subject) -> Error {
        let place = &about.place;
        match self {
            Self::NotFound => Error::new(
                ErrorKind::NotFound,
                format!("{place} has no such file"),
                "check the location; list what is there",
            ),
            Self::Exists => {
                let problem = format!("{place} has a file of that name already");
                Error::new(
                    ErrorKind::AlreadyExists,
                    problem,
                    "read it again: another program may have written it just now",
                )
            }
            Self::Answer(answer) => {
                let (what, remedy) = explain(&answer, about);
                storage(format!("{place} answered {}: {what}", answer.status), remedy)
            }
            Self::Fault(fault) => of_fault(fault, about),
            Self::NoCredentials => storage(
                format!("{place}: there are no credentials for {}, or they have expired", about.service),
                where_credentials_are(about.service),
            ),
            Self::Internal => {
                let problem = format!("{place}: the storage's own code failed");
                Error::new(ErrorKind::Internal, problem, "try again; if it stays so, report it as a fault of keyark")
            }
        }
    }
}

fn is_busy(answer: &Answer) -> bool {
    match answer.reason {
        Some(Reason::Full) => false,
        Some(Reason::Busy) => true,
        _ => matches!(answer.status, 408 | 423 | 425 | 429 | 499 | 500 | 502..=504 | 509 | 520..=529),
    }
}

fn storage(problem: String, remedy: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::Storage, problem, remedy)
}

/// What an answer means, and what to do about it.
fn explain(answer: &Answer, about: &Subject) -> (String, String) {
    let credentials = || where_credentials_are(about.service).to_owned();
    let said = |what: &str, remedy: &str| (what.to_owned(), remedy.to_owned());
    match answer.reason {
        Some(Reason::NoSuchBucket) => {
            return said(
                "there is no such bucket",
                "make it with the service's own tools, or check its name, region and endpoint",
            );
        }
        Some(Reason::WrongKey) => return ("it does not know these credentials".to_owned(), credentials()),
        Some(Reason::Expired) => {
            return said("the credentials have expired or were revoked", "sign in again with the service's own tools");
        }
        Some(Reason::Clock) => return said("this computer's clock differs from the server's", "set the clock"),
        Some(Reason::Scope) => {
            return said(
                "the credentials were not given the right to files",
                "sign in again, and allow access to files",
            );
        }
        Some(Reason::Full) => return full(),
        _ => {}
    }
    match answer.status {
        status if is_busy(answer) => {
            let what = match status {
                408 | 423 | 425 | 429 | 503 | 509 => "it is busy, or wants fewer requests",
                _ => "it has a fault of its own",
            };
            (format!("{what}; tried {}", times(about.tries)), "try again later".to_owned())
        }
        301 | 302 | 303 | 307 | 308 | 400 if answer.region.is_some() || answer.reason == Some(Reason::Region) => {
            let region = answer.region.as_deref().unwrap_or("REGION");
            ("the bucket is in another region".to_owned(), format!("add region={region} to the URL's parameters"))
        }
        300..=399 => said(
            "it wants to be asked at another address, which keyark does not follow with credentials",
            "use the address to which the service now points",
        ),
        400 if about.service != Service::WebDav => ("it did not accept the request".to_owned(), credentials()),
        401 => ("it wants other credentials".to_owned(), credentials()),
        403 => (
            "these credentials may not do that".to_owned(),
            "allow them to list, read, write and delete there, or use others".to_owned(),
        ),
        404 | 410 => said("there is nothing at that address", "check the location"),
        405 | 501 => said("that server does not do this", "check that the address is that of the service itself"),
        407 => said("a proxy wants credentials", "check the proxy that HTTPS_PROXY names"),
        409 => said("something is in the way there, or a folder is missing", "check the location; try again"),
        413 => said("the file is too large for that server", "raise the server's limit, or use another one"),
        507 => full(),
        _ => said("it did not do what was asked", "try again later; check the location"),
    }
}

fn times(tries: usize) -> String {
    if tries == 1 { "once".to_owned() } else { format!("{tries} times") }
}

fn full() -> (String, String) {
    ("there is no room left".to_owned(), "make room there; what was written before is as it was".to_owned())
}

fn of_fault(fault: Fault, about: &Subject) -> Error {
    let (place, tries) = (&about.place, times(about.tries));
    let seconds = about.time_limit.as_secs_f64();
    match fault {
        Fault::Slow => storage(
            format!("{place} did not answer within {seconds} seconds; tried {tries}"),
            "check the network; try again later",
        ),
        Fault::NoSuchHost => {
            storage(format!("{place}: the server's name was not found"), "check the network and the location")
        }
        Fault::Unreachable => {
            storage(format!("{place}: nobody answers there"), "check the network, the location and the port")
        }
        Fault::Tls => storage(
            format!("{place}: the server's certificate is not one that this computer trusts"),
            "check the location; add the authority that signed it to the system's, or name its file in SSL_CERT_FILE",
        ),
        Fault::Broken => {
            storage(format!("{place}: the connection broke; tried {tries}"), "check the network; try again")
        }
        Fault::TooLarge => Error::new(
            ErrorKind::OutOfBounds,
            format!("{place} answered with more than is read"),
            "check the location: a file or folder of a vault is not that large",
        ),
        Fault::Garbled => storage(
            format!("{place} answered with something that {} does not answer", about.service),
            "check that the address is that of the service itself; try again later",
        ),
        Fault::Elsewhere => storage(
            format!("{place}: the service named a server that is not its own, or one without TLS, which was not asked"),
            "check the location; try again later",
        ),
    }
}

/// Where the credentials of a service are looked for.
fn where_credentials_are(service: Service) -> &'static str {
    match service {
        Service::Folder => "a folder needs none",
        Service::S3 => {
            "looked at AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, ~/.aws/credentials, ~/.aws/config (AWS_PROFILE, SSO), web identities and \
             containers: check them, or name a credentials file"
        }
        Service::WebDav => {
            "check the login in ~/.netrc (machine HOST login USER password PASSWORD), or name a credentials file"
        }
        Service::GoogleDrive => {
            "sign in again (gcloud auth application-default login, with the scope https://www.googleapis.com/auth/drive), or name another \
             credentials file"
        }
        Service::HuaweiObs => "check OBS_ACCESS_KEY_ID and OBS_SECRET_ACCESS_KEY, or name a credentials file",
        Service::OneDrive | Service::Dropbox => "make a new token, and name its file as the credentials file",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about(service: Service) -> Subject {
        Subject { service, place: "s3://bucket/prefix".into(), time_limit: Duration::from_secs(30), tries: 4 }
    }

    fn watch(met: Met) -> Watch {
        let watch = Watch::default();
        watch.record(met);
        watch
    }

    fn answered(status: u16, reason: Option<Reason>) -> Failure {
        let met = Met::Answer(Answer { status, reason, ..Answer::default() });
        Failure::of(opendal::ErrorKind::Unexpected, &watch(met))
    }

    #[test]
    fn every_status_has_a_line_and_a_remedy() {
        for service in Service::ALL {
            for status in 300..600 {
                let error = answered(status, None).into_error(&about(*service));
                for line in [error.problem(), error.remedy()] {
                    assert!(!line.is_empty() && !line.contains('\n'), "{error:?}");
                }
                if status != 412 {
                    assert_eq!(error.kind(), ErrorKind::Storage);
                    assert!(error.problem().starts_with(&format!("s3://bucket/prefix answered {status}: ")), "{error}");
                }
            }
        }
    }

    #[test]
    fn answers_are_explained() {
        for (status, reason, word) in [
            (403, None, "these credentials may not do that"),
            (403, Some(Reason::Clock), "clock"),
            (403, Some(Reason::WrongKey), "does not know these credentials"),
            (403, Some(Reason::Full), "no room"),
            (404, Some(Reason::NoSuchBucket), "no such bucket"),
            (429, None, "busy, or wants fewer requests; tried 4 times"),
            (503, None, "tried 4 times"),
            (500, None, "a fault of its own; tried 4 times"),
            (507, None, "no room left"),
            (301, Some(Reason::Region), "another region"),
            (400, Some(Reason::Expired), "expired"),
        ] {
            let error = answered(status, reason).into_error(&about(Service::S3));
            assert!(error.problem().contains(word), "{error}");
        }
    }

    #[test]
    fn the_right_region_is_named() {
        let answer = Answer { status: 301, region: Some("eu-west-3".into()), ..Answer::default() };
        assert!(Failure::Answer(answer).into_error(&about(Service::S3)).remedy().contains("region=eu-west-3"));
    }

    #[test]
    fn what_may_succeed_later_is_tried_again_and_nothing_else() {
        for (failure, temporary) in [
            (answered(500, None), true),
            (answered(503, None), true),
            (answered(429, None), true),
            (answered(403, Some(Reason::Busy)), true),
            (answered(503, Some(Reason::Full)), false),
            (answered(507, None), false),
            (answered(501, None), false),
            (answered(403, None), false),
            (answered(412, None), false),
            (Failure::Fault(Fault::Slow), true),
            (Failure::Fault(Fault::Broken), true),
            (Failure::Fault(Fault::Tls), false),
            (Failure::Fault(Fault::TooLarge), false),
            (Failure::Fault(Fault::Elsewhere), false),
            (Failure::NotFound, false),
            (Failure::NoCredentials, false),
        ] {
            assert_eq!(failure.is_temporary(), temporary, "{failure:?}");
        }
    }

    #[test]
    fn kinds_of_opendal_become_ours() {
        use opendal::ErrorKind as Kind;

        let told = |status, reason| Met::Answer(Answer { status, reason, ..Answer::default() });
        for (kind, met, ours) in [
            (Kind::NotFound, told(404, None), ErrorKind::NotFound),
            (Kind::NotFound, Met::Nothing, ErrorKind::NotFound),
            (Kind::NotFound, told(404, Some(Reason::NoSuchBucket)), ErrorKind::Storage),
            (Kind::ConfigInvalid, told(404, Some(Reason::NoSuchBucket)), ErrorKind::Storage),
            (Kind::ConditionNotMatch, told(412, None), ErrorKind::AlreadyExists),
            (Kind::Unexpected, told(412, None), ErrorKind::AlreadyExists),
            (Kind::Unexpected, told(200, None), ErrorKind::Storage),
            (Kind::Unexpected, Met::Nothing, ErrorKind::Storage),
            (Kind::Unexpected, Met::Fault(Fault::TooLarge), ErrorKind::OutOfBounds),
            (Kind::Unsupported, Met::Nothing, ErrorKind::Internal),
        ] {
            let failure = Failure::of(kind, &watch(met.clone()));
            assert_eq!(failure.clone().into_error(&about(Service::S3)).kind(), ours, "{kind:?} {met:?} {failure:?}");
        }
    }
}
