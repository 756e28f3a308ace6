"""Ethereum keystores: written by one side, opened by the other, with the same key and address."""

import json
import random
import unicodedata
from collections.abc import Callable
from pathlib import Path

from eth_account import Account

from peers import Node, cast, private_key_in
from runner import Keyark, Refused, Runner

# é and ö have a composed and a decomposed form, ﬁ is a ligature: the three forms of this password are three texts.
TYPED = "pässwörd é ﬁn 日本 🔑"
NFC = unicodedata.normalize("NFC", TYPED)
NFKC = unicodedata.normalize("NFKC", TYPED)
NFD = unicodedata.normalize("NFD", NFKC)
ASCII = "correct horse battery staple"
LIGHT = 4096

Open = Callable[[str, str], str]
Make = Callable[[str, str], str]


def openers(node: Node, folder: Path) -> dict[str, Open]:
    """By name: a keystore's text and a password to the private key."""

    def by_cast(keystore: str, password: str) -> str:
        (folder / "to-open").write_text(keystore)
        return private_key_in(cast("wallet", "decrypt-keystore", "-k", folder, "to-open", password=password))

    return {
        "ethers": lambda keystore, password: node("openEthers", keystore=keystore, password=password),
        "web3": lambda keystore, password: node("openWeb3", keystore=keystore, password=password),
        "@ethereumjs/wallet": lambda keystore, password: node("openEthereumJs", keystore=keystore, password=password),
        "eth-account": lambda keystore, password: "0x" + Account.decrypt(keystore, password).hex(),
        "cast": by_cast,
    }


def makers(node: Node, folder: Path) -> dict[str, Make]:
    """By name: a private key and a password to a keystore's text, at the cost that the writer takes by itself."""

    def by_cast(key: str, password: str) -> str:
        (folder / "made").unlink(missing_ok=True)
        cast("wallet", "import", "made", "-k", folder, "--private-key", key, password=password)
        return (folder / "made").read_text()

    def by_node(operation: str, **options: object) -> Make:
        return lambda key, password: node(operation, key=key, password=password, **options)

    def by_eth_account(kdf: str, cost: int | None = None) -> Make:
        return lambda key, password: json.dumps(Account.encrypt(key, password, kdf=kdf, iterations=cost))

    return {
        "ethers": by_node("makeEthers"),
        "web3": by_node("makeWeb3"),
        "web3 with PBKDF2": by_node("makeWeb3", kdf="pbkdf2"),
        "@ethereumjs/wallet": by_node("makeEthereumJs"),
        "@ethereumjs/wallet with PBKDF2": by_node("makeEthereumJs", kdf="pbkdf2"),
        "eth-account": by_eth_account("scrypt"),
        "eth-account with PBKDF2": by_eth_account("pbkdf2"),
        "cast": by_cast,
        # The same writers at a low cost, for the checks that make many.
        "ethers, light": by_node("makeEthers", n=LIGHT),
        "web3, light": by_node("makeWeb3", n=LIGHT),
        "@ethereumjs/wallet, light": by_node("makeEthereumJs", n=LIGHT),
        "eth-account, light": by_eth_account("scrypt", LIGHT),
    }


class Keystores:
    """keyark's two commands."""

    def __init__(self, keyark: Keyark):
        self.keyark = keyark

    def make(self, key: str, password: str, *options: object) -> str:
        """The text of a keystore that keyark writes."""
        out = self.keyark.path("keystore.json")
        self.keyark.run(
            "keystore", "make", "--chain", "ethereum", "--key-file", self.keyark.file("key", key),
            "--keystore-password-file", self.keyark.file("password", password), "--out", out, *options,
        )  # fmt: skip
        return out.read_text()

    def open(self, keystore: str, password: str) -> dict:
        """What keyark finds in a keystore."""
        path = self.keyark.path("keystore.json")
        path.write_text(keystore)
        password_file = self.keyark.file("password", password)
        return self.keyark.one("keystore", "open", path, "--keystore-password-file", password_file)


def written_by_keyark(runner: Runner, ours: Keystores, open_by: dict[str, Open], key: str) -> None:
    """Every form that keyark writes opens everywhere."""
    forms = {"standard": [], "light": ["--profile", "light"], "PBKDF2": ["--kdf", "pbkdf2"]}
    made = {}
    for form, options in forms.items():
        with runner.check(f"keystores: keyark writes {form}, portable in form") as check:
            made[form] = ours.make(key, ASCII, *options)
            keystore = json.loads(made[form])
            check.equal("version", keystore.get("version"), 3)
            check.equal("address", keystore.get("address"), Account.from_key(key).address[2:].lower())
            check.true("`crypto` is not in lower case", "crypto" in keystore and "Crypto" not in keystore)
            check.true("there is no `id`", bool(keystore.get("id")))
    for form, keystore in made.items():
        for name, opened in open_by.items():
            with runner.check(f"keystores: {name} opens keyark's {form}") as check:
                check.equal("key", key, opened(keystore, ASCII))
    # What was typed is put in NFKC: the raw readers open it with that text, and ethers with any form of it.
    for form, typed in (("composed", NFC), ("decomposed", NFD)):
        keystore = ""
        with runner.check(f"keystores: keyark writes with a {form} password and reads it again") as check:
            keystore = ours.make(key, typed, "--profile", "light")
            for again in (NFC, NFD, NFKC):
                check.equal(f"opened with {again!r}", ours.open(keystore, again)["private_key"], key)
        for name, opened in open_by.items() if keystore else ():
            with runner.check(f"keystores: {name} opens keyark's with a {form} password") as check:
                check.equal("key", key, opened(keystore, NFKC))
                if name == "ethers":
                    check.equal("key, as typed", key, opened(keystore, typed))


def written_by_others(runner: Runner, ours: Keystores, make_by: dict[str, Make], key: str) -> None:
    """keyark opens what others write, whichever form of the password they took."""
    address = Account.from_key(key).address
    for name, make in make_by.items():
        with runner.check(f"keystores: keyark opens one of {name}") as check:
            keystore = make(key, ASCII)
            found = ours.open(keystore, ASCII)
            check.equal("chain", found["chain"], "ethereum")
            check.equal("key", found["private_key"], key)
            check.equal("address", found["address"], address)
            facts = ours.keyark.one("keystore", "inspect", write(ours.keyark, keystore))
            check.true("`inspect` names no KDF", "kdf" in json.dumps(facts).lower())
            try:
                ours.open(keystore, ASCII + " ")
                check.true("a wrong password was taken", False)
            except Refused as refused:
                check.equal("exit code for a wrong password", refused.code, 4)
    for name, make in make_by.items():
        if name != "cast" and "light" not in name:
            continue
        with runner.check(f"keystores: keyark opens one of {name} with a password that has several forms") as check:
            # The raw writers are given what the typist's system sent, composed or decomposed.
            for sent, typed in ((TYPED, TYPED), (NFD, NFD), (NFKC, TYPED), (NFKC, NFD)):
                found = ours.open(make(key, sent), typed)
                check.equal(f"sent {sent!r}, typed {typed!r}", found["private_key"], key)
                check.equal("address", found["address"], address)


def write(keyark: Keyark, keystore: str) -> Path:
    """The keystore in a new file."""
    path = keyark.path("keystore.json")
    path.write_text(keystore)
    return path


def run(runner: Runner, keyark: Keyark, node: Node, choose: random.Random) -> None:
    """The checks of this group."""
    key = "0x" + choose.randbytes(32).hex()
    folder = keyark.path("cast")
    folder.mkdir()
    ours = Keystores(keyark)
    written_by_keyark(runner, ours, openers(node, folder), key)
    written_by_others(runner, ours, makers(node, folder), key)
