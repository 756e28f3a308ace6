//! S3 and OBS: an access key, from the environment or from a file in the form of `~/.aws/credentials`.

#[cfg(feature = "obs")]
use keyark_core::ErrorKind;
use keyark_core::{Error, Result, SecretText};

use super::file::Found;
use super::{CredentialSource, variable};

/// An access key.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Keys {
    pub(crate) id: SecretText,
    pub(crate) secret: SecretText,
    pub(crate) session_token: Option<SecretText>,
}

/// The key that `source` itself names; `None` for the usual places.
pub(crate) fn from_file(source: &CredentialSource) -> Result<Option<Keys>> {
    let Some(found) = Found::in_source(source)? else { return Ok(None) };
    let profile = variable("AWS_PROFILE").unwrap_or_else(|| "default".to_owned());
    read(found.text(), &profile).map(Some).map_err(|error| found.named(error))
}

/// The key in the file, or in the environment under the names that Huawei's own tools read.
#[cfg(feature = "obs")]
pub(crate) fn for_obs(source: &CredentialSource) -> Result<Keys> {
    let names = [("OBS_ACCESS_KEY_ID", "OBS_SECRET_ACCESS_KEY"), ("HUAWEICLOUD_SDK_AK", "HUAWEICLOUD_SDK_SK")];
    let keys = match from_file(source)? {
        Some(keys) => Some(keys),
        None => names.iter().find_map(|(id, secret)| {
            Some(Keys { id: variable(id)?.into(), secret: variable(secret)?.into(), session_token: None })
        }),
    };
    match keys {
        Some(Keys { session_token: Some(_), .. }) => {
            let problem = "the credentials are temporary ones, with a session token, which OBS is not sent";
            Err(Error::new(ErrorKind::Usage, problem, "use a permanent access key"))
        }
        Some(keys) => Ok(keys),
        None => Err(Error::new(
            ErrorKind::Usage,
            "there are no credentials for Huawei Cloud OBS: looked at OBS_ACCESS_KEY_ID and OBS_SECRET_ACCESS_KEY, \
             HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK",
            "set them, or name a credentials file",
        )),
    }
}

/// The profile's key; where the file has one section only, that one's.
fn read(text: &str, profile: &str) -> Result<Keys> {
    let sections = sections(text)?;
    let section = match sections.as_slice() {
        [only] => Some(only),
        several => several.iter().find(|section| section.name == profile),
    };
    let Some(section) = section else {
        let remedy = "begin it with a line [default]; AWS_PROFILE chooses among several sections";
        return Err(Error::malformed("the credentials file does not have the section that is asked for", remedy));
    };
    let get = |name| section.values.iter().find(|(key, _)| *key == name).map(|(_, value)| SecretText::from(*value));
    match (get("aws_access_key_id"), get("aws_secret_access_key")) {
        (Some(id), Some(secret)) if !id.is_empty() && !secret.is_empty() => {
            Ok(Keys { id, secret, session_token: get("aws_session_token").filter(|token| !token.is_empty()) })
        }
        _ => Err(Error::malformed(
            "the credentials file lacks aws_access_key_id or aws_secret_access_key",
            "write both as NAME = VALUE under [default]",
        )),
    }
}

pub(crate) struct Section<'a> {
    pub(crate) name: &'a str,
    pub(crate) values: Vec<(&'a str, &'a str)>,
}

/// The sections of a file of AWS's form. What is before the first is one without a name.
pub(crate) fn sections(text: &str) -> Result<Vec<Section<'_>>> {
    let mut sections: Vec<Section<'_>> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let trimmed = line.trim();
        // Indented lines belong to the setting above them.
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) || line.starts_with([' ', '\t']) {
            continue;
        }
        if let Some(name) = trimmed.strip_prefix('[').and_then(|rest| rest.split_once(']')).map(|(name, _)| name.trim())
        {
            sections.push(Section { name, values: Vec::new() });
            continue;
        }
        let Some((name, value)) = trimmed.split_once('=') else {
            let problem = format!("line {} of the file is neither [SECTION] nor NAME = VALUE", number + 1);
            return Err(Error::malformed(problem, "write it in the form of ~/.aws/credentials"));
        };
        let pair = (name.trim(), value.trim());
        match sections.last_mut() {
            Some(section) => section.values.push(pair),
            None => sections.push(Section { name: "", values: vec![pair] }),
        }
    }
    Ok(sections)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TWO: &str = "# keys\n[default]\naws_access_key_id = A\naws_secret_access_key=S+/=\n\n[ work ]\naws_access_key_id = B\n\
        aws_secret_access_key = T\naws_session_token = X==\ns3 =\n  endpoint_url = x\n";

    #[test]
    fn the_profile_decides() {
        let keys = read(TWO, "default").unwrap();
        assert_eq!((keys.id.expose(), keys.secret.expose(), keys.session_token), ("A", "S+/=", None));
        let keys = read(TWO, "work").unwrap();
        assert_eq!((keys.id.expose(), keys.session_token), ("B", Some("X==".into())));
        assert!(read(TWO, "other").is_err());
        // One section, or none, needs no choice.
        assert_eq!(read("aws_access_key_id=A\naws_secret_access_key=S", "other").unwrap().id.expose(), "A");
        assert_eq!(read("[x]\naws_access_key_id=A\naws_secret_access_key=S", "other").unwrap().id.expose(), "A");
    }

    #[test]
    fn others_are_refused_and_not_shown() {
        for text in
            ["", "canary", "[default]\ncanary", "[default]\naws_access_key_id = canary", "{\"canary\": 1}", "[canary"]
        {
            let error = read(text, "default").unwrap_err();
            assert!(!format!("{error:?}").contains("canary"), "{text}: {error:?}");
        }
        assert!(!format!("{:?}", read(&TWO.replace("S+/=", "canary"), "default").unwrap()).contains("canary"));
    }

    proptest! {
        #[test]
        fn keys_come_back(id in "[A-Z0-9]{16,20}", secret in "[A-Za-z0-9/+=]{40}") {
            let keys = read(&format!("[default]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n"), "default").unwrap();
            prop_assert_eq!((keys.id.expose(), keys.secret.expose()), (id.as_str(), secret.as_str()));
        }

        #[test]
        fn no_text_makes_it_panic(text in "[\\[\\]=# \na;]{0,40}") {
            let _ = read(&text, "default");
        }
    }
}
