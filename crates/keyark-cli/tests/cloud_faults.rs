//! Clouds that fail, writers that meet, clocks that are wrong, vaults that are something else: nothing that was backed up is lost, and the message says
//! what happened and what to do.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests; what is out of range is a failed test
#![allow(clippy::print_stdout)] // the counts, which the README gives

#[path = "support/clouds.rs"]
mod clouds;
#[allow(dead_code, reason = "crash.rs uses more of it")]
#[path = "crash/place.rs"]
mod place;
#[path = "../../keyark-cloud/tests/support/server/mod.rs"]
mod server;
mod support;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use clouds::{CODE, Kind, LOCAL, NEW, NEW_CODE, OLD, Opens, World, back_up, newest_manifest, patient, try_all};
use keyark::cloud::Options;
use keyark::vault::{NewPassword, Timestamp, Unlocked, Vault, WorkFactor};
use keyark::{Error, ErrorKind, Result, SecretText};
use server::{Fault, SECRET_OF_THE_SERVER, When};
use support::{Failure, Run, files_below, finish};

const YEAR: i64 = 366 * 24 * 60 * 60;
const BACK_UP: [&str; 8] = ["backup", "cloud", "--all", "--to", "box", "--cloud-password-file", OLD, "--password-file"];

fn counted(what: &str, count: usize, start: Instant) {
    println!("faults: {what}: {count} injected, 0 states lost, {:.0?}", start.elapsed());
}

fn later(seconds: i64) -> Timestamp {
    Timestamp::from_unix(Timestamp::now().as_unix() + seconds)
}

/// What the library does with a cloud, from finding it on.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Work {
    BackUp,
    ChangePassword,
    Rekey,
}

impl Work {
    fn run(self, world: &World, options: &Options, now: Timestamp) -> Result<()> {
        let mut cloud = unlock(world, options)?;
        let new = NewPassword::new(&SecretText::from(world.text(NEW)), &[])?;
        let work = WorkFactor::new(1)?;
        match self {
            Self::ChangePassword => cloud.change_password(&new, work, now),
            Self::Rekey => cloud.rekey(&new, work, now),
            Self::BackUp => {
                let mut local = world.unlock_local().unwrap();
                let wallets: Vec<_> = local.wallets()?.iter().map(|entry| entry.id).collect();
                let receipts = keyark::vault::back_up(&mut local, &wallets, &mut cloud, "box", &(), now)?;
                receipts.into_iter().try_for_each(|receipt| receipt.result.map(drop))
            }
        }
    }
}

fn unlock(world: &World, options: &Options) -> Result<Unlocked> {
    let none = || Error::new(ErrorKind::NotFound, "there is no vault", "check the address");
    Vault::find(world.storage(options))?.ok_or_else(none)?.unlock(&world.password(OLD))
}

/// One wallet is in the box, and another one at home besides.
fn one_in_box() -> World {
    let world = World::new(Kind::S3);
    clouds::two_wallets(&world);
    clouds::empty_box(&world);
    back_up(&world, "hot");
    world
}

type Local = Option<BTreeMap<String, (Vec<String>, bool)>>;

/// What is seen before and after a piece of work, and how many requests it makes.
struct Stage {
    work: Work,
    world: World,
    before: (Opens, Local),
    after: (Opens, Local),
    requests: usize,
}

impl Stage {
    fn set(work: Work) -> Self {
        let world = one_in_box();
        let before = (world.opens(), world.local());
        let done = world.copy();
        done.server().forget_log();
        work.run(&done, &patient(), Timestamp::now()).unwrap();
        let requests = done.server().requests();
        let after = (done.opens(), done.local());
        assert_ne!(before, after, "{work:?}");
        Self { work, world, before, after, requests }
    }

    fn check(&self, world: &World, outcome: &Result<()>, number: usize) {
        let (cloud, local) = (world.opens(), world.local());
        let (before, after) = (&self.before.0, &self.after.0);
        let is_old_or_new = match self.work {
            Work::BackUp => cloud == *before || cloud == *after,
            _ => [OLD, NEW, CODE].iter().all(|way| [before.get(way), after.get(way)].contains(&cloud.get(way))),
        };
        assert!(is_old_or_new, "neither the old state nor the new: {cloud:#?}\n{outcome:?}");
        let is_whole = |way: &str| {
            cloud.get(way).is_some_and(|all| before[OLD].iter().all(|(name, found)| all.get(name) == Some(found)))
        };
        assert!(is_whole(OLD) || is_whole(NEW), "lost: {cloud:#?}\n{outcome:?}");
        // Each wallet by itself: one can be proved while the other one's copy did not come back in time.
        let is_known = |name: &String, found| {
            let states = [&self.before.1, &self.after.1].into_iter().flatten();
            states.filter_map(|state| state.get(name)).any(|known| known == found)
        };
        let at_home = local.as_ref().is_some_and(|all| all.iter().all(|(name, found)| is_known(name, found)));
        let is_complete = local.as_ref().map(BTreeMap::len) == self.before.1.as_ref().map(BTreeMap::len);
        assert!(at_home && is_complete, "at home: {local:#?}\n{outcome:?}");
        match outcome {
            Ok(()) => {
                let password = if self.work == Work::BackUp { OLD } else { NEW };
                assert_eq!(cloud.get(password), after.get(password), "it said that it was done");
                assert_eq!(local, self.after.1, "it said that it was done");
            }
            Err(error) => {
                says_what_and_why(error);
                let says_nothing = format!("{} {}", error.problem(), error.remedy()).contains("nothing was changed");
                assert!(!says_nothing || cloud == *before, "something was: {error:?}");
            }
        }
        const RESTORED: usize = 7;
        if number.is_multiple_of(RESTORED) {
            let way = if is_whole(NEW) { NEW } else { OLD };
            assert_eq!(world.restore(way), cloud[way]);
        }
        if is_whole(OLD) && !cloud.contains_key(NEW) {
            self.work.run(world, &patient(), Timestamp::now()).unwrap();
            let password = if self.work == Work::BackUp { OLD } else { NEW };
            assert_eq!(world.opens().get(password), after.get(password), "when it was done again");
            assert_eq!(world.local(), self.after.1, "when it was done again");
        }
    }
}

/// What happened and what to do, and no secret.
fn says_what_and_why(error: &Error) {
    let shown = format!("{error} {error:?} {}", error.remedy());
    for secret in [SECRET_OF_THE_SERVER, "AKIATESTERSKEYID", "b2YgdGhlIHNlcnZlcg", "Signature"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert!(error.problem().len() > 10 && error.remedy().len() > 10, "{shown}");
}

/// From a request on, or at that one only.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Lasts {
    Once,
    On,
}

fn server_faults(work: Work) {
    let start = Instant::now();
    let stage = Stage::set(work);
    let faults = [
        ("500", Fault::Status(500)),
        ("403", Fault::Status(403)),
        ("429", Fault::Status(429)),
        ("503", Fault::Status(503)),
        ("no answer", Fault::Close),
        ("the answer lost", Fault::LoseAnswer),
        ("half an answer", Fault::HalfBody),
        ("slowly", Fault::Slow(Duration::from_millis(20))),
        ("stale", Fault::Stale { writes: 3 }),
        ("gone", Fault::Stop { after_effect: false }),
        ("gone, after the effect", Fault::Stop { after_effect: true }),
    ];
    let mut points = Vec::new();
    for (at, (name, fault)) in faults.iter().enumerate() {
        for number in 0..stage.requests {
            // A sample: what is slow takes time; faults that last meet what comes after a single one, too.
            let on = *name != "slowly" || number.is_multiple_of(3);
            let once = !name.starts_with("gone") && on && (number + at).is_multiple_of(2);
            let all = [(Lasts::On, on), (Lasts::Once, once)].into_iter().filter(|(_, tried)| *tried);
            points.extend(all.map(|(lasts, _)| (*name, fault.clone(), number, lasts)));
        }
    }
    let name = |(name, _, number, lasts): &(&str, Fault, usize, Lasts)| {
        format!("{work:?}, {name}, {lasts:?}, request {number}")
    };
    let count = try_all(&points, 6, name, |(name, fault, number, lasts)| {
        let world = stage.world.copy();
        let server = world.server();
        // The last writes before: what is stale at first lacks these only.
        (0..3).for_each(|_| server.put("home/of-another-program", b"x"));
        server.forget_log();
        let of = if *name == "stale" { When::method("GET|HEAD") } else { When::always() };
        let of = if *name == "stale" { of.since_request(number + 1) } else { of.after(*number) };
        server.fault(if *lasts == Lasts::Once { of.times(1) } else { of }, fault.clone());
        let limit = if *name == "slowly" { Duration::from_millis(250) } else { Duration::from_secs(10) };
        let tries = if *lasts == Lasts::Once { 2 } else { 1 };
        let options = Options { time_limit: limit, tries, side_by_side: 4 };
        let outcome = work.run(&world, &options, Timestamp::now());
        let came = server.requests() > *number;
        server.heal();
        // One that is gone comes back in another place: its port may be taken.
        let world = if name.starts_with("gone") { world.copy() } else { world };
        if let Err(error) = &outcome {
            // A listing that lacks what was written a moment ago cannot be told from one out of which somebody has taken it.
            let stale = *name == "stale" && matches!(error.kind(), ErrorKind::Malformed | ErrorKind::NotFound);
            let kinds = [ErrorKind::Storage, ErrorKind::Locked];
            assert!(stale || kinds.contains(&error.kind()), "a cloud that fails is no {:?}: {error:?}", error.kind());
        }
        stage.check(&world, &outcome, *number);
        came
    });
    counted(&format!("a server that fails, {work:?}"), count, start);
    assert!(count >= 100, "{count}");
}

#[test]
fn a_server_that_fails_while_wallets_are_backed_up() {
    server_faults(Work::BackUp);
}

#[test]
fn a_server_that_fails_while_the_password_is_changed() {
    server_faults(Work::ChangePassword);
}

#[test]
fn a_server_that_fails_while_everything_is_sealed_anew() {
    server_faults(Work::Rekey);
}

/// The new slot is written, and the answer is lost: then the new code is the one that opens, and has to be kept.
#[test]
fn a_recovery_code_whose_answer_is_lost_is_kept() {
    let world = World::new(Kind::S3);
    clouds::two_wallets_in_box(&world);
    world.server().fault(When::method("PUT").of("identity.recovery.age"), Fault::LoseAnswer);
    let args = [
        "cloud",
        "recovery-code",
        "box",
        "--work-factor",
        "1",
        "--cloud-password-file",
        OLD,
        "--recovery-code-out",
        NEW_CODE,
    ];
    let error = world.run(&args).error(6);
    world.server().heal();
    let opens = world.opens();
    assert!(opens.contains_key(CODE) || opens.contains_key(NEW_CODE), "no recovery code opens it any more: {error:?}");
}

/// Starts both at once; what they did.
fn at_once(one: (&World, &[&str]), other: (&World, &[&str])) -> [Run; 2] {
    std::thread::scope(|scope| {
        let [one, other] = [one, other].map(|(world, args)| {
            let command = world.command(args);
            scope.spawn(move || finish(command, ""))
        });
        [one.join().unwrap(), other.join().unwrap()]
    })
}

/// A computer with another wallet that knows the box.
fn second_writer(first: &World) -> World {
    let other = first.other_computer();
    let import = ["import", "more", "--phrase-file", "more-words.txt", "--work-factor", "1", "--password-file", LOCAL];
    other.run(&import).ok();
    other.run(&["cloud", "init", "box", clouds::URL, "--cloud-password-file", OLD]).ok();
    other
}

fn failure_is_said(run: &Run) {
    if run.code != Some(0) {
        let Failure { message, remedy, kind } = run.error(run.code.unwrap());
        assert!(
            ["storage", "locked", "wrong-password", "mismatch"].contains(&kind.as_str()),
            "{kind}: {message} {remedy}"
        );
    }
}

#[test]
fn two_writers_at_once() {
    const ROUNDS: usize = 5;
    let start = Instant::now();
    let kinds = [Kind::Folder, Kind::S3, Kind::WebDav];
    let points: Vec<_> = kinds.iter().flat_map(|kind| (0..ROUNDS).map(move |round| (*kind, round))).collect();
    let name = |point: &(Kind, usize)| format!("{point:?}");
    let count = try_all(&points, 2, name, |(kind, _)| {
        let first = World::new(*kind);
        clouds::two_wallets_in_box(&first);
        let second = second_writer(&first);
        let args = [&BACK_UP[..], &[LOCAL]].concat();
        for run in at_once((&first, &args), (&second, &args)) {
            failure_is_said(&run);
        }
        // What failed is done again; what succeeded has to be there without that.
        let all = ["hot", "more", "savings"];
        let names = |world: &World, way| world.opens()[way].keys().cloned().collect::<Vec<_>>();
        for writer in [&first, &second] {
            let is_noted = writer.local().unwrap().values().all(|(_, proved)| *proved);
            if !is_noted {
                writer.run(&args).ok();
            }
        }
        assert_eq!(names(&first, OLD), all);
        assert_eq!(first.restore(OLD).into_keys().collect::<Vec<_>>(), all);

        // One seals everything anew while the other one makes its backup: who has said that it is done has done it.
        let more = ["rename", "more", "more money", "--password-file", LOCAL];
        second.run(&more).ok();
        let rekey = ["cloud", "change-password", "box", "--rekey", "--no-recovery-code", "--work-factor", "1"];
        let rekey = [&rekey[..], &["--cloud-password-file", OLD, "--new-password-file", NEW]].concat();
        let [sealed, backed_up] = at_once((&first, &rekey), (&second, &args));
        failure_is_said(&sealed);
        failure_is_said(&backed_up);
        let opens = first.opens();
        let now = if opens.contains_key(NEW) { NEW } else { OLD };
        assert!(sealed.code != Some(0) || now == NEW, "{}", sealed.out);
        let found: Vec<_> = opens[now].keys().map(String::as_str).collect();
        assert!(found == all || found == ["hot", "more money", "savings"], "{found:?}");
        assert!(
            backed_up.code != Some(0) || found.contains(&"more money"),
            "{found:?}: {}{}",
            backed_up.out,
            backed_up.err
        );
        assert_eq!(first.restore(now), opens[now]);
        true
    });
    counted("two writers at once", 2 * count, start);
}

/// A computer whose clock is a year behind or ahead of the other's.
#[test]
fn clocks_that_are_wrong_by_a_year() {
    let start = Instant::now();
    let mut count = 0;
    for wrong in [-YEAR, YEAR] {
        for work in [Work::BackUp, Work::ChangePassword, Work::Rekey] {
            let stage = Stage::set(work);
            let world = stage.world.copy();
            work.run(&world, &patient(), later(wrong)).unwrap();
            count += 1;
            assert_eq!((world.opens(), world.local()), stage.after, "{work:?}");
            if work != Work::BackUp {
                continue;
            }
            // The next change is of a clock that is right, and the one after it again of the wrong one: each counts.
            for (clock, name) in [(0, "of today"), (wrong, "of another year"), (0, "of today again")] {
                let mut local = world.unlock_local().unwrap();
                let id = local.wallets().unwrap()[0].id;
                local.rename(id, keyark::vault::WalletName::new(name).unwrap(), later(clock)).unwrap();
                drop(local);
                work.run(&world, &patient(), later(clock)).unwrap();
                count += 1;
                assert!(world.opens()[OLD].contains_key(name), "{name}, by {wrong}");
                assert!(world.local().unwrap()[name].1, "{name} is noted as proved");
            }
            assert_eq!(world.restore(OLD), world.opens()[OLD]);
        }
    }
    counted("a clock wrong by a year", count, start);
}

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
                        let at = bytes.windows(2).skip(30).position(|pair| pair == b" 1").unwrap() + 30;
                        [&bytes[..at], b" 40", &bytes[at + 2..]].concat()
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
