//! Which wallet is this? Words and one thing known give chain, kind, account, index and passphrase.

use keyark_core::{Error, ErrorKind, Result};
use keyark_phrase::Phrase;

use crate::found::Found;
use crate::guesses::Passphrases;
use crate::known::{Known, Target};
use crate::phrases::Phrases;
use crate::places::Bounds;
use crate::search::Search;
use crate::space::Space;

/// Where in the wallet of `phrase` what is `known` is, within `bounds`, and with which of the `passphrases`: pass
/// [`Passphrases::none`] and behind it the guesses. `threads` are as for [`Search::run`]. `None` where it is not there.
///
/// To watch it or to stop it, run a [`PhraseSearch`](crate::PhraseSearch) over [`Space::of_phrase`] instead.
///
/// # Errors
/// [`ErrorKind::Usage`] where nothing is known; what [`Bounds`] say.
pub fn which_wallet(
    phrase: &Phrase,
    known: &Known,
    passphrases: Passphrases,
    bounds: &Bounds,
    threads: usize,
) -> Result<Option<Found>> {
    if matches!(known.0, Target::Checksum) {
        return Err(Error::new(
            ErrorKind::Usage,
            "nothing is known of the wallet but its words",
            "give an address, an extended public key or the fingerprint",
        ));
    }
    let mut search = Search::of(Phrases::new(Space::of_phrase(phrase)?, passphrases, known.clone(), bounds)?);
    let mut found: Vec<Found> = Vec::new();
    search.run(threads, &mut found)?;
    Ok(found.into_iter().next())
}
