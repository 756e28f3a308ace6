//! Where in a wallet the known address may be, the most usual place first.

use std::collections::HashMap;
use std::fmt;

use keyark_core::{
    AddressKind, Chain, DerivationPath, Error, ErrorKind, KeyLocation, KeySource, Network, PathTemplate, Position,
    Result, Seed, Step,
};

use crate::known::{Account, Known, Target, Wanted};

/// The most places that are looked at for each phrase.
const MOST_PLACES: u64 = 100_000;

/// A seed of nobody, to ask what a chain does with one.
const NOBODY: [u8; Seed::MAX_LEN] = [0x5a; Seed::MAX_LEN];

/// Within which bounds the known address may be. The default is the first address of each kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The address kinds, by their ids; none for all.
    pub kinds: Vec<String>,
    /// How many accounts, from 0 on.
    pub accounts: u32,
    /// How many addresses of each account, from 0 on; `--indexes` of the command.
    pub indices: u32,
    /// Whether change addresses too.
    pub change: bool,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { kinds: Vec::new(), accounts: 1, indices: 1, change: false }
    }
}

/// One place to look at.
#[derive(Clone)]
pub(crate) struct Place {
    pub(crate) chain: Option<&'static dyn Chain>,
    pub(crate) kind: Option<&'static AddressKind>,
    pub(crate) network: Network,
    pub(crate) location: KeyLocation,
}

impl Place {
    fn master() -> Self {
        Self {
            chain: None,
            kind: None,
            network: Network::Mainnet,
            location: KeyLocation::Path(DerivationPath::default()),
        }
    }

    pub(crate) fn path(&self) -> Option<&DerivationPath> {
        match &self.location {
            KeyLocation::Path(path) => Some(path),
            _ => None,
        }
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = self.chain.map(|chain| chain.info().id);
        write!(f, "Place({id:?}, {:?}, {:?})", self.kind.map(|kind| kind.id), self.location)
    }
}

/// All places within `bounds` at which what is `known` may be.
///
/// # Errors
/// [`ErrorKind::NotFound`] for an unknown kind, [`ErrorKind::Usage`] where none is left, [`ErrorKind::OutOfBounds`] for too
/// many and for steps of 2^31 or more; else what the chain says that cannot derive there.
pub(crate) fn places(known: &Known, bounds: &Bounds) -> Result<Vec<Place>> {
    if bounds.accounts == 0 || bounds.indices == 0 {
        return Err(Error::new(
            ErrorKind::Usage,
            "the bounds leave no address",
            "give at least one account and one index",
        ));
    }
    match &known.0 {
        Target::Checksum => Ok(Vec::new()),
        Target::Master(_) => Ok(vec![Place::master()]),
        Target::Account(account) => of_account(account, bounds),
        Target::Addresses(all) => of_addresses(all, bounds),
    }
}

fn of_addresses(all: &[Wanted], bounds: &Bounds) -> Result<Vec<Place>> {
    check_kinds(all.iter().map(|wanted| wanted.chain), bounds)?;
    let mut kinds: Vec<(&'static dyn Chain, &'static AddressKind, Network)> = Vec::new();
    for wanted in all {
        for kind in wanted.kinds.iter().filter(|kind| asked(bounds, kind)) {
            let same = |other: &(&'static dyn Chain, &'static AddressKind, Network)| {
                other.0.info().id == wanted.chain.info().id && other.1.id == kind.id && other.2 == wanted.network
            };
            if !kinds.iter().any(same) {
                kinds.push((wanted.chain, kind, wanted.network));
            }
        }
    }
    let count = kinds.iter().fold(0_u64, |count, (_, kind, _)| count.saturating_add(room(kind, bounds)));
    if count > MOST_PLACES {
        return Err(too_many(count));
    }
    let mut places = Vec::new();
    for (chain, kind, network) in kinds {
        let start = places.len();
        let coin = chain.info().coin_on(network);
        for position in positions(kind, bounds) {
            let location = match kind.source {
                KeySource::Path(template) => KeyLocation::Path(template.fill(coin, position)?),
                _ => KeyLocation::SeedPrefix,
            };
            let usual =
                (position.account + position.change + position.index, position.change, !kind.default, position.account);
            places.push((usual, Place { chain: Some(chain), kind: Some(kind), network, location }));
        }
        if let Some((_, place)) = places.get(start) {
            check(chain, place)?;
        }
    }
    places.sort_by_key(|(usual, _)| *usual);
    let places = without_repetitions(places.into_iter().map(|(_, place)| place).collect());
    if places.is_empty() { Err(none_left(bounds)) } else { Ok(places) }
}

fn of_account(account: &Account, bounds: &Bounds) -> Result<Vec<Place>> {
    check_kinds(account.chains.iter().map(|(chain, ..)| *chain), bounds)?;
    if account.depth == 0 {
        return Ok(vec![Place::master()]);
    }
    let mut places = Vec::new();
    for (chain, named, network) in &account.chains {
        for kind in chain.info().kinds.iter().filter(|kind| asked(bounds, kind)) {
            if named.is_some_and(|named| named.id != kind.id) {
                continue;
            }
            let coin = chain.info().coin_on(*network);
            // The key itself says which account it is.
            let path = match (kind.template(), account.child.is_hardened()) {
                (Some(template), true) => template.account_path(coin, account.child.index())?,
                _ => None,
            };
            if let Some(path) = path.filter(|path| path.steps().len() == usize::from(account.depth)) {
                places.push(Place {
                    chain: Some(*chain),
                    kind: Some(kind),
                    network: *network,
                    location: KeyLocation::Path(path),
                });
            }
        }
    }
    if places.is_empty() {
        return Err(Error::new(
            ErrorKind::Usage,
            format!(
                "the extended key is no account of these address kinds: it is {} steps below the master key",
                account.depth
            ),
            "give the extended key of an account, 3 steps deep in BIP-44 and its like, or an address",
        ));
    }
    Ok(places)
}

fn asked(bounds: &Bounds, kind: &AddressKind) -> bool {
    bounds.kinds.is_empty() || bounds.kinds.iter().any(|id| id == kind.id)
}

/// That each kind asked for is one of a chain's.
fn check_kinds(chains: impl Iterator<Item = &'static dyn Chain>, bounds: &Bounds) -> Result<()> {
    let (mut known, mut names): (Vec<_>, Vec<_>) = Default::default();
    for chain in chains {
        known.extend(chain.info().kinds.iter().map(|kind| kind.id));
        names.push(chain.info().name);
    }
    for all in [&mut known, &mut names] {
        all.sort_unstable();
        all.dedup();
    }
    let Some(unknown) = bounds.kinds.iter().find(|id| !known.contains(&id.as_str())) else { return Ok(()) };
    Err(Error::new(
        ErrorKind::NotFound,
        format!("what is known is of {}, which has no such address kind", names.join(" or ")),
        format!("leave the kind away, or use some of: {}", known.join(", ")),
    )
    .with_context("given", unknown.escape_debug()))
}

fn has(kind: &AddressKind, step: Step) -> bool {
    kind.template().is_some_and(|template: PathTemplate| template.has(step))
}

/// How many positions a kind has within the bounds.
fn room(kind: &AddressKind, bounds: &Bounds) -> u64 {
    let accounts = if has(kind, Step::Account) { bounds.accounts } else { 1 };
    let indices = if has(kind, Step::Index) { bounds.indices } else { 1 };
    let changes = if has(kind, Step::Change) && bounds.change { 2 } else { 1 };
    u64::from(accounts).saturating_mul(u64::from(indices)).saturating_mul(changes)
}

fn positions(kind: &AddressKind, bounds: &Bounds) -> impl Iterator<Item = Position> {
    let accounts = if has(kind, Step::Account) { bounds.accounts } else { 1 };
    let indices = if has(kind, Step::Index) { bounds.indices } else { 1 };
    let changes = if has(kind, Step::Change) && bounds.change { 2 } else { 1 };
    (0..accounts).flat_map(move |account| {
        (0..changes).flat_map(move |change| (0..indices).map(move |index| Position { account, change, index }))
    })
}

/// Kinds that differ in their paths alone share some of them: Ethereum's first address is that of two. Each is derived once.
fn without_repetitions(mut places: Vec<Place>) -> Vec<Place> {
    let mut first: HashMap<(&'static str, Network, String), Vec<Place>> = HashMap::new();
    places.retain(|place| {
        let (Some(chain), Some(path)) = (place.chain, place.path()) else { return true };
        let same_path = first.entry((chain.info().id, place.network, path.to_string())).or_default();
        let is_new = !same_path.iter().any(|other| gives_the_same(other, place));
        same_path.extend(is_new.then(|| place.clone()));
        is_new
    });
    places
}

/// Whether two places at one path give the same address: those of a seed of nobody.
fn gives_the_same(one: &Place, other: &Place) -> bool {
    let address = |place: &Place| {
        let (chain, kind) = (place.chain?, place.kind?);
        let key = chain.derive(&Seed::new(&NOBODY).ok()?, &place.location).ok()?;
        chain.address(&chain.public_key(&key).ok()?, kind, place.network).ok()
    };
    address(one).is_some_and(|address_of_one| Some(address_of_one) == address(other))
}

/// That the chain can derive there at all, with a seed of nobody: what fails for every seed must be said, not passed over.
fn check(chain: &'static dyn Chain, place: &Place) -> Result<()> {
    let seed = Seed::new(&NOBODY)?;
    chain.public_key(&chain.derive(&seed, &place.location)?).map(drop)
}

fn too_many(count: u64) -> Error {
    Error::new(
        ErrorKind::OutOfBounds,
        format!("the bounds leave {count} addresses for each phrase, and at most {MOST_PLACES} are derived"),
        "name the address kind, or take fewer accounts or addresses",
    )
}

fn none_left(bounds: &Bounds) -> Error {
    Error::new(
        ErrorKind::Usage,
        format!("the known address is of no kind among those asked for: {}", bounds.kinds.join(", ")),
        "leave the kinds away, or name the kind of the address",
    )
}
