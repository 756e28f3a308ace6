//! The names of a vault's files, checked before a server sees them and after a server sent them.

use keyark_core::{Error, ErrorKind, Result};
use keyark_vault::{check_file_name, check_folder_name, is_name_part};

/// The longest part of a name; the vault's own have about fifty characters.
const LONGEST_PART: usize = 200;

/// Refuses what is not the name of a file.
pub(crate) fn check_file(name: &str) -> Result<()> {
    check_file_name(name).and_then(|()| check_length(name))
}

/// Refuses what is not the name of a folder; the vault's own is the empty text.
pub(crate) fn check_folder(name: &str) -> Result<()> {
    check_folder_name(name).and_then(|()| check_length(name))
}

fn check_length(name: &str) -> Result<()> {
    if name.split('/').all(|part| part.len() <= LONGEST_PART) {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Usage,
        format!("a part of a name has more than {LONGEST_PART} characters"),
        "use a shorter name",
    ))
}

/// Whether a vault can have a file or folder of this name, without the folder's.
fn is_part(part: &str) -> bool {
    is_name_part(part) && part.len() <= LONGEST_PART
}

/// What a listing of `folder` calls a file or folder whose whole path is `path`, if a vault can have it.
/// Servers list what others put there, and the folder itself.
pub(crate) fn within<'a>(folder: &str, path: &'a str) -> Option<&'a str> {
    let path = path.trim_start_matches('/');
    let name = if folder.is_empty() { path } else { path.strip_prefix(folder)?.strip_prefix('/')? };
    is_part(name.strip_suffix('/').unwrap_or(name)).then_some(name)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_of_a_vault_and_others() {
        for name in ["a", "keyark-vault.json", "epochs/1/manifest-7.age", "a/b/c/d"] {
            check_file(name).unwrap();
        }
        for name in [
            "",
            "/",
            "a/",
            "/a",
            "a//b",
            "..",
            "a/../b",
            ".tmp-1",
            "a/.x",
            "A",
            "a b",
            "a\\b",
            "a%2f",
            "a/b/c/d/e",
            "ä",
        ] {
            assert_eq!(check_file(name).unwrap_err().kind(), ErrorKind::Usage, "{name}");
        }
        check_folder("").unwrap();
        check_folder("a/b/c").unwrap();
        assert!(check_folder("a/b/c/d").is_err() && check_folder("a/").is_err());
    }

    #[test]
    fn listings_give_only_what_a_vault_can_have() {
        assert_eq!(within("", "keyark-vault.json"), Some("keyark-vault.json"));
        assert_eq!(within("", "/epochs/"), Some("epochs/"));
        assert_eq!(within("epochs/1", "epochs/1/records/"), Some("records/"));
        for path in [
            "epochs/1/",
            "epochs/1",
            "epochs/12/x",
            "other/x",
            "epochs/1/.tmp-x",
            "epochs/1/a/b",
            "epochs/1/../x",
            "epochs/1/A",
            "/",
        ] {
            assert_eq!(within("epochs/1", path), None, "{path}");
        }
    }

    proptest! {
        #[test]
        fn no_name_from_a_server_leads_elsewhere(folder in "[a-z]{0,3}(/[a-z]{1,3}){0,2}", path in "[a-z/.%\\\\A\\x00]{0,20}") {
            if let Some(name) = within(&folder, &path) {
                prop_assert!(check_folder(name.strip_suffix('/').unwrap_or(name)).is_ok());
            }
        }
    }
}
