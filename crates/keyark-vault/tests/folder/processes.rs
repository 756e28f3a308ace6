//! Other processes: this program, started again with a job.

use std::path::PathBuf;
use std::process::Stdio;

use super::*;

pub(super) const JOB: &str = "KEYARK_FOLDER_JOB";

/// This program doing `job` (a word of [`job`]) with the folder `path`.
pub(super) fn command(job: &str, path: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--ignored", "--exact", "processes::job", "--nocapture"]).env(JOB, job).env("KEYARK_FOLDER", path);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    command
}

#[test]
#[ignore = "is started by other tests as a process of its own"]
fn job() {
    let Ok(job) = std::env::var(JOB) else { return };
    let folder = Folder::new(PathBuf::from(std::env::var_os("KEYARK_FOLDER").unwrap()));
    match job.as_str() {
        "hold the lock" => {
            let _lock = folder.lock().unwrap();
            fs::write(folder.path().join(".tmp-killed"), "half").unwrap();
            fs::write(folder.path().parent().unwrap().join("holding"), "").unwrap();
            thread::sleep(Duration::from_secs(60));
        }
        "keep the promises" => storage_promises::check(&folder),
        "write too much" => {
            for (name, over) in [("new", false), ("epochs/1/records/new", false), ("keyark-vault.json", true)] {
                let bytes = vec![b'x'; 1 << 20];
                let written = if over { folder.replace(name, &bytes) } else { folder.write_new(name, &bytes) };
                let error = written.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Storage);
                assert!(error.problem().contains(name) && error.problem().contains("nothing was changed"), "{error}");
            }
        }
        "fill the disk" => {
            folder.write_new("keyark-vault.json", b"old").unwrap();
            let written = |number: u32| folder.write_new(&format!("epochs/1/records/{number}.age"), &[b'x'; 10_000]);
            let (number, error) = (0..100).find_map(|number| Some((number, written(number).err()?))).unwrap();
            assert_eq!(error.kind(), ErrorKind::Storage);
            assert!(error.problem().ends_with("the disk is full; nothing was changed"), "{error}");
            assert!(folder.replace("keyark-vault.json", &[b'x'; 100_000]).is_err());
            assert_eq!(folder.read("keyark-vault.json", 9).unwrap(), b"old");
            assert_eq!(folder.list("epochs/1/records").unwrap().len(), number as usize);
            assert!(!tree(folder.path()).iter().any(|path| path.contains(".tmp-")));
            folder.delete("epochs/1/records/0.age").unwrap(); // makes room
            folder.write_new("epochs/1/records/new.age", &[b'y'; 10_000]).unwrap();
        }
        "write to a read-only disk" => {
            let refused = |error: Error| {
                assert_eq!(error.kind(), ErrorKind::Storage);
                assert!(error.problem().ends_with("the disk is read-only; nothing was changed"), "{error}");
            };
            assert_eq!(folder.read("keyark-vault.json", 9).unwrap(), b"old");
            assert_eq!(folder.list("").unwrap(), ["epochs/", "keyark-vault.json"]);
            refused(folder.write_new("new", b"new").unwrap_err());
            refused(folder.write_new("epochs/2/new", b"new").unwrap_err());
            refused(folder.replace("keyark-vault.json", b"new").unwrap_err());
            refused(folder.delete("keyark-vault.json").unwrap_err());
            refused(folder.lock().unwrap_err());
            refused(Folder::new(folder.path().join("new")).write_new("new", b"new").unwrap_err());
        }
        "write without permission" => {
            assert_eq!(folder.read("keyark-vault.json", 9).unwrap(), b"old");
            assert_eq!(folder.list("").unwrap(), ["keyark-vault.json"]);
            let refused = |error: Error| {
                assert_eq!(error.kind(), ErrorKind::Storage);
                assert!(error.problem().contains("permission is missing; nothing was changed"), "{error}");
            };
            refused(folder.write_new(RECORD, b"new").unwrap_err());
            refused(folder.replace("keyark-vault.json", b"new").unwrap_err());
            refused(folder.delete("keyark-vault.json").unwrap_err());
            refused(folder.lock().unwrap_err());
        }
        other => panic!("no job {other:?}"),
    }
}

pub(super) fn succeeds(command: &mut Command) {
    let output = command.stderr(Stdio::piped()).output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&text));
    assert!(String::from_utf8_lossy(&text).contains("1 passed"), "it did run");
}

#[test]
fn a_relative_path_will_do() {
    let home = home();
    for path in ["vault", "./a/b", "c/../d"] {
        succeeds(command("keep the promises", Path::new(path)).current_dir(home.path()));
    }
    assert_eq!(
        tree(home.path()).into_iter().filter(|name| name.ends_with("lock")).collect::<Vec<_>>(),
        ["a/b/lock", "d/lock", "vault/lock"]
    );
}
