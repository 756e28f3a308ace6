"""Phrases in every language and length: made by one side, accepted by the other, and the same wallet for both."""

import random
import unicodedata

from peers import (
    BITCOIN_KINDS,
    LANGUAGES,
    WORD_COUNTS,
    Node,
    bitcoin_bip_utils,
    bitcoin_path,
    seed,
    solana,
    solana_keygen,
    word_list,
)
from runner import Check, Keyark, Mismatch, Runner

# Text whose Unicode forms differ, which is where implementations part: accents composed and not, half-width kana,
# ligatures, squared letters, Hangul syllables, and spaces, which nobody may trim.
PIECES = [
    "correct horse", "éàÅñ", "e\u0301o\u0308", "Пароль", "ﾊﾟｽﾜｰﾄﾞ", "㍍ガバヴァ", "비밀번호", "密碼", "🔑", "ﬁ²ſ", " ", "\"'\\$%",
]  # fmt: skip


def random_passphrase(choose: random.Random) -> str:
    """Some of the pieces, in any order."""
    return "".join(choose.choices(PIECES, k=choose.randint(1, 5)))


def solana_rows(phrase_seed: bytes) -> dict[str, dict]:
    """Account 0 of each of Solana's kinds."""
    paths = {"bip44-change": "m/44'/501'/0'/0'", "bip44": "m/44'/501'/0'", "root": "m/44'/501'", "seed": None}
    return {kind: solana(phrase_seed, path) for kind, path in paths.items()}


def by_path(rows: list[dict]) -> dict[tuple, dict]:
    """keyark's rows by kind and path; no path for the kind that has none."""
    found = {(row["kind"], row.get("path") if row["kind"] != "seed" else None): row for row in rows}
    if len(found) != len(rows):
        raise Mismatch(f"{len(rows)} rows, {len(found)} of them different")
    return found


def compare(check: Check, what: str, rows: list[dict], kind: str, expected: list[dict], fields: list[str]) -> None:
    """Every expected path is among keyark's rows with the same fields."""
    found = by_path(rows)
    for other in expected:
        row = found.get((kind, other["path"]), {})
        for field in fields:
            check.equal(f"{what}: {kind} {other['path']} {field}", row.get(field), other[field])


class Wallets:
    """The same wallet on both sides."""

    FIELDS = ["address", "public_key"]

    def __init__(self, keyark: Keyark, node: Node, choose: random.Random):
        self.keyark, self.node, self.choose = keyark, node, choose

    def bitcoin(self, check: Check, phrase: str, passphrase: str, language: str) -> None:
        """All kinds of address against bip_utils, whose seed is PyPI mnemonic's."""
        rows = self.keyark.derive(phrase, passphrase, "bitcoin", list(BITCOIN_KINDS), "--range", "0..2")
        key = seed(phrase, passphrase)
        check.equal(f"{phrase!r}, {passphrase!r}: seed of mnemonic and @scure/bip39", key.hex(),
                    self.node("seed", phrase=phrase, passphrase=passphrase))  # fmt: skip
        for kind in BITCOIN_KINDS:
            paths = [bitcoin_path(kind, "mainnet", 0, 0, index) for index in range(2)]
            expected = [bitcoin_bip_utils(key, "mainnet", kind, path) for path in paths]
            compare(check, f"{phrase!r}, {passphrase!r}", rows, kind, expected, self.FIELDS)

    def ethereum(self, check: Check, phrase: str, passphrase: str, language: str) -> None:
        """All kinds of path against ethers."""
        kinds = {
            "bip44": ["m/44'/60'/0'/0/0", "m/44'/60'/0'/0/1"],
            "ledger-live": ["m/44'/60'/0'/0/0", "m/44'/60'/1'/0/0"],
            "ledger-legacy": ["m/44'/60'/0'/0", "m/44'/60'/0'/1"],
        }
        rows = self.keyark.derive(phrase, passphrase, "ethereum", list(kinds), "--range", "0..2")
        for kind, paths in kinds.items():
            expected = self.node("ethereum", phrase=phrase, passphrase=passphrase, language=language, paths=paths)
            compare(check, f"{phrase!r}, {passphrase!r}", rows, kind, as_keyark_writes(expected), self.FIELDS)

    def solana(self, check: Check, phrase: str, passphrase: str, language: str) -> None:
        """All four kinds against bip_utils and solders."""
        rows = self.keyark.derive(phrase, passphrase, "solana", ["bip44-change", "bip44", "root", "seed"])
        expected = solana_rows(seed(phrase, passphrase))
        for kind, row in expected.items():
            compare(check, f"{phrase!r}, {passphrase!r}", rows, kind, [row], self.FIELDS)
        check.equal(f"{phrase!r}, {passphrase!r}: solders' own seed", expected["seed"]["address"],
                    solana_keygen(phrase, passphrase))  # fmt: skip

    def all(self, runner: Runner, name: str, language: str, phrases: list[str]) -> None:
        """Three checks: one per chain, over all the phrases, every second one with a passphrase."""
        pairs = [(phrase, random_passphrase(self.choose) if at % 2 else "") for at, phrase in enumerate(phrases)]
        for chain, peer in ((self.bitcoin, "bip_utils"), (self.ethereum, "ethers"), (self.solana, "solders")):
            with runner.check(f"{name}: the {chain.__name__} wallet of {peer}") as check:
                for phrase, passphrase in pairs:
                    chain(check, phrase, passphrase, language)


def as_keyark_writes(rows: list[dict]) -> list[dict]:
    """ethers' rows with the public key in keyark's form, bare hex."""
    return [{**row, "public_key": row["public_key"].removeprefix("0x")} for row in rows]


def accepted_by_peers(check: Check, node: Node, language: str, phrase: str) -> None:
    """mnemonic, @scure/bip39 and ethers all take the phrase."""
    check.true(f"mnemonic refuses {phrase!r}", word_list(language).check(phrase))
    for name, valid in node("validPhrase", language=language, phrase=phrase).items():
        check.true(f"{name} refuses {phrase!r}", valid)


def accepted_by_keyark(check: Check, keyark: Keyark, phrase: str) -> None:
    """keyark takes the phrase, in a language in which mnemonic takes it too (two can share all the words)."""
    answer = keyark.one("phrase", "check", "--phrase-file", keyark.file("phrase", phrase))
    check.equal(f"{phrase!r}: valid", answer["valid"], True)
    check.equal(f"{phrase!r}: words", answer["words"], len(phrase.split()))
    check.true(f"{phrase!r}: keyark says {answer['language']}", word_list(answer["language"]).check(phrase))


def wrong_checksum(choose: random.Random, language: str, phrase: str) -> str:
    """The phrase with another last word, such that mnemonic refuses it in every language."""
    while True:
        words = phrase.split()
        words[-1] = choose.choice(word_list(language).wordlist)
        other = " ".join(words)
        if not any(word_list(each).check(other) for each in LANGUAGES):
            return other


def run(runner: Runner, keyark: Keyark, node: Node, choose: random.Random) -> None:
    """The checks of this group."""
    wallets = Wallets(keyark, node, choose)
    for language in LANGUAGES:
        made = []
        with runner.check(f"phrases: {language}: keyark's are accepted by mnemonic, @scure/bip39, ethers") as check:
            for count in WORD_COUNTS:
                phrase = keyark.one("phrase", "new", "--words", count, "--language", language)["phrase"]
                check.equal(f"{phrase!r}: words", len(phrase.split()), count)
                accepted_by_peers(check, node, language, phrase)
                made.append(phrase)
        wallets.all(runner, f"phrases: {language}: keyark's", language, made)

        theirs = [word_list(language).generate(count // 3 * 32) for count in WORD_COUNTS]
        theirs += [node("newPhrase", language=language, words=count) for count in WORD_COUNTS]
        # The same words in the other Unicode form are the same phrase.
        theirs += [unicodedata.normalize(form, choose.choice(theirs)) for form in ("NFC", "NFKD")]
        with runner.check(f"phrases: {language}: mnemonic's and @scure/bip39's are accepted by keyark") as check:
            for phrase in theirs:
                accepted_by_keyark(check, keyark, phrase)
        wallets.all(runner, f"phrases: {language}: mnemonic's and @scure/bip39's", language, theirs)

        with runner.check(f"phrases: {language}: a wrong checksum is refused by all") as check:
            phrase = wrong_checksum(choose, language, theirs[0])
            check.true(f"mnemonic takes {phrase!r}", not word_list(language).check(phrase))
            for name, valid in node("validPhrase", language=language, phrase=phrase).items():
                check.true(f"{name} takes {phrase!r}", not valid)
            answer = keyark.one("phrase", "check", "--phrase-file", keyark.file("phrase", phrase), expect=3)
            check.equal(f"{phrase!r}: valid", answer["valid"], False)
