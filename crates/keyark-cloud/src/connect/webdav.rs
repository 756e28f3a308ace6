//! WebDAV (RFC 4918).

use keyark_core::{Error, Result};
use opendal::raw::{format_authorization_by_basic, format_authorization_by_bearer};
use opendal::services::Webdav;
use url::Url;

use super::{Connection, operator};
use crate::credentials::netrc::{self, Login};
use crate::location::encode;
use crate::transport::Hosts;
use crate::{CredentialSource, Service};

/// What a MOVE needs, which OpenDAL cannot be asked for without overwriting.
#[derive(Clone)]
pub(crate) struct Dav {
    /// The vault's folder, without a slash at the end.
    folder: String,
    authorization: Option<http::HeaderValue>,
}

pub(super) fn connect(origin: &str, path: &str, credentials: &CredentialSource) -> Result<Connection> {
    let host = Url::parse(origin).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    let login = netrc::find(credentials, &host)?;
    let mut builder = Webdav::default().endpoint(origin).root(&format!("/{path}")).disable_create_dir(true);
    let header = match &login {
        Login::Nobody => None,
        Login::Password { user, password } => {
            builder = builder.username(user).password(password.expose());
            Some(format_authorization_by_basic(user, password.expose()))
        }
        Login::Token(token) => {
            builder = builder.token(token.expose());
            Some(format_authorization_by_bearer(token.expose()))
        }
    };
    let unusable =
        || Error::malformed("the login has letters that cannot be sent, or no user name", "check the credentials file");
    let authorization = match header {
        None => None,
        Some(text) => {
            let text = zeroize::Zeroizing::new(text.map_err(|_| unusable())?);
            let mut value = http::HeaderValue::from_str(&text).map_err(|_| unusable())?;
            value.set_sensitive(true);
            Some(value)
        }
    };
    let folder = path
        .split('/')
        .filter(|part| !part.is_empty())
        .fold(origin.to_owned(), |url, part| url + "/" + &encode(part, "-._~"));
    let mut connection =
        Connection::new(operator(builder, Service::WebDav)?, Hosts::Only(vec![origin.to_owned()])).at(origin);
    connection.webdav = Some(Dav { folder, authorization });
    Ok(connection)
}

impl Dav {
    /// Gives a file another name (section 9.9); with `Overwrite: F`, only if there is none of that name.
    pub(crate) fn rename(&self, from: &str, to: &str, overwrite: bool) -> Option<http::Request<opendal::Buffer>> {
        let mut request = http::Request::builder()
            .method("MOVE")
            .uri(format!("{}/{from}", self.folder))
            .header("Destination", format!("{}/{to}", self.folder))
            .header("Overwrite", if overwrite { "T" } else { "F" });
        if let Some(value) = &self.authorization {
            request = request.header(http::header::AUTHORIZATION, value.clone());
        }
        request.body(opendal::Buffer::new()).ok()
    }
}
