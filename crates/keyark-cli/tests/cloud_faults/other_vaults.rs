//! A wrong password, no vault, a newer one, a file of a gigabyte and a work factor of 40.

use super::*;

/// What is wrong with a vault.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Wrong {
    Password,
    NoVault,
    Newer,
    Gigabyte,
    WorkFactor,
}

impl Wrong {
    fn inject(self, world: &World) {
        match self {
            Self::Password => {}
            Self::NoVault => photographs(world),
            Self::Newer => edit(world, "keyark-vault.json", |text| {
                String::from_utf8(text).unwrap().replace("\"version\":1", "\"version\":2").into_bytes()
            }),
            Self::Gigabyte => gigabyte(world),
            Self::WorkFactor => {
                for file in ["epochs/1/identity.password.age", "epochs/1/identity.password.copy.age"] {
                    edit(world, file, |bytes| {
                        // With the end of its line: a salt before it can begin with a 1, too.
                        let at = bytes.windows(3).position(|part| part == b" 1\n").unwrap();
                        [&bytes[..at], b" 40\n", &bytes[at + 3..]].concat()
                    });
                }
            }
        }
    }

    /// The exit codes that are right.
    fn codes(self) -> &'static [i32] {
        match self {
            Self::Password => &[4],
            _ => &[3],
        }
    }

    /// One of these is in what is said.
    fn words(self) -> &'static [&'static str] {
        match self {
            Self::Password => &["password"],
            Self::NoVault => &["no vault"],
            Self::Newer => &["newer"],
            Self::Gigabyte => &["manifest", "more than is read"],
            Self::WorkFactor => &["work"],
        }
    }
}

/// Changes a file of the cloud vault.
fn edit(world: &World, file: &str, change: impl FnOnce(Vec<u8>) -> Vec<u8>) {
    let path = world.place.path("cloud").join(file);
    if path.exists() {
        std::fs::write(&path, change(std::fs::read(&path).unwrap())).unwrap();
        return;
    }
    let object = format!("home/cloud/{file}");
    let bytes = world.server().objects()[&object].clone();
    world.server().put(&object, &change(bytes));
}

/// Then it is a folder with other things.
fn photographs(world: &World) {
    let cloud = world.place.path("cloud");
    if cloud.exists() {
        std::fs::remove_dir_all(&cloud).unwrap();
        std::fs::create_dir(&cloud).unwrap();
        std::fs::write(cloud.join("photo-7.jpg"), b"7").unwrap();
        return;
    }
    world.server().objects().keys().for_each(|path| world.server().remove(path));
    world.server().put("home/cloud/photo-7.jpg", b"7");
}

fn gigabyte(world: &World) {
    const GIGABYTE: u64 = 1 << 30;
    let cloud = world.place.path("cloud");
    if cloud.exists() {
        let files: Vec<_> = files_below(&cloud).iter().map(|file| file.display().to_string()).collect();
        let newest = newest_manifest(files.iter().map(String::as_str));
        std::fs::OpenOptions::new().write(true).open(cloud.join(newest)).unwrap().set_len(GIGABYTE).unwrap();
        return;
    }
    let newest = newest_manifest(world.server().objects().keys().map(String::as_str));
    let end: &'static str = Box::leak(newest.into_boxed_str());
    world.server().fault(When::reading().of(end), Fault::Flood { bytes: GIGABYTE, says_length: false });
}

#[test]
fn vaults_that_are_something_else() {
    let start = Instant::now();
    let wrongs = [Wrong::Password, Wrong::NoVault, Wrong::Newer, Wrong::Gigabyte, Wrong::WorkFactor];
    let points: Vec<_> = [Kind::Folder, Kind::S3].iter().flat_map(|kind| wrongs.map(|wrong| (*kind, wrong))).collect();
    let worlds = [Kind::Folder, Kind::S3].map(|kind| {
        let world = World::new(kind);
        clouds::two_wallets_in_box(&world);
        world
    });
    let name = |point: &(Kind, Wrong)| format!("{point:?}");
    let mut commands = 0;
    for command in [
        &["verify", "--from", "box", "--password-file", LOCAL][..],
        &["backup", "cloud", "--all", "--to", "box", "--password-file", LOCAL],
        &["cloud", "change-password", "box", "--work-factor", "1", "--new-password-file", NEW],
        &[
            "cloud",
            "change-password",
            "box",
            "--rekey",
            "--no-recovery-code",
            "--work-factor",
            "1",
            "--new-password-file",
            NEW,
        ],
        &["cloud", "remove", "box", "--wallet", "hot", "--force"],
        &["restore", "cloud", "box", "--password-file", LOCAL],
    ] {
        commands += try_all(&points, 2, name, |(kind, wrong)| {
            let world = worlds[usize::from(*kind == Kind::S3)].copy();
            let good = world.copy();
            wrong.inject(&world);
            let files = |world: &World| match kind {
                Kind::Folder => {
                    let cloud = world.place.path("cloud");
                    files_below(&cloud)
                        .iter()
                        .map(|file| (file.display().to_string(), sample(&cloud.join(file))))
                        .collect()
                }
                _ => world.server().objects(),
            };
            let before = files(&world);
            let password = if *wrong == Wrong::Password { "wrong.txt" } else { OLD };
            let run = world.run(&[command, &["--cloud-password-file", password]].concat());
            let said = run.err.to_lowercase();
            assert!(wrong.words().iter().any(|word| said.contains(word)), "{}", run.err);
            // Reading goes on with the state before a manifest that cannot be read, and says so.
            let may_read = *wrong == Wrong::Gigabyte && ["verify", "restore"].contains(&command[0]);
            if may_read {
                assert!(run.err.contains("warning"), "{}", run.err);
            } else {
                let failure = run.only_error(run.code.unwrap());
                // The state before had no such wallet.
                let is_before = *wrong == Wrong::Gigabyte && command[1] == "remove" && run.code == Some(7);
                assert!(is_before || wrong.codes().contains(&run.code.unwrap()), "{:?}: {failure:?}", run.code);
                assert!(!is_before || run.err.contains("warning"), "{}", run.err);
            }
            let mut now = files(&world);
            now.retain(|name, _| !name.ends_with("/lock") && name != "lock");
            let mut before = before;
            before.retain(|name, _| !name.ends_with("/lock") && name != "lock");
            assert!(now == before, "the cloud has changed");
            assert_eq!(
                world.local().map(|local| local.into_keys().collect::<Vec<_>>()),
                good.local().map(|local| local.into_keys().collect())
            );
            assert_eq!(good.restore(OLD).len(), 2);
            true
        });
    }
    counted("a wrong password, no vault, a newer one, a gigabyte, work factor 40", commands, start);
}

/// The beginning of a file, and its size.
fn sample(path: &std::path::Path) -> Vec<u8> {
    use std::io::Read;
    const BEGINNING: u64 = 1 << 16;
    let file = std::fs::File::open(path).unwrap();
    let mut bytes = file.metadata().unwrap().len().to_be_bytes().to_vec();
    file.take(BEGINNING).read_to_end(&mut bytes).unwrap();
    bytes
}
