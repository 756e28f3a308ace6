//! Long lists of addresses: in blocks, over several cores, handed out in order.

use std::num::NonZeroUsize;
use std::ops::{ControlFlow, Range};
use std::thread;

use keyark_core::batch::of_locations_vartime;
use keyark_core::{
    AddressKind, Chain, Error, ErrorKind, KeyAddress, KeyLocation, Network, Position, Result, Step, WatchAccount,
};

use crate::Wallet;

/// How many keys are worked on at a time by each core: enough for full speed, and little memory.
const BLOCK: u32 = 2048;

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
    /// Its number in the range.
    pub at: u32,
    /// The key and its address.
    pub found: KeyAddress,
}

impl AddressRange<'_> {
    /// Where the key of the number `at` is.
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
    /// Not constant time: see [`BatchSupport`](keyark_core::BatchSupport).
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

    /// The same, of an account of which only the public half is known; the account of `start` is not looked at.
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

/// Works on the blocks of a range, the next ones while `each` has the last ones.
fn in_order(
    range: Range<u32>,
    cores: NonZeroUsize,
    work: &(impl Fn(Range<u32>) -> Result<Found> + Sync),
    mut each: impl FnMut(RangeAddress) -> ControlFlow<()>,
) -> Result<()> {
    let blocks = |start: u32| -> Vec<Range<u32>> {
        let end_of = |number: u32| start.saturating_add(number.saturating_mul(BLOCK)).min(range.end);
        (0..u32::try_from(cores.get()).unwrap_or(u32::MAX))
            .map(|number| end_of(number)..end_of(number + 1))
            .take_while(|block| !block.is_empty())
            .collect()
    };
    thread::scope(|scope| {
        let begin = |start| -> Vec<_> {
            let begin = |block: Range<u32>| (block.clone(), scope.spawn(move || work(block)));
            blocks(start).into_iter().map(begin).collect()
        };
        let mut running = begin(range.start);
        while let Some((last, _)) = running.last() {
            let next = last.end;
            let done: Vec<_> = running.into_iter().map(|(block, thread)| (block, thread.join())).collect();
            running = begin(next);
            for (block, found) in done {
                let found = found.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
                for (at, found) in block.zip(found) {
                    if each(RangeAddress { at, found: found? }).is_break() {
                        return Ok(());
                    }
                }
            }
        }
        Ok(())
    })
}
