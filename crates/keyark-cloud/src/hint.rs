//! Folders that a program copies to a cloud: a vault in one is a backup only when that program has done its work.

use std::path::{Component, Path};

/// A program that copies folders, and how its folders are told: by their name, or by what it leaves in them.
struct Program {
    name: &'static str,
    /// Whether a folder of this name, in lower case, is one.
    is_named: fn(&str) -> bool,
    /// What lies in its top folder.
    marks: &'static [&'static str],
}

const PROGRAMS: &[Program] = &[
    Program {
        name: "iCloud Drive",
        is_named: |name| name == "com~apple~clouddocs" || name == "iclouddrive",
        marks: &[],
    },
    Program { name: "Dropbox", is_named: |name| begins(name, "dropbox"), marks: &[".dropbox", ".dropbox.cache"] },
    Program { name: "OneDrive", is_named: |name| begins(name, "onedrive"), marks: &[] },
    Program {
        name: "Google Drive for desktop",
        is_named: |name| begins(name, "google drive") || begins(name, "googledrive"),
        marks: &[".tmp.drivedownload", ".tmp.driveupload"],
    },
    Program { name: "Syncthing", is_named: |_| false, marks: &[".stfolder"] },
    Program {
        name: "Nextcloud",
        is_named: |name| begins(name, "nextcloud"),
        marks: &[".nextcloudsync.log", ".sync-exclude.lst"],
    },
];

/// Whether the name is the program's, or the program's and an account's: `OneDrive - Example Ltd`, `GoogleDrive-me@example.org`.
fn begins(name: &str, program: &str) -> bool {
    name.strip_prefix(program).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', ' ', '(']))
}

/// What to tell about the folder at `path`, which need not exist yet.
pub(crate) fn of_folder(path: &Path) -> Option<String> {
    let program = PROGRAMS.iter().find(|program| is_inside(path, program))?;
    Some(format!(
        "{name} copies this folder: the backup reaches the cloud, and other computers, only when {name} has copied it; \
         look there before you rely on it",
        name = program.name,
    ))
}

fn is_inside(path: &Path, program: &Program) -> bool {
    let named = path.components().any(|part| match part {
        Component::Normal(name) => (program.is_named)(&name.to_string_lossy().to_lowercase()),
        _ => false,
    });
    named
        || path.ancestors().any(|folder| program.marks.iter().any(|mark| folder.join(mark).symlink_metadata().is_ok()))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn program(path: &str) -> Option<String> {
        of_folder(Path::new(path)).map(|hint| hint.split(" copies").next().unwrap().to_owned())
    }

    #[test]
    fn folders_are_told_by_their_names() {
        for (path, name) in [
            ("/Volumes/me/Library/Mobile Documents/com~apple~CloudDocs/keyark", "iCloud Drive"),
            ("/Volumes/me/Library/CloudStorage/Dropbox/keyark", "Dropbox"),
            ("/data/me/Dropbox (Work)/keyark", "Dropbox"),
            ("/Volumes/me/Library/CloudStorage/OneDrive-Personal/keyark", "OneDrive"),
            ("/data/me/OneDrive - Example Ltd/keyark", "OneDrive"),
            ("/Volumes/me/Library/CloudStorage/GoogleDrive-me@example.org/My Drive/keyark", "Google Drive for desktop"),
            ("/data/me/Google Drive/keyark", "Google Drive for desktop"),
            ("/data/me/Nextcloud/keyark", "Nextcloud"),
        ] {
            assert_eq!(program(path).as_deref(), Some(name), "{path}");
        }
        for path in ["/data/me/backup", "/data/me/dropboxes/keyark", "/data/me/onedriver", "/", "relative"] {
            assert_eq!(program(path), None, "{path}");
        }
    }

    #[test]
    fn folders_are_told_by_what_programs_leave_in_them() {
        for (mark, name) in
            [(".stfolder", "Syncthing"), (".dropbox.cache", "Dropbox"), (".nextcloudsync.log", "Nextcloud")]
        {
            let home = tempfile::tempdir().unwrap();
            let path = home.path().join("some/where");
            assert_eq!(of_folder(&path), None);
            fs::create_dir(home.path().join(mark)).unwrap();
            let hint = of_folder(&path).unwrap();
            assert!(hint.starts_with(name) && hint.contains("only when"), "{hint}");
        }
    }
}
