//! Blocks of work over threads: dealt out in order, handed back as they are done, in bounded memory.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use keyark_core::Result;

use crate::shard::Shard;
use crate::task::Task;

/// How often whoever watches is asked whether to go on, also when no block is done.
const TICK: Duration = Duration::from_millis(100);
/// The most threads.
pub(crate) const MOST_THREADS: usize = 1024;

/// What the threads have in common.
#[derive(Debug, Default)]
pub struct Gauge {
    stop: AtomicBool,
    tried: AtomicU64,
    /// Keys that have been derived in this run.
    keys: AtomicU64,
}

impl Gauge {
    /// Starts from work that was done before.
    pub(crate) fn from(tried: u64) -> Self {
        Self { tried: AtomicU64::new(tried), ..Self::default() }
    }

    pub(crate) fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// How many keys or passwords have been tried.
    pub(crate) fn tried(&self) -> u64 {
        self.tried.load(Ordering::Relaxed)
    }

    /// How many keys have been derived in this run, also of candidates that are not tried at all their places yet.
    pub(crate) fn keys(&self) -> u64 {
        self.keys.load(Ordering::Relaxed)
    }

    pub(crate) fn add_keys(&self, keys: usize) {
        self.keys.fetch_add(keys as u64, Ordering::Relaxed);
    }

    /// Adds to them, and returns how many there are now.
    pub(crate) fn add(&self, tried: usize) -> u64 {
        self.tried.fetch_add(tried as u64, Ordering::Relaxed) + tried as u64
    }
}

/// What whoever watches is told.
pub(crate) enum Event<F> {
    /// A block is done, with what it found.
    Block(u64, Vec<F>),
    /// Time has passed.
    Tick,
}

/// Does the blocks `todo` of a share on `threads` threads. `watch` is told of each that is done, on the thread of the caller, and ends the
/// work with [`ControlFlow::Break`]; then blocks that others are in the middle of are dropped, and done blocks come no more.
///
/// # Errors
/// The first error of a block.
pub(crate) fn run<T: Task>(
    task: &T,
    shard: Shard,
    todo: impl Iterator<Item = u64> + Send,
    threads: usize,
    gauge: &Gauge,
    mut watch: impl FnMut(Event<T::Found>) -> ControlFlow<()>,
) -> Result<()> {
    let threads = threads.clamp(1, MOST_THREADS);
    let todo = Mutex::new(todo);
    let next = || todo.lock().unwrap_or_else(PoisonError::into_inner).next();
    let (sender, receiver) = sync_channel(2 * threads);
    thread::scope(|scope| {
        for _ in 0..threads {
            let sender = sender.clone();
            scope.spawn(move || {
                while !gauge.stopped() {
                    let Some(at) = next() else { break };
                    let result = match task.block(shard.block(at), gauge) {
                        Ok(None) => break,
                        Ok(Some(found)) => Ok((at, found)),
                        Err(error) => Err(error),
                    };
                    if sender.send(result).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        loop {
            let flow = match receiver.recv_timeout(TICK) {
                Ok(Ok((at, found))) => watch(Event::Block(at, found)),
                Ok(Err(error)) => {
                    gauge.stop();
                    drop(receiver); // whoever waits to hand something over goes on, and ends
                    return Err(error);
                }
                Err(RecvTimeoutError::Timeout) => watch(Event::Tick),
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            };
            if flow.is_break() {
                gauge.stop();
                drop(receiver);
                return Ok(());
            }
        }
    })
}
