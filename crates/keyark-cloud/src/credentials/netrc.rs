//! WebDAV: a user name and a password, or a token, from `~/.netrc` or from a file.
//!
//! The form of netrc is that of ftp(1), with curl's quotes: words, `machine` or `default` before `login` and `password`.

use std::path::Path;

use keyark_core::{Error, Result, SecretText};
use zeroize::Zeroizing;

use super::file::Found;
use super::json::Object;
use super::{CredentialSource, file, home, variable};

/// How a WebDAV server is told who asks.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Login {
    /// Without credentials: the server asks for none, or will say so.
    Nobody,
    Password {
        user: String,
        password: SecretText,
    },
    Token(SecretText),
}

/// The login for `host`.
pub(crate) fn find(source: &CredentialSource, host: &str) -> Result<Login> {
    let own = Found::in_source(source)?;
    let is_usual = own.is_none();
    let Some(found) = own.map_or_else(usual, |own| Ok(Some(own)))? else { return Ok(Login::Nobody) };
    let text = found.text();
    let login = if text.trim_start().starts_with('{') { json(text).map(Some) } else { netrc(text, host) };
    match login.map_err(|error| found.named(error))? {
        Some(login) => Ok(login),
        None if is_usual => Ok(Login::Nobody),
        None => {
            let error = Error::malformed(
                "the credentials file has no login for this host",
                "add a line: machine HOST login USER password PASSWORD",
            );
            Err(found.named(error))
        }
    }
}

fn usual() -> Result<Option<Found>> {
    if let Some(path) = variable("NETRC") {
        return file::find(Path::new(&path));
    }
    let Some(home) = home() else { return Ok(None) };
    match file::find(&home.join(".netrc"))? {
        None if cfg!(windows) => file::find(&home.join("_netrc")),
        found => Ok(found),
    }
}

fn json(text: &str) -> Result<Login> {
    let mut object = Object::read(text)?;
    if let Some(token) = object.take("token")? {
        return Ok(Login::Token(token));
    }
    match (object.take("username")?, object.take("password")?) {
        (Some(user), Some(password)) => Ok(Login::Password { user: user.expose().to_owned(), password }),
        _ => Err(Error::malformed(
            "the credentials file lacks a member",
            r#"it holds {"username":…,"password":…} or {"token":…}"#,
        )),
    }
}

/// The login of the first `machine` that is the host, or of `default`.
fn netrc(text: &str, host: &str) -> Result<Option<Login>> {
    let mut words = Words { rest: text };
    let mut applies = false;
    let (mut user, mut password) = (None, None);
    while let Some(word) = words.next()? {
        let word = word.as_str();
        let mut value = || words.next()?.ok_or_else(|| wrong("it ends too early"));
        match word {
            "machine" | "default" if applies && password.is_some() => break,
            "machine" => {
                (user, password) = (None, None);
                applies = value()?.trim_end_matches('.').eq_ignore_ascii_case(host.trim_end_matches('.'));
            }
            "default" => {
                (user, password) = (None, None);
                applies = true;
            }
            "login" => user = Some(value()?),
            "password" => password = Some(value()?),
            "account" => drop(value()?),
            "macdef" => words.skip_macro(),
            _ => return Err(wrong("it has a word that is none of machine, default, login, password, account, macdef")),
        }
    }
    Ok(match (user, password) {
        (user, Some(password)) if applies => {
            let user = user.map(|user| user.as_str().to_owned()).unwrap_or_default();
            Some(Login::Password { user, password: SecretText::new(password.as_str().to_owned()) })
        }
        _ => None,
    })
}

fn wrong(why: &str) -> Error {
    Error::malformed(
        format!("the file is not a netrc file: {why}"),
        "write lines like: machine HOST login USER password PASSWORD",
    )
}

struct Words<'a> {
    rest: &'a str,
}

impl<'a> Words<'a> {
    fn next(&mut self) -> Result<Option<Zeroizing<String>>> {
        loop {
            self.rest = self.rest.trim_start();
            if !self.rest.starts_with('#') {
                break;
            }
            self.rest = self.rest.split_once('\n').map_or("", |(_, rest)| rest);
        }
        if let Some(quoted) = self.rest.strip_prefix('"') {
            return self.quoted(quoted).map(Some);
        }
        let end = self.rest.find(char::is_whitespace).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        Ok((!word.is_empty()).then(|| Zeroizing::new(word.to_owned())))
    }

    fn quoted(&mut self, text: &'a str) -> Result<Zeroizing<String>> {
        let mut word = Zeroizing::new(String::with_capacity(text.len()));
        let mut letters = text.chars();
        while let Some(letter) = letters.next() {
            match letter {
                '"' => {
                    self.rest = letters.as_str();
                    return Ok(word);
                }
                '\n' => break,
                '\\' => match letters.next() {
                    Some('n') => word.push('\n'),
                    Some('r') => word.push('\r'),
                    Some('t') => word.push('\t'),
                    Some(letter) => word.push(letter),
                    None => break,
                },
                letter => word.push(letter),
            }
        }
        Err(wrong("a quote is not closed"))
    }

    /// The lines of a macro end with an empty line.
    fn skip_macro(&mut self) {
        let mut rest = self.rest;
        while let Some((line, after)) = rest.split_once('\n') {
            rest = after;
            if line.trim().is_empty() {
                self.rest = rest;
                return;
            }
        }
        self.rest = "";
    }
}

#[cfg(test)]
mod tests {
    use keyark_core::ErrorKind;
    use proptest::prelude::*;

    use super::*;

    fn password(user: &str, password: &str) -> Login {
        Login::Password { user: user.into(), password: password.into() }
    }

    #[test]
    fn the_first_machine_of_the_name_counts() {
        let text = "# mine\nmachine other login a password b\n\
            macdef init\ncd /pub\nmachine example.org login no password no\n\n\
            machine Example.org\n\tlogin me account x\n\tpassword pa#ss\n\
            machine example.org login second password second\n\
            default login anonymous password \"quoted \\\" and\\tmore\"\n";
        assert_eq!(netrc(text, "example.org").unwrap(), Some(password("me", "pa#ss")));
        assert_eq!(netrc(text, "other").unwrap(), Some(password("a", "b")));
        assert_eq!(netrc(text, "elsewhere.org").unwrap(), Some(password("anonymous", "quoted \" and\tmore")));
        assert_eq!(netrc("machine a login x password y", "b").unwrap(), None);
        assert_eq!(netrc("machine a login x", "a").unwrap(), None);
        assert_eq!(netrc("machine a password y machine b login x", "b").unwrap(), None);
        assert_eq!(netrc("", "b").unwrap(), None);
    }

    #[test]
    fn what_is_not_netrc_is_refused_and_not_shown() {
        for text in
            ["canary", "machine a login", "machine", "machine a password \"canary", "machine a login b passwort canary"]
        {
            let error = netrc(text, "a").unwrap_err();
            assert!(
                error.kind() == ErrorKind::Malformed && !format!("{error:?}").contains("canary"),
                "{text}: {error:?}"
            );
        }
    }

    #[test]
    fn json_holds_a_password_or_a_token() {
        assert_eq!(json(r#"{"username":"me","password":"p"}"#).unwrap(), password("me", "p"));
        assert_eq!(json(r#"{"token":"t"}"#).unwrap(), Login::Token("t".into()));
        for text in [r#"{"username":"canary"}"#, r#"{"password":7,"username":"canary"}"#, r#"{"token":"canary""#] {
            let error = json(text).unwrap_err();
            assert!(!format!("{error:?}").contains("canary"), "{text}: {error:?}");
        }
        assert!(!format!("{:?}", json(r#"{"token":"canary"}"#).unwrap()).contains("canary"));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(machine|default|login|password|macdef|[ \\n\"\\\\#a]){0,30}") {
            let _ = netrc(&text, "a");
        }

        #[test]
        fn quoted_passwords_come_back(secret in "[ -~]{1,30}") {
            let quoted = secret.replace('\\', "\\\\").replace('"', "\\\"");
            let text = format!("machine a login me password \"{quoted}\"");
            prop_assert_eq!(netrc(&text, "a").unwrap(), Some(password("me", &secret)));
        }
    }
}
