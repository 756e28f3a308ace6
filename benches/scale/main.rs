//! How keyark does as the work and the machine grow: its memory with longer lists, its time with more unknown words and on two cores,
//! its rate with larger batches and more cores. `benches/report` runs it and draws the plot; each line it prints is one measurement in JSON.
//!
//! `scale machine | cores | memory ADDRESSES CORES | recovery UNKNOWN CORES | rates`
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)] // a measurement that cannot go on should stop

mod cores;
mod memory;
mod rates;
mod recovery;

use keyark::all_cores;
use keyark::phrase::batch::CodePath;

fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["machine"] => println!(r#"{{"cores":{},"path":"{}"}}"#, all_cores(), CodePath::best().id()),
        ["cores"] => cores::measure(),
        ["memory", addresses, cores] => memory::measure(addresses.parse().unwrap(), cores.parse().unwrap()),
        ["recovery", unknown, cores] => recovery::measure(unknown.parse().unwrap(), cores.parse().unwrap()),
        ["rates"] => rates::measure(),
        [] => {} // all benchmarks are being run, and this is a part of the report
        _ => panic!("machine, cores, memory ADDRESSES CORES, recovery UNKNOWN CORES or rates"),
    }
}
