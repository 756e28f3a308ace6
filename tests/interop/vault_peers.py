"""A vault as the others see it: pyrage, stock age on a terminal, and the libraries that derive its addresses."""

import hmac
import json
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time
import unicodedata
from pathlib import Path

import pyrage
from bip_utils import Bip32Slip10Secp256k1
from eth_account import Account
from solders.keypair import Keypair

from peers import BITCOIN_KINDS, HERE, PeerError, bitcoin_bip_utils, bitcoin_path, seed
from phrases import solana_rows
from read_vault import parse_name
from runner import Keyark

ETHEREUM_PATHS = {"bip44": "m/44'/60'/0'/0/0", "ledger-live": "m/44'/60'/0'/0/0", "ledger-legacy": "m/44'/60'/0'/0"}
SOLANA_KINDS = ("bip44-change", "bip44", "root", "seed")


class Vault:
    """A vault, as keyark and the others see it."""

    def __init__(self, keyark: Keyark, password: str, of: Path | None = None):
        self.keyark, self.password, self.folder = keyark, password, keyark.path("vault")
        if of:
            shutil.copytree(of, self.folder)

    def run(self, *words: object, expect: int = 0) -> list[dict]:
        """keyark's answer; the password is given."""
        file = self.keyark.file("password", self.password)
        return self.keyark.run("--home", self.folder, *words, "--password-file", file, expect=expect)

    def file(self, text: str) -> Path:
        """A file for one of keyark's flags."""
        return self.keyark.file("secret", text)

    def read(self, password: str | None = None, expect: int = 0) -> list[dict]:
        """The records that read_vault.py finds."""
        done = subprocess.run(
            [sys.executable, HERE / "read_vault.py", self.folder],
            input=(password or self.password).encode(), capture_output=True, timeout=120,
        )  # fmt: skip
        if done.returncode != expect:
            raise PeerError(f"read_vault.py: exit {done.returncode}: {done.stderr.decode()}")
        return [json.loads(line) for line in done.stdout.decode().splitlines()]

    def epoch(self) -> Path:
        """The folder of the current epoch: the highest that has a manifest."""
        return max(self.folder.glob("epochs/*/manifest-*.age"), key=lambda path: int(path.parent.name)).parent

    def header(self) -> dict:
        """The file in the clear."""
        return json.loads((self.folder / "keyark-vault.json").read_text())

    def identity(self) -> pyrage.x25519.Identity:
        """The identity of the current epoch, by pyrage."""
        sealed = (self.epoch() / "identity.password.age").read_bytes()
        text = pyrage.passphrase.decrypt(sealed, unicodedata.normalize("NFKD", self.password)).decode()
        return pyrage.x25519.Identity.from_str(text.strip())

    def manifests(self) -> list[Path]:
        """The manifests of the current epoch, the newest last."""
        manifests = self.epoch().glob("manifest-*.age")
        return sorted(manifests, key=lambda path: parse_name(path.stem.removeprefix("manifest-")))

    def manifest(self) -> dict:
        """What the newest manifest says."""
        return json.loads(pyrage.decrypt(self.manifests()[-1].read_bytes(), [self.identity()]).split(b"\n", 1)[1])

    def write(
        self, identity: pyrage.x25519.Identity, manifests: list[dict], records: dict[str, bytes], header: dict | None
    ) -> None:
        """Writes a vault as docs/format.md says."""
        epoch = self.folder / "epochs/1"
        (epoch / "records").mkdir(parents=True)
        if header:
            (self.folder / "keyark-vault.json").write_text(json.dumps(header))
        sealed = pyrage.passphrase.encrypt(str(identity).encode(), unicodedata.normalize("NFKD", self.password))
        (epoch / "identity.password.age").write_bytes(sealed)
        for name, record in records.items():
            (epoch / f"records/{name}.age").write_bytes(record)
        for manifest in manifests:
            (epoch / f"manifest-{manifest['name']}.age").write_bytes(seal_manifest(manifest, identity))


def accounts_of_others(record: dict, passphrase: str) -> list[dict]:
    """The rows that bip_utils, eth-account and solders derive from the secret of a record."""
    secret = record["secret"]
    if secret["type"] == "private-key":
        key = bytes.fromhex(secret["key"])
        if secret["chain"] == "ethereum":
            kinds, address = ETHEREUM_PATHS, Account.from_key(key).address
        else:
            kinds, address = SOLANA_KINDS, str(Keypair.from_seed(key).pubkey())
        return [{"chain": secret["chain"], "kind": kind, "path": None, "address": address} for kind in kinds]
    root = seed(secret["words"], passphrase)
    rows = []
    for kind in BITCOIN_KINDS:
        row = bitcoin_bip_utils(root, "mainnet", kind, bitcoin_path(kind, "mainnet", 0, 0, 0))
        rows.append({"chain": "bitcoin", "kind": kind, **row})
    for kind, path in ETHEREUM_PATHS.items():
        node = Bip32Slip10Secp256k1.FromSeedAndPath(root, path)
        address = Account.from_key(node.PrivateKey().Raw().ToBytes()).address
        public_key = node.PublicKey().RawCompressed().ToHex()
        rows.append({"chain": "ethereum", "kind": kind, "path": path, "address": address, "public_key": public_key})
    return rows + [{"chain": "solana", "kind": kind, **row} for kind, row in solana_rows(root).items()]


def age(*arguments: object, types: tuple[str, ...] = ()) -> None:
    """Stock age on a terminal, on which the texts are typed when it asks."""
    process, terminal = pty.fork()
    if not process:
        os.execvp("age", ["age", *map(str, arguments)])
    shown, waiting, end = b"", list(types), time.monotonic() + 60
    try:
        while select.select([terminal], [], [], max(0, end - time.monotonic()))[0]:
            try:
                shown += os.read(terminal, 1024)
            except OSError:  # Linux's end of a terminal
                break
            if waiting and re.search(rb"passphrase[^:]*: $", shown):
                os.write(terminal, waiting.pop(0).encode() + b"\n")
                shown += b"\n"
        else:
            os.kill(process, 9)
    finally:
        os.close(terminal)
        code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    if code:
        raise PeerError(f"age {' '.join(map(str, arguments))}: exit {code}: {shown.decode(errors='replace').strip()}")


def is_recovery_code(text: str) -> bool:
    """Whether the four last symbols of the code are those that docs/format.md asks for."""
    if not re.fullmatch(r"KEYARK-RECOVERY(-[0-9A-HJKMNP-TV-Z]{5}){6}", text):
        return False
    letters = text.removeprefix("KEYARK-RECOVERY").replace("-", "")
    symbols = ["0123456789ABCDEFGHJKMNPQRSTVWXYZ".index(letter) for letter in letters]

    def multiply(one: int, other: int) -> int:
        product = 0
        for bit in range(5):
            product ^= one * (other >> bit & 1)
            one = one << 1 ^ 0b100101 * (one >> 4)
        return product

    def value(coefficients: list[int], at: int) -> int:
        result = 0
        for coefficient in coefficients:
            result = multiply(result, at) ^ coefficient
        return result

    return all(value(symbols, at) == value([1, 2, 3, 4], at) for at in (2, 4, 8, 16))


def seal_manifest(
    manifest: dict, identity: pyrage.x25519.Identity, recipient: pyrage.x25519.Recipient | None = None
) -> bytes:
    """A manifest as docs/format.md says, without the padding, which no reader may rely on."""
    key = hmac.digest(str(identity).encode(), b"keyark manifest v1", "sha256")
    body = json.dumps(manifest, indent=1).encode()
    mac = hmac.digest(key, body, "sha256").hex().encode()
    return pyrage.encrypt(mac + b"\n" + body, [recipient or identity.to_public()])
