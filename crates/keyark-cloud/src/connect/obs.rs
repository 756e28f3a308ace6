//! Huawei Cloud's Object Storage Service.

use keyark_core::{Error, ErrorKind, Result};
use opendal::services::Obs;
use url::Url;

use super::{Connection, operator};
use crate::credentials::{keys, variable};
use crate::transport::Hosts;
use crate::{CredentialSource, Service, location};

pub(super) fn connect(
    bucket: &str,
    prefix: &str,
    endpoint: Option<&str>,
    credentials: &CredentialSource,
) -> Result<Connection> {
    let endpoint = match endpoint {
        Some(endpoint) => endpoint.to_owned(),
        None => {
            let told = variable("OBS_ENDPOINT").ok_or_else(|| {
                let remedy = format!("write it as {}, or set OBS_ENDPOINT", Service::HuaweiObs.url_form());
                Error::new(ErrorKind::Usage, "the URL does not say which region of OBS the bucket is in", remedy)
            })?;
            let told = if told.contains("://") { told } else { format!("https://{told}") };
            location::endpoint(&told).map_err(|error| error.with_context("variable", "OBS_ENDPOINT"))?
        }
    };
    let keys = keys::for_obs(credentials)?;
    let builder = Obs::default()
        .bucket(bucket)
        .root(&format!("/{prefix}"))
        .endpoint(&endpoint)
        .access_key_id(keys.id.expose())
        .secret_access_key(keys.secret.expose());
    // OpenDAL leaves out the port of an address that is not Huawei's own.
    let hosts = match Url::parse(&endpoint) {
        Ok(url) if url.port().is_some() => Hosts::Instead(url.origin().ascii_serialization()),
        _ => Hosts::Configured,
    };
    Ok(Connection::new(operator(builder, Service::HuaweiObs)?, hosts).at(&endpoint))
}
