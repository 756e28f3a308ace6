//! The workspace is built as ARCHITECTURE.md says: who may depend on whom, what each chain's folder looks like, and the
//! house rules that a program can check.
#![allow(clippy::unwrap_used)] // in helpers of tests: a broken workspace is a failed test

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};
use keyark::Registry;

/// Which crates of the workspace a crate may depend on, and which more its own tests may. Chains, and the packages that
/// may depend on anything (tests, benches), are not listed. A new crate needs a line here: say where it stands.
const MAY_IMPORT: &[(&str, &[&str], &[&str])] = &[
    ("keyark-core", &[], &[]),
    ("keyark-lanes", &[], &[]),
    ("keyark-hd", &["keyark-core", "keyark-lanes"], &[]),
    ("keyark-phrase", &["keyark-core", "keyark-lanes"], &[]),
    ("keyark-keystore", &["keyark-core"], &[]),
    ("keyark-vault", &["keyark-core", "keyark-phrase"], &[]),
    ("keyark-cloud", &["keyark-core", "keyark-vault"], &[]),
    (
        "keyark-recovery",
        &["keyark-core", "keyark-hd", "keyark-phrase", "keyark-keystore"],
        &["keyark-bitcoin", "keyark-ethereum", "keyark-solana"], // it knows chains as `dyn Chain` only
    ),
    ("keyark-conformance", &["keyark-core"], &[]),
    // and every chain
    (
        "keyark",
        &[
            "keyark-core",
            "keyark-hd",
            "keyark-phrase",
            "keyark-keystore",
            "keyark-vault",
            "keyark-cloud",
            "keyark-recovery",
        ],
        &[],
    ),
    ("keyark-cli", &["keyark"], &[]),
];

/// The same for every chain: never another chain.
const CHAINS_MAY_IMPORT: (&[&str], &[&str]) =
    (&["keyark-core", "keyark-hd", "keyark-keystore"], &["keyark-conformance"]);

/// What may depend on anything, because nothing depends on it.
const MAY_IMPORT_ANYTHING: &[&str] = &["keyark-tests", "keyark-benches"];

/// The files that a reader who knows one chain finds in every other.
const CHAIN_FILES: &[&str] = &[
    "src/lib.rs",
    "src/chain.rs",
    "src/address.rs",
    "src/export.rs",
    "tests/conformance.rs",
    "tests/vectors.rs",
    "tests/data/SOURCES.md",
];

/// The most lines of a source file, without its tests.
const MOST_LINES: usize = 400;

fn metadata() -> Metadata {
    MetadataCommand::new().no_deps().other_options(["--offline".to_owned()]).exec().unwrap()
}

fn folder(package: &Package) -> PathBuf {
    package.manifest_path.parent().unwrap().into()
}

/// The chains' packages by the names of their folders.
fn chains(metadata: &Metadata) -> BTreeMap<String, &Package> {
    let root = metadata.workspace_root.as_std_path().join("chains");
    let in_chains = |package: &&Package| folder(package).parent() == Some(root.as_path());
    let named = |package| (folder(package).file_name().unwrap().to_str().unwrap().to_owned(), package);
    metadata.packages.iter().filter(in_chains).map(named).collect()
}

/// The crates of the workspace that `package` depends on, of the kinds that `kind` picks.
fn imports<'a>(metadata: &'a Metadata, package: &'a Package, kind: fn(DependencyKind) -> bool) -> BTreeSet<&'a str> {
    let ours: BTreeSet<&str> = metadata.packages.iter().map(|package| package.name.as_str()).collect();
    let picked = package.dependencies.iter().filter(|dependency| kind(dependency.kind));
    picked.map(|dependency| dependency.name.as_str()).filter(|name| ours.contains(name)).collect()
}

/// The files of the repository: those that git has, and new ones that it does not ignore.
fn repository_files() -> Vec<PathBuf> {
    let root = metadata().workspace_root.into_std_path_buf();
    let output = Command::new("git")
        .args(["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(&root)
        .output()
        .unwrap();
    assert!(output.status.success(), "this test needs a clone: {}", String::from_utf8_lossy(&output.stderr));
    let names = String::from_utf8(output.stdout).unwrap();
    let files: Vec<_> =
        names.split_terminator('\0').map(|name| root.join(name)).filter(|file| file.is_file()).collect();
    assert!(files.iter().any(|file| file.ends_with("crates/keyark-core/src/lib.rs")), "git lists other files");
    files
}

#[test]
fn crates_depend_downwards_only() {
    let metadata = metadata();
    let chains = chains(&metadata);
    let chain_names: BTreeSet<&str> = chains.values().map(|package| package.name.as_str()).collect();
    for package in &metadata.packages {
        let name = package.name.as_str();
        if MAY_IMPORT_ANYTHING.contains(&name) {
            continue;
        }
        let (normal, in_tests) = if chain_names.contains(name) {
            CHAINS_MAY_IMPORT
        } else {
            let line = MAY_IMPORT.iter().find(|line| line.0 == name);
            let line = line.unwrap_or_else(|| panic!("{name} has no line in MAY_IMPORT"));
            (line.1, line.2)
        };
        let mut allowed: BTreeSet<&str> = normal.iter().copied().collect();
        if name == "keyark" {
            allowed.extend(&chain_names); // only the facade names chains
        }
        let found = imports(&metadata, package, |kind| kind != DependencyKind::Development);
        assert!(found.is_subset(&allowed), "{name} may depend on {allowed:?}, and depends on {found:?}");
        allowed.extend(in_tests);
        let found = imports(&metadata, package, |kind| kind == DependencyKind::Development);
        assert!(found.is_subset(&allowed), "the tests of {name} may use {allowed:?}, and use {found:?}");
    }
}

#[test]
fn every_listed_crate_exists() {
    let metadata = metadata();
    let listed = MAY_IMPORT.iter().map(|line| line.0).chain(MAY_IMPORT_ANYTHING.iter().copied());
    for name in listed {
        assert!(metadata.packages.iter().any(|package| package.name.as_str() == name), "there is no crate {name}");
    }
}

#[test]
fn every_chain_has_the_same_files_and_is_in_the_registry() {
    let metadata = metadata();
    let chains = chains(&metadata);
    assert!(!chains.is_empty());
    let facade = metadata.packages.iter().find(|package| package.name.as_str() == "keyark").unwrap();
    for (id, package) in &chains {
        for file in CHAIN_FILES {
            assert!(folder(package).join(file).is_file(), "chains/{id} has no {file}");
        }
        assert_eq!(package.name.as_str(), format!("keyark-{id}"));
        assert!(facade.features.contains_key(id), "the facade has no feature {id}");
        assert_eq!(Registry::installed().unwrap().get(id).unwrap().info().id, id);
    }
    assert_eq!(Registry::installed().unwrap().len(), chains.len(), "a chain is registered from elsewhere");
}

#[test]
fn unsafe_code_is_forbidden_but_in_the_lanes() {
    for package in metadata().packages {
        let of_a_library_or_program = |target: &&cargo_metadata::Target| target.is_lib() || target.is_bin();
        for target in package.targets.iter().filter(of_a_library_or_program) {
            let source = fs::read_to_string(&target.src_path).unwrap();
            // The one crate that has any says why each block is sound: a lint of its own sees to that.
            let expected = if package.name.as_str() == "keyark-lanes" {
                "\n#![deny(unsafe_op_in_unsafe_fn, clippy::undocumented_unsafe_blocks)]\n"
            } else {
                "\n#![forbid(unsafe_code)]\n"
            };
            assert!(source.contains(expected), "{} does not have {expected}", target.src_path);
        }
    }
}

#[test]
fn source_files_are_short() {
    let is_source = |file: &&PathBuf| {
        let is_test = file.ends_with("tests.rs") || file.to_str().is_some_and(|file| file.ends_with("_tests.rs"));
        let in_src = file.components().any(|part| part.as_os_str() == "src");
        file.extension().is_some_and(|extension| extension == "rs") && in_src && !is_test
    };
    let mut long = Vec::new();
    for file in repository_files().iter().filter(is_source) {
        let source = fs::read_to_string(file).unwrap();
        let lines = source.lines().take_while(|line| *line != "#[cfg(test)]").count();
        if lines > MOST_LINES {
            long.push(format!("{} has {lines} lines", file.display()));
        }
    }
    assert!(long.is_empty(), "at most {MOST_LINES} without tests: {long:?}");
}

/// Folders that only one machine has, and the addresses of package registries, which others reach by mirrors. Written in
/// two parts, so that this file does not have them.
const ONE_MACHINE: &[&str] = &[
    concat!("/ho", "me/"),
    concat!("/ro", "ot/"),
    concat!("/Us", "ers/"),
    concat!("/wo", "rk/"),
    concat!("C:", "\\"),
    concat!("registry.", "npmjs.org"),
    concat!("registry.", "yarnpkg.com"),
    concat!("pypi", ".org"),
    concat!("files.", "pythonhosted.org"),
    concat!("index.", "crates.io"),
    concat!("static.", "crates.io"),
];

/// How Cargo.lock names crates.io on every machine.
const CRATES_IO: &str = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";

#[test]
fn no_file_names_one_machine() {
    for file in repository_files() {
        let Ok(text) = fs::read_to_string(&file) else { continue }; // pictures and the like
        for part in ONE_MACHINE {
            let line = text.lines().position(|line| names(line, part));
            assert!(line.is_none(), "{}:{} names {part}", file.display(), line.unwrap() + 1);
        }
        check_lock_file(&file, &text);
    }
}

/// Whether `line` has `part`, not as the middle of a longer path or of a web address.
fn names(line: &str, part: &str) -> bool {
    line.match_indices(part).any(|(at, _)| {
        let before = line.get(..at).and_then(|before| before.chars().next_back());
        !part.starts_with('/') || !before.is_some_and(|char| char.is_alphanumeric() || "._-}".contains(char))
    })
}

/// Lock files say what is installed, never from where.
fn check_lock_file(file: &Path, text: &str) {
    if file.ends_with("Cargo.lock") {
        let elsewhere = text.lines().find(|line| line.starts_with("source = ") && *line != CRATES_IO);
        assert_eq!(elsewhere, None, "{}", file.display());
    }
    if file.ends_with("package-lock.json") {
        assert!(!text.contains("\"resolved\""), "{} says from where", file.display());
    }
}
