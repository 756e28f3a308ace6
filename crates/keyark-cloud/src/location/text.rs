//! The text of URLs: percent-encoding, and what has no place in a path.

use std::fmt::Write;

use keyark_core::{Error, ErrorKind, Result, is_invisible};
use url::Host;

/// The longest URL that is read, in bytes.
pub(super) const LONGEST: usize = 4096;

/// The segments of a path, decoded. Empty ones are left out, and those that lead elsewhere are refused.
pub(super) fn segments(path: &str) -> Result<Vec<String>> {
    path.split('/').filter(|segment| !segment.is_empty()).map(segment).collect()
}

fn segment(encoded: &str) -> Result<String> {
    let text = decode(encoded)?;
    if text == "." || text == ".." {
        return Err(Error::new(
            ErrorKind::Usage,
            "the URL's path has a . or .. in it, which would lead out of its folder",
            "write the path without them",
        ));
    }
    if text.contains(['/', '\\']) {
        let problem = "the URL's path has an encoded slash or a backslash in it";
        return Err(Error::malformed(problem, "separate folders with / alone"));
    }
    if text.trim() != text || text.chars().any(is_invisible) {
        let problem = "a folder in the URL has characters that cannot be seen, or blanks at its ends";
        return Err(Error::malformed(problem, "use another folder"));
    }
    Ok(text)
}

/// Undoes percent-encoding.
pub(crate) fn decode(text: &str) -> Result<String> {
    let wrong =
        || Error::malformed("the URL has a % that is not followed by two hex digits of UTF-8 text", "write % as %25");
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || rest.next().and_then(|digit| char::from(digit).to_digit(16)).ok_or_else(wrong);
        let value = digit()? * 16 + digit()?;
        bytes.push(u8::try_from(value).map_err(|_| wrong())?);
    }
    String::from_utf8(bytes).map_err(|_| wrong())
}

/// Encodes what is not plain in a path or in the value of a parameter.
pub(crate) fn encode(text: &str, plain: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        let letter = char::from(byte);
        if letter.is_ascii_alphanumeric() || plain.contains(letter) {
            encoded.push(letter);
        } else {
            let _ = write!(encoded, "%{byte:02X}"); // writing to a String cannot fail
        }
    }
    encoded
}

/// Whether requests to `host` stay on this computer.
pub(crate) fn is_loopback(host: Option<Host<&str>>) -> bool {
    match host {
        Some(Host::Domain(name)) => name.trim_end_matches('.') == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
