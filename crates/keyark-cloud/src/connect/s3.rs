//! S3: what AWS's own tools read, as far as OpenDAL's chain of credentials does.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use keyark_core::{Error, ErrorKind, Result};
use opendal::services::S3;
use url::Url;

use super::{Connection, operator};
use crate::credentials::{home, keys, variable};
use crate::transport::Hosts;
use crate::{CredentialSource, Service, location};

/// Domains whose names have the region after `s3.`.
const REGIONAL: &[&str] = &["amazonaws.com", "amazonaws.com.cn", "backblazeb2.com", "wasabisys.com", "scw.cloud"];
/// Domains that know buckets as subdomains only.
const SUBDOMAINS_ONLY: &[&str] = &["aliyuncs.com", "myqcloud.com", "volces.com"];

pub(super) fn connect(
    bucket: &str,
    prefix: &str,
    endpoint: Option<&str>,
    region: Option<&str>,
    credentials: &CredentialSource,
) -> Result<Connection> {
    let profile = Profile::find();
    let endpoint = match endpoint {
        Some(endpoint) => Some(endpoint.to_owned()),
        None => configured_endpoint(&profile)?,
    };
    let endpoint = endpoint.as_deref().unwrap_or("https://s3.amazonaws.com");
    let region = match region {
        Some(region) => region.to_owned(),
        None => configured_region(&profile, endpoint)?,
    };
    let mut builder = S3::default().bucket(bucket).root(&format!("/{prefix}")).endpoint(endpoint).region(&region);
    match keys::from_file(credentials)? {
        Some(keys) => {
            builder =
                builder.access_key_id(keys.id.expose()).secret_access_key(keys.secret.expose()).disable_config_load();
            if let Some(token) = &keys.session_token {
                builder = builder.session_token(token.expose());
            }
        }
        None => profile.check_credentials(&variable)?,
    }
    if !asks_instance(&variable) || *credentials != CredentialSource::Usual {
        builder = builder.disable_ec2_metadata();
    }
    if SUBDOMAINS_ONLY.iter().any(|domain| is_in(endpoint, domain)) {
        builder = builder.enable_virtual_host_style();
    }
    let mut connection = Connection::new(operator(builder, Service::S3)?, Hosts::Configured).at(endpoint);
    connection.certificates = certificates()?;
    Ok(connection)
}

fn is_in(endpoint: &str, domain: &str) -> bool {
    host(endpoint).is_some_and(|host| host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.')))
}

fn host(endpoint: &str) -> Option<String> {
    Url::parse(endpoint).ok()?.host_str().map(str::to_owned)
}

/// `AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL`, the profile's `endpoint_url`.
fn configured_endpoint(profile: &Profile) -> Result<Option<String>> {
    if variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS").is_some_and(|value| value.eq_ignore_ascii_case("true")) {
        return Ok(None);
    }
    for name in ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"] {
        if let Some(text) = variable(name) {
            return location::endpoint(&text).map(Some).map_err(|error| error.with_context("variable", name));
        }
    }
    let told = profile.setting("endpoint_url");
    told.map(|text| location::endpoint(&text).map_err(|error| error.with_context("setting", "endpoint_url")))
        .transpose()
}

/// `AWS_REGION`, `AWS_DEFAULT_REGION`, the profile's `region`, the endpoint's name.
fn configured_region(profile: &Profile, endpoint: &str) -> Result<String> {
    let told = variable("AWS_REGION").or_else(|| variable("AWS_DEFAULT_REGION")).or_else(|| profile.setting("region"));
    match told {
        Some(region) => {
            location::region(&region).map_err(|error| error.with_context("setting", "AWS_REGION"))?;
            Ok(region)
        }
        None => Ok(region_of(endpoint).unwrap_or_else(|| "us-east-1".to_owned())),
    }
}

fn region_of(endpoint: &str) -> Option<String> {
    if is_in(endpoint, "r2.cloudflarestorage.com") {
        return Some("auto".to_owned());
    }
    let host = host(endpoint)?;
    let rest = host.strip_prefix("s3.")?;
    let region = REGIONAL.iter().find_map(|domain| rest.strip_suffix(domain)?.strip_suffix('.'))?;
    location::region(region).ok().map(|()| region.to_owned())
}

/// Whether instances are to be asked for their role. Elsewhere the question is answered by nobody, which takes long.
fn asks_instance(variable: &dyn Fn(&str) -> Option<String>) -> bool {
    variable("AWS_EC2_METADATA_DISABLED").is_some_and(|value| value.eq_ignore_ascii_case("false"))
}

/// `AWS_CA_BUNDLE`, as AWS's tools read it.
fn certificates() -> Result<Option<Vec<u8>>> {
    let Some(path) = variable("AWS_CA_BUNDLE") else { return Ok(None) };
    let found = read(Path::new(&path), 1 << 22).ok_or_else(|| {
        let error = Error::new(
            ErrorKind::Usage,
            "the file of certificates cannot be read",
            "check its path, or unset the variable",
        );
        error.with_context("variable", "AWS_CA_BUNDLE")
    })?;
    Ok(Some(found))
}

/// The chosen profile's sections of AWS's two files.
struct Profile {
    name: String,
    credentials: String,
    config: String,
}

impl Profile {
    fn find() -> Self {
        let text = |variable_name, usual: &str| {
            let path =
                variable(variable_name).map(PathBuf::from).or_else(|| home().map(|home| home.join(".aws").join(usual)));
            let bytes = path.and_then(|path| read(&path, 1 << 20)).unwrap_or_default();
            String::from_utf8(bytes).unwrap_or_default()
        };
        Self {
            name: variable("AWS_PROFILE").unwrap_or_else(|| "default".to_owned()),
            credentials: text("AWS_SHARED_CREDENTIALS_FILE", "credentials"),
            config: text("AWS_CONFIG_FILE", "config"),
        }
    }

    /// A setting of `~/.aws/config`.
    fn setting(&self, name: &str) -> Option<String> {
        let section = if self.name == "default" { self.name.clone() } else { format!("profile {}", self.name) };
        value(&self.config, &section, name)
    }

    /// Refuses at once where nothing can be found, instead of at the first request.
    fn check_credentials(&self, variable: &dyn Fn(&str) -> Option<String>) -> Result<()> {
        let key = ["aws_access_key_id", "aws_secret_access_key"];
        let any = variable("AWS_ACCESS_KEY_ID").is_some() && variable("AWS_SECRET_ACCESS_KEY").is_some()
            || key.iter().all(|key| value(&self.credentials, &self.name, key).is_some())
            || key.iter().all(|key| self.setting(key).is_some())
            || self.setting("sso_start_url").is_some()
            || [
                "AWS_WEB_IDENTITY_TOKEN_FILE",
                "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
            ]
            .iter()
            .any(|name| variable(name).is_some())
            || asks_instance(variable);
        if any {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Usage,
            "there are no credentials for S3: looked at AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, ~/.aws/credentials and ~/.aws/config \
             (AWS_PROFILE, sso_start_url), AWS_WEB_IDENTITY_TOKEN_FILE and AWS_CONTAINER_CREDENTIALS_*",
            "run aws configure, or name a credentials file",
        ))
    }
}

fn value(text: &str, section: &str, name: &str) -> Option<String> {
    let sections = keys::sections(text).ok()?;
    let (_, value) = sections
        .iter()
        .filter(|found| found.name == section)
        .flat_map(|found| &found.values)
        .find(|(key, _)| *key == name)?;
    Some((*value).to_owned()).filter(|value| !value.is_empty())
}

/// A file of a bounded size; `None` if there is none, or something else.
fn read(path: &Path, most: u64) -> Option<Vec<u8>> {
    if !path.metadata().ok()?.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(most).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(name: &str) -> Profile {
        Profile {
            name: name.into(),
            credentials: "[work]\naws_access_key_id = A\naws_secret_access_key = S\n".into(),
            config: "[default]\nregion = eu-west-1\n[profile work]\nregion = eu-central-1\nendpoint_url = https://example.org/\n".into(),
        }
    }

    #[test]
    fn profiles_have_settings() {
        assert_eq!(profile("default").setting("region").as_deref(), Some("eu-west-1"));
        assert_eq!(profile("work").setting("region").as_deref(), Some("eu-central-1"));
        assert_eq!(profile("work").setting("endpoint_url").as_deref(), Some("https://example.org/"));
        assert_eq!(profile("other").setting("region"), None);
    }

    #[test]
    fn without_credentials_it_says_at_once_where_it_looked() {
        assert!(profile("work").check_credentials(&|_| None).is_ok());
        let error = profile("other").check_credentials(&|_| None).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Usage);
        for place in ["AWS_ACCESS_KEY_ID", "~/.aws/credentials", "AWS_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE"] {
            assert!(error.problem().contains(place), "{error}");
        }
        let set = |names: &'static [&'static str]| move |name: &str| names.contains(&name).then(|| "x".to_owned());
        assert!(profile("other").check_credentials(&set(&["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])).is_ok());
        assert!(profile("other").check_credentials(&set(&["AWS_ACCESS_KEY_ID"])).is_err());
        assert!(profile("other").check_credentials(&set(&["AWS_EC2_METADATA_DISABLED"])).is_err(), "only false asks");
    }

    #[test]
    fn regions_follow_from_endpoints() {
        for (endpoint, region) in [
            ("https://s3.eu-central-1.amazonaws.com", Some("eu-central-1")),
            ("https://s3.cn-north-1.amazonaws.com.cn", Some("cn-north-1")),
            ("https://s3.us-west-004.backblazeb2.com", Some("us-west-004")),
            ("https://account.r2.cloudflarestorage.com", Some("auto")),
            ("https://s3.amazonaws.com", None),
            ("https://s3.my.example.org", None),
            ("http://127.0.0.1:9000", None),
        ] {
            assert_eq!(region_of(endpoint).as_deref(), region, "{endpoint}");
        }
        assert!(is_in("https://oss-cn-hangzhou.aliyuncs.com", "aliyuncs.com"));
        assert!(!is_in("https://notaliyuncs.com", "aliyuncs.com"));
    }
}
