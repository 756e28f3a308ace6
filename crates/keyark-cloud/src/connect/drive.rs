//! Google Drive, OneDrive, Dropbox: folders of an account that a token opens.

use keyark_core::Result;
use opendal::Operator;

use super::{Connection, not_built_in, operator};
use crate::credentials::token::{self, Token};
use crate::transport::Hosts;
use crate::{CredentialSource, Service};

/// Sets a builder of OpenDAL up. The builders of the three have the same methods, and no trait in common.
#[cfg(any(feature = "gdrive", feature = "onedrive", feature = "dropbox"))]
macro_rules! built {
    ($builder:expr, $root:expr, $token:expr) => {{
        let builder = $builder.root($root);
        match $token {
            Token::Access(token) => builder.access_token(token.expose()),
            Token::Refresh { client_id, client_secret, refresh_token } => {
                let builder = builder.client_id(client_id).refresh_token(refresh_token.expose());
                match client_secret {
                    Some(secret) => builder.client_secret(secret.expose()),
                    None => builder,
                }
            }
        }
    }};
}

pub(super) fn connect(
    service: Service,
    folder: &str,
    stand_in: Option<&str>,
    credentials: &CredentialSource,
) -> Result<Connection> {
    let token = token::find(credentials, service)?;
    let root = format!("/{folder}");
    let servers: &[&str] = match service {
        Service::GoogleDrive => &["https://www.googleapis.com", "https://oauth2.googleapis.com"],
        Service::OneDrive => &["https://graph.microsoft.com", "https://login.microsoftonline.com"],
        _ => &["https://api.dropboxapi.com", "https://content.dropboxapi.com"],
    };
    let hosts = match stand_in {
        Some(server) => Hosts::Instead(server.to_owned()),
        None => Hosts::Only(servers.iter().map(|server| (*server).to_owned()).collect()),
    };
    #[allow(unused_mut)] // without Google Drive
    let mut connection = Connection::new(build(service, &root, &token)?, hosts).at(stand_in.unwrap_or_default());
    #[cfg(feature = "gdrive")]
    if service == Service::GoogleDrive {
        connection.again = Some(Box::new(move || build(service, &root, &token)));
    }
    Ok(connection)
}

fn build(service: Service, root: &str, token: &Token) -> Result<Operator> {
    match service {
        #[cfg(feature = "gdrive")]
        Service::GoogleDrive => operator(built!(opendal::services::Gdrive::default(), root, token), service),
        #[cfg(feature = "onedrive")]
        Service::OneDrive => operator(built!(opendal::services::Onedrive::default(), root, token), service),
        #[cfg(feature = "dropbox")]
        Service::Dropbox => operator(built!(opendal::services::Dropbox::default(), root, token), service),
        _ => Err(not_built_in(service)),
    }
}
