//! The forms of a password: the same letters can be typed as different characters (Unicode Annex 15).

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// How a password was spelled when it opened a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Typed,
    Nfkc,
    Nfkd,
}

/// The forms in the order in which they are tried, each only where it differs from those before it: most programs
/// take what was typed, ethers NFKC, and some phrase tools NFKD.
pub(crate) fn forms(typed: &str) -> Vec<(Form, Zeroizing<String>)> {
    let mut forms: Vec<(Form, Zeroizing<String>)> = Vec::with_capacity(3);
    for (form, text) in [
        (Form::Typed, Zeroizing::new(typed.to_owned())),
        (Form::Nfkc, nfkc(typed)),
        (Form::Nfkd, collect(typed.nfkd(), typed.nfkd())),
    ] {
        if forms.iter().all(|(_, earlier)| *earlier != text) {
            forms.push((form, text));
        }
    }
    forms
}

pub(crate) fn nfkc(typed: &str) -> Zeroizing<String> {
    collect(typed.nfkc(), typed.nfkc())
}

/// Room for all of it first: a string that grows leaves its shorter copies behind in memory.
fn collect(measured: impl Iterator<Item = char>, chars: impl Iterator<Item = char>) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(measured.map(char::len_utf8).sum()));
    text.extend(chars);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(typed: &str) -> Vec<(Form, String)> {
        forms(typed).into_iter().map(|(form, text)| (form, text.to_string())).collect()
    }

    #[test]
    fn only_forms_that_differ() {
        assert_eq!(shown(""), [(Form::Typed, String::new())]);
        assert_eq!(shown(" plain \u{7} "), [(Form::Typed, " plain \u{7} ".into())], "nothing is trimmed");
        assert_eq!(shown("\u{e9}"), [(Form::Typed, "\u{e9}".into()), (Form::Nfkd, "e\u{301}".into())]);
        assert_eq!(shown("e\u{301}"), [(Form::Typed, "e\u{301}".into()), (Form::Nfkc, "\u{e9}".into())]);
        assert_eq!(
            shown("\u{fb01}\u{e9}"),
            [
                (Form::Typed, "\u{fb01}\u{e9}".into()),
                (Form::Nfkc, "fi\u{e9}".into()),
                (Form::Nfkd, "fie\u{301}".into())
            ]
        );
    }
}
