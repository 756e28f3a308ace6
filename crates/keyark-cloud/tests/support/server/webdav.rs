//! WebDAV (RFC 4918): files, collections, MOVE; no locks, no properties of one's own.

use super::http::{Answer, Request, decode, xml};
use super::s3::ranged;
use super::store::Objects;

pub(super) const ROOT: &str = "/dav/";
const MODIFIED: &str = "Mon, 01 Jan 2024 00:00:00 GMT";

pub(super) fn answer(
    objects: &mut Objects,
    request: &Request,
    conditional: bool,
    missing_parent: Option<u16>,
) -> Answer {
    let Some(path) = format!("{}/", request.path).strip_prefix(ROOT).map(|path| path.trim_matches('/').to_owned())
    else {
        return Answer::empty(404);
    };
    let parent = path.rsplit_once('/').map_or("", |(parent, _)| parent);
    match request.method.as_str() {
        "OPTIONS" => Answer::empty(200).with("DAV", "1"),
        "GET" => get(objects, &path, request),
        "HEAD" => get(objects, &path, request).without_body(),
        "PROPFIND" => propfind(objects, &path, request),
        "PUT" if objects.is_folder(&path) => Answer::empty(405),
        "MKCOL" if missing_parent.is_some() && !objects.is_folder(parent) => Answer::empty(409),
        "PUT"
            if !objects.is_folder(parent)
                && let Some(status) = missing_parent =>
        {
            Answer::empty(status)
        }
        "PUT" => {
            let existed = objects.read(&path).is_some();
            if existed && conditional && request.header("if-none-match") == Some("*") {
                return Answer::empty(412);
            }
            objects.write(&path, request.body.clone());
            Answer::empty(if existed { 204 } else { 201 })
        }
        "MKCOL" if objects.is_folder(&path) || objects.read(&path).is_some() => Answer::empty(405),
        "MKCOL" => {
            objects.add_folders_of(&path);
            objects.add_folder(&path);
            Answer::empty(201)
        }
        "DELETE" if objects.remove(&path) => Answer::empty(204),
        "DELETE" if !path.is_empty() && objects.is_folder(&path) => {
            objects.remove_folder(&path);
            Answer::empty(204)
        }
        "DELETE" => Answer::empty(404),
        "MOVE" => rename(objects, &path, request, conditional, missing_parent),
        _ => Answer::empty(405),
    }
}

fn etag(version: usize) -> String {
    format!("\"{version}\"")
}

fn get(objects: &Objects, path: &str, request: &Request) -> Answer {
    match objects.read(path) {
        Some((bytes, version)) => ranged(&bytes, request)
            .unwrap_or_else(|| Answer::empty(416))
            .with("ETag", &etag(version))
            .with("Last-Modified", MODIFIED),
        None if objects.is_folder(path) => Answer::empty(405),
        None => Answer::empty(404),
    }
}

fn rename(
    objects: &mut Objects,
    path: &str,
    request: &Request,
    conditional: bool,
    missing_parent: Option<u16>,
) -> Answer {
    let destination = request.header("destination").unwrap_or_default();
    let Some((_, target)) = destination.split_once(ROOT) else { return Answer::empty(400) };
    let target = decode(target);
    let Some((bytes, _)) = objects.read(path) else { return Answer::empty(404) };
    let parent = target.rsplit_once('/').map_or("", |(parent, _)| parent);
    if missing_parent.is_some() && !objects.is_folder(parent) {
        return Answer::empty(409);
    }
    let existed = objects.read(&target).is_some();
    if existed && conditional && request.header("overwrite") == Some("F") {
        return Answer::empty(412);
    }
    objects.write(&target, bytes.to_vec());
    objects.remove(path);
    Answer::empty(if existed { 204 } else { 201 })
}

fn propfind(objects: &Objects, path: &str, request: &Request) -> Answer {
    let mut entries = String::new();
    if let Some((bytes, version)) = objects.read(path) {
        entries += &file(path, bytes.len(), version);
    } else if objects.is_folder(path) {
        entries += &folder(path);
        match request.header("depth") {
            Some("0") => {}
            Some("1") => {
                let within = if path.is_empty() { String::new() } else { format!("{path}/") };
                for name in objects.folders_in(path) {
                    entries += &folder(&format!("{within}{name}"));
                }
                for (path, size, version) in objects.with_prefix(&within) {
                    if !path[within.len()..].contains('/') {
                        entries += &file(path, size, version);
                    }
                }
            }
            // RFC 4918, 9.1: a server may refuse to list everything below a folder, and many do.
            _ => return Answer::empty(403),
        }
    } else {
        return Answer::empty(404);
    }
    let body =
        format!("<?xml version=\"1.0\" encoding=\"utf-8\"?><D:multistatus xmlns:D=\"DAV:\">{entries}</D:multistatus>");
    Answer::new(207, "application/xml; charset=utf-8", body.into_bytes())
}

fn folder(path: &str) -> String {
    let href = if path.is_empty() { ROOT.to_owned() } else { format!("{ROOT}{path}/") };
    entry(&href, "<D:resourcetype><D:collection/></D:resourcetype>")
}

fn file(path: &str, size: usize, version: usize) -> String {
    let etag = etag(version);
    entry(
        &format!("{ROOT}{path}"),
        &format!("<D:resourcetype/><D:getcontentlength>{size}</D:getcontentlength><D:getetag>{etag}</D:getetag>"),
    )
}

fn entry(href: &str, properties: &str) -> String {
    format!(
        "<D:response><D:href>{}</D:href><D:propstat><D:prop>{properties}<D:getlastmodified>{MODIFIED}</D:getlastmodified></D:prop>\
         <D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>",
        xml(href)
    )
}
