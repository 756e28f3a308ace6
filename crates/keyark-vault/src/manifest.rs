//! The manifest: the one list of what belongs to an epoch, sealed to its identity and authenticated with a key that only the holder of
//! the identity has. A record counts only while the manifest lists its hash.

use keyark_core::{Error, ErrorKind, Result, hex, random};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::header::check_version;
use crate::json::{Fields, Unknown, Writer};
use crate::lineage::{self, ManifestName};
use crate::seal::{Keys, damaged, pad};
use crate::{Backup, Storage, Timestamp, VaultPolicy, WalletId, WalletName, WalletRecord};

const FORMAT: &str = "keyark-manifest";
const RECORD_KIND: &str = "wallet";
/// The largest manifest that is read, and so that is written. A wallet takes about 500 bytes.
const MAX_SIZE: usize = 1 << 27;
const MAX_RECORDS: usize = 100_000;
/// A vault that is sealed anew retires all of its files.
const MAX_RETIRED: usize = 4 * MAX_RECORDS;

/// What the manifest says of a wallet: enough for a list of wallets, without opening any record.
#[derive(Clone, Debug)]
pub struct WalletEntry {
    /// The wallet's id.
    pub id: WalletId,
    /// Its name.
    pub name: WalletName,
    /// When it came into a vault.
    pub created: Timestamp,
    /// `phrase` or `private-key`.
    pub secret_kind: String,
    /// The chain and address of its first account, by which the same wallet is known again.
    pub first_address: Option<(String, String)>,
    /// The backups that were made of it.
    pub backups: Vec<Backup>,
    /// How many addresses its record has. `None` in lists that were written before this was noted.
    pub accounts: Option<usize>,
    pub(crate) revision: u64,
    pub(crate) file: String,
    pub(crate) sha256: [u8; 32],
    unknown: Unknown,
}

impl WalletEntry {
    /// The entry of a record whose file has this name and hash.
    pub(crate) fn of(record: &WalletRecord, file: String, sha256: [u8; 32]) -> Self {
        Self {
            id: record.id(),
            name: record.name.clone(),
            created: record.created(),
            secret_kind: record.secret().kind_id().to_owned(),
            first_address: first_address(record),
            backups: record.backups.clone(),
            accounts: Some(record.accounts.len()),
            revision: record.revision(),
            file,
            sha256,
            unknown: Unknown::new(),
        }
    }

    /// The same entry, with the fields of later versions that stood in the one before.
    pub(crate) fn keeping(self, before: &Self) -> Self {
        Self { unknown: before.unknown.clone(), ..self }
    }

    /// The same entry under another name.
    pub(crate) fn called(self, name: WalletName) -> Self {
        Self { name, ..self }
    }

    /// Whether one backup restores the whole wallet, and has proved it.
    pub fn is_backed_up(&self) -> bool {
        self.backups.iter().any(|backup| backup.verified.is_some() && backup.restores_all(&self.secret_kind))
    }

    fn write(&self, writer: &mut Writer) {
        writer.text("file", &self.file);
        writer.text("sha256", &hex::encode(&self.sha256));
        writer.text("kind", RECORD_KIND);
        writer.text("id", &self.id.to_string());
        writer.number("revision", self.revision);
        writer.text("name", self.name.as_str());
        writer.text("created", &self.created.to_string());
        writer.text("secret", &self.secret_kind);
        if let Some((chain, address)) = &self.first_address {
            writer.text("chain", chain);
            writer.text("address", address);
        }
        writer.objects("backups", &self.backups, |writer, backup| backup.write(writer));
        if let Some(accounts) = self.accounts {
            writer.number("accounts", u64::try_from(accounts).unwrap_or(u64::MAX));
        }
        writer.unknown(&self.unknown);
    }

    fn read(mut fields: Fields<'_>) -> Result<Self> {
        let backups = fields.take_objects("backups", "a backup", MAX_RECORDS)?;
        let chain: Option<String> = fields.take_if_there("chain")?;
        let address: Option<String> = fields.take_if_there("address")?;
        let sha256 = hex::decode(&fields.take::<String>("sha256")?)?.try_into();
        if fields.take::<String>("kind")? != RECORD_KIND {
            return Err(fields.fault("kind", "is not known to this version of keyark"));
        }
        Ok(Self {
            id: fields.take::<String>("id")?.parse()?,
            name: WalletName::new(&fields.take::<String>("name")?)?,
            created: fields.take::<String>("created")?.parse()?,
            secret_kind: fields.take("secret")?,
            first_address: chain.zip(address),
            backups: backups.into_iter().map(Backup::read).collect::<Result<_>>()?,
            accounts: fields.take_if_there("accounts")?,
            revision: fields.take("revision")?,
            file: file_id(fields.take("file")?)?,
            sha256: sha256.map_err(|_| fields.fault("sha256", "does not have 32 bytes"))?,
            unknown: fields.rest(),
        })
    }
}

/// A file that the manifest of generation `since` was the first not to list. It is deleted when no manifest that is kept lists it.
#[derive(Clone, Debug)]
pub(crate) struct Retired {
    pub(crate) file: String,
    pub(crate) since: u64,
}

/// A wallet that was removed, in this revision: a device that did not know of it does not bring it back.
#[derive(Clone, Debug)]
pub(crate) struct Removed {
    pub(crate) id: WalletId,
    pub(crate) revision: u64,
}

impl Removed {
    pub(crate) fn covers(&self, entry: &WalletEntry) -> bool {
        self.id == entry.id && entry.revision <= self.revision
    }
}

/// See the module.
#[derive(Clone, Debug)]
pub(crate) struct Manifest {
    /// The same in every copy of a vault. Drawn when it is made, and anew by a reset, which cannot know the old one.
    pub(crate) vault: String,
    pub(crate) epoch: u32,
    pub(crate) generation: u64,
    pub(crate) written: Timestamp,
    pub(crate) policy: VaultPolicy,
    pub(crate) wallets: Vec<WalletEntry>,
    pub(crate) retired: Vec<Retired>,
    /// Older epochs whose wallets have been taken over.
    pub(crate) merged: Vec<u32>,
    pub(crate) removed: Vec<Removed>,
    /// The manifests that this state was read from: one, or several that were written at the same time.
    pub(crate) heads: Vec<ManifestName>,
    /// Those before them, the newest first, as far as they are remembered.
    pub(crate) follows: Vec<ManifestName>,
    /// Manifests from long ago whose wallets are in this state, or need not be.
    pub(crate) absorbed: Vec<ManifestName>,
    /// What two devices wrote of one wallet at once, and is not what counts.
    pub(crate) contested: Vec<WalletEntry>,
    unknown: Unknown,
}

impl Manifest {
    /// The first one of an epoch.
    pub(crate) fn new(vault: String, epoch: u32, written: Timestamp) -> Self {
        Self {
            vault,
            epoch,
            generation: 1,
            written,
            policy: VaultPolicy::default(),
            wallets: Vec::new(),
            retired: Vec::new(),
            merged: Vec::new(),
            removed: Vec::new(),
            heads: vec![ManifestName::first()],
            follows: Vec::new(),
            absorbed: Vec::new(),
            contested: Vec::new(),
            unknown: Unknown::new(),
        }
    }

    /// The name of its file, or of the newest of those that it was read from.
    pub(crate) fn name(&self) -> ManifestName {
        self.heads.iter().max().cloned().unwrap_or_else(ManifestName::first)
    }

    pub(crate) fn file(&self) -> String {
        self.name().file(self.epoch)
    }

    /// The whole file: a line with the HMAC of everything after it, the JSON, padding; all of it sealed.
    pub(crate) fn seal(&self, keys: &Keys) -> Result<Vec<u8>> {
        const MAC_LINE: usize = 65;
        let json = self.to_json();
        let padded = pad(&format!("{}{}", " ".repeat(MAC_LINE), json.as_str()));
        let body = padded.get(MAC_LINE..).unwrap_or_default();
        let mac = hex::encode(&keys.authenticate(body.as_bytes()));
        let sealed = keys.seal(Zeroizing::new(format!("{mac}\n{body}")).as_bytes())?;
        if self.wallets.len() <= MAX_RECORDS
            && self.retired.len().max(self.removed.len()) <= MAX_RETIRED
            && sealed.len() <= MAX_SIZE
        {
            return Ok(sealed);
        }
        Err(Error::new(
            ErrorKind::OutOfBounds,
            format!("a vault holds at most {MAX_RECORDS} wallets, and its list at most {MAX_SIZE} bytes"),
            "use a second vault; nothing was changed",
        ))
    }

    /// Reads, opens and checks one manifest.
    pub(crate) fn load(storage: &dyn Storage, keys: &Keys, epoch: u32, manifest: &ManifestName) -> Result<Self> {
        let name = manifest.file(epoch);
        let text = keys.open(&name, &storage.read(&name, MAX_SIZE)?)?;
        let (mac, body) = text.split_once('\n').ok_or_else(|| damaged(&name))?;
        let right = hex::encode(&keys.authenticate(body.as_bytes()));
        if !bool::from(mac.as_bytes().ct_eq(right.as_bytes())) {
            return Err(Error::malformed(
                format!("{name} was not written by someone with the password of this vault"),
                "somebody else may have changed this folder: use another copy of it",
            ));
        }
        let found = Self::from_json(body).map_err(|error| error.with_context("file", &name))?;
        if found.epoch != epoch || found.heads != [manifest.clone()] {
            return Err(Error::malformed(
                format!("{name} is another manifest under a wrong name"),
                "somebody else may have changed this folder: use another copy of it",
            ));
        }
        Ok(found)
    }

    fn to_json(&self) -> Zeroizing<String> {
        let mut writer = Writer::new();
        writer.text("format", FORMAT);
        writer.number("version", crate::header::VERSION.into());
        writer.text("vault", &self.vault);
        writer.number("epoch", self.epoch.into());
        writer.number("generation", self.generation);
        writer.text("name", &self.name().to_string());
        writer.text("follows", &lineage::to_text(&self.follows));
        writer.text("written", &self.written.to_string());
        writer.object("policy", |writer| self.policy.write(writer));
        writer.objects("records", &self.wallets, |writer, entry| entry.write(writer));
        writer.objects("retired", &self.retired, |writer, retired| {
            writer.text("file", &retired.file);
            writer.number("since", retired.since);
        });
        writer.objects("merged", &self.merged, |writer, epoch| writer.number("epoch", u64::from(*epoch)));
        writer.objects("removed", &self.removed, |writer, removed| {
            writer.text("id", &removed.id.to_string());
            writer.number("revision", removed.revision);
        });
        writer.unknown(&self.unknown);
        writer.finish()
    }

    fn from_json(text: &str) -> Result<Self> {
        let mut fields = Fields::read(text, "the manifest")?;
        if fields.take::<String>("format")? != FORMAT {
            return Err(fields.fault("format", "is another one"));
        }
        check_version(fields.take("version")?, "the manifest")?;
        let policy = VaultPolicy::read(fields.take_object("policy", "the policy")?)?;
        let wallets = fields.take_objects("records", "a record", MAX_RECORDS)?.into_iter().map(WalletEntry::read);
        let wallets = wallets.collect::<Result<_>>()?;
        let retired = fields.take_objects("retired", "a retired file", MAX_RETIRED)?.into_iter();
        let retired = retired.map(|mut one| Ok(Retired { file: one.take("file")?, since: one.take("since")? }));
        let retired = retired.collect::<Result<_>>()?;
        let merged = fields.take_objects("merged", "an epoch", MAX_RECORDS)?.into_iter();
        let merged = merged.map(|mut one| one.take("epoch")).collect::<Result<_>>()?;
        let removed = fields.take_objects("removed", "a removed wallet", MAX_RETIRED)?.into_iter();
        let removed = removed
            .map(|mut one| Ok(Removed { id: one.take::<String>("id")?.parse()?, revision: one.take("revision")? }));
        let removed = removed.collect::<Result<_>>()?;
        let generation: u64 = fields.take("generation")?;
        // Before there were names, the generation was the name.
        let name = fields.take_if_there("name")?.unwrap_or_else(|| generation.to_string());
        let name = ManifestName::from_text(&name).filter(|name| name.generation == generation);
        let follows = lineage::from_text(&fields.take_if_there::<String>("follows")?.unwrap_or_default());
        Ok(Self {
            vault: fields.take("vault")?,
            epoch: fields.take("epoch")?,
            generation,
            removed,
            heads: vec![name.ok_or_else(|| fields.fault("name", "is not the name of a manifest"))?],
            follows: follows.ok_or_else(|| fields.fault("follows", "is not a list of manifests"))?,
            absorbed: Vec::new(),
            contested: Vec::new(),
            written: fields.take::<String>("written")?.parse()?,
            policy,
            wallets,
            retired,
            merged,
            unknown: fields.rest(),
        })
    }

    /// The wallet called so, by its name or its id.
    pub(crate) fn find(&self, name: &str) -> Result<&WalletEntry> {
        let by_id = name.parse::<WalletId>().ok();
        let by_name = WalletName::new(name).ok();
        let found = self
            .wallets
            .iter()
            .find(|entry| by_id == Some(entry.id) || by_name.as_ref().is_some_and(|name| entry.name.same_as(name)));
        found.ok_or_else(|| {
            let known: Vec<_> = self.wallets.iter().map(|entry| entry.name.as_str()).take(10).collect();
            let remedy = match known.as_slice() {
                [] => "the vault has no wallets yet".to_owned(),
                known => format!("use one of: {}", known.join(", ")),
            };
            Error::new(ErrorKind::NotFound, "there is no wallet of that name in this vault", remedy)
        })
    }
}

/// The chain and address by which a wallet is known again.
pub(crate) fn first_address(record: &WalletRecord) -> Option<(String, String)> {
    record.accounts.first().map(|first| (first.chain.clone(), first.address.clone()))
}

/// A random name for a record's file, or for a vault.
pub(crate) fn random_id() -> Result<String> {
    let mut bytes = [0; 16];
    random::fill(&mut bytes)?;
    Ok(hex::encode(&bytes))
}

/// A record's file name from a manifest: nothing but what [`random_id`] makes, so that it cannot lead elsewhere.
pub(crate) fn file_id(id: String) -> Result<String> {
    if id.len() == 32 && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
        return Ok(id);
    }
    Err(Error::malformed("a record's file name is not 32 hexadecimal digits", "use another copy of the vault"))
}
