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
from vault_peers import Vault, accounts_of_others, age, is_recovery_code, seal_manifest

# Typed composed; NFKD takes the letters, the ligature and the half-width kana apart.
PASSWORD = "Fünf dünne Brücken, ﬁnster ﾊﾟ 25"
SECOND, THIRD, FOURTH = "rosy-lantern-tiger-oboe-17", "velvet-otter-plateau-31", "quartz-bonnet-ferry-52"
GOLDEN = HERE.parents[1] / "crates/keyark-vault/tests/golden"
GOLDEN_PASSWORDS = {
    ("v1", 1): "rosy-lantern-tiger-oboe-17", ("v1", 2): "Fünf Übermütige Brücken 25",
    ("v2", 2): "rosy-lantern-tiger-oboe-17", ("v2", 3): "Fünf Übermütige Brücken 25",
}  # fmt: skip
CLOUD_PASSWORD = "sixty-eight quiet harbours"
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
        sealed = (
            r"epochs/\d+/(identity\.(password|password\.copy|recovery|device-[0-9a-f]{32})"
            r"|manifest-(1|\d+-[0-9a-f]{16})|records/[0-9a-f]{32})\.age"
        )
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
        check.equal("fields", {"format", "version", "epochs", "dropped"}, set(vault.header()))
        for path in [*vault.manifests(), *vault.epoch().glob("records/*.age")]:
            size = len(pyrage.decrypt(path.read_bytes(), [identity]))
            check.true(f"{path.name}: {size} bytes", size >= 4096 and size & (size - 1) == 0)


def golden_records(form: str, epoch: int) -> list[dict]:
    """What is in a golden vault."""
    return [json.loads(line) for line in (GOLDEN / f"{form}-epoch-{epoch}.jsonl").read_text().splitlines()]


def golden_key(name: str) -> str:
    """The recovery code of the golden v2, or its device's key."""
    return (GOLDEN / f"v2-{name}.txt").read_text().split()[-1]


def golden(runner: Runner, keyark: Keyark) -> None:
    """The vaults that are kept for ever."""
    for (form, epoch), password in GOLDEN_PASSWORDS.items():
        with runner.check(f"vault: read_vault.py and keyark find the same in golden {form}, epoch {epoch}") as check:
            vault = Vault(keyark, password, GOLDEN / form)
            expected = golden_records(form, epoch)
            check.equal("records", vault.read(), expected)
            for record in expected:
                secret, passphrase = record["secret"], PASSPHRASES[record["passphrase"]["type"]]
                compare_records(check, [record], {record["name"]: (secret.get("words") or secret["key"], passphrase)})
                check.equal(f"{record['name']}: show", vault.run("show", record["name"]), only(ROW, record["accounts"]))
    with runner.check("vault: read_vault.py opens the golden v2 by its recovery code and by its device") as check:
        code = golden_key("recovery-code")
        check.true("the code's last symbols are others", is_recovery_code(code))
        check.true("another last symbol is right, too", not is_recovery_code(code[:-1] + "0"))
        for key in (code, golden_key("device-key")):
            check.equal("records", vault.read(key), expected)
    with runner.check("vault: keyark goes on from the two heads of the golden v2, and read_vault.py finds it") as check:
        vault.run("rename", "travel (2)", "journey")
        savings, *others, last = expected
        paper = {"method": "phrase", "to": "paper", "made": "2026-11-21T12:53:00Z", "verified": "2026-11-21T12:53:00Z"}
        savings = savings | {"revision": 4, "backups": [*savings["backups"], paper]}
        check.equal("records", vault.read(), [savings, *others, last | {"name": "journey", "revision": 2}])
        follows = vault.manifest()["follows"].split()
        check.equal("follows", follows[:2], ["14-f6c22678d5efa1d3", "13-382ca5a9892d860c"])


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
    with runner.check("vault: age opens an identity by its recovery code and by the key of a device") as check:
        golden, out = Vault(vault.keyark, GOLDEN_PASSWORDS["v2", 3], GOLDEN / "v2"), vault.keyark.path("identity")
        age("-d", "-o", out, golden.epoch() / "identity.recovery.age", types=(golden_key("recovery-code"),))
        check.equal("by the code", out.read_text(), f"{golden.identity()}\n")
        out = vault.keyark.path("identity")
        device = next(golden.epoch().glob("identity.device-*.age"))
        age("-d", "-i", vault.file(golden_key("device-key")), "-o", out, device)
        check.equal("by the device", out.read_text(), f"{golden.identity()}\n")
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
    record = golden_records("v1", 1)[0]
    later = {"later": [1, 2.50, {"a": None}, "é"]}
    backup = {"method": "engraved", "made": "2026-01-02T03:04:05Z", **later}
    record |= {"backups": [backup], **later}
    for inner in (record["secret"], record["passphrase"], record["accounts"][0]):
        inner |= later
    identity, records = pyrage.x25519.Identity.generate(), {}
    header = {"format": "keyark-vault", "version": 1, "epochs": [{"epoch": 1}], **later}

    def listed(record: dict) -> dict:
        """The entry of a record, which is sealed and kept."""
        file = f"{len(records) + 1:032x}"
        records[file] = pyrage.encrypt(json.dumps(record).encode(), [identity.to_public()])
        same = {field: record[field] for field in ("id", "revision", "name", "created", "backups")}
        first = {field: record["accounts"][0][field] for field in ("chain", "address")}
        sha256 = hashlib.sha256(records[file]).hexdigest()
        return {"file": file, "sha256": sha256, "kind": "wallet", "secret": record["secret"]["type"], **same, **first}

    def manifest(generation: int, mark: str, follows: str, entries: list[dict], **others: object) -> dict:
        return {
            "format": "keyark-manifest", "version": 1, "vault": "f" * 32, "epoch": 1, "generation": generation,
            "name": f"{generation}-{mark * 4}", "follows": follows, "written": "2026-11-21T12:00:00Z",
            "policy": {"denied": [], "ask_password": False, **later}, "records": entries, **later, **others,
        }  # fmt: skip

    entry = listed(record)
    with runner.check("vault: keyark changes a vault that pyrage has written, and keeps unknown fields") as check:
        vault = Vault(keyark, PASSWORD)
        vault.write(identity, [manifest(7, "07af", "6-" + "06af" * 4 + " 1", [entry])], records, header)
        check.equal("name", vault.run("list")[0]["name"], record["name"])
        vault.run("rename", record["name"], "renamed")
        check.equal("record", vault.read(), [record | {"name": "renamed", "revision": record["revision"] + 1}])
        after = vault.manifest()
        check.equal("generation", after["generation"], 8)
        check.equal("follows", after["follows"].split(), ["7-" + "07af" * 4, "6-" + "06af" * 4, "1"])
        check.equal("its own name", f"manifest-{after['name']}.age", vault.manifests()[-1].name)
        check.equal("the manifest's field", after["later"], later["later"])
        check.equal("the policy's field", after["policy"]["later"], later["later"])
        check.equal("the entry's backup", after["records"][0]["backups"], [backup])
        check.equal("accounts", after["records"][0]["accounts"], len(record["accounts"]))
        check.equal("retired", after["retired"], [{"file": f"epochs/1/records/{entry['file']}.age", "since": 8}])
        vault.run("password", "change", "--new-password-file", vault.file(SECOND), *CHEAP)
        check.equal("the header's field", vault.header()["later"], later["later"])

    # Of three wallets that both heads knew, one has changed the first and the other removed it; both have renamed the
    # second; the third is removed. Each has a new one besides, of the same name but for capitals.
    sources = [*golden_records("v1", 2)[1:], golden_records("v1", 1)[1], golden_records("v2", 3)[-1]]
    kept, new, gone, same = ({**one, "revision": 1, "backups": []} for one in sources)
    kept, new, same = kept | {"revision": 2, "name": "kept"}, new | {"name": "New"}, same | {"name": "nEW"}
    ours, theirs = (record | {"revision": 2, "name": name} for name in ("ours", "theirs"))
    theirs |= {"backups": [backup | {"to": "theirs"}]}
    start, left, right = "6-" + "06af" * 4, "0aaa", "0bbb"
    removed = [{"id": one["id"], "revision": 1} for one in (kept, gone)]
    retired = [{"file": f"epochs/1/records/{'9' * 32}.age", "since": 7}]
    denied = [{"item": "keystore", "reason": "no"}]
    for header_is_there in (True, False):
        name = "two heads" if header_is_there else "two heads and no header"
        with runner.check(f"vault: keyark and read_vault.py join what pyrage has written with {name}") as check:
            records.clear()
            first, second = ([listed(one) for one in side] for side in ((kept, ours, gone, same), (theirs, new)))
            policy = {"denied": denied, "ask_password": False}
            heads = [
                manifest(8, right, f"7-{'07af' * 4} {start}", second, removed=removed, written="2026-11-21T11:00:00Z"),
                manifest(7, left, start, first, retired=retired, policy=policy),
            ]
            vault = Vault(keyark, PASSWORD)
            vault.write(identity, heads, records, header if header_is_there else None)
            found = [ours, new, kept, same | {"name": "nEW (2)"}]
            check.equal("records", vault.read(expect=0 if header_is_there else 1), found)
            names = sorted(wallet["name"] for wallet in vault.run("list"))
            check.equal("wallets", names, sorted(one["name"] for one in found))
            vault.run("rename", "kept", "renamed")
            found[0] = ours | {"revision": 3, "backups": [backup, backup | {"to": "theirs"}]}
            found[2] = kept | {"revision": 3, "name": "renamed"}
            check.equal("after", vault.read(), found)
            after = vault.manifest()
            check.equal("follows", {f"8-{right * 4}", f"7-{left * 4}", start} - set(after["follows"].split()), set())
            check.equal("removed", after["removed"], removed[1:])  # the other one was written anew
            check.equal("policy", after["policy"]["denied"], denied)
            check.equal("since", {one["since"] for one in after["retired"]}, {9})
            check.equal("the header's epochs", vault.header()["epochs"], [{"epoch": 1}])


def cloud(runner: Runner, keyark: Keyark) -> None:
    """A vault in another place, which is a folder here: read and written without keyark, restored on a new computer."""
    vault, box = Vault(keyark, PASSWORD), Vault(keyark, CLOUD_PASSWORD)
    url, code, key = box.folder.as_uri(), keyark.path("code"), ("--cloud-password-file", box.file(CLOUD_PASSWORD))
    known: dict[str, tuple[str, str]] = {}

    def restored(check: Check, *key: object) -> None:
        new = Vault(keyark, THIRD)
        new.run("restore", "cloud", url, *key, *CHEAP)
        compare_records(check, new.read(), known)

    with runner.check("vault: read_vault.py finds what `backup cloud` copied, and keyark restores it") as check:
        for name in ("savings", "travel"):
            words = word_list("english").generate(128)
            vault.run("import", name, "--phrase-file", vault.file(words), *CHEAP)
            known[name] = (words, "")
        keyark.run("--home", vault.folder, "cloud", "init", "box", url, *key, "--recovery-code-out", code, *CHEAP)
        vault.run("backup", "cloud", "--all", "--to", "box", *key)
        compare_records(check, box.read(), known)
        check.true("the code's last symbols are others", is_recovery_code(code.read_text().strip()))
        check.equal("by the recovery code", box.read(code.read_text().strip()), box.read())
        noted = [backup for record in vault.read() for backup in record["backups"]]
        kinds = {tuple(one[field] for field in ("method", "to", "epoch", "work")) for one in noted}
        check.equal("backups", kinds, {("cloud", "box", 1, 4)})
        check.equal("accounts", [one["accounts"] for one in noted], [len(one["accounts"]) for one in vault.read()])
        restored(check, *key)
        restored(check, "--recovery-code-file", code)
    if not shutil.which("age"):
        return
    with runner.check("vault: age opens a cloud's vault, and keyark restores by what age -p has sealed") as check:
        identity, text = keyark.path("identity"), code.read_text().strip()
        age("-d", "-o", identity, box.epoch() / "identity.recovery.age", types=(text,))
        check.equal("identity", identity.read_text(), f"{box.identity()}\n")
        found = []
        for path in box.epoch().glob("records/*.age"):
            out = keyark.path("record")
            age("-d", "-i", identity, "-o", out, path)
            found.append(json.loads(out.read_text()))
        check.true("age did not find a wallet", all(record in found for record in box.read()))
        for name, passphrase in {"recovery": text, "password": SECOND, "password.copy": SECOND}.items():
            path = box.epoch() / f"identity.{name}.age"
            path.unlink()
            age("-p", "-o", path, identity, types=(passphrase, passphrase))
        restored(check, "--recovery-code-file", code)
        restored(check, "--cloud-password-file", box.file(SECOND))


def strangers(runner: Runner, keyark: Keyark) -> None:
    """Somebody who knows the recipient, and so can seal, but no password: nothing of theirs is taken."""
    original = Vault(keyark, GOLDEN_PASSWORDS["v1", 2], GOLDEN / "v1")
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

    newest, body = original.manifests()[-1], original.manifest()
    before = Vault(keyark, original.password, original.folder)
    before.manifests()[-1].unlink()
    name = "7-" + "0" * 16
    forged = {**body, "generation": 7, "name": name, "policy": {"denied": [], "ask_password": False}}
    others = {
        "that a stranger makes": seal_manifest(forged, pyrage.x25519.Identity.generate(), recipient),
        "put under a later name": newest.read_bytes(),
        "that is cut short": newest.read_bytes()[:-1],
    }
    for what, sealed in others.items():
        with runner.check(f"vault: a manifest {what} is refused, and nothing changes or leaves until repair") as check:
            vault = tampered()
            (vault.epoch() / f"manifest-{name}.age").write_bytes(sealed)
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
    cloud(runner, keyark)
    strangers(runner, keyark)
    if shutil.which("age"):
        stock_age(runner, vault)
    else:
        runner.leave_out("vault: stock age, which is not installed here: apt-get install age")
