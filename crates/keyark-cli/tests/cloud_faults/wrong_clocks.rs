//! Computers whose clocks are a year apart.

use super::*;

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
