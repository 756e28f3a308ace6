//! What one try of an operation met on the network. Errors are made of this alone: OpenDAL's own quote addresses, headers and bodies.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The record of one try. The transport writes it, the storage reads it.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    requests: AtomicUsize,
    met: Mutex<Met>,
}

/// The outcome of the try's last request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Met {
    /// No request was made.
    #[default]
    Nothing,
    Answer(Answer),
    Fault(Fault),
}

/// What is kept of an answer: nothing that the server wrote, but for the name of a region.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) reason: Option<Reason>,
    /// The region in which S3 says the bucket is.
    pub(crate) region: Option<String>,
    /// For how long the server wants to be left alone.
    pub(crate) retry_after: Option<Duration>,
}

/// Why a request had no usable answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It took longer than the time limit.
    Slow,
    /// The host's name leads nowhere.
    NoSuchHost,
    /// Nobody listens there, or there is no network.
    Unreachable,
    /// The server's certificate is not trusted, or there is no TLS.
    Tls,
    /// The connection broke in the middle.
    Broken,
    /// More bytes than were asked for.
    TooLarge,
    /// The answer makes no sense.
    Garbled,
    /// The request would have left the service, or gone without TLS.
    Elsewhere,
}

/// What services say in the body of an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    NoSuchBucket,
    WrongKey,
    Expired,
    Clock,
    Region,
    Scope,
    Busy,
    Full,
}

/// The words that services use (S3 "Error responses"; Google Drive "Resolve errors"; Dropbox "Errors"; Microsoft Graph "Error codes";
/// RFC 6749, section 5.2).
const WORDS: &[(&str, Reason)] = &[
    ("NoSuchBucket", Reason::NoSuchBucket),
    ("InvalidAccessKeyId", Reason::WrongKey),
    ("SignatureDoesNotMatch", Reason::WrongKey),
    ("invalid_access_token", Reason::WrongKey),
    ("invalid_client", Reason::WrongKey),
    ("ExpiredToken", Reason::Expired),
    ("TokenRefreshRequired", Reason::Expired),
    ("expired_access_token", Reason::Expired),
    ("invalid_grant", Reason::Expired),
    ("RequestTimeTooSkewed", Reason::Clock),
    ("AuthorizationHeaderMalformed", Reason::Region),
    ("PermanentRedirect", Reason::Region),
    ("TemporaryRedirect", Reason::Region),
    ("insufficientPermissions", Reason::Scope),
    ("ACCESS_TOKEN_SCOPE_INSUFFICIENT", Reason::Scope),
    ("missing_scope", Reason::Scope),
    ("SlowDown", Reason::Busy),
    ("RequestTimeout", Reason::Busy),
    ("OperationAborted", Reason::Busy),
    ("ConditionalRequestConflict", Reason::Busy),
    ("ateLimitExceeded", Reason::Busy), // rateLimitExceeded, userRateLimitExceeded
    ("too_many_requests", Reason::Busy),
    ("too_many_write_operations", Reason::Busy),
    ("torageQuotaExceeded", Reason::Full), // storageQuotaExceeded, teamDriveStorageQuotaExceeded
    ("QuotaExceeded", Reason::Full),
    ("quotaLimitReached", Reason::Full),
    ("StorageFull", Reason::Full),
    ("insufficient_space", Reason::Full),
];

impl Reason {
    /// The reason that the body of an error names.
    pub(crate) fn find(body: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(body);
        WORDS.iter().find(|(word, _)| text.contains(word)).map(|(_, reason)| *reason)
    }
}

impl Watch {
    /// Counts a request, and says how many there were before.
    pub(crate) fn count(&self) -> usize {
        self.requests.fetch_add(1, Ordering::Relaxed)
    }

    pub(crate) fn record(&self, met: Met) {
        *self.met.lock().unwrap_or_else(PoisonError::into_inner) = met;
    }

    pub(crate) fn met(&self) -> Met {
        self.met.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_what_services_write() {
        for (body, reason) in [
            ("<Error><Code>NoSuchBucket</Code><Message>canary</Message></Error>", Some(Reason::NoSuchBucket)),
            ("<Error><Code>RequestTimeTooSkewed</Code></Error>", Some(Reason::Clock)),
            (r#"{"error":{"errors":[{"reason":"userRateLimitExceeded"}]}}"#, Some(Reason::Busy)),
            (r#"{"error":{"errors":[{"reason":"storageQuotaExceeded"}]}}"#, Some(Reason::Full)),
            (r#"{"error_summary":"path/insufficient_space/..."}"#, Some(Reason::Full)),
            (r#"{"error":"invalid_grant"}"#, Some(Reason::Expired)),
            ("<html>canary</html>", None),
            ("", None),
        ] {
            assert_eq!(Reason::find(body.as_bytes()), reason, "{body}");
        }
        assert_eq!(Reason::find(&[0xff, 0xfe]), None);
    }
}
