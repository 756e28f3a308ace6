//! A server that fails at any request, once or from then on, while a cloud vault changes.

use super::*;

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
