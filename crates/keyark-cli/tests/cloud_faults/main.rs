//! Clouds that fail, writers that meet, clocks that are wrong, vaults that are something else: nothing that was backed up is lost, and the message says
//! what happened and what to do.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests; what is out of range is a failed test
#![allow(clippy::print_stdout)] // the counts, which the README gives

#[path = "../support/clouds.rs"]
mod clouds;
#[allow(dead_code, reason = "crash.rs uses more of it")]
#[path = "../crash/place.rs"]
mod place;
#[path = "../../../keyark-cloud/tests/support/server/mod.rs"]
mod server;
#[path = "../support/mod.rs"]
mod support;

mod failing_servers;
mod other_vaults;
mod two_writers;
mod wrong_clocks;

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
        // Each wallet by itself: a new copy that did not come back in time counts as none, also where there was an older one.
        let may_be_unproved = self.work == Work::BackUp && outcome.is_err();
        let is_known = |name: &String, found: &(Vec<String>, bool)| {
            let states = [&self.before.1, &self.after.1].into_iter().flatten();
            let is_unproved = |known: &(Vec<String>, bool)| may_be_unproved && known.0 == found.0 && !found.1;
            states.filter_map(|state| state.get(name)).any(|known| known == found || is_unproved(known))
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
