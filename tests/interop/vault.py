"""The vault: what keyark seals is opened by pyrage and stock age, what they seal by keyark, a stranger's by nobody."""

import hashlib
import json
import random
import re
import shutil
import unicodedata
from collections.abc import Iterable

import pyrage
from solders.keypair import Keypair

from peers import HERE, LANGUAGES, Node, word_list
from phrases import random_passphrase
from runner import Check, Keyark, Runner
from vault_peers import Vault, accounts_of_others, age, seal_manifest

# Typed composed; NFKD takes the letters, the ligature and the half-width kana apart.
PASSWORD = "Fünf dünne Brücken, ﬁnster ﾊﾟ 25"
SECOND, THIRD, FOURTH = "rosy-lantern-tiger-oboe-17", "velvet-otter-plateau-31", "quartz-bonnet-ferry-52"
GOLDEN = HERE.parents[1] / "crates/keyark-vault/tests/golden"
GOLDEN_PASSWORDS = {1: "rosy-lantern-tiger-oboe-17", 2: "Fünf Übermütige Brücken 25"}
PASSPHRASES = {"none": "", "noted": "TREZOR", "kept": "㍍ガバヴァぱばぐゞちぢ十人十色"}
CHEAP = ("--work-factor", 4)
ROW = ("chain", "kind", "path", "address", "public_key")


def compare_records(check: Check, records: list[dict], known: dict[str, tuple[str, str]]) -> None:
    """The records are those of the wallets: by name the words or the key, and the passphrase."""
    check.equal("names", sorted(known), sorted(record["name"] for record in records))
    for record in records:
        secret, (words, passphrase) = record["secret"], known[record["name"]]
        check.equal(f"{record['name']}: secret", words, secret.get("words") or secret.get("key"))
        if "words" in secret:
            entropy = word_list(secret["language"]).to_entropy(secret["words"].split())
            check.equal(f"{record['name']}: entropy", secret["entropy"], entropy.hex())
        expected = accounts_of_others(record, passphrase)
        if secret["type"] == "private-key":  # its address is the same for every kind, and is recorded once
            kinds = [account["kind"] for account in record["accounts"]]
            expected = [row for row in expected if row["kind"] in kinds]
            check.equal(f"{record['name']}: some kind", True, bool(kinds))
        fields = [field for field in ROW if field in expected[0]]
        check.equal(f"{record['name']}: accounts", only(fields, record["accounts"]), only(fields, expected))


def only(fields: Iterable[str], rows: list[dict]) -> list[dict]:
    """These fields of the rows."""
    return [{field: row.get(field) for field in fields} for row in rows]


def life(runner: Runner, keyark: Keyark, choose: random.Random) -> Vault:
    """A vault from its first wallet to a forgotten password, read after each step."""
    vault = Vault(keyark, PASSWORD)
    known: dict[str, tuple[str, str]] = {}

    def step(name: str, act) -> None:
        with runner.check(f"vault: read_vault.py and bip_utils find the wallets of keyark: {name}") as check:
            act(check)
            compare_records(check, vault.read(), known)

    def new(check: Check) -> None:
        language = choose.choice(LANGUAGES)
        row = vault.run("new", "savings", "--words", 24, "--language", language, *CHEAP)[0]
        record = vault.read()[0]
        known["savings"] = (record["secret"]["words"], "")
        check.equal("words", 24, len(record["secret"]["words"].split()))
        check.equal("what `new` shows", [row["id"], row["fingerprint"]], [record["id"], record["fingerprint"]])
        check.equal("language", language, record["secret"]["language"])

    def import_words(check: Check) -> None:
        for name, options in {"kept": (), "noted": ("--note-passphrase",)}.items():
            words, passphrase = word_list("english").generate(128), random_passphrase(choose)
            known[name] = (words, passphrase)
            files = ("--phrase-file", vault.file(words), "--passphrase-file", vault.file(passphrase))
            vault.run("import", name, *files, *options)
        passphrases = [record["passphrase"] for record in vault.read()[1:]]
        check.equal("passphrases", [{"type": "kept", "text": known["kept"][1]}, {"type": "noted"}], passphrases)

    def import_keys(check: Check) -> None:
        key, pair = choose.randbytes(32).hex(), Keypair.from_seed(choose.randbytes(32))
        known["hot"], known["sol"] = (key, ""), (pair.secret().hex(), "")
        vault.run("import", "hot", "--key-file", vault.file("0x" + key), "--chain", "ethereum")
        vault.run("import", "sol", "--key-file", vault.file(str(pair)), "--chain", "solana")

    def rename(check: Check) -> None:
        name = 'Oma\'s "Sparbuch" 日本'
        known[name] = known.pop("hot")
        vault.run("rename", "hot", name)
        check.equal("revision", 2, next(record["revision"] for record in vault.read() if record["name"] == name))

    def backup(check: Check) -> None:
        words, passphrase = known["noted"]
        answers = ("--answers-file", vault.file(words), "--passphrase-file", vault.file(passphrase))
        vault.run("backup", "phrase", "noted", *answers)
        made = next(record["backups"] for record in vault.read() if record["name"] == "noted")
        check.equal("backups", 1, len(made))
        check.equal("method", "phrase", made[0]["method"])
        check.true("the backup is not verified", bool(made[0].get("verified")))

    def change(password: str, *options: object):
        def act(check: Check) -> None:
            old, identity = vault.password, vault.identity()
            vault.run("password", "change", "--new-password-file", vault.file(password), *options, *CHEAP)
            check.equal("what the old password opens", [], vault.read(old, expect=1))
            vault.password = password
            check.equal("same identity", not options, str(identity) == str(vault.identity()))

        return act

    def reset(check: Check) -> None:
        old, before = vault.password, vault.read()
        words, passphrase = known["noted"]
        files = ("--phrase-file", vault.file(words), "--passphrase-file", vault.file(passphrase), "--note-passphrase")
        vault.keyark.run("--home", vault.folder, "password", "reset", "again", *files,
                         "--new-password-file", vault.file(FOURTH), *CHEAP)  # fmt: skip
        vault.password = FOURTH
        check.equal("what the forgotten password opens", before, vault.read(old))
        check.equal("ids of the new epoch", 1, len(vault.read()))
        forgotten = {name: secret for name, secret in known.items() if name != "noted"}
        known.clear()
        known["again"] = (words, passphrase)
        compare_records(check, vault.read(), known)
        vault.run("password", "merge", "--old-password-file", vault.file(old))
        known.update(forgotten)

    step("new", new)
    step("import of words, passphrase kept and noted", import_words)
    step("import of keys", import_keys)
    step("rename", rename)
    step("backup phrase", backup)
    step("password change", change(SECOND))
    step("password change --rekey", change(THIRD, "--rekey"))
    step("password reset and merge", reset)
    step("password change", change(PASSWORD))
    return vault


def what_a_stranger_sees(runner: Runner, vault: Vault) -> None:
    """Sizes, names and the header are what docs/format.md says."""
    with runner.check("vault: nothing but the header is in the clear, and the sizes are padded") as check:
        identity = vault.identity()
        sealed = r"epochs/\d+/(identity\.password(\.copy)?|manifest-\d+|records/[0-9a-f]{32})\.age"
        plain = [str(identity), str(identity.to_public())]
        for record in vault.read():
            plain += [record["id"], record["name"], *(account["address"] for account in record["accounts"])]
        for path in (path for path in vault.folder.rglob("*") if path.is_file()):
            name = path.relative_to(vault.folder).as_posix()
            known = name in ("keyark-vault.json", "lock", ".last-seen") or re.fullmatch(sealed, name)
            check.true(f"{name} has no place there", bool(known))
            check.true(f"{name} can be read by others", path.stat().st_mode & 0o077 == 0)
            for text in plain:
                check.true(f"{name} holds {text!r}", text.encode() not in path.read_bytes())
        check.equal("fields", {"format", "version", "epochs"}, set(vault.header()))
        for path in [*vault.manifests(), *vault.epoch().glob("records/*.age")]:
            size = len(pyrage.decrypt(path.read_bytes(), [identity]))
            check.true(f"{path.name}: {size} bytes", size >= 4096 and size & (size - 1) == 0)


def golden(runner: Runner, keyark: Keyark) -> None:
    """The vault of format version 1 that is kept for ever."""
    for epoch, password in GOLDEN_PASSWORDS.items():
        with runner.check(f"vault: read_vault.py and keyark find the same in the golden vault, epoch {epoch}") as check:
            vault = Vault(keyark, password, GOLDEN / "v1")
            expected = [json.loads(line) for line in (GOLDEN / f"v1-epoch-{epoch}.jsonl").read_text().splitlines()]
            check.equal("records", vault.read(), expected)
            for record in expected:
                secret, passphrase = record["secret"], PASSPHRASES[record["passphrase"]["type"]]
                compare_records(check, [record], {record["name"]: (secret.get("words") or secret["key"], passphrase)})
                check.equal(f"{record['name']}: show", vault.run("show", record["name"]), only(ROW, record["accounts"]))


def stock_age(runner: Runner, vault: Vault) -> None:
    """The two commands with which docs/format.md begins, and age's own identity in place of keyark's."""
    nfkd = unicodedata.normalize("NFKD", vault.password)
    identity = vault.keyark.path("identity")
    with runner.check("vault: age opens the identity, each record and the manifests") as check:
        age("-d", "-o", identity, vault.epoch() / "identity.password.age", types=(nfkd,))
        check.equal("identity", identity.read_text(), f"{vault.identity()}\n")
        found = []
        for path in vault.epoch().glob("records/*.age"):
            out = vault.keyark.path("record")
            age("-d", "-i", identity, "-o", out, path)
            found.append(json.loads(out.read_text()))
            age("-d", "-i", vault.epoch() / "identity.password.age", "-o", out, path, types=(nfkd,))
            check.equal("in one command", json.loads(out.read_text()), found[-1])
        for record in vault.read():
            check.true(f"age did not find {record['name']}", record in found)
        out = vault.keyark.path("manifest")
        age("-d", "-i", identity, "-o", out, vault.manifests()[-1])
        check.equal("first line", 64, len(out.read_text().split("\n")[0]))
    with runner.check("vault: keyark opens an identity that age -p has sealed") as check:
        for name in ("identity.password.age", "identity.password.copy.age"):
            other = Vault(vault.keyark, "correct horse battery staple", vault.folder)
            (other.epoch() / name).unlink()
            age("-p", "-o", other.epoch() / name, identity, types=(other.password, other.password))
            check.equal(f"wallets, by {name}", other.run("list"), vault.run("list"))


def identity_of_pyrage(runner: Runner, vault: Vault) -> None:
    """The identity sealed by pyrage, under the password in NFKD."""
    with runner.check("vault: keyark opens an identity that pyrage has sealed, and puts its twin right") as check:
        other = Vault(vault.keyark, "Ein süßes Schloß am ﬂuß", vault.folder)
        nfkd = unicodedata.normalize("NFKD", other.password)
        sealed = pyrage.passphrase.encrypt(f"{vault.identity()}\n".encode(), nfkd)
        first, copy = (other.epoch() / name for name in ("identity.password.age", "identity.password.copy.age"))
        first.write_bytes(sealed)
        check.equal("wallets", other.run("list"), vault.run("list"))
        check.true("reading has changed the twin", copy.read_bytes() != sealed)
        other.run("rename", "sol", "sun")
        check.true("the twin is not healed", copy.read_bytes() == sealed)


def of_another_program(runner: Runner, keyark: Keyark) -> None:
    """A vault that Python has written after docs/format.md, with fields that no version knows."""
    with runner.check("vault: keyark changes a vault that pyrage has written, and keeps unknown fields") as check:
        record = json.loads((GOLDEN / "v1-epoch-1.jsonl").read_text().splitlines()[0])
        later = {"later": [1, 2.50, {"a": None}, "é"]}
        backup = {"method": "engraved", "made": "2026-01-02T03:04:05Z", **later}
        record |= {"backups": [backup], **later}
        for inner in (record["secret"], record["passphrase"], record["accounts"][0]):
            inner |= later
        identity, now = pyrage.x25519.Identity.generate(), "2026-11-21T12:00:00Z"
        sealed = pyrage.encrypt(json.dumps(record).encode(), [identity.to_public()])
        first = record["accounts"][0]
        entry = {
            "file": "0123456789abcdef" * 2, "sha256": hashlib.sha256(sealed).hexdigest(), "kind": "wallet",
            "id": record["id"], "revision": record["revision"], "name": record["name"], "created": now,
            "secret": "phrase", "chain": first["chain"], "address": first["address"], "backups": [backup],
        }  # fmt: skip
        policy = {"denied": [], "ask_password": False, **later}
        manifest = {
            "format": "keyark-manifest", "version": 1, "vault": "f" * 32, "epoch": 1, "generation": 7, "written": now,
            "policy": policy, "records": [entry], "retired": [], "merged": [], **later,
        }  # fmt: skip
        vault = Vault(keyark, PASSWORD)
        (vault.folder / "epochs/1/records").mkdir(parents=True)
        header = {"format": "keyark-vault", "version": 1, "epochs": [{"epoch": 1}], **later}
        (vault.folder / "keyark-vault.json").write_text(json.dumps(header))
        nfkd = unicodedata.normalize("NFKD", PASSWORD)
        (vault.epoch() / "identity.password.age").write_bytes(pyrage.passphrase.encrypt(str(identity).encode(), nfkd))
        (vault.epoch() / "manifest-7.age").write_bytes(seal_manifest(manifest, identity))
        (vault.epoch() / f"records/{entry['file']}.age").write_bytes(sealed)

        check.equal("name", vault.run("list")[0]["name"], record["name"])
        vault.run("rename", record["name"], "renamed")
        record |= {"name": "renamed", "revision": record["revision"] + 1}
        check.equal("record", vault.read(), [record])
        body = pyrage.decrypt(vault.manifests()[-1].read_bytes(), [identity]).split(b"\n", 1)[1]
        after = json.loads(body)
        check.equal("generation", after["generation"], 8)
        check.equal("the manifest's field", after["later"], later["later"])
        check.equal("the policy's field", after["policy"]["later"], later["later"])
        check.equal("the entry's backup", after["records"][0]["backups"], [backup])
        check.equal("retired", after["retired"], [{"file": f"epochs/1/records/{entry['file']}.age", "since": 8}])
        vault.run("password", "change", "--new-password-file", vault.file(SECOND), *CHEAP)
        check.equal("the header's field", vault.header()["later"], later["later"])


def strangers(runner: Runner, keyark: Keyark) -> None:
    """Somebody who knows the recipient, and so can seal, but no password: nothing of theirs is taken."""
    original = Vault(keyark, GOLDEN_PASSWORDS[2], GOLDEN / "v1")
    recipient, wallets, records = original.identity().to_public(), original.run("list"), original.read()
    theirs = {**records[1], "id": "5" * 32, "name": "theirs"}

    def tampered() -> Vault:
        return Vault(keyark, original.password, original.folder)

    with runner.check("vault: a record that a stranger puts in is not taken") as check:
        vault = tampered()
        sealed = pyrage.encrypt(json.dumps(theirs).encode(), [recipient])
        (vault.epoch() / f"records/{'5' * 32}.age").write_bytes(sealed)
        check.equal("wallets", vault.run("list"), wallets)
        check.equal("records", vault.read(), records)
        vault.run("show", "theirs", expect=7)
        vault.run("rename", wallets[0]["name"], "renamed")
        repaired = vault.run("repair")[0]
        check.equal("repair", (repaired["found"], repaired["damaged"]), ([], []))
        check.true("the stranger's wallet is listed", "theirs" not in str(vault.run("list") + vault.read()))

    with runner.check("vault: a record that a stranger puts in the place of another is refused") as check:
        vault = tampered()
        own = records[0]
        evil = {**own, "accounts": [{**account, "address": "1stranger"} for account in own["accounts"]]}
        for path in vault.epoch().glob("records/*.age"):
            if json.loads(pyrage.decrypt(path.read_bytes(), [vault.identity()]))["id"] == own["id"]:
                path.write_bytes(pyrage.encrypt(json.dumps(evil).encode(), [recipient]))
        check.true("it is shown", vault.run("show", own["name"], expect=3) == [])
        check.equal("the others", vault.read(expect=1), records[1:])
        for record in records[1:]:
            check.equal(record["name"], vault.run("show", record["name"]), only(ROW, record["accounts"]))

    newest = original.manifests()[-1]
    body = json.loads(pyrage.decrypt(newest.read_bytes(), [original.identity()]).split(b"\n", 1)[1])
    before = Vault(keyark, original.password, original.folder)
    before.manifests()[-1].unlink()
    forged = {**body, "generation": 7, "policy": {"denied": [], "ask_password": False}}
    others = {
        "that a stranger makes": seal_manifest(forged, pyrage.x25519.Identity.generate(), recipient),
        "put under a later name": newest.read_bytes(),
        "that is cut short": newest.read_bytes()[:-1],
    }
    for name, sealed in others.items():
        with runner.check(f"vault: a manifest {name} is refused, and nothing changes or leaves until repair") as check:
            vault = tampered()
            (vault.epoch() / "manifest-7.age").write_bytes(sealed)
            check.equal("wallets", vault.run("list"), wallets)
            check.equal("records", vault.read(expect=1), records)
            vault.run("rename", wallets[0]["name"], "renamed", expect=3)
            vault.run("export", "xpub", records[0]["name"], "--passphrase-file", vault.file("TREZOR"), expect=3)
            check.equal("repaired", vault.run("repair")[0]["repaired"], True)
            vault.run("rename", wallets[0]["name"], "renamed")
            check.equal("policy", vault.run("policy", "show")[0]["ask_password"], True)

    with runner.check("vault: the state before the last change is whole, and shown when the last is lost") as check:
        check.equal("records", before.run("list"), [{**wallet, "name": renamed(wallet["name"])} for wallet in wallets])
        check.equal("records of read_vault.py", len(before.read()), len(records))


def renamed(name: str) -> str:
    """What a golden wallet was called before the last change."""
    return {'Oma\'s "Sparbuch"': "hot"}.get(name, name)


def run(runner: Runner, keyark: Keyark, node: Node, choose: random.Random) -> None:
    """The checks of this group."""
    vault = life(runner, keyark, choose)
    what_a_stranger_sees(runner, vault)
    golden(runner, keyark)
    identity_of_pyrage(runner, vault)
    of_another_program(runner, keyark)
    strangers(runner, keyark)
    if shutil.which("age"):
        stock_age(runner, vault)
    else:
        runner.leave_out("vault: stock age, which is not installed here: apt-get install age")
