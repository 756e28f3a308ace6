//! One error type for the whole workspace: a kind for programs, a problem and a remedy for people.

use std::borrow::Cow;
use std::fmt;

/// The result of everything in keyark that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What sort of thing went wrong, for programs. [`ErrorKind::id`] and [`ErrorKind::code`] are stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A fault of keyark or of the system under it, such as missing randomness.
    Internal,
    /// The caller asked for something that makes no sense (an option that does not apply).
    Usage,
    /// The input does not have the form that its standard asks for.
    Malformed,
    /// The input has the right form, but a value is larger or smaller than keyark accepts.
    OutOfBounds,
    /// The password does not open the file.
    WrongPassword,
    /// What was open has been locked again, and wants the password.
    Locked,
    /// The export policy, the chain's own or a narrower one, refuses.
    Refused,
    /// Reading or writing failed.
    Storage,
    /// There is no such thing.
    NotFound,
    /// There is one already, and it is not overwritten.
    AlreadyExists,
    /// A verification did not match.
    Mismatch,
    /// The person stopped it.
    Cancelled,
}

impl ErrorKind {
    /// The kind's stable name, as it stands in JSON: `wrong-password`.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Internal => "internal",
            Self::Usage => "usage",
            Self::Malformed => "malformed",
            Self::OutOfBounds => "out-of-bounds",
            Self::WrongPassword => "wrong-password",
            Self::Locked => "locked",
            Self::Refused => "refused",
            Self::Storage => "storage",
            Self::NotFound => "not-found",
            Self::AlreadyExists => "already-exists",
            Self::Mismatch => "mismatch",
            Self::Cancelled => "cancelled",
        }
    }

    /// The kind's stable number, which the command uses as its exit code.
    pub const fn code(self) -> u8 {
        match self {
            Self::Internal => 1,
            Self::Usage => 2,
            Self::Malformed | Self::OutOfBounds => 3,
            Self::WrongPassword | Self::Locked => 4,
            Self::Refused => 5,
            Self::Storage => 6,
            Self::NotFound | Self::AlreadyExists => 7,
            Self::Mismatch => 8,
            Self::Cancelled => 130, // 128 + SIGINT, as shells count
        }
    }
}

/// What went wrong ([`problem`](Error::problem), also its `Display`) and what to do about it
/// ([`remedy`](Error::remedy)). Neither ever holds a secret.
///
/// ```
/// use keyark_core::{DerivationPath, ErrorKind};
///
/// let error = "m/44'/2147483648".parse::<DerivationPath>().unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::OutOfBounds);
/// assert_eq!(error.kind().code(), 3);
/// assert!(error.remedy().contains("2147483647"));
/// ```
#[derive(Clone)]
pub struct Error(Box<Inner>); // boxed: a `Result` stays one word wide on the hot path

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    problem: Cow<'static, str>,
    remedy: Cow<'static, str>,
    context: Vec<(&'static str, String)>,
}

impl Error {
    /// An error of `kind`: one line that names the problem and one that names the remedy.
    pub fn new(kind: ErrorKind, problem: impl Into<Cow<'static, str>>, remedy: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner { kind, problem: problem.into(), remedy: remedy.into(), context: Vec::new() }))
    }

    /// [`ErrorKind::Malformed`], the most frequent kind.
    pub fn malformed(problem: impl Into<Cow<'static, str>>, remedy: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Malformed, problem, remedy)
    }

    /// Adds where it happened: a file, a chain, a position. Never a secret.
    #[must_use]
    pub fn with_context(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.0.context.push((name, value.to_string()));
        self
    }

    /// The same error, told in other words.
    #[must_use]
    pub fn with_problem(mut self, problem: impl Into<Cow<'static, str>>) -> Self {
        self.0.problem = problem.into();
        self
    }

    /// The same error with another remedy, for whoever knows better what the person can do here.
    #[must_use]
    pub fn with_remedy(mut self, remedy: impl Into<Cow<'static, str>>) -> Self {
        self.0.remedy = remedy.into();
        self
    }

    /// The kind, for programs.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The problem, one line, without the context.
    pub fn problem(&self) -> &str {
        &self.0.problem
    }

    /// What the person can do about it, one line.
    pub fn remedy(&self) -> &str {
        &self.0.remedy
    }

    /// Where it happened, as pairs of name and value, innermost first.
    pub fn context(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.context.iter().map(|(name, value)| (*name, value.as_str()))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.problem)?;
        for (position, (name, value)) in self.context().enumerate() {
            f.write_str(if position == 0 { " (" } else { ", " })?;
            write!(f, "{name} {value}")?;
        }
        if self.0.context.is_empty() { Ok(()) } else { f.write_str(")") }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("problem", &self.0.problem)
            .field("remedy", &self.0.remedy)
            .field("context", &self.0.context)
            .finish()
    }
}

impl std::error::Error for Error {}

/// Something that is not an error but that a person must be told. Never holds a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    id: &'static str,
    message: Cow<'static, str>,
}

impl Warning {
    /// A warning with a stable id for programs and a sentence for people.
    pub fn new(id: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self { id, message: message.into() }
    }

    /// The stable id: `weak-kdf`.
    pub fn id(&self) -> &'static str {
        self.id
    }

    /// The sentence.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
