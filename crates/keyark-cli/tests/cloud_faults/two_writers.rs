//! Two computers that write into one cloud vault at once.

use super::*;

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
