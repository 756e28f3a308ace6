//! What OpenDAL leaves to do for WebDAV (RFC 4918).

use url::Url;

use crate::location::decode;

/// Makes the addresses in a listing paths, and checks that they lie below what was asked for.
///
/// Servers may write whole URLs there (section 8.3), which OpenDAL takes for paths; and it relies on their lying below, which a hostile
/// server need not respect. `None` for a listing that is not usable.
pub(crate) fn tidy(body: Vec<u8>, asked: &Url) -> Option<Vec<u8>> {
    let text = String::from_utf8(body).ok()?;
    let origin = asked.origin().ascii_serialization();
    let text = text.replace(&format!(">{origin}/"), ">/");
    let folder = decode(asked.path()).ok()?;
    let folder = folder.trim_end_matches('/');
    for (end, _) in text.match_indices("href>") {
        let (content, tag) = text.get(..end)?.rsplit_once('<')?;
        if !tag.starts_with('/') {
            continue; // it begins here; looked at where it ends
        }
        let path = content.rsplit_once('>')?.1.trim();
        let path = unescape(path);
        let path = decode(&path).unwrap_or(path); // a server that does not encode % is as good as others
        let below = path.strip_prefix(folder)?;
        if !(below.is_empty() || below.starts_with('/')) {
            return None;
        }
    }
    Some(text.into_bytes())
}

/// The entities of XML that need no declaration (XML 1.0, section 4.6).
fn unescape(text: &str) -> String {
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")]
        .iter()
        .fold(text.to_owned(), |text, (entity, letter)| text.replace(entity, letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tidied(hrefs: &[&str]) -> Option<String> {
        let responses = hrefs.iter().map(|href| format!("<d:response><d:href>{href}</d:href></d:response>"));
        let body: String = std::iter::once("<d:multistatus>".to_owned()).chain(responses).collect();
        let asked = Url::parse("https://example.org:8443/dav/me%20&%20you/vault/").unwrap();
        tidy(body.into_bytes(), &asked).map(|body| String::from_utf8(body).unwrap())
    }

    #[test]
    fn whole_urls_become_paths() {
        let text =
            tidied(&["https://example.org:8443/dav/me%20&amp;%20you/vault/a", "/dav/me%20%26%20you/vault/"]).unwrap();
        assert!(text.contains("<d:href>/dav/me%20&amp;%20you/vault/a</d:href>"), "{text}");
        assert!(tidied(&["/dav/me%20&amp;%20you/vault", "\n /dav/me%20&amp;%20you/vault/x\n"]).is_some());
        let attributes = b"<href xmlns=\"DAV:\">/a/b</href><a href=\"x\">".to_vec();
        assert!(tidy(attributes, &Url::parse("http://localhost/a/").unwrap()).is_some());
    }

    #[test]
    fn what_lies_elsewhere_is_refused() {
        for href in [
            "/",
            "",
            "a",
            "/dav/other/x",
            "/dav/me%20&amp;%20you/vaults/x",
            "https://elsewhere.org/dav/me%20&amp;%20you/vault/a",
            "%",
        ] {
            assert_eq!(tidied(&[href]), None, "{href}");
        }
        assert_eq!(tidy(vec![0xff], &Url::parse("http://localhost/").unwrap()), None);
    }
}
