//! How many results a second there are, by the size of the batch on one core, and by the number of cores.

use std::thread;
use std::time::{Duration, Instant};

use keyark::batch::of_seeds_vartime;
use keyark::phrase::batch::{CodePath, Salt, seeds};
use keyark::{BITCOIN, Chain, ETHEREUM, Network, Position, SOLANA, Seed, all_cores};
use keyark_benches::{phrases, seeds as different_seeds, xpub};

/// The largest batch, which every core has when their number is what varies.
const LARGEST: u32 = 4096;
/// How long each point is measured at least, and with how many batches; the fastest counts.
const TIME: Duration = Duration::from_millis(300);
const TIMES: u32 = 3;

/// Does a batch of so many.
type Run<'a> = Box<dyn Fn(u32) + Sync + 'a>;

pub(crate) fn measure() {
    let phrases = phrases(LARGEST).unwrap();
    let salt = Salt::new(&"".into());
    let seeds_of = |many: u32| {
        let all = seeds(CodePath::best(), phrases.iter().take(many as usize).map(|phrase| (phrase, &salt))).unwrap();
        assert_eq!(all.len(), many as usize);
    };
    let some = different_seeds(LARGEST).unwrap();
    let ethereum = of_seeds(&ETHEREUM, &some);
    let solana = of_seeds(&SOLANA, &some);
    let (kind, xpub) = (BITCOIN.info().kind("p2wpkh").unwrap(), xpub().unwrap());
    let watched = BITCOIN.extended_keys().unwrap().read_public(&xpub).unwrap();
    let bitcoin = |many| {
        let all = watched.addresses(kind, Network::Mainnet, 0, 0..many).unwrap();
        assert!(all.len() == many as usize && all.iter().all(Result::is_ok));
    };
    let works: [(&str, Run<'_>); 4] = [
        ("xpub to Bitcoin addresses", Box::new(bitcoin)),
        ("seeds to Solana addresses", solana),
        ("seeds to Ethereum addresses", ethereum),
        ("phrases to seeds", Box::new(seeds_of)),
    ];
    for (name, run) in &works {
        for batch in (0..).map(|power| 1 << power).take_while(|batch| *batch <= LARGEST) {
            print(name, batch, 1, rate(batch, || run(batch)));
        }
        for cores in cores() {
            print(name, LARGEST, cores, rate(LARGEST * cores, || on_cores(cores, || run(LARGEST))));
        }
    }
}

fn of_seeds<'a>(chain: &'static dyn Chain, seeds: &'a [Seed]) -> Run<'a> {
    let kind = chain.info().default_kind().unwrap();
    let location = kind.location(chain.info().coin_type, Position::default()).unwrap();
    Box::new(move |many| {
        let seeds = seeds.get(..many as usize).unwrap();
        let all = of_seeds_vartime(chain, seeds, &location, kind, Network::Mainnet);
        assert!(all.len() == many as usize && all.iter().all(Result::is_ok));
    })
}

/// 1, 2, 4 and so on up to all of this computer.
fn cores() -> Vec<u32> {
    let all = u32::try_from(all_cores().get()).unwrap();
    let mut cores: Vec<_> = (0..31).map(|power| 1 << power).take_while(|cores| *cores < all).collect();
    cores.push(all);
    cores
}

fn on_cores(cores: u32, run: impl Fn() + Sync) {
    thread::scope(|scope| {
        (0..cores).for_each(|_| {
            scope.spawn(&run);
        });
    });
}

/// Results a second, where each run gives so many.
fn rate(results: u32, run: impl Fn()) -> f64 {
    run(); // tables, caches
    let start = Instant::now();
    let (mut fastest, mut times) = (Duration::MAX, 0);
    while times < TIMES || start.elapsed() < TIME {
        let start = Instant::now();
        run();
        fastest = fastest.min(start.elapsed());
        times += 1;
    }
    f64::from(results) / fastest.as_secs_f64()
}

fn print(name: &str, batch: u32, cores: u32, rate: f64) {
    println!(r#"{{"work":"{name}","batch":{batch},"cores":{cores},"rate":{rate:.1}}}"#);
}
