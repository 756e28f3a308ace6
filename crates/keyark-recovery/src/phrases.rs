//! The task of finding a phrase, its passphrase and its paths.

use std::collections::HashSet;
use std::fmt;

use keyark_core::batch::FEW;
use keyark_core::{Address, Error, ErrorKind, Result, Seed};
use zeroize::Zeroizing;

use crate::amount::counted;
use crate::blocks::{batch_size, block_size};
use crate::derive::{self, Job};
use crate::engine::Gauge;
use crate::found::Found;
use crate::guesses::Passphrases;
use crate::known::{Known, Target};
use crate::places::{Bounds, Place, places};
use crate::search::{PhraseSearch, Search};
use crate::space::{Size, Space};
use crate::task::{Amount, Task};

/// How many places of one seed are derived at once.
const PLACES_AT_ONCE: usize = 1024;
/// After how many candidates without a right checksum it looks up whether to stop.
const LOOK_UP: usize = 4096;
/// Among fewer phrases than this a fingerprint, of 32 bits, fits another wallet in one search of a thousand.
const CHANCE: u128 = 1 << 22;
/// More phrases than this are never tried: a thousand machines with ten thousand a second take more than three years.
const MOST_TRIES: u128 = 1 << 50;
/// The most phrases that are matches by their checksum alone: more, nobody looks through.
const MOST_BY_CHECKSUM: u128 = 10_000;

/// Where a seed has what is known, with the address where it is one.
type Hit<'p> = (&'p Place, Option<Address>);

/// Every candidate of a space with every passphrase, at every place where what is known may be.
pub struct Phrases {
    space: Space,
    passphrases: Passphrases,
    known: Known,
    places: Vec<Place>,
    wanted: HashSet<(&'static str, Address)>,
    amount: Amount,
}

impl PhraseSearch {
    /// A search of every candidate of `space` with every one of `passphrases`, at all places within `bounds`, for what is
    /// `known`. It stops at the first that fits; see [`all`](Self::all).
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] where there is nothing to find: one phrase, of which nothing is marked, with one passphrase;
    /// [`ErrorKind::OutOfBounds`] for too many unknowns, with the number of candidates; and what [`Bounds`] say.
    pub fn new(space: Space, passphrases: Passphrases, known: Known, bounds: &Bounds) -> Result<Self> {
        if space.size().before <= 1 && passphrases.count() <= 1 && !space.is_doubtful() {
            return Err(Error::new(
                ErrorKind::Usage,
                "no word is marked as lost or doubtful and no damage is named, so there is nothing to find",
                "write a ? for each lost word, or name what may have happened; to find the paths or the passphrase of words \
                 that are right, ask which wallet they are",
            ));
        }
        Phrases::new(space, passphrases, known, bounds).map(Search::of)
    }
}

impl Phrases {
    pub(crate) fn new(space: Space, passphrases: Passphrases, known: Known, bounds: &Bounds) -> Result<Self> {
        let size = space.size();
        if size.exact && size.after == 0 {
            return Err(none_valid(size, space.is_doubtful()));
        }
        let each = passphrases.count();
        let tries = size.after.saturating_mul(each);
        let total = space.count().saturating_mul(each);
        if tries > MOST_TRIES {
            return Err(too_many(&space, size, each, tries));
        }
        let mut wanted = HashSet::new();
        match &known.0 {
            Target::Checksum => check_by_checksum(size, &passphrases)?,
            Target::Addresses(all) => wanted.extend(all.iter().map(|one| (one.chain.info().id, one.address.clone()))),
            Target::Account(_) | Target::Master(_) => {}
        }
        let places = places(&known, bounds)?;
        let amount = Amount {
            total,
            block: block_size(total, tries, places.len()),
            before: size.before.saturating_mul(each),
            after: tries,
            exact: size.exact,
            places: places.len(),
        };
        if amount.blocks() == u64::MAX {
            return Err(too_many(&space, size, each, tries));
        }
        Ok(Self { space, passphrases, known, places, wanted, amount })
    }

    /// The jobs of a batch that give what is known. `None` when it was told to stop.
    fn matches(&self, jobs: &[Job], gauge: &Gauge) -> Result<Option<Vec<Found>>> {
        if gauge.stopped() {
            return Ok(None);
        }
        if matches!(self.known.0, Target::Checksum) {
            let tried = gauge.add(jobs.len());
            return Ok(Some(jobs.iter().map(|job| Found::new(job, None, None, tried)).collect()));
        }
        let seeds = derive::seeds(jobs)?;
        // Few seeds are no batch; many places of each are.
        let few = seeds.len() < FEW && seeds.len() < self.places.len();
        let hits = if few { self.seed_by_seed(&seeds, gauge)? } else { self.place_by_place(&seeds, gauge)? };
        let Some(hits) = hits else { return Ok(None) };
        let tried = gauge.add(jobs.len());
        let found = |(job, hit): (&Job, Option<Hit<'_>>)| {
            hit.map(|(place, address)| Found::new(job, Some(place), address, tried))
        };
        Ok(Some(jobs.iter().zip(hits).filter_map(found).collect()))
    }

    /// Many seeds: all of them at one place after the other. Of several places that fit, the most usual one counts.
    fn place_by_place(&self, seeds: &[Seed], gauge: &Gauge) -> Result<Option<Vec<Option<Hit<'_>>>>> {
        let mut hits = vec![None; seeds.len()];
        for place in &self.places {
            if gauge.stopped() {
                return Ok(None);
            }
            let fits = self.fits(seeds, place)?;
            gauge.add_keys(seeds.len());
            for (hit, address) in hits.iter_mut().zip(fits) {
                if let (None, Some(address)) = (&hit, address) {
                    *hit = Some((place, address));
                }
            }
        }
        Ok(Some(hits))
    }

    /// Few seeds, and many places: many places of one seed after the other, until one fits.
    fn seed_by_seed(&self, seeds: &[Seed], gauge: &Gauge) -> Result<Option<Vec<Option<Hit<'_>>>>> {
        if !matches!(self.known.0, Target::Addresses(_)) {
            return self.place_by_place(seeds, gauge);
        }
        let mut hits = Vec::with_capacity(seeds.len());
        for seed in seeds {
            let mut hit = None;
            for places in self.places.chunks(PLACES_AT_ONCE) {
                if gauge.stopped() {
                    return Ok(None);
                }
                let mut found = places.iter().zip(derive::addresses_at(seed, places)?);
                gauge.add_keys(places.len());
                hit = found.find_map(|(place, address)| Some((place, Some(self.wanted(place, address?)?))));
                if hit.is_some() {
                    break;
                }
            }
            hits.push(hit);
        }
        Ok(Some(hits))
    }

    /// The address, if it is one of those that are looked for.
    fn wanted(&self, place: &Place, address: Address) -> Option<Address> {
        let key = (place.chain.map(|chain| chain.info().id).unwrap_or_default(), address);
        self.wanted.contains(&key).then_some(key.1)
    }

    /// Which seeds have what is known at `place`, with the address where it is one.
    fn fits(&self, seeds: &[Seed], place: &Place) -> Result<Vec<Option<Option<Address>>>> {
        Ok(match (&self.known.0, place.path()) {
            (Target::Addresses(_), _) => {
                let fits = |address: Option<Address>| Some(Some(self.wanted(place, address?)?));
                derive::addresses(seeds, place)?.into_iter().map(fits).collect()
            }
            (Target::Account(account), Some(path)) => {
                let keys = derive::public_keys(seeds, path);
                keys.into_iter().map(|key| (key == Some(account.key)).then_some(None)).collect()
            }
            (Target::Master(wanted), _) => {
                let all = derive::fingerprints(seeds);
                all.into_iter().map(|fingerprint| (fingerprint == Some(*wanted)).then_some(None)).collect()
            }
            (Target::Account(_) | Target::Checksum, _) => vec![None; seeds.len()],
        })
    }
}

impl Task for Phrases {
    type Found = Found;

    fn block(&self, block: u64, gauge: &Gauge) -> Result<Option<Vec<Found>>> {
        let each = self.passphrases.count().max(1);
        let std::ops::Range { start, end } = self.amount.range(block);
        let mut jobs = Vec::new();
        let mut walk = self.space.walk(start / each);
        let mut index = start;
        let mut looked_at = 0_usize;
        while index < end {
            let Some(candidate) = walk.next() else { break };
            looked_at += 1;
            if looked_at.is_multiple_of(LOOK_UP) && gauge.stopped() {
                return Ok(None);
            }
            // The candidate's own passphrases, as far as they are in this block.
            let own = index..(index / each + 1).saturating_mul(each).min(end);
            index = own.end;
            let Some(phrase) = candidate.phrase() else { continue };
            let passphrases = own.filter_map(|index| self.passphrases.get(index % each));
            jobs.extend(passphrases.map(|passphrase| Job { phrase: phrase.clone(), passphrase }));
        }
        let mut found = Vec::new();
        for batch in jobs.chunks(batch_size(jobs.len())) {
            let Some(more) = self.matches(batch, gauge)? else { return Ok(None) };
            found.extend(more);
        }
        Ok(Some(found))
    }

    fn amount(&self) -> Amount {
        self.amount
    }

    fn may_fit_by_chance(&self) -> bool {
        matches!(self.known.0, Target::Master(_)) && self.amount.after > CHANCE
    }

    fn open_input(&self, add: &mut dyn FnMut(&[u8])) {
        add(&self.passphrases.count().to_be_bytes());
        for place in &self.places {
            add(place.chain.map(|chain| chain.info().id).unwrap_or_default().as_bytes());
            add(place.kind.map(|kind| kind.id).unwrap_or_default().as_bytes());
            add(place.network.id().as_bytes());
            add(place.path().map(ToString::to_string).unwrap_or_default().as_bytes());
        }
        match &self.known.0 {
            Target::Addresses(all) => all.iter().for_each(|one| add(one.address.as_str().as_bytes())),
            Target::Account(account) => add(account.key.as_bytes()),
            Target::Master(fingerprint) => add(&fingerprint.0),
            Target::Checksum => add(b"checksum"),
        }
    }

    fn secret_input(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new([self.space.identity().as_slice(), self.passphrases.identity().as_slice()].concat())
    }
}

impl fmt::Debug for Phrases {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Phrases").field("space", &self.space).field("known", &self.known).finish_non_exhaustive()
    }
}

fn none_valid(size: Size, is_doubtful: bool) -> Error {
    let problem = match size.before {
        ..=1 if is_doubtful => "the only phrase that the words can be has a wrong checksum".to_owned(),
        ..=1 => "the checksum of the words is wrong, so no passphrase opens anything with them".to_owned(),
        all => format!("none of the {} phrases that the words can be has a right checksum", counted(all)),
    };
    Error::new(
        ErrorKind::Mismatch,
        problem,
        "mark each word that is not sure, or name what may have happened: a wrong word, two that were swapped",
    )
}

fn check_by_checksum(size: Size, passphrases: &Passphrases) -> Result<()> {
    if size.after > MOST_BY_CHECKSUM {
        return Err(Error::new(
            ErrorKind::OutOfBounds,
            format!(
                "{} phrases have a right checksum, and at most {} are listed when nothing else is known",
                counted(size.after),
                counted(MOST_BY_CHECKSUM)
            ),
            "give an address of the wallet, an extended public key or the fingerprint",
        ));
    }
    if passphrases.count() > 1 {
        return Err(Error::new(
            ErrorKind::Usage,
            "the checksum of the words says nothing of a passphrase: every one gives a wallet",
            "give an address of the wallet to find its passphrase",
        ));
    }
    Ok(())
}

fn too_many(space: &Space, size: Size, passphrases: u128, tries: u128) -> Error {
    Error::new(
        ErrorKind::OutOfBounds,
        match (space.count(), passphrases) {
            (1, _) => format!("there are {} passphrases to try", counted(tries)),
            (all, 1) => format!(
                "there are {} phrases to look at, and {} to try after the checksum",
                counted(all),
                counted(tries)
            ),
            (all, _) => {
                format!(
                    "there are {} phrases to look at, and {} to try with the passphrases",
                    counted(all),
                    counted(tries)
                )
            }
        } + &format!("; no more than {} are tried", counted(MOST_TRIES)),
        if size.after > MOST_TRIES {
            "too much is unknown: each word that you find out makes it 2048 times fewer, each place that you know in an unknown order several times"
        } else {
            "there are too many passphrases; write what you know of it in place of the marks"
        },
    )
}
