//! Which addresses are meant: chains, kinds, positions, from the arguments.

use std::ops::Range;

use keyark::{
    AddressKind, AddressRange, Chain, DerivationPath, Error, ErrorKind, Network, PathTemplate, Position, Result, Step,
};

use crate::args::Derive;
use crate::commands::chains_named;

/// The addresses of one kind of one chain.
pub(super) struct Selected {
    pub(super) chain: &'static dyn Chain,
    pub(super) kind: &'static AddressKind,
    /// The kind as it is shown: none for a path that is of no kind, whose address is in the form of `kind`.
    pub(super) label: Option<&'static str>,
    pub(super) network: Network,
    pub(super) start: Position,
    pub(super) range: Range<u32>,
    /// One path in place of the kind's own.
    pub(super) path: Option<DerivationPath>,
}

impl Selected {
    /// How many addresses there are.
    pub(super) fn count(&self) -> u64 {
        u64::from(self.range.end - self.range.start)
    }

    /// The width of its longest path.
    pub(super) fn path_width(&self) -> usize {
        let path = match &self.path {
            Some(path) => Some(path.to_string()),
            None => self.kind.template().and_then(|template| Some(self.last(template).ok()?.to_string())),
        };
        path.map_or(1, |path| path.len())
    }

    /// What the library derives.
    pub(super) fn as_range(&self) -> AddressRange<'static> {
        let Self { chain, kind, network, start, .. } = *self;
        AddressRange { chain, kind, network, start, range: self.range.clone() }
    }

    /// That its last address can be derived: before the first one is shown.
    fn check(&self) -> Result<()> {
        match self.kind.template() {
            Some(template) => self.last(template).map(drop),
            None if self.range.end <= 1 && self.start == Position::default() => Ok(()),
            None => Err(Error::new(
                ErrorKind::Usage,
                format!("the kind {} has one address only", self.kind.id),
                "leave --account, --change and --range away, or choose another kind",
            )),
        }
    }

    /// The path of its last address.
    fn last(&self, template: PathTemplate) -> Result<DerivationPath> {
        let last = self.range.end.saturating_sub(1).max(self.range.start);
        let at = if super::has_index(self.kind) {
            Position { index: last, ..self.start }
        } else {
            Position { account: last, ..self.start }
        };
        template.fill(self.chain.info().coin_on(self.network), at)
    }
}

/// What the arguments select.
pub(super) fn from_args(args: &Derive) -> Result<Vec<Selected>> {
    let range = args.range.as_deref().map(parse_range).transpose()?;
    if let Some(path) = &args.path {
        return Ok(vec![one_path(args, path.parse()?)?]);
    }
    let mut selected = Vec::new();
    for chain in chains_named(&args.chains)? {
        let network = network_for(chain, args)?;
        for kind in kinds_for(chain, &args.kinds)? {
            let account = args.account.unwrap_or_default();
            // Chains that nobody named take what applies to them; a chain that was named refuses what does not.
            let has_change = kind.template().is_some_and(|template| template.has(Step::Change));
            let change = if has_change || !args.chains.is_empty() { args.change.unwrap_or_default() } else { 0 };
            let own = if super::has_index(kind) { 0..1 } else { account..account.saturating_add(1) };
            if range.is_some() && args.account.is_some() && !super::has_index(kind) {
                return Err(Error::new(
                    ErrorKind::Usage,
                    format!("the range of {} addresses on {} runs over accounts", kind.id, chain.info().name),
                    "give --range or --account, not both",
                ));
            }
            let range = range.clone().unwrap_or(own);
            let start = Position { account, change, index: 0 };
            let one = Selected { chain, kind, label: Some(kind.id), network, start, range, path: None };
            one.check()?;
            selected.push(one);
        }
    }
    if selected.is_empty() {
        let known: Vec<_> =
            chains_named(&args.chains)?.iter().flat_map(|chain| chain.info().kinds).map(|kind| kind.id).collect();
        return Err(Error::new(
            ErrorKind::NotFound,
            "no chain has an address kind of that name",
            format!("use some of: {}", known.join(", ")),
        ));
    }
    Ok(selected)
}

/// The network that was asked for; for a chain that nobody named and that does not have it, the main one.
fn network_for(chain: &dyn Chain, args: &Derive) -> Result<Network> {
    let network = args.network.get().unwrap_or_default();
    match chain.info().check_network(network) {
        Ok(()) => Ok(network),
        Err(_) if args.chains.is_empty() => Ok(Network::Mainnet),
        Err(error) => Err(error),
    }
}

/// The chain's kinds among `ids`, or its default kind.
fn kinds_for(chain: &dyn Chain, ids: &[String]) -> Result<Vec<&'static AddressKind>> {
    if ids.is_empty() {
        return Ok(vec![chain.info().default_kind()?]);
    }
    Ok(chain.info().kinds.iter().filter(|kind| ids.iter().any(|id| id == kind.id)).collect())
}

/// A path that stands for itself. Its chain is the one that was named, or the only one with its coin type.
fn one_path(args: &Derive, path: DerivationPath) -> Result<Selected> {
    let coin = path.steps().get(1).filter(|step| step.is_hardened()).map(|step| step.index());
    let mut chains = chains_named(&args.chains)?;
    if args.chains.is_empty() {
        chains.retain(|chain| Some(chain.info().coin_type) == coin);
    }
    let [chain] = chains.as_slice() else {
        return Err(Error::new(
            ErrorKind::Usage,
            format!("the path {path} does not say which chain it is for"),
            "name one chain with --chain",
        ));
    };
    let info = chain.info();
    let network = network_for(*chain, args)?;
    let coins = [info.coin_on(network)];
    let of_path =
        |kind: &&AddressKind| kind.template().is_some_and(|template| template.position_of(&coins, &path).is_some());
    let (kind, label) = match (args.kinds.first(), info.kinds.iter().find(of_path)) {
        (Some(id), _) => info.kind(id).map(|kind| (kind, Some(kind.id)))?,
        (None, Some(kind)) => (kind, Some(kind.id)),
        (None, None) => (info.default_kind()?, None),
    };
    let start = Position::default();
    Ok(Selected { chain: *chain, kind, label, network, start, range: 0..1, path: Some(path) })
}

/// A half-open range of indexes: `0..20`.
pub(super) fn parse_range(text: &str) -> Result<Range<u32>> {
    const END: u64 = 1 << 31;
    let usage =
        |problem: &'static str| Error::new(ErrorKind::Usage, problem, "write it as 0..20, which is the first twenty");
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        digits
            .then(|| text.parse().unwrap_or(u64::MAX))
            .ok_or_else(|| usage("the range is not two numbers with .. between"))
    };
    let (start, end) = text.split_once("..").ok_or_else(|| usage("the range has no .. between its start and end"))?;
    let (start, end) = (number(start)?, number(end)?);
    if end > END || start > END {
        return Err(Error::new(
            ErrorKind::OutOfBounds,
            format!("the range goes beyond the last index, {}", END - 1),
            format!("the largest range is 0..{END}"),
        ));
    }
    if start > end {
        return Err(usage("the range ends before it starts"));
    }
    Ok(start as u32..end as u32) // both at most 2^31
}
