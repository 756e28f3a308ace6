//! URLs, good and bad.

use std::path::Path;

use keyark_core::ErrorKind;
use proptest::prelude::*;

use super::*;

fn shown(text: &str) -> String {
    text.parse::<Location>().unwrap_or_else(|error| panic!("{text}: {error:?}")).to_string()
}

#[test]
fn good_urls_and_how_they_are_shown() {
    for (text, expected) in [
        ("file:///data/me/backup", "file:///data/me/backup"),
        ("file:///data//me/%62ackup/", "file:///data/me/backup"),
        ("file:///data/my%20wallets", "file:///data/my%20wallets"),
        ("FILE:///a", "file:///a"),
        ("s3://bucket", "s3://bucket"),
        ("s3://bucket/", "s3://bucket"),
        ("s3://my.bucket-1/a//b/", "s3://my.bucket-1/a/b"),
        ("s3://bucket/p?region=eu-central-1", "s3://bucket/p?region=eu-central-1"),
        (
            "s3://bucket/p?region=auto&endpoint=https%3A%2F%2Fs3.example.org%2F",
            "s3://bucket/p?endpoint=https://s3.example.org&region=auto",
        ),
        ("s3://bucket?endpoint=http://127.0.0.1:9000/", "s3://bucket?endpoint=http://127.0.0.1:9000"),
        (
            "s3://bucket?endpoint=https://x.example/storage/v1/s3",
            "s3://bucket?endpoint=https://x.example/storage/v1/s3",
        ),
        ("webdav+https://Example.org/dav/me@example.org/", "webdav+https://example.org/dav/me@example.org"),
        ("webdav+https://example.org:8443", "webdav+https://example.org:8443"),
        ("webdav+https://example.org:443/a", "webdav+https://example.org/a"),
        ("webdav+http://127.0.0.1:8080/dav", "webdav+http://127.0.0.1:8080/dav"),
        ("webdav+http://localhost/dav", "webdav+http://localhost/dav"),
        ("webdav+http://[::1]:80/dav", "webdav+http://[::1]/dav"),
        ("gdrive://Backups/keyark", "gdrive://Backups/keyark"),
        ("gdrive://Meine%20Dateien/\u{fc}", "gdrive://Meine%20Dateien/%C3%BC"),
        ("gdrive://x?endpoint=http://127.0.0.1:1", "gdrive://x?endpoint=http://127.0.0.1:1"),
        ("onedrive://x", "onedrive://x"),
        ("dropbox://x/y", "dropbox://x/y"),
        (
            "obs://bucket/p?endpoint=https://obs.cn-north-4.myhuaweicloud.com",
            "obs://bucket/p?endpoint=https://obs.cn-north-4.myhuaweicloud.com",
        ),
    ] {
        assert_eq!(shown(text), expected, "{text}");
        assert_eq!(shown(expected), expected, "{text}");
    }
}

#[test]
fn bad_urls_are_refused_and_not_repeated() {
    use ErrorKind::{Malformed, Usage};

    for (text, kind, word) in [
        ("", Malformed, "not a URL"),
        ("canary", Malformed, "not a URL"),
        ("file:/canary", Malformed, "not a URL"),
        ("canary://x", Usage, "scheme"),
        ("https://example.org/canary", Usage, "scheme"),
        ("file://canary/x", Usage, "three slashes"),
        ("file://canary", Usage, "three slashes"),
        ("file:///", Usage, "no folder"),
        ("file:///a/../canary", Usage, "lead out"),
        ("file:///a/./canary", Usage, "lead out"),
        ("file:///a?canary=1", Usage, "none"),
        ("s3://", Usage, "no bucket"),
        ("s3:///canary", Usage, "no bucket"),
        ("s3://ca", Malformed, "bucket"),
        ("s3://CANARY", Malformed, "bucket"),
        ("s3://key:canary", Malformed, "bucket"),
        ("s3://canary..x", Malformed, "bucket"),
        ("s3://.canary", Malformed, "bucket"),
        ("s3://key:canary@bucket/p", Usage, "credentials"),
        ("s3://canary%40bucket/p", Usage, "credentials"),
        ("s3://bucket/../canary", Usage, "lead out"),
        ("s3://bucket/%2e%2E/canary", Usage, "lead out"),
        ("s3://bucket/.%2e/canary", Usage, "lead out"),
        ("s3://bucket/a%2fcanary", Malformed, "slash"),
        ("s3://bucket/a%5Ccanary", Malformed, "slash"),
        ("s3://bucket/a\\canary", Malformed, "backslash"),
        ("s3://bucket/a%00canary", Malformed, "cannot be seen"),
        ("s3://bucket/a%0acanary", Malformed, "cannot be seen"),
        ("s3://bucket/a\ncanary", Malformed, "cannot be seen"),
        ("s3://bucket/%20canary", Malformed, "blanks"),
        ("s3://bucket/a canary", Malformed, "blank"),
        ("s3://bucket/%zzcanary", Malformed, "%25"),
        ("s3://bucket/canary%2", Malformed, "%25"),
        ("s3://bucket/%ffcanary", Malformed, "%25"),
        ("s3://bucket/#canary", Malformed, "#"),
        ("s3://bucket?canary=x", Usage, "endpoint, region"),
        ("s3://bucket?secret_access_key=canary", Usage, "endpoint, region"),
        ("s3://bucket?canary", Usage, "endpoint, region"),
        ("s3://bucket?region=a&region=canary", Usage, "twice"),
        ("s3://bucket?region=can%20ary", Malformed, "region"),
        ("s3://bucket?region=", Malformed, "region"),
        ("s3://bucket?endpoint=canary", Malformed, "endpoint"),
        ("s3://bucket?endpoint=", Malformed, "endpoint"),
        ("s3://bucket?endpoint=ftp://canary", Malformed, "endpoint"),
        ("s3://bucket?endpoint=http://canary.example", Usage, "clear"),
        ("s3://bucket?endpoint=http://10.0.0.1:9000", Usage, "clear"),
        ("s3://bucket?endpoint=https://me:canary@example.org", Usage, "credentials"),
        ("s3://bucket?endpoint=https://example.org/%3Fcanary", Usage, "parameters"),
        ("s3://bucket?endpoint=https://example.org/../canary", Usage, "lead out"),
        ("webdav+https://", Usage, "no host"),
        ("webdav+https:///canary", Usage, "no host"),
        ("webdav+https://me:canary@example.org/", Usage, "credentials"),
        ("webdav+https://canary@example.org/", Usage, "credentials"),
        ("webdav+https://example.org:canary/", Malformed, "port"),
        ("webdav+https://exa<mple/canary", Malformed, "host"),
        ("webdav+https://example.org/?canary=1", Usage, "none"),
        ("webdav+http://canary.example/", Usage, "clear"),
        ("webdav+http://192.168.1.2/canary", Usage, "clear"),
        ("webdav+http://localhost.canary.example/", Usage, "clear"),
        ("gdrive://", Usage, "no folder"),
        ("gdrive:///canary", Usage, "no folder"),
        ("gdrive://../canary", Usage, "lead out"),
        ("gdrive://canary?endpoint=https://evil.example", Usage, "not on this computer"),
        ("dropbox://a?region=canary", Usage, "endpoint"),
        ("obs://bucket?region=canary", Usage, "endpoint"),
    ] {
        let error = text.parse::<Location>().unwrap_err();
        assert_eq!(error.kind(), kind, "{text}: {error:?}");
        assert!(format!("{error:?}").contains(word), "{text}: {error:?}");
        assert!(!format!("{error:?}").to_lowercase().contains("canary"), "{text}: {error:?}");
        assert!(!error.remedy().is_empty() && !error.problem().contains('\n'), "{text}: {error:?}");
    }
    let long = format!("s3://bucket/{}", "a".repeat(5000));
    assert_eq!(long.parse::<Location>().unwrap_err().kind(), ErrorKind::OutOfBounds);
}

#[test]
fn unknown_schemes_are_answered_with_the_known_ones() {
    let error = "ftp://x".parse::<Location>().unwrap_err();
    for service in Service::ALL {
        assert!(error.remedy().contains(service.url_form()), "{}", error.remedy());
    }
    assert!("https://x".parse::<Location>().unwrap_err().remedy().contains("webdav+https"));
}

#[test]
fn a_file_url_is_a_folder() {
    let location: Location = "file:///data/my%20wallets/x".parse().unwrap();
    assert_eq!(location.service(), Service::Folder);
    if cfg!(unix) {
        assert_eq!(location.folder(), Some(Path::new("/data/my wallets/x")));
    }
    assert!("file:///data/me/Dropbox/keyark".parse::<Location>().unwrap().hint().unwrap().contains("Dropbox"));
    assert_eq!("dropbox://keyark".parse::<Location>().unwrap().hint(), None);
    assert_eq!("s3://bucket".parse::<Location>().unwrap().folder(), None);
}

#[test]
fn what_is_not_built_in_says_so() {
    for service in Service::ALL.iter().filter(|service| !service.is_built_in()) {
        let location: Location = service.url_form().replace("REGION", "x").parse().unwrap();
        let error = crate::open(&location, &Default::default(), &Default::default()).err().unwrap();
        assert!(error.kind() == ErrorKind::Usage && error.remedy().contains(service.id()), "{error:?}");
    }
}

fn hostile() -> impl Strategy<Value = String> {
    let scheme = prop_oneof![
        Just("file://"),
        Just("s3://"),
        Just("obs://"),
        Just("gdrive://"),
        Just("webdav+https://"),
        Just("webdav+http://"),
        Just("")
    ];
    let rest = prop_oneof!["[a-z0-9./%?&=@:#\\\\ -]{0,40}", "\\PC{0,20}", "(a|\\.|%2e|%2F|/|%00|\u{fc}|%C3%BC){0,20}"];
    (scheme, "(bucket|localhost|/)?", rest).prop_map(|(scheme, middle, rest)| format!("{scheme}{middle}/{rest}"))
}

proptest! {
    #[test]
    fn what_is_read_shows_as_what_is_read_again(text in hostile()) {
        if let Ok(location) = text.parse::<Location>() {
            let shown = location.to_string();
            prop_assert_eq!(shown.parse::<Location>().map_err(|error| format!("{shown}: {error:?}")).unwrap(), location);
        }
    }

    #[test]
    fn nothing_leads_out_of_the_folder(text in hostile()) {
        if let Ok(location) = text.parse::<Location>() {
            let path = match location.place() {
                Place::Folder(path) => path.to_string_lossy().into_owned(),
                Place::Bucket { prefix, .. } => prefix.clone(),
                Place::WebDav { path, .. } => path.clone(),
                Place::Drive { folder, .. } => folder.clone(),
            };
            prop_assert!(path.split('/').all(|part| part != "." && part != ".."), "{path}");
            prop_assert!(!path.contains("//") && !path.contains(['\\', '\0', '\n']), "{path}");
        }
    }

    #[test]
    fn errors_do_not_repeat_what_was_written(secret in "[a-z0-9]{12}", before in "[a-z:/+]{0,8}", after in "[@/?=:#]{1,3}") {
        if let Err(error) = format!("{before}{secret}{after}").parse::<Location>() {
            prop_assert!(!format!("{error:?}").contains(&secret), "{error:?}");
        }
    }
}
