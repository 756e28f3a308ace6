//! S3 in path style: one bucket, objects of one part, `ListObjectsV2`.

use super::http::{Answer, Request, xml};
use super::store::Objects;

pub(super) const ROOT: &str = "/bucket/";
const MODIFIED: &str = "Mon, 01 Jan 2024 00:00:00 GMT";

pub(super) fn refusal(status: u16, code: &str) -> Answer {
    let body = format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>{code}</Message></Error>");
    Answer::new(status, "application/xml", body.into_bytes())
}

pub(super) fn answer(objects: &mut Objects, request: &Request, if_none_match: bool, page: usize) -> Answer {
    if request.path.trim_end_matches('/') == ROOT.trim_end_matches('/') {
        return match request.method.as_str() {
            "GET" if request.query("list-type") == Some("2") => list(objects, request, page),
            "HEAD" => Answer::empty(200),
            _ => refusal(501, "NotImplemented"),
        };
    }
    let Some(key) = request.path.strip_prefix(ROOT) else { return refusal(404, "NoSuchBucket") };
    match request.method.as_str() {
        "GET" => get(objects, key, request),
        "HEAD" => get(objects, key, request).without_body(),
        "PUT" if request.query("uploadId").is_none() && request.header("x-amz-copy-source").is_none() => {
            if if_none_match && request.header("if-none-match") == Some("*") && objects.read(key).is_some() {
                return refusal(412, "PreconditionFailed");
            }
            objects.write(key, request.body.clone());
            let version = objects.read(key).map_or(0, |(_, version)| version);
            Answer::empty(200).with("ETag", &etag(version))
        }
        "DELETE" => {
            objects.remove(key);
            Answer::empty(204)
        }
        _ => refusal(501, "NotImplemented"),
    }
}

fn etag(version: usize) -> String {
    format!("\"{version:032x}\"")
}

fn get(objects: &Objects, key: &str, request: &Request) -> Answer {
    let Some((bytes, version)) = objects.read(key) else { return refusal(404, "NoSuchKey") };
    ranged(&bytes, request)
        .unwrap_or_else(|| refusal(416, "InvalidRange"))
        .with("ETag", &etag(version))
        .with("Last-Modified", MODIFIED)
        .with("Accept-Ranges", "bytes")
}

/// The bytes, or those that a `Range` asks for; nothing where there are none.
pub(super) fn ranged(bytes: &[u8], request: &Request) -> Option<Answer> {
    const KIND: &str = "application/octet-stream";
    let range =
        request.header("range").and_then(|range| range.strip_prefix("bytes=")).and_then(|range| range.split_once('-'));
    let Some((from, to)) = range else { return Some(Answer::new(200, KIND, bytes.to_vec())) };
    let last = bytes.len().checked_sub(1)?;
    let (from, to) = match (from.parse().ok(), to.parse().ok()) {
        (Some(from), to) => (from, to.unwrap_or(last).min(last)),
        (None, Some(length)) => (bytes.len().saturating_sub(length), last),
        (None, None) => return None,
    };
    let part = bytes.get(from..=to).filter(|part| !part.is_empty())?;
    let answer = Answer::new(206, KIND, part.to_vec());
    Some(answer.with("Content-Range", &format!("bytes {from}-{to}/{}", bytes.len())))
}

fn list(objects: &Objects, request: &Request, page: usize) -> Answer {
    let prefix = request.query("prefix").unwrap_or_default();
    let delimiter = request.query("delimiter").unwrap_or_default();
    let most = request.query("max-keys").and_then(|most| most.parse().ok()).unwrap_or(page).min(page);
    // A token is the last entry, in a form that has to be encoded in a URL.
    let after = match request.query("continuation-token") {
        None => request.query("start-after").unwrap_or_default().to_owned(),
        Some(token) => match unhex(token.trim_end_matches('=')) {
            Some(after) => after,
            None => return refusal(400, "InvalidArgument"),
        },
    };
    let (mut entries, mut last, mut count, mut truncated) = (String::new(), String::new(), 0, false);
    for (key, size, version) in objects.with_prefix(prefix) {
        let end = key[prefix.len()..].find(delimiter).filter(|_| !delimiter.is_empty());
        let entry = end.map_or(key, |end| &key[..prefix.len() + end + delimiter.len()]);
        if entry <= after.as_str() || entry == last {
            continue;
        }
        if count == most {
            truncated = true;
            break;
        }
        count += 1;
        last = entry.to_owned();
        let name = xml(entry);
        entries += &match end {
            Some(_) => format!("<CommonPrefixes><Prefix>{name}</Prefix></CommonPrefixes>"),
            None => format!(
                "<Contents><Key>{name}</Key><LastModified>2024-01-01T00:00:00.000Z</LastModified><ETag>{}</ETag>\
                 <Size>{size}</Size><StorageClass>STANDARD</StorageClass></Contents>",
                etag(version)
            ),
        };
    }
    let token = if truncated {
        format!("<NextContinuationToken>{}==</NextContinuationToken>", hex(&last))
    } else {
        String::new()
    };
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>bucket</Name>\
         <Prefix>{}</Prefix><KeyCount>{count}</KeyCount><MaxKeys>{most}</MaxKeys><IsTruncated>{truncated}</IsTruncated>{token}{entries}\
         </ListBucketResult>",
        xml(prefix)
    );
    Answer::new(200, "application/xml", body.into_bytes())
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<String> {
    let bytes = (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok());
    String::from_utf8(bytes.collect::<Option<Vec<_>>>()?).ok()
}
