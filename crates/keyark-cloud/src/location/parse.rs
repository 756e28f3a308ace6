//! Reading the URLs of vaults. No error repeats a part of a URL: people put passwords into them.

use std::path::PathBuf;
use std::str::FromStr;

use keyark_core::{Error, ErrorKind, Result, is_invisible};
use url::Url;

use super::text::{LONGEST, decode, encode, is_loopback, segments};
use super::{Location, Place};
use crate::Service;

/// What stays as it is in the path of a URL.
const PLAIN_IN_PATHS: &str = "-._~!$&'()*+,;=:@";
/// What stays as it is in the value of a parameter.
const PLAIN_IN_VALUES: &str = "-._~:/[]";

impl FromStr for Location {
    type Err = Error;

    /// Reads a URL.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`] for what is not a URL of a vault, [`ErrorKind::Usage`] for one that must not be used: an unknown service,
    /// credentials, unknown parameters, a path that leads out of its folder, HTTP without TLS to another computer.
    fn from_str(text: &str) -> Result<Self> {
        let parts = Parts::split(text)?;
        let service = parts.service()?;
        let known = parts.parameters(service)?;
        match service {
            Service::Folder => folder(&parts),
            Service::WebDav => webdav(&parts),
            Service::S3 | Service::HuaweiObs => bucket(service, &parts, known),
            _ => drive(service, &parts, known),
        }
    }
}

/// A URL, cut but not decoded.
struct Parts<'a> {
    scheme: &'a str,
    authority: &'a str,
    path: &'a str,
    query: Option<&'a str>,
}

#[derive(Default)]
struct Parameters {
    endpoint: Option<String>,
    region: Option<String>,
}

impl<'a> Parts<'a> {
    fn split(text: &'a str) -> Result<Self> {
        if text.len() > LONGEST {
            let problem = format!("the URL has {} bytes, and at most {LONGEST} are read", text.len());
            return Err(Error::new(ErrorKind::OutOfBounds, problem, "use a shorter one"));
        }
        if text.chars().any(|letter| is_invisible(letter) || letter.is_whitespace() || letter == '\\') {
            let problem = "the URL has a blank, a backslash or a character that cannot be seen";
            return Err(Error::malformed(problem, "write a blank as %20, and separate folders with /"));
        }
        let Some((scheme, rest)) = text.split_once("://") else {
            return Err(Error::malformed("that is not a URL: it has no ://", known_services("use one of ")));
        };
        if rest.contains('#') {
            return Err(Error::malformed("the URL has a # in it", "write # as %23"));
        }
        let (rest, query) = rest.split_once('?').map_or((rest, None), |(rest, query)| (rest, Some(query)));
        let cut = rest.find('/').unwrap_or(rest.len());
        let (authority, path) = rest.split_at_checked(cut).unwrap_or((rest, ""));
        if authority.contains('@') || authority.to_ascii_lowercase().contains("%40") {
            return Err(Error::new(
                ErrorKind::Usage,
                "the URL has credentials in it, which do not belong there: URLs end in histories and logs",
                "leave out what is before the @; credentials come from the service's usual places or from a file",
            ));
        }
        Ok(Self { scheme, authority, path, query })
    }

    fn service(&self) -> Result<Service> {
        let told = match self.scheme.to_ascii_lowercase().as_str() {
            "file" => return Ok(Service::Folder),
            "s3" => return Ok(Service::S3),
            "webdav+http" | "webdav+https" => return Ok(Service::WebDav),
            "gdrive" => return Ok(Service::GoogleDrive),
            "obs" => return Ok(Service::HuaweiObs),
            "onedrive" => return Ok(Service::OneDrive),
            "dropbox" => return Ok(Service::Dropbox),
            "http" | "https" | "dav" | "davs" | "webdav" | "webdavs" => {
                "for WebDAV, write webdav+https://; else use one of "
            }
            _ => "use one of ",
        };
        Err(Error::new(
            ErrorKind::Usage,
            "the URL's scheme is not that of a service that keyark knows",
            known_services(told),
        ))
    }

    fn parameters(&self, service: Service) -> Result<Parameters> {
        let mut found = Parameters::default();
        let pairs = self.query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
        for (position, pair) in pairs.enumerate() {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let slot = match name {
                "endpoint" if service.parameters().contains(&name) => &mut found.endpoint,
                "region" if service.parameters().contains(&name) => &mut found.region,
                _ => {
                    let known = match service.parameters() {
                        [] => "none".to_owned(),
                        names => names.join(", "),
                    };
                    let problem = format!("parameter {} of the URL is not known", position + 1);
                    let remedy = format!("parameters of {}: {known}", service.url_form());
                    return Err(Error::new(ErrorKind::Usage, problem, remedy));
                }
            };
            if slot.replace(decode(value)?).is_some() {
                return Err(Error::new(ErrorKind::Usage, "the URL has a parameter twice", "leave one of them"));
            }
        }
        if let Some(endpoint) = &mut found.endpoint {
            *endpoint = self::endpoint(endpoint)?;
        }
        if let Some(region) = &found.region {
            self::region(region)?;
        }
        Ok(found)
    }
}

fn known_services(before: &str) -> String {
    let forms: Vec<_> = Service::ALL.iter().map(|service| service.url_form()).collect();
    format!("{before}{}", forms.join(", "))
}

fn missing(what: &str, service: Service) -> Error {
    Error::new(ErrorKind::Usage, format!("the URL names no {what}"), format!("write it as {}", service.url_form()))
}

fn folder(parts: &Parts<'_>) -> Result<Location> {
    if !parts.authority.is_empty() {
        let problem = "a file URL has a computer or a relative path in it";
        return Err(Error::new(
            ErrorKind::Usage,
            problem,
            "write the whole path, with three slashes: file:///data/me/backup",
        ));
    }
    let names = segments(parts.path)?;
    if names.is_empty() {
        return Err(missing("folder", Service::Folder));
    }
    let mut path = if cfg!(windows) { PathBuf::new() } else { PathBuf::from("/") };
    for (position, name) in names.iter().enumerate() {
        // `C:` by itself would be the folder in which the program happens to be on that disk.
        path.push(if cfg!(windows) && position == 0 { format!("{name}\\") } else { name.clone() });
    }
    Ok(Location { place: Place::Folder(path), short: show("file://", &names), parameters: String::new() })
}

fn webdav(parts: &Parts<'_>) -> Result<Location> {
    let plain = parts.scheme.eq_ignore_ascii_case("webdav+http");
    if parts.authority.is_empty() {
        return Err(missing("host", Service::WebDav));
    }
    let scheme = if plain { "http" } else { "https" };
    let url = Url::parse(&format!("{scheme}://{}/", parts.authority)).map_err(|_| bad_host())?;
    if plain && !is_loopback(url.host()) {
        return Err(in_the_clear("webdav+https://"));
    }
    let names = segments(parts.path)?;
    let origin = origin(&url).ok_or_else(bad_host)?;
    let short = show(&format!("webdav+{origin}"), &names);
    Ok(Location { place: Place::WebDav { origin, path: names.join("/") }, short, parameters: String::new() })
}

fn bucket(service: Service, parts: &Parts<'_>, parameters: Parameters) -> Result<Location> {
    let bucket = parts.authority;
    if bucket.is_empty() {
        return Err(missing("bucket", service));
    }
    let known = |letter: char| matches!(letter, 'a'..='z' | '0'..='9' | '-' | '.');
    let ends = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    let wrong = !(3..=63).contains(&bucket.len())
        || !bucket.chars().all(known)
        || !bucket.starts_with(ends)
        || !bucket.ends_with(ends)
        || bucket.contains("..");
    if wrong {
        let remedy = "a bucket's name has 3 to 63 of a-z, 0-9, - and ., with a letter or digit at both ends";
        return Err(Error::malformed("the URL's bucket has a name that no bucket can have", remedy));
    }
    let names = segments(parts.path)?;
    let short = show(&format!("{}://{bucket}", service.id()), &names);
    let Parameters { endpoint, region } = parameters;
    let shown = show_parameters(&[("endpoint", &endpoint), ("region", &region)]);
    let place = Place::Bucket { service, bucket: bucket.to_owned(), prefix: names.join("/"), endpoint, region };
    Ok(Location { place, short, parameters: shown })
}

fn drive(service: Service, parts: &Parts<'_>, parameters: Parameters) -> Result<Location> {
    let names = segments(&format!("{}{}", parts.authority, parts.path))?;
    if parts.authority.is_empty() || names.is_empty() {
        return Err(missing("folder", service));
    }
    // Whoever is asked instead of the service gets the token that opens the account.
    if let Some(endpoint) = &parameters.endpoint
        && !Url::parse(endpoint).is_ok_and(|url| is_loopback(url.host()))
    {
        let problem =
            format!("the endpoint of {service} is not on this computer, and would be sent the account's token");
        return Err(Error::new(
            ErrorKind::Usage,
            problem,
            "leave the endpoint out; only a server on 127.0.0.1 can stand in",
        ));
    }
    let short = format!("{}:/{}", service.id(), show("", &names));
    let shown = show_parameters(&[("endpoint", &parameters.endpoint)]);
    let place = Place::Drive { service, folder: names.join("/"), stand_in: parameters.endpoint };
    Ok(Location { place, short, parameters: shown })
}

fn show(before: &str, names: &[String]) -> String {
    names.iter().fold(before.to_owned(), |text, name| text + "/" + &encode(name, PLAIN_IN_PATHS))
}

fn show_parameters(parameters: &[(&str, &Option<String>)]) -> String {
    let set = parameters.iter().filter_map(|(name, value)| value.as_ref().map(|value| (name, value)));
    set.enumerate().fold(String::new(), |text, (position, (name, value))| {
        let sign = if position == 0 { '?' } else { '&' };
        format!("{text}{sign}{name}={}", encode(value, PLAIN_IN_VALUES))
    })
}

/// Scheme, host and port.
fn origin(url: &Url) -> Option<String> {
    let port = url.port().map_or(String::new(), |port| format!(":{port}"));
    Some(format!("{}://{}{port}", url.scheme(), url.host_str()?))
}

fn bad_host() -> Error {
    Error::malformed(
        "the URL's host or port is not one",
        "write it as webdav+https://example.org/folder, or with a port: example.org:8443",
    )
}

fn in_the_clear(instead: &str) -> Error {
    Error::new(
        ErrorKind::Usage,
        "without TLS, the credentials would cross the network in the clear",
        format!("use {instead}; without TLS, only a server on this computer (127.0.0.1) is used"),
    )
}

/// The address of a server, checked, without a slash at its end.
pub(crate) fn endpoint(text: &str) -> Result<String> {
    let wrong =
        || Error::malformed("the endpoint is not the URL of a server", "write it as https://host or https://host:port");
    let rest = text.split_once("://").ok_or_else(wrong)?.1;
    if rest.contains(['@', '?', '#']) {
        return Err(Error::new(
            ErrorKind::Usage,
            "the endpoint has credentials, parameters or a # in it",
            "write it as https://host or https://host:port; credentials come from the service's usual places or from a file",
        ));
    }
    let url = Url::parse(text).map_err(|_| wrong())?;
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(url.host()) => {}
        "http" => return Err(in_the_clear("an endpoint with https://")),
        _ => return Err(wrong()),
    }
    let path = rest.split_once('/').map_or("", |(_, path)| path);
    Ok(show(&origin(&url).ok_or_else(wrong)?, &segments(path)?))
}

/// Refuses what is not the name of a region.
pub(crate) fn region(text: &str) -> Result<()> {
    let known = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    if text.is_empty() || text.len() > 40 || !text.chars().all(known) {
        return Err(Error::malformed(
            "the region is not the name of one",
            "regions look like eu-central-1; some servers want auto",
        ));
    }
    Ok(())
}
