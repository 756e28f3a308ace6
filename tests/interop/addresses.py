"""Ranges of addresses, private keys and extended public keys against the libraries that other wallets use."""

import random

from bip_utils import (
    Base58Decoder,
    Bip32Slip10Secp256k1,
    Bip44,
    Bip44Changes,
    Bip44Coins,
    Bip49,
    Bip49Coins,
    Bip84,
    Bip84Coins,
    Bip86,
    Bip86Coins,
)
from embit.descriptor import Descriptor
from embit.descriptor.checksum import add_checksum
from embit.networks import NETWORKS as EMBIT_NETWORKS
from eth_account import Account
from solders.keypair import Keypair

from peers import BITCOIN_KINDS, Node, bitcoin_bip_utils, bitcoin_embit, bitcoin_path, cast, private_key_in, seed
from peers import solana, word_list
from phrases import as_keyark_writes, compare, random_passphrase
from runner import Keyark, Runner

KEY_FIELDS = ["address", "public_key", "private_key"]
NETWORKS = ["mainnet", "testnet", "signet", "regtest"]
# The last index that is not hardened is 2^31 - 1.
LAST = range(2**31 - 3, 2**31)


class Wallet:
    """One random phrase with a passphrase."""

    def __init__(self, choose: random.Random):
        entropy = choose.randbytes(32)
        self.phrase = word_list("english").to_mnemonic(entropy)
        self.passphrase = random_passphrase(choose)
        self.seed = seed(self.phrase, self.passphrase)
        self.name = f"{self.phrase!r}, {self.passphrase!r}"

    def derive(self, keyark: Keyark, chain: str, kinds: list[str], *options: object) -> list[dict]:
        """keyark's rows with their private keys."""
        return keyark.derive(self.phrase, self.passphrase, chain, kinds, "--private", *options)


def bitcoin_ranges(runner: Runner, keyark: Keyark, wallet: Wallet) -> None:
    """Receiving and change addresses of two accounts on every network."""
    for network in NETWORKS:
        for kind in BITCOIN_KINDS:
            with runner.check(f"addresses: bitcoin {network} {kind}: keys and addresses of bip_utils, embit") as check:
                for account, change, indices in ((0, 0, range(12)), (0, 1, range(4)), (3, 0, LAST)):
                    rows = wallet.derive(
                        keyark, "bitcoin", [kind], "--network", network, "--account", account, "--change", change,
                        "--range", f"{indices.start}..{indices.stop}",
                    )  # fmt: skip
                    check.equal(f"{wallet.name}: rows", len(rows), len(indices))
                    paths = [bitcoin_path(kind, network, account, change, index) for index in indices]
                    for peer in (bitcoin_bip_utils, bitcoin_embit):
                        expected = [peer(wallet.seed, network, kind, path) for path in paths]
                        compare(check, f"{wallet.name}: {peer.__name__}", rows, kind, expected, KEY_FIELDS)


# keyark's kind, the prefix of its account key, and what makes that key in bip_utils.
ACCOUNTS = [
    ("p2pkh", "xpub", Bip44, Bip44Coins.BITCOIN), ("p2pkh", "tpub", Bip44, Bip44Coins.BITCOIN_TESTNET),
    ("p2sh-p2wpkh", "ypub", Bip49, Bip49Coins.BITCOIN), ("p2sh-p2wpkh", "upub", Bip49, Bip49Coins.BITCOIN_TESTNET),
    ("p2wpkh", "zpub", Bip84, Bip84Coins.BITCOIN), ("p2wpkh", "vpub", Bip84, Bip84Coins.BITCOIN_TESTNET),
    ("p2tr", "xpub", Bip86, Bip86Coins.BITCOIN), ("p2tr", "tpub", Bip86, Bip86Coins.BITCOIN_TESTNET),
]  # fmt: skip


def accounts(runner: Runner, keyark: Keyark, wallet: Wallet) -> None:
    """keyark's account keys are bip_utils', and embit reads its descriptors and finds the same addresses."""
    words = ["--phrase-file", keyark.file("phrase", wallet.phrase)]
    words += ["--passphrase-file", keyark.file("passphrase", wallet.passphrase)]
    for kind, prefix, standard, coin in ACCOUNTS:
        network = "testnet" if prefix in ("tpub", "upub", "vpub") else "mainnet"
        at = ["--chain", "bitcoin", "--kind", kind, "--network", network, "--account", 1]
        with runner.check(f"addresses: the {prefix} and the descriptors of keyark's {kind} account") as check:
            account = keyark.one("account", *words, *at)
            theirs = standard.FromSeed(wallet.seed, coin).Purpose().Coin().Account(1)
            check.equal("extended key", account["slip132"] or account["xpub"], theirs.PublicKey().ToExtended())
            master = Bip32Slip10Secp256k1.FromSeed(wallet.seed)
            check.equal("fingerprint", account["fingerprint"], master.FingerPrint().ToHex())
            for name in ("descriptor", "receive_descriptor", "change_descriptor"):
                check.equal(f"checksum of the {name}", account[name], add_checksum(account[name].split("#")[0]))
            net = EMBIT_NETWORKS["test" if network == "testnet" else "main"]
            for change, name in ((0, "receive_descriptor"), (1, "change_descriptor")):
                descriptor = Descriptor.from_string(account[name])
                rows = keyark.run("derive", *words, *at, "--change", change, "--range", "0..4")
                for index, row in enumerate(rows):
                    address = descriptor.derive(index).address(net)
                    check.equal(f"{row['path']} of the {name}", row["address"], address)
                    address = Descriptor.from_string(account["descriptor"]).derive(index, change).address(net)
                    check.equal(f"{row['path']} of the descriptor", row["address"], address)


def extended_keys(runner: Runner, keyark: Keyark, wallet: Wallet) -> None:
    """An account's extended public key, in each form that bip_utils writes, gives bip_utils' addresses."""
    for kind, prefix, standard, coin in ACCOUNTS:
        with runner.check(f"addresses: {prefix} of bip_utils as {kind}") as check:
            account = standard.FromSeed(wallet.seed, coin).Purpose().Coin().Account(2)
            extended = account.PublicKey().ToExtended()
            check.true(f"{extended} is no {prefix}", extended.startswith(prefix))
            # The forms of SLIP-132 say the kind; xpub and tpub do not.
            named = ["--kind", kind] if prefix in ("xpub", "tpub") else []
            for change in (0, 1):
                side = account.Change(Bip44Changes.CHAIN_INT if change else Bip44Changes.CHAIN_EXT)
                rows = keyark.run("derive", "--xpub", extended, *named, "--change", change, "--range", "0..6")
                check.equal(f"{extended}: rows", len(rows), 6)
                for index, row in enumerate(rows):
                    theirs = side.AddressIndex(index).PublicKey()
                    check.equal(f"{extended} {change}/{index} kind", row["kind"], kind)
                    check.equal(f"{extended} {change}/{index} address", row["address"], theirs.ToAddress())
                    check.equal(f"{extended} {change}/{index} public_key", row["public_key"],
                                theirs.RawCompressed().ToHex())  # fmt: skip


def ethereum(runner: Runner, keyark: Keyark, node: Node, wallet: Wallet, choose: random.Random) -> None:
    """Keys and addresses against ethers, eth-account and cast."""
    kinds = {"bip44": "m/44'/60'/0'/0/{}", "ledger-live": "m/44'/60'/{}'/0/0", "ledger-legacy": "m/44'/60'/0'/{}"}
    words = {"phrase": wallet.phrase, "passphrase": wallet.passphrase, "language": "english"}
    for kind, template in kinds.items():
        with runner.check(f"addresses: ethereum {kind}: keys and addresses of ethers, eth-account") as check:
            for indices in (range(12), LAST):
                rows = wallet.derive(keyark, "ethereum", [kind], "--range", f"{indices.start}..{indices.stop}")
                expected = node("ethereum", **words, paths=[template.format(index) for index in indices])
                compare(check, wallet.name, rows, kind, as_keyark_writes(expected), KEY_FIELDS)
                for row in rows:
                    address = Account.from_key(row["private_key"]).address
                    check.equal(f"{row['path']}: eth-account's address", row["address"], address)
    with runner.check("addresses: ethereum: keys and addresses of cast") as check:
        # cast leaves out NFKD, so it is asked only where that changes nothing.
        passphrase = f"plain {choose.randrange(10**6)}"
        rows = keyark.derive(wallet.phrase, passphrase, "ethereum", list(kinds), "--private", "--range", "0..2")
        for row in rows:
            key = private_key_in(cast(
                "wallet", "private-key", "--mnemonic", wallet.phrase, "--mnemonic-passphrase", passphrase,
                "--mnemonic-derivation-path", row["path"],
            ))  # fmt: skip
            check.equal(f"{row['path']} private_key", row["private_key"], key)
            check.equal(f"{row['path']} address", row["address"], cast("wallet", "address", "--private-key", key))
    with runner.check("addresses: ethereum: a path of one's own, as in ethers") as check:
        for path in (f"m/44'/60'/{choose.randrange(100)}'/0/{choose.randrange(2**31)}", "m/44'/60'/0'/0/5"):
            row = keyark.derive(wallet.phrase, wallet.passphrase, "ethereum", [], "--path", path)[0]
            expected = as_keyark_writes(node("ethereum", **words, paths=[path]))[0]
            check.equal(f"{path} address", row["address"], expected["address"])
            check.equal(f"{path} public_key", row["public_key"], expected["public_key"])


def bip32(runner: Runner, keyark: Keyark, node: Node, wallet: Wallet) -> None:
    """The key pairs, whatever the address, against @scure/bip32."""
    with runner.check("addresses: the keys of @scure/bip32") as check:
        for chain, kind in (("bitcoin", "p2wpkh"), ("ethereum", "bip44")):
            rows = keyark.derive(wallet.phrase, wallet.passphrase, chain, [kind], "--range", "0..20")
            theirs = node("bip32", seed=wallet.seed.hex(), paths=[row["path"] for row in rows])
            for row, other in zip(rows, theirs, strict=True):
                check.equal(f"{row['path']} public_key", row["public_key"], other["public_key"])


def solana_keys(runner: Runner, keyark: Keyark, node: Node, wallet: Wallet) -> None:
    """Key pairs against bip_utils, solders and @solana/web3.js."""
    kinds = {"bip44-change": "m/44'/501'/{}'/0'", "bip44": "m/44'/501'/{}'", "root": "m/44'/501'", "seed": None}
    for kind, template in kinds.items():
        with runner.check(f"addresses: solana {kind}: keypairs of bip_utils, solders, @solana/web3.js") as check:
            many = kind in ("bip44-change", "bip44")
            rows = wallet.derive(keyark, "solana", [kind], *(["--range", "0..12"] if many else []))
            check.equal(f"{wallet.name}: rows", len(rows), 12 if many else 1)
            paths = [template and template.format(index) for index in range(len(rows))]
            expected = [solana(wallet.seed, path) for path in paths]
            compare(check, wallet.name, rows, kind, expected, KEY_FIELDS)
            for row in rows:
                pair = Keypair.from_base58_string(row["private_key"])
                check.equal(f"{row.get('path')}: solders reads the key", row["address"], str(pair.pubkey()))
                # web3.js takes the numbers of an id.json; it refuses halves that do not match.
                numbers = list(Base58Decoder.Decode(row["private_key"]))
                check.equal(f"{row.get('path')}: web3.js reads the key", row["address"],
                            node("solanaKeypair", secret=numbers))  # fmt: skip


def run(runner: Runner, keyark: Keyark, node: Node, choose: random.Random) -> None:
    """The checks of this group."""
    wallet = Wallet(choose)
    bitcoin_ranges(runner, keyark, wallet)
    accounts(runner, keyark, wallet)
    extended_keys(runner, keyark, wallet)
    ethereum(runner, keyark, node, wallet, choose)
    bip32(runner, keyark, node, wallet)
    solana_keys(runner, keyark, node, wallet)
