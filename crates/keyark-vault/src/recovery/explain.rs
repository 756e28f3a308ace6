//! Why a text is no recovery code: what it looks like, and where it is wrong.

use keyark_core::{Error, SecretText};
use keyark_phrase::{ProblemKind, diagnose};
use zeroize::Zeroizing;

use super::checksum::{self, SYMBOLS};
use super::{GROUP, GROUPS, read};

const FORM: &str =
    "a code is KEYARK-RECOVERY and six groups of five characters; read it again from where it is written down";

/// `groups` is the folded text behind the prefix, `named` whether there was one.
pub(super) fn explain(typed: &SecretText, groups: &str, named: bool) -> Error {
    let symbols: Zeroizing<Vec<u8>> = Zeroizing::new(groups.bytes().filter(|letter| *letter != b'-').collect());
    if symbols.is_empty() {
        return Error::malformed("there is no recovery code", FORM);
    }
    if !named && let Some(error) = something_else(typed, groups, &symbols) {
        return error;
    }
    let count = symbols.len();
    if count != SYMBOLS {
        return wrong_length(count, groups);
    }
    if let Some(position) = symbols.iter().position(|letter| *letter == b'?') {
        return Error::malformed(
            format!("character {} of group {} stands in no recovery code", position % GROUP + 1, position / GROUP + 1),
            "a code has digits and the letters of the Latin alphabet without I, L, O and U; read it again from where it is written down",
        );
    }
    wrong_symbols(read(groups).and_then(|symbols| checksum::locate(&symbols)))
}

/// Words of a wallet, a private key or the like, a password.
fn something_else(typed: &SecretText, groups: &str, symbols: &[u8]) -> Option<Error> {
    /// Nothing that is worth a name is longer, and hostile text costs little.
    const MOST_BYTES: usize = 1024;
    // What is on paper in groups is a code, however much of it is missing.
    let grouped = groups.split('-').all(|group| group.len() == GROUP && !group.contains('?'));
    if typed.expose().len() > MOST_BYTES || grouped && symbols.len() <= SYMBOLS {
        return None;
    }
    let diagnosis = diagnose(typed, None);
    let problems = diagnosis.problems();
    if symbols.len() != SYMBOLS && problems.iter().any(|problem| problem.kind() == ProblemKind::NotAPhrase) {
        return Some(Error::malformed(
            "this is not a recovery code; it may be words or a share of a wallet, a private key, an address or a file",
            "do not type those here: nobody who asks for a recovery code needs them; a code begins with KEYARK-RECOVERY",
        ));
    }
    let unknown = problems.iter().filter(|problem| problem.position().is_some()).count();
    let known = diagnosis.words().saturating_sub(unknown);
    if known >= 3 && known >= unknown {
        return Some(Error::malformed(
            "these are words of a wallet, not a recovery code",
            "do not type them here: nobody who asks for a recovery code needs them; a code begins with KEYARK-RECOVERY",
        ));
    }
    let foreign = symbols.iter().filter(|letter| **letter == b'?').count();
    let far = symbols.len().abs_diff(SYMBOLS) > GROUP;
    // Of a hundred thousand codes, one has no digit.
    let has_digit = typed.expose().bytes().any(|byte| byte.is_ascii_digit());
    (far || foreign > 2 || !has_digit).then(|| {
        Error::malformed(
            "this looks like a password, not like a recovery code",
            "use it where the password is asked for; a recovery code begins with KEYARK-RECOVERY and has six groups of five characters",
        )
    })
}

fn wrong_length(count: usize, groups: &str) -> Error {
    let (off, what) = match count < SYMBOLS {
        true => (SYMBOLS - count, "missing"),
        false => (count - SYMBOLS, "too many"),
    };
    let (characters, verb) = if off == 1 { ("character", "is") } else { ("characters", "are") };
    let problem =
        format!("{off} {characters} {verb} {what}: a recovery code has {SYMBOLS} behind its prefix, this one {count}");
    // Where the groups are kept apart, the one that has not five can be named.
    let mut odd = groups.split('-').enumerate().filter(|(_, group)| group.len() != GROUP);
    match (groups.split('-').count(), odd.next(), odd.next()) {
        (GROUPS, Some((index, group)), None) => {
            Error::malformed(format!("{problem}; group {} has {} instead of {GROUP}", index + 1, group.len()), FORM)
        }
        _ => Error::malformed(problem, FORM),
    }
}

fn wrong_symbols(place: Option<(usize, usize)>) -> Error {
    let remedy = "compare it with what is written down; 8 and B, 5 and S, 2 and Z, V and Y look alike in handwriting";
    let group = |position| position / GROUP + 1;
    match place {
        Some((one, other)) if group(one) == group(other) => Error::malformed(
            format!("this is not the recovery code as it was made: group {} seems wrong", group(one)),
            remedy,
        ),
        Some((one, other)) => Error::malformed(
            format!(
                "this is not the recovery code as it was made: the end of group {} and the beginning of group {} seem swapped",
                group(one),
                group(other)
            ),
            remedy,
        ),
        None => Error::malformed(
            "this is not the recovery code as it was made: two characters or more are wrong, or it is another code's groups",
            remedy,
        ),
    }
}
