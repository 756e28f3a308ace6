"""The other implementations: Python's in this process, npm's behind one Node process, and cast."""

import json
import os
import re
import subprocess
import unicodedata
from pathlib import Path

from bip_utils import (
    Base58Encoder,
    Bip32Slip10Ed25519,
    Bip32Slip10Secp256k1,
    CoinsConf,
    P2PKHAddrEncoder,
    P2SHAddrEncoder,
    P2TRAddrEncoder,
    P2WPKHAddrEncoder,
    WifEncoder,
)
from embit import bip32, script
from embit.networks import NETWORKS
from mnemonic import Mnemonic
from solders.keypair import Keypair

HERE = Path(__file__).resolve().parent

LANGUAGES = [
    "english", "japanese", "chinese-simplified", "chinese-traditional", "korean",
    "spanish", "french", "italian", "czech", "portuguese",
]  # fmt: skip
WORD_COUNTS = [12, 15, 18, 21, 24]
# An address kind of Bitcoin is the first step of its path (BIP-44, 49, 84, 86).
BITCOIN_KINDS = {"p2pkh": 44, "p2sh-p2wpkh": 49, "p2wpkh": 84, "p2tr": 86}


class PeerError(Exception):
    """The other implementation refused."""


class Node:
    """The npm implementations."""

    def __enter__(self) -> "Node":
        self.process = subprocess.Popen(
            ["node", "node_peer.mjs"], cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )
        return self

    def __exit__(self, *_: object) -> None:
        self.process.stdin.close()
        self.process.wait(timeout=30)

    def __call__(self, operation: str, **request: object) -> object:
        """One request, answered before the next."""
        self.process.stdin.write(json.dumps({"operation": operation, **request}) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline() or '{"error": "the Node process has ended"}')
        if "error" in answer:
            raise PeerError(answer["error"])
        return answer["result"]


# Phrases.


def word_list(language: str) -> Mnemonic:
    """PyPI `mnemonic` in keyark's language."""
    name = {"chinese-simplified": "chinese_simplified", "chinese-traditional": "chinese_traditional"}
    return Mnemonic(name.get(language, language))


def seed(phrase: str, passphrase: str) -> bytes:
    """PyPI `mnemonic`'s seed."""
    return Mnemonic.to_seed(phrase, passphrase)


# Keys and addresses: each returns what keyark's `derive --private` says of one path.


def bitcoin_path(kind: str, network: str, account: int, change: int, index: int) -> str:
    """The path of an address kind."""
    return f"m/{BITCOIN_KINDS[kind]}'/{0 if network == 'mainnet' else 1}'/{account}'/{change}/{index}"


def bitcoin_bip_utils(seed: bytes, network: str, kind: str, path: str) -> dict:
    """bip_utils; it has no signet, whose addresses are testnet's."""
    conf = {
        "mainnet": CoinsConf.BitcoinMainNet,
        "testnet": CoinsConf.BitcoinTestNet,
        "signet": CoinsConf.BitcoinTestNet,
        "regtest": CoinsConf.BitcoinRegTest,
    }[network]
    node = Bip32Slip10Secp256k1.FromSeedAndPath(seed, path)
    public, private = node.PublicKey().KeyObject(), node.PrivateKey().KeyObject()
    if kind == "p2pkh":
        address = P2PKHAddrEncoder.EncodeKey(public, net_ver=conf.ParamByKey("p2pkh_net_ver"))
    elif kind == "p2sh-p2wpkh":
        address = P2SHAddrEncoder.EncodeKey(public, net_ver=conf.ParamByKey("p2sh_net_ver"))
    elif kind == "p2wpkh":
        address = P2WPKHAddrEncoder.EncodeKey(public, hrp=conf.ParamByKey("p2wpkh_hrp"), wit_ver=0)
    else:
        address = P2TRAddrEncoder.EncodeKey(public, hrp=conf.ParamByKey("p2tr_hrp"), wit_ver=1)
    return {
        "path": path,
        "address": address,
        "public_key": node.PublicKey().RawCompressed().ToHex(),
        "private_key": WifEncoder.Encode(private, net_ver=conf.ParamByKey("wif_net_ver")),
    }


def bitcoin_embit(seed: bytes, network: str, kind: str, path: str) -> dict:
    """embit."""
    net = NETWORKS[{"mainnet": "main", "testnet": "test"}.get(network, network)]
    key = bip32.HDKey.from_seed(seed).derive(path).key
    public = key.get_public_key()
    if kind == "p2sh-p2wpkh":
        output = script.p2sh(script.p2wpkh(public))
    else:
        output = {"p2pkh": script.p2pkh, "p2wpkh": script.p2wpkh, "p2tr": script.p2tr}[kind](public)
    return {
        "path": path,
        "address": output.address(net),
        "public_key": public.sec().hex(),
        "private_key": key.wif(net),
    }


def solana(seed: bytes, path: str | None) -> dict:
    """bip_utils' SLIP-10 and solders' keypair; no path means the seed's first 32 bytes."""
    secret = Bip32Slip10Ed25519.FromSeedAndPath(seed, path).PrivateKey().Raw().ToBytes() if path else seed[:32]
    pair = Keypair.from_seed(secret)
    return {
        "path": path,
        "address": str(pair.pubkey()),
        "public_key": bytes(pair.pubkey()).hex(),
        "private_key": Base58Encoder.Encode(bytes(pair)),
    }


def solana_keygen(phrase: str, passphrase: str) -> str:
    """solders' form of what solana-keygen derives without a path. It applies no NFKD by itself."""
    normal = unicodedata.normalize("NFKD", phrase), unicodedata.normalize("NFKD", passphrase)
    return str(Keypair.from_seed_phrase_and_passphrase(*normal).pubkey())


# cast


def cast(*arguments: object, password: str | None = None) -> str:
    """Foundry's cast; its password goes through the variable that it reads."""
    command = HERE / "node_modules/@foundry-rs/cast-linux-amd64/bin/cast"
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(HERE / "node_modules")}
    if password is not None:
        environment["CAST_UNSAFE_PASSWORD"] = password
    done = subprocess.run(
        [str(command), *map(str, arguments)],
        env=environment, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", timeout=120,
    )  # fmt: skip
    if done.returncode:
        raise PeerError(f"cast: {done.stderr.strip()}")
    return done.stdout.strip()


def private_key_in(text: str) -> str:
    """The key in a line that cast prints."""
    found = re.search(r"0x[0-9a-f]{64}", text)
    if not found:
        raise PeerError(f"cast printed no key but {len(text)} characters")
    return found.group()
