//! A private key of which characters are missing or cannot be read.

use std::time::Duration;

use keyark::recovery::{Completed, KeySearch};
use keyark::{Chain, Result, SecretText};

use super::Whole;
use crate::args::Complete;
use crate::commands::recover::drive::Drive;
use crate::commands::recover::is_going_on;
use crate::commands::recover::report::{Results, count};
use crate::files;
use crate::ui::Ui;

/// Finds what each `?` of a key stands for.
pub(super) fn run(args: &Complete, chain: &'static dyn Chain, text: &SecretText, ui: &mut Ui<'_>) -> Result<()> {
    let text = SecretText::from(text.expose().split_whitespace().collect::<String>()); // people write in groups
    let address = super::address(args, ui)?;
    let search = KeySearch::new(chain, &text, address.as_deref(), args.network.get())?;
    let has_checksum = search.has_checksum();

    let mut results = Results::new(&args.out, is_going_on(&args.effort))?;
    let drive = Drive { effort: &args.effort, what: "keys", all: address.is_none(), most_threads: usize::MAX };
    let mut show = |found: Completed, _: Duration, results: &mut Results, ui: &mut Ui<'_>| {
        let address = found.address.map(|(_, address)| address);
        let whole = Whole { chain, key: found.key, address, warnings: found.warnings };
        whole.show(|object, text| results.add(object, text, ui))?;
        whole.tell(ui);
        Ok(())
    };
    let ended = drive.run(search, &mut results, &mut show, ui)?;
    if ui.is_broken() {
        return Ok(());
    }
    if ended.found == 0 {
        let (what, remedy) = nothing_fits(address.is_some(), has_checksum);
        return Err(ended.nothing_fits(&drive, what, remedy));
    }
    if let Some(file) = results.file() {
        ui.note(&format!("written to {}, readable by you alone", files::shown(file)));
    }
    if ended.found > 1 {
        ui.note(&format!("{} keys fit; --address tells the right one", count(ended.found.into())));
    }
    Ok(())
}

/// What no key fits, and what to do about it.
fn nothing_fits(has_address: bool, has_checksum: bool) -> (&'static str, &'static str) {
    const MARK_MORE: &str = "see which of the other characters are not sure, and write a ? for these too";
    match (has_address, has_checksum) {
        (true, true) => (
            "the address",
            "see whether the address is of this key: without --address, keys with a right checksum are shown; and which of the \
             other characters are not sure: write a ? for these too",
        ),
        (true, false) => (
            "the address",
            "see whether the address is of this key, and which of the other characters are not sure: write a ? for these too",
        ),
        (false, true) => ("its checksum", MARK_MORE),
        (false, false) => ("the form: as numbers they are too large or too small", MARK_MORE),
    }
}
