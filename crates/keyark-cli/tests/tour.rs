//! The tour shows what is so: each step succeeds or is refused as it says, its commands do the same when a person types
//! them, and nothing stays behind. And a long range takes no more memory than a short one.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests; what is out of range is a failed test

mod support;

use serde_json::Value;
use support::{Home, assert_fields, text};

/// The steps of `keyark tour --json`.
fn steps() -> Vec<Value> {
    let home = Home::new();
    let steps = home.run(&["tour", "--json"]).ok().objects();
    assert!(home.names().is_empty(), "{:?}", home.names());
    assert_eq!(std::fs::read_dir(home.path("tmp")).unwrap().count(), 0, "the throw-away folder is gone");
    steps
}

/// The first step whose command starts so.
#[track_caller]
fn step<'a>(steps: &'a [Value], command: &str) -> &'a Value {
    steps.iter().find(|step| text(step, "command").starts_with(command)).unwrap_or_else(|| panic!("no {command}"))
}

#[test]
fn each_step_is_an_object() {
    let steps = steps();
    for (at, step) in steps.iter().enumerate() {
        assert_fields(step, &["command", "error", "exit", "results", "step", "title"]);
        assert_eq!(step["exit"] == 0, step["error"].is_null(), "{step}");
        assert_eq!(step["step"], at + 1);
        assert!(text(step, "command").starts_with("keyark ") && !text(step, "title").is_empty());
    }
    // Three of them show how keyark says no: to a slip of the pen, to what a chain does not have, to what the vault's policy denies.
    let failed: Vec<_> = steps.iter().filter(|step| step["exit"] != 0).map(|step| step["exit"].as_u64()).collect();
    assert_eq!(failed, [Some(3), Some(5), Some(5)]);
    assert!(steps.len() >= 10, "the whole job: {}", steps.len());
}

#[test]
fn the_steps_belong_to_one_wallet() {
    let steps = steps();
    let new = &step(&steps, "keyark new savings")["results"][0];
    let accounts = new["accounts"].as_array().unwrap();
    let address = |chain, kind| {
        accounts.iter().find(|row| row["chain"] == chain && row["kind"] == kind).unwrap()["address"].clone()
    };
    for again in ["keyark password reset savings", "keyark import savings"] {
        assert_eq!(&step(&steps, again)["results"][0]["accounts"], &new["accounts"], "{again}");
    }
    let listed = &step(&steps, "keyark list")["results"][0];
    assert_eq!((&listed["backed_up"], &listed["id"]), (&false.into(), &new["id"]));
    assert_eq!(step(&steps, "keyark backup phrase")["results"][0]["backed_up"], true);
    let copied = &step(&steps, "keyark backup cloud")["results"][0];
    assert_eq!((&copied["id"], &copied["addresses"]), (&new["id"], &accounts.len().into()));
    assert_eq!(step(&steps, "keyark restore cloud")["results"][0]["addresses"], accounts.len());
    let completed = &step(&steps, "keyark complete")["results"][0];
    assert_eq!((&completed["address"], &completed["checked"]), (&address("bitcoin", "p2wpkh"), &true.into()));
    let copied = &step(&steps, "keyark export key savings --chain bitcoin --secure-copy")["results"][0];
    let (whole, part) = (text(completed, "private_key"), text(copied, "private_key"));
    assert!(whole.starts_with(part) && whole.len() > part.len());
    let opened = &step(&steps, "keyark keystore open")["results"][0];
    assert_eq!(opened["address"], address("ethereum", "bip44"));
    assert_eq!(step(&steps, "keyark keystore inspect")["results"][0]["address"], opened["address"]);
}

#[test]
fn a_person_sees_the_same_commands() {
    let home = Home::new();
    let run = home.run(&["tour"]).ok();
    assert_eq!(run.err, "");
    let shown: Vec<_> = run.out.lines().filter_map(|line| line.strip_prefix("  $ ")).collect();
    // Addresses differ from wallet to wallet.
    let verbs = |command: &str| command.split(' ').take(4).collect::<Vec<_>>().join(" ");
    let commands: Vec<_> = steps().iter().map(|step| verbs(text(step, "command"))).collect();
    assert_eq!(shown.iter().map(|command| verbs(command)).collect::<Vec<_>>(), commands);
    assert!(run.out.contains(&format!("{} steps, each of them checked", commands.len())), "{}", run.out);
    assert!(run.out.contains("try: "), "a refusal says what to do instead");
}

/// What the tour shows is what happens when its commands are typed, in their order, in an empty folder.
#[test]
fn its_commands_can_be_typed() {
    let home = Home::new();
    home.write("password.txt", "crumpled denim opossum 99 trench\n");
    home.write("new-password.txt", "clobber-entryway-afloat-71\n");
    home.write("cloud-password.txt", "gladiola-unmixed-sterile-payback-41\n");
    home.write("keystore-password.txt", "a password\n");
    let here = home.path("").display().to_string();
    for step in steps() {
        let command = text(&step, "command");
        let typed = command.replace("$PWD", here.trim_end_matches('/')); // as a shell does
        let mut args: Vec<_> = typed.split(' ').skip(1).map(str::to_owned).collect();
        // The words are others than in the tour, and so is the address.
        if let Some(at) = args.iter().position(|arg| arg == "--address") {
            args[at + 1] = home.read("address.txt");
        }
        if !args.contains(&"--home".to_owned()) {
            args.extend(["--home", "vault"].map(str::to_owned));
        }
        let args: Vec<_> = args.iter().map(String::as_str).collect();
        let run = home.run(&args);
        assert_eq!(run.code.map(u64::try_from), step["exit"].as_u64().map(Ok), "{command}\n{}{}", run.out, run.err);
        // And what the person writes between the commands, on paper or into a file.
        if command.starts_with("keyark new") {
            let words = words_in(&home.path("vault"), "crumpled denim opossum 99 trench");
            home.write("paper.txt", &words);
            let slip = words
                .split_whitespace()
                .enumerate()
                .map(|(at, word)| format!("{word}{} ", ["", "q"][usize::from(at == 2)]));
            home.write("slip.txt", slip.collect::<String>());
        }
        if command.contains("--secure-copy") {
            let by_hand = run.err.lines().find(|line| line.starts_with("write down by hand, for ")).unwrap();
            let (address, rest) = by_hand.trim_start_matches("write down by hand, for ").split_once(": ").unwrap();
            home.write("address.txt", address);
            home.write("part.txt", run.out.trim());
            home.write("rest.txt", rest);
        }
    }
}

/// The words of the wallet in a vault, as its owner sees them on the screen.
fn words_in(vault: &std::path::Path, password: &str) -> String {
    use keyark::vault::{Folder, Password, Vault, WalletSecret};

    let storage = std::sync::Arc::new(Folder::new(vault));
    let vault = Vault::find(storage).unwrap().unwrap().unlock(&Password::new(&password.into()).unwrap()).unwrap();
    match vault.record(vault.find("savings").unwrap().id).unwrap().secret() {
        WalletSecret::Phrase(phrase) => phrase.to_text().expose().to_owned(),
        other => panic!("{other:?}"),
    }
}

/// The most memory that `keyark derive` had held when it was near the end of `rows` rows, in KiB.
#[cfg(target_os = "linux")]
fn peak(rows: usize) -> u64 {
    use std::io::BufRead;

    // The fastest chain: what is measured is the way of the rows, which all chains share.
    let home = Home::with_words();
    let range = format!("0..{rows}");
    let args = ["derive", "--phrase-file", "words.txt", "--chain", "solana", "--range", &range, "--json"];
    let mut child = home.command(&args).spawn().unwrap();
    // Nothing is read until as much waits as ever may: how much waits later is chance.
    let process = std::path::PathBuf::from(format!("/proc/{}", child.id()));
    wait_until_asleep(&process);
    let mut lines = std::io::BufReader::new(child.stdout.take().unwrap()).lines();
    // It cannot end before the rest is read: that is more than a pipe and the command's buffer hold.
    for line in lines.by_ref().take(rows - 1_500) {
        line.unwrap();
    }
    let status = std::fs::read_to_string(process.join("status")).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let peak = peak.trim().trim_end_matches(" kB").parse().unwrap();
    assert_eq!(lines.count(), 1_500);
    assert_eq!(support::wait(&mut child, "derive").code(), Some(0));
    peak
}

/// Until each thread of a process has slept for a while, having begun its work.
#[cfg(target_os = "linux")]
fn wait_until_asleep(process: &std::path::Path) {
    let states = || -> Vec<char> {
        let threads = std::fs::read_dir(process.join("task")).unwrap();
        let stat = threads.filter_map(|thread| std::fs::read_to_string(thread.unwrap().path().join("stat")).ok());
        // `1234 (keyark) S …`
        stat.map(|stat| stat.rsplit_once(") ").unwrap().1.chars().next().unwrap()).collect()
    };
    let (mut asleep, start) = (0, std::time::Instant::now());
    while asleep < 20 {
        assert!(start.elapsed().as_secs() < 120, "it never waits to be read");
        std::thread::sleep(std::time::Duration::from_millis(10));
        let states = states();
        let all = states.len() > 1 && states.iter().all(|&state| state == 'S');
        asleep = if all { asleep + 1 } else { 0 };
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_long_range_takes_no_more_memory_than_a_short_one() {
    // The short one fills the blocks of rows that wait and are worked on, fewer than eight of 1,024 for each core.
    let few = 8 * 1_024 * keyark::all_cores().get() + 2_000;
    let (short, long) = (peak(few), peak(few + 200_000));
    // The allocator's own ups and downs are a megabyte and a half; four are 21 bytes for each row more, of which each is hundreds.
    assert!(long < short + 4_096, "{short} KiB for {few} rows, {long} KiB for 200,000 more");
}
