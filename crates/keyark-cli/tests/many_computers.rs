//! The manifests of docs/recovery.md: the shares of a search under GNU parallel, Slurm and Kubernetes. GNU parallel runs, if it is
//! installed; of the others, what they would run.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests; what is out of range is a failed test

mod support;

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use support::{Home, Run, finish};

const DOCS: &str = include_str!("../../../docs/recovery.md");
const WORDS: &str = "legal winner thank year wave sausage worth useful legal winner thank yellow";

/// The block of the docs in which this stands.
fn block(marker: &str) -> &'static str {
    let blocks = DOCS.split("\n```");
    let block =
        blocks.into_iter().find(|block| block.contains(marker)).unwrap_or_else(|| panic!("no block with {marker}"));
    block.split_once('\n').unwrap().1 // behind the name of its language
}

fn home() -> Home {
    let home = Home::new();
    home.write("words.txt", WORDS.replace("useful", "?"));
    home
}

/// Runs a script in which `keyark` is the one that is tested, and commands in the home come first.
fn run(home: &Home, script: &str, variables: &[(&str, &str)]) -> Run {
    let keyark = home.command::<&str>(&[]);
    let mut shell = Command::new("sh");
    shell.args(["-c", script]);
    support::like(&mut shell, &keyark);
    let folder = Path::new(keyark.get_program()).parent().unwrap().to_owned();
    let usual = std::env::var_os("PATH").unwrap();
    let path = [home.path("bin"), folder].into_iter().chain(std::env::split_paths(&usual));
    shell.env("PATH", std::env::join_paths(path).unwrap()).envs(variables.iter().copied());
    shell.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    finish(shell, "")
}

/// That one share has found the words, and that they are in its file.
#[track_caller]
fn assert_found_once(home: &Home) {
    let files: Vec<_> = home.names().into_iter().filter(|name| name.contains("found-")).collect();
    let [file] = &files[..] else { panic!("one file: {files:?}") };
    assert_eq!(serde_json::from_str::<Value>(&home.read(file)).unwrap()["phrase"], WORDS);
}

#[test]
fn gnu_parallel() {
    let version = Command::new("parallel").arg("--version").output();
    if !version.is_ok_and(|version| String::from_utf8_lossy(&version.stdout).contains("GNU parallel")) {
        eprintln!("left out: GNU parallel is not installed");
        return;
    }
    let home = home();
    let run = run(&home, block("# parallel:"), &[]);
    assert_eq!(run.code, Some(0), "{}{}", run.out, run.err);
    assert_found_once(&home);
}

#[test]
fn slurm() {
    let home = home();
    std::fs::create_dir(home.path("bin")).unwrap();
    for (name, script) in [("srun", "#!/bin/sh\nexec \"$@\"\n"), ("scancel", "#!/bin/sh\necho cancelled $1\n")] {
        home.write(&format!("bin/{name}"), script);
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(home.path(&format!("bin/{name}")), mode).unwrap();
    }
    let mut cancelled = 0;
    for task in ["1", "2", "3", "4", "5"] {
        let variables = [
            ("SLURM_ARRAY_TASK_ID", task),
            ("SLURM_ARRAY_TASK_COUNT", "5"),
            ("SLURM_ARRAY_JOB_ID", "17"),
            ("SLURM_CPUS_PER_TASK", "1"),
        ];
        let run = run(&home, block("#SBATCH"), &variables);
        assert_eq!(run.code, Some(0), "{}{}", run.out, run.err);
        cancelled += usize::from(run.out.contains("cancelled 17"));
    }
    assert_eq!(cancelled, 1);
    assert_found_once(&home);
}

#[test]
fn kubernetes() {
    let home = home();
    let manifest = block("completionMode: Indexed");
    let script = manifest.split_once("- |\n").unwrap().1.split_once("          resources:").unwrap().0;
    let script = script.replace("/words/", "").replace("/state/", "");
    let codes: Vec<_> =
        (0..8).map(|index| run(&home, &script, &[("JOB_COMPLETION_INDEX", &index.to_string())]).code).collect();
    assert_eq!(codes.iter().filter(|code| **code == Some(0)).count(), 1, "{codes:?}");
    assert_eq!(codes.iter().filter(|code| **code == Some(8)).count(), 7, "{codes:?}");
    assert_found_once(&home);
}
