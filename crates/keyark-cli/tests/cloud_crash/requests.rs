//! Killed before and after each request, where the cloud is a server.

use super::*;

#[test]
fn killed_at_each_request_to_s3() {
    on_a_server("kill -9 at a request, S3", Kind::S3);
}

#[test]
fn killed_at_each_request_to_webdav() {
    on_a_server("kill -9 at a request, WebDAV", Kind::WebDav);
}

fn on_a_server(what: &str, kind: Kind) {
    let start = Instant::now();
    let stages = stages(kind).unwrap();
    let points: Vec<_> = stages
        .iter()
        .flat_map(|stage| (0..stage.requests).flat_map(move |number| [false, true].map(|after| (stage, number, after))))
        // A sample of WebDAV, which takes three requests for each of S3's: what is after one is before the next one.
        .filter(|(_, number, after)| kind == Kind::S3 || *after || number.is_multiple_of(3))
        .collect();
    let name = |(stage, number, after): &(&Stage, usize, bool)| {
        format!(
            "{} on {:?}, {} request {number}",
            stage.scene.name,
            stage.kind,
            if *after { "after" } else { "before" }
        )
    };
    let count = try_all(&points, 3, name, |(stage, number, after)| {
        let world = stage.world.copy();
        let Some(held) = kill_at(&world, stage.scene.args, *number, *after) else { return false };
        let seen = stage.check(&world, *number);
        stage.check_code(&seen);
        // It had no effect until now; what it does is in a world that nobody looks at any more.
        held.wait();
        true
    });
    println!("faults: {what}: {count} injected, 0 states lost, {:.0?}", start.elapsed());
    assert!(count >= 40, "only {count} points");
}

/// Runs a command until its n-th request that changes something, which has its effect or has none, and kills it there. Whoever waits at the
/// barrier lets a request that is held go on. `None` if it came to its end with fewer requests.
fn kill_at(world: &World, args: &[&str], number: usize, after_effect: bool) -> Option<Arc<Barrier>> {
    const FOR_THE_EFFECT: Duration = Duration::from_millis(10);
    let held = Arc::new(Barrier::new(if after_effect { 1 } else { 2 }));
    let fault = match after_effect {
        // The answer does not come while the command lives.
        true => Fault::Slow(Duration::from_secs(2)),
        false => Fault::Meet(held.clone()),
    };
    world.server().forget_log();
    world.server().fault(When::method("PUT|DELETE|MOVE|MKCOL").after(number).times(1), fault);
    let mut child = world.command(args).spawn().unwrap();
    let start = Instant::now();
    while changing(world) <= number {
        let ended = child.try_wait().unwrap();
        if let Some(ended) = ended {
            assert!(ended.success(), "it failed by itself");
            return None; // requests side by side: one folder less was made
        }
        if start.elapsed() > PATIENCE {
            kill(&mut child);
            panic!("it hangs");
        }
        sleep(Duration::from_millis(1));
    }
    if after_effect {
        sleep(FOR_THE_EFFECT);
    }
    kill(&mut child);
    world.server().heal();
    Some(held)
}

fn kill(child: &mut Child) {
    child.kill().unwrap(); // SIGKILL
    child.wait().unwrap();
}
