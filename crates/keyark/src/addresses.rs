//! Long lists of addresses: in blocks, over several cores, handed out in order.

use std::num::NonZeroUsize;
use std::ops::{ControlFlow, Range};
use std::sync::mpsc::sync_channel;
use std::thread;

use keyark_core::batch::of_locations_vartime;
use keyark_core::{
    AddressKind, Chain, Error, ErrorKind, KeyAddress, KeyLocation, Network, Position, Result, Step, WatchAccount,
};

use crate::Wallet;

/// How many keys are worked on at a time by each core: enough for full speed, and little memory.
const BLOCK: usize = 1024;
/// How many blocks of each core may wait to be handed out: enough that no core waits for one that is held up for a moment. With the one that it
/// works on they are a megabyte.
const AHEAD: usize = 4;

/// The addresses of one kind, from a start on.
#[derive(Clone)]
pub struct AddressRange<'a> {
    /// The chain.
    pub chain: &'static dyn Chain,
    /// One of the chain's kinds.
    pub kind: &'a AddressKind,
    /// One of the chain's networks.
    pub network: Network,
    /// What `range` does not say.
    pub start: Position,
    /// Indexes; accounts, where the paths of the kind have no index.
    pub range: Range<u32>,
}

/// One address of a range.
#[derive(Clone, Debug)]
pub struct RangeAddress {
    /// The index, or the account, that `range` counts: the first address of the range `5..9` has 5.
    pub at: u32,
    /// The key and its address.
    pub found: KeyAddress,
}

impl AddressRange<'_> {
    /// Where the key is whose index, or account, is `at`.
    ///
    /// # Errors
    /// As [`AddressKind::location`].
    pub fn location(&self, at: u32) -> Result<KeyLocation> {
        let has_index = self.kind.template().is_some_and(|template| template.has(Step::Index));
        let position =
            if has_index { Position { index: at, ..self.start } } else { Position { account: at, ..self.start } };
        self.kind.location(self.chain.info().coin_on(self.network), position)
    }

    /// Derives the addresses of a wallet on so many cores, and hands them out in order; `each` ends it by breaking. Memory does not grow with the range.
    ///
    /// Not constant time, since private keys are derived on the way: see [`BatchSupport`](keyark_core::BatchSupport).
    ///
    /// # Errors
    /// As [`Wallet::key`]. What came before was handed out.
    pub fn of_wallet_vartime(
        &self,
        wallet: &Wallet,
        cores: NonZeroUsize,
        each: impl FnMut(RangeAddress) -> ControlFlow<()>,
    ) -> Result<()> {
        let Some(seed) = wallet.expose_seed() else {
            return Err(Error::new(
                ErrorKind::Usage,
                "this wallet is one private key: it has one address of a kind",
                "ask for that key, or use a wallet that has words",
            ));
        };
        self.chain.info().check_network(self.network)?;
        let work = |range: Range<u32>| {
            let locations = range.map(|at| self.location(at)).collect::<Result<Vec<_>>>()?;
            Ok(of_locations_vartime(self.chain, seed, &locations, self.kind, self.network))
        };
        in_order(self.range.clone(), cores, &work, each)
    }

    /// The same, of an account of which only the public half is known; the account of `start` is not looked at. Only public keys are derived, so the
    /// time that it takes can tell no secret: hence no `_vartime` in its name.
    ///
    /// # Errors
    /// As [`WatchAccount::addresses`]. What came before was handed out.
    pub fn of_account(
        &self,
        account: &dyn WatchAccount,
        cores: NonZeroUsize,
        each: impl FnMut(RangeAddress) -> ControlFlow<()>,
    ) -> Result<()> {
        let work = |range| account.addresses(self.kind, self.network, self.start.change, range);
        in_order(self.range.clone(), cores, &work, each)
    }
}

/// As many as this computer has, for programs that have nothing else to do.
#[must_use]
pub fn all_cores() -> NonZeroUsize {
    thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

type Found = Vec<Result<KeyAddress>>;

/// Works on the blocks of a range: each core has every so-many-th of them.
fn in_order(
    range: Range<u32>,
    cores: NonZeroUsize,
    work: &(impl Fn(Range<u32>) -> Result<Found> + Sync),
    mut each: impl FnMut(RangeAddress) -> ControlFlow<()>,
) -> Result<()> {
    let blocks = || {
        let end = range.end;
        range.clone().step_by(BLOCK).map(move |start| start..end.min(start.saturating_add(BLOCK as u32)))
    };
    let cores = cores.get().min(blocks().len());
    thread::scope(|scope| {
        let begin = |core| {
            let (sender, receiver) = sync_channel(AHEAD);
            let own = blocks().skip(core).step_by(cores);
            scope.spawn(move || {
                for block in own {
                    if sender.send((block.clone(), work(block))).is_err() {
                        break; // nobody wants more
                    }
                }
            });
            receiver
        };
        let running: Vec<_> = (0..cores).map(begin).collect();
        // The first core without another block is the end. (Or it has panicked, which the scope passes on.)
        for (block, found) in running.iter().cycle().map_while(|core| core.recv().ok()) {
            for (at, found) in block.zip(found?) {
                if each(RangeAddress { at, found: found? }).is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use keyark_core::{Address, Curve, PublicKey};

    use super::*;

    /// In place of keys: addresses that are their numbers.
    fn numbered(range: Range<u32>) -> Result<Found> {
        let key = PublicKey::new(Curve::Ed25519, &[1; 32])?;
        Ok(range.map(|at| Ok(KeyAddress { key, address: Address::new(at.to_string()) })).collect())
    }

    fn cores(count: usize) -> NonZeroUsize {
        NonZeroUsize::new(count).unwrap()
    }

    #[test]
    fn they_come_in_order_on_any_number_of_cores() {
        for range in [0..0, 5..6, 0..BLOCK as u32, 7..3 * BLOCK as u32 + 8, u32::MAX - 2000..u32::MAX] {
            for count in [1, 2, 3, 64] {
                let mut seen = Vec::new();
                in_order(range.clone(), cores(count), &numbered, |one| {
                    assert_eq!(one.found.address.as_str(), one.at.to_string());
                    seen.push(one.at);
                    ControlFlow::Continue(())
                })
                .unwrap();
                assert_eq!(seen, range.clone().collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn breaking_ends_an_endless_list() {
        let mut seen = 0;
        let each = |_| {
            seen += 1;
            if seen == 5000 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        in_order(0..u32::MAX, cores(2), &numbered, each).unwrap();
        assert_eq!(seen, 5000);
    }

    #[test]
    fn what_comes_before_a_fault_is_handed_out() {
        let fault = || Error::new(ErrorKind::OutOfBounds, "no more", "ask for fewer");
        let work = |range: Range<u32>| if range.contains(&5000) { Err(fault()) } else { numbered(range) };
        let mut seen = 0;
        let each = |_| {
            seen += 1;
            ControlFlow::Continue(())
        };
        let error = in_order(0..9000, cores(2), &work, each).unwrap_err();
        assert_eq!((error.kind(), seen), (ErrorKind::OutOfBounds, 4 * BLOCK));
    }

    #[test]
    #[should_panic(expected = "a scoped thread panicked")]
    fn a_panic_is_passed_on() {
        let _ = in_order(0..9000, cores(2), &|_| panic!("a fault of a chain"), |_| ControlFlow::Continue(()));
    }
}
