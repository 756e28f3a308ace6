"""Electrum, as a person would use it: keys from keyark go in, keys out of Electrum are keyark's, accounts agree."""

import json
import os
import random
import subprocess
from pathlib import Path

from bip_utils import Bip44, Bip44Coins, Bip49, Bip49Coins, Bip84, Bip84Coins

from addresses import Wallet
from peers import Node, PeerError
from runner import Keyark, Runner

# keyark's kind, Electrum's name for it, and what makes its account key in the form that Electrum reads (SLIP-132).
KINDS = {
    "p2pkh": ("p2pkh", Bip44, Bip44Coins.BITCOIN, Bip44Coins.BITCOIN_TESTNET),
    "p2sh-p2wpkh": ("p2wpkh-p2sh", Bip49, Bip49Coins.BITCOIN, Bip49Coins.BITCOIN_TESTNET),
    "p2wpkh": ("p2wpkh", Bip84, Bip84Coins.BITCOIN, Bip84Coins.BITCOIN_TESTNET),
}


class Electrum:
    """The command, offline, with a folder of its own."""

    def __init__(self, folder: Path, network: str):
        self.folder = folder / network
        self.folder.mkdir(parents=True)
        self.options = ["--offline", "--dir", str(self.folder)] + ([] if network == "mainnet" else [f"--{network}"])
        self.wallets = 0

    def __call__(self, wallet: Path, command: str, *arguments: str) -> object:
        """A command on a wallet file; its JSON."""
        done = subprocess.run(
            ["electrum", *self.options, command, *arguments, "-w", str(wallet)],
            env={"PATH": os.environ.get("PATH", ""), "HOME": str(self.folder), "LANG": "C.UTF-8"},
            stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", timeout=120,
        )  # fmt: skip
        if done.returncode:
            raise PeerError(f"electrum {command}: {done.stderr.strip() or done.stdout.strip()}")
        try:
            return json.loads(done.stdout)
        except json.JSONDecodeError:
            return done.stdout.strip()

    def restore(self, text: str) -> Path:
        """A new wallet from keys, or from an account's extended key."""
        self.wallets += 1
        wallet = self.folder / f"wallet-{self.wallets}"
        self(wallet, "restore", text)
        return wallet


def keys_into_electrum(runner: Runner, keyark: Keyark, electrum: Electrum, network: str, wallet: Wallet) -> None:
    """A WIF of keyark's gives keyark's address."""
    for kind, (name, *_) in KINDS.items():
        with runner.check(f"electrum: {network} {kind}: keyark's keys give keyark's addresses") as check:
            rows = wallet.derive(keyark, "bitcoin", [kind], "--network", network, "--range", "0..3")
            # A bare WIF would become P2PKH, so the kind goes before it.
            file = electrum.restore(" ".join(f"{name}:{row['private_key']}" for row in rows))
            check.equal("addresses", sorted(row["address"] for row in rows), sorted(electrum(file, "listaddresses")))


def keys_out_of_electrum(runner: Runner, keyark: Keyark, electrum: Electrum, network: str, wallet: Wallet) -> None:
    """The account of the same words: the addresses and the private keys that Electrum exports are keyark's."""
    for kind, (name, standard, mainnet, testnet) in KINDS.items():
        with runner.check(f"electrum: {network} {kind}: the same words give the same addresses and keys") as check:
            # Electrum's command line takes no BIP-39 words, so bip_utils makes the account key of them.
            coin = mainnet if network == "mainnet" else testnet
            account = standard.FromSeed(wallet.seed, coin).Purpose().Coin().Account(0)
            file = electrum.restore(account.PrivateKey().ToExtended())
            for change, option in ((0, "--receiving"), (1, "--change")):
                rows = wallet.derive(
                    keyark, "bitcoin", [kind], "--network", network, "--change", change, "--range", "0..5"
                )
                theirs = electrum(file, "listaddresses", option)[:5]
                check.equal(f"addresses {option}", [row["address"] for row in rows], theirs)
            first = wallet.derive(keyark, "bitcoin", [kind], "--network", network, "--range", "0..1")[0]
            check.equal("WIF", f"{name}:{first['private_key']}", electrum(file, "getprivatekeys", first["address"]))


def account_into_electrum(runner: Runner, keyark: Keyark, electrum: Electrum, network: str, wallet: Wallet) -> None:
    """An account key of keyark's makes a watch-only wallet with keyark's addresses."""
    words = ["--phrase-file", keyark.file("phrase", wallet.phrase)]
    words += ["--passphrase-file", keyark.file("passphrase", wallet.passphrase)]
    for kind in KINDS:
        with runner.check(f"electrum: {network} {kind}: keyark's account key makes a watch-only wallet") as check:
            at = ["--chain", "bitcoin", "--kind", kind, "--network", network]
            account = keyark.one("account", *words, *at)
            file = electrum.restore(account["slip132"] or account["xpub"])
            rows = keyark.run("derive", *words, *at, "--range", "0..5")
            theirs = electrum(file, "listaddresses", "--receiving")[:5]
            check.equal("addresses", [row["address"] for row in rows], theirs)


def run(runner: Runner, keyark: Keyark, node: Node, choose: random.Random) -> None:
    """The checks of this group. Electrum 4.3 has no Taproot addresses."""
    wallet = Wallet(choose)
    for network in ("mainnet", "testnet"):
        electrum = Electrum(keyark.path("electrum"), network)
        keys_into_electrum(runner, keyark, electrum, network, wallet)
        keys_out_of_electrum(runner, keyark, electrum, network, wallet)
        account_into_electrum(runner, keyark, electrum, network, wallet)
