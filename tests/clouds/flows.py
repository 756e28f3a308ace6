"""What a person does with the `keyark` command and a cloud, on each server: two devices, one vault, and all that happens to it.

The flows stand in the order in which they are run: each finds the vault as the one before has left it. At the end, all that was
printed, all homes and all that lies on the server is searched for passwords, credentials, recovery codes and words.
"""

import shutil
import time
import unicodedata

import stock
from counting import Counting
from devices import CHEAP, Device, World
from runner import Check, Keyark, Runner
from servers import HAS_ACCOUNTS, Server

MANY = 50
# Where stock tools are tried: of each kind one server.
STOCK = {"s3s-fs", "dufs"}
PATH = "flows/vault"


class Flows:
    """The vault, the two devices that share it, and what opens it at the moment."""

    def __init__(self, world: World):
        self.world, self.server = world, world.server
        self.url = self.server.url(PATH)
        self.laptop, self.phone = world.device("laptop"), world.device("phone")
        self.password = world.password()
        self.code = world.path()

    @property
    def key(self) -> tuple:
        return ("--cloud-password-file", self.world.file(self.password))

    @property
    def by_code(self) -> tuple:
        return ("--recovery-code-file", self.code)

    @property
    def names(self) -> list[str]:
        """The wallets of both devices."""
        return sorted(self.laptop.here() + self.phone.here())

    def both_see(self, check: Check, names: list[str]) -> None:
        for device in (self.laptop, self.phone):
            check.equal(f"what the {device.name} sees", device.there("box", *self.key), sorted(names))

    def both_prove(self, check: Check) -> None:
        for device in (self.laptop, self.phone):
            device.proved(check, device.here(), *self.key)
            check.equal(f"{device.name}: why backups are stale", device.stale(), {"weak-kdf"})

    def two_devices(self, check: Check) -> None:
        """a second device joins the vault of the first"""
        self.laptop.new("savings", "travel")
        self.phone.new("hot")
        made = self.laptop.init("box", self.url, *self.key, code=self.code)
        check.equal("made", (made["created"], made["recovery_code"]), (True, True))
        self.world.code(self.code)
        rows = self.laptop.backup("box", *self.key)
        check.equal("copied", [(row["name"], row["addresses"]) for row in rows], [("savings", 11), ("travel", 11)])
        check.true("read back", all(row["verified"] for row in rows))
        noted = self.phone.init("box", self.url, *self.key)
        check.equal("made by the second", noted["created"], False)
        check.equal("seen before", self.phone.there("box", *self.key), ["savings", "travel"])
        self.phone.backup("box", *self.key)
        self.both_see(check, ["hot", "savings", "travel"])
        self.both_prove(check)

    def backups_at_once(self, check: Check) -> None:
        """two devices back up at the same time, three times"""
        for turn in range(3):
            self.laptop.new(f"laptop {turn}")
            self.phone.new(f"phone {turn}")
            both = [(one, one.start(*one.backup_words("box", *self.key))) for one in (self.laptop, self.phone)]
            for device, process in both:
                rows, _ = device.finish(process)
                check.true(f"{device.name}: all read back", all(row["verified"] for row in rows))
            self.both_see(check, self.names)
        self.both_prove(check)

    def begun_at_once(self, check: Check) -> None:
        """two devices begin a vault at the same time: no wallet is lost, and each code that was given out opens it"""
        url, codes = self.server.url("once/vault"), {}
        both, pair = [], [self.world.device("one of a pair"), self.world.device("other of a pair")]
        names = ["left", "right"]
        for device, name in zip(pair, names):
            device.new(name)
        for device in pair:
            codes[device] = self.world.path()
            both.append((device, device.start(*device.init_words("twin", url, *self.key, code=codes[device]))))
        for device, process in both:
            # The one that comes too late is told so; what it says of its code, if it has written one, is that it opens nothing.
            rows, said = device.finish(process, 0, 4, 7)
            check.true(f"{device.name} is told: {said}", bool(rows) or "there is a vault already" in said or "at the same time" in said or "opens nothing" in said)
            if codes[device].exists():
                self.world.code(codes[device])
            if not rows or not codes[device].exists():  # one that came so late that it found the vault has made no code
                del codes[device]
        # Now that both are through: while the other one still begins, nobody knows whose vault it will be.
        for device in pair:
            if not any(row["name"] == "twin" for row in device.run("cloud", "list")):
                device.init("twin", url, *self.key)
            device.backup("twin", *self.key)
        for device in pair:
            check.equal(f"what {device.name} sees", device.there("twin", *self.key), names)
        for device, code in codes.items():
            rows, said = device.finish(device.start("cloud", "list", "twin", "--recovery-code-file", code), 0, 4)
            found = sorted(row["name"] for row in rows if row["type"] == "wallet")
            check.true(f"the code of {device.name} opens {found}: {said}", found == names)

    def password_changed(self, check: Check) -> None:
        """a changed password: the old one is refused on both devices, the code still opens"""
        names, old = self.names, self.key
        self.password = self.world.password()
        row = self.laptop.one("cloud", "change-password", "box", *old, "--new-password-file", self.key[1], *CHEAP)
        check.equal("changed", (row["changed"], row["rekeyed"], row["wallets"]), (True, False, len(names)))
        for device in (self.laptop, self.phone):
            said = device.refused(4, "cloud", "list", "box", *old)
            check.true(f"the message: {said}", "password" in said and "box" in said)
            device.refused(4, *device.backup_words("box", *old))
            check.equal("by the code", device.there("box", *self.by_code), names)
        self.both_see(check, names)
        self.both_prove(check)

    def rekeyed(self, check: Check) -> None:
        """--rekey on the second device: old password and old code are refused, the new ones open"""
        names, old, old_code = self.names, self.key, self.by_code
        self.password, self.code = self.world.password(), self.world.path()
        new = ("--new-password-file", self.key[1], "--rekey", "--recovery-code-out", self.code)
        row = self.phone.one("cloud", "change-password", "box", *old, *new, *CHEAP)
        self.world.code(self.code)
        check.equal("changed", (row["rekeyed"], row["wallets"]), (True, len(names)))
        for device in (self.laptop, self.phone):
            device.refused(4, "cloud", "list", "box", *old)
            device.refused(4, "cloud", "list", "box", *old_code)
            check.equal("by the new code", device.there("box", *self.by_code), names)
        self.laptop.backup("box", *self.key)
        self.phone.backup("box", *self.key)
        self.both_see(check, names)
        self.both_prove(check)

    def forgotten(self, check: Check) -> None:
        """a forgotten password: the copies under it stay readable with it, and are merged"""
        names, old, old_code = self.names, self.key, self.by_code
        self.password, self.code = self.world.password(), self.world.path()
        new = ("--new-password-file", self.key[1], "--recovery-code-out", self.code)
        self.laptop.run("cloud", "forgot-password", "box", *new, *CHEAP)
        self.world.code(self.code)
        rows = [row for row in self.laptop.run("cloud", "list", "box", *self.key) if row["type"] == "password"]
        check.equal("passwords", [(row["current"], row["sealed"]) for row in rows], [(False, True), (True, False)])
        self.both_see(check, [])
        for device in (self.laptop, self.phone):
            check.equal("by the old password", device.there("box", *old), names)
            check.equal("by the old code", device.there("box", *old_code), names)
        # The phone puts its own there before anybody remembers.
        self.phone.backup("box", *self.key)
        self.both_see(check, self.phone.here())
        row = self.laptop.one("cloud", "merge", "box", *self.key, "--old-password-file", old[1])
        check.equal("merged", sorted(row["added"]), self.laptop.here())
        check.equal("damaged", row["damaged"], [])
        self.laptop.backup("box", *self.key)
        self.both_see(check, names)
        self.both_prove(check)

    def restored(self, check: Check) -> None:
        """restored on new computers, by password and by recovery code: every address is the same"""
        for name, key in {"by password": self.key, "by code": self.by_code}.items():
            device = self.world.device(f"restored {name}")
            words = ("restore", "cloud", self.url, "--credentials-file", self.server.credentials_file, *key)
            dry = device.run(*words, "--dry-run")
            check.equal(f"{name}: dry run", sorted(row["name"] for row in dry), self.names)
            check.true(f"{name}: the dry run leaves something behind", not any(device.folder.rglob("*")))
            rows = device.run(*words, *device.own, *CHEAP)
            for row in rows:
                check.true(f"{name}: {row}", row["outcome"] == "added" and row["proved"] and not row["problem"])
            self.compare(check, device)
            again = device.run(*words, *device.own)
            check.equal(f"{name}: once more", {row["outcome"] for row in again}, {"known"})
            check.true(f"{name}: unbacked", "unbacked" not in device.stale())

    def compare(self, check: Check, device: Device) -> None:
        """The device has the wallets of both, to the last address and word."""
        check.equal("words", device.phrases(), self.laptop.phrases() | self.phone.phrases())
        for owner in (self.laptop, self.phone):
            for wallet in owner.here():
                check.equal(f"addresses of {wallet}", device.addresses(wallet), owner.addresses(wallet))

    def stock_tools(self, check: Check) -> None:
        """fetched by others: age and read_vault.py open it, and keyark what age has sealed"""
        words = self.laptop.phrases() | self.phone.phrases()
        copy = self.world.folder / "fetched"
        stock.fetch(self.server, PATH, copy)
        for key in (self.password, self.code.read_text().split()[-1]):
            check.equal("read_vault.py", stock.secrets(stock.read(copy, key)), words)
        epoch = max(copy.glob("epochs/*/manifest-*.age"), key=lambda path: int(path.parent.name)).parent
        identity, sealed = self.world.path(), self.world.path()
        stock.age("-d", "-o", identity, epoch / "identity.password.age", types=typed(self.password))
        found = set()
        for record in epoch.glob("records/*.age"):
            plain = self.world.path()
            stock.age("-d", "-i", identity, "-o", plain, record)
            found |= {phrase for phrase in words.values() if phrase in plain.read_text()}
            plain.unlink()
        check.equal("what age opens", found, set(words.values()))
        old, self.password = self.key, self.world.password()
        stock.age("-p", "-o", sealed, identity, types=typed(self.password))
        for name in ("identity.password.copy.age", "identity.password.age"):
            stock.put(self.server, sealed, f"{PATH}/{epoch.relative_to(copy).as_posix()}/{name}")
        check.equal("under the password set with age", self.phone.there("box", *self.key), sorted(words))
        self.laptop.run("cloud", "change-password", "box", *self.key, "--new-password-file", old[1], *CHEAP)
        self.password = old[1].read_text().rstrip("\n")
        self.both_see(check, sorted(words))

    def requests(self, check: Check) -> None:
        """opening costs the same for one wallet and for fifty; each of fifty is written once"""
        single, writer, reader = self.world.device("single"), self.many("writer"), self.world.device("reader")
        single.new("alone")
        with Counting(self.server) as counting:
            one, fifty = (self.server.url(f"{name}/vault", counting.port) for name in ("one", "fifty"))
            single.init("one", one, *self.key, code=self.world.path())
            single.backup("one", *self.key)
            writer.init("fifty", fifty, *self.key, code=self.world.path())
            counting.taken()
            writer.backup("fifty", *self.key)
            lines = counting.lines()
            if self.server.kind != "gdrive":  # there, requests have ids and no names
                # A first one may be refused for want of the folder.
                puts = [line.rsplit(" ", 1) for line in lines if line.startswith("PUT ")]
                written = [path.split("/")[-2] for path, status in puts if status.startswith("2")]
                check.equal("records written", written.count("records"), MANY)
                check.equal("manifests written", sum(folder.isdigit() for folder in written), 1)
            found = []
            for name, url in (("one", one), ("fifty", fifty)):
                reader.init(name, url, *self.key)
                counting.taken()
                check.equal("wallets", len(reader.there(name, *self.key)), 1 if name == "one" else MANY)
                found.append(counting.taken())
            check.equal("requests to open", found[1], found[0])
            print(f"     {self.server.name}, {found[1].total()} requests to open fifty, {len(lines)} to back them up")

    def many(self, name: str) -> Device:
        """A device with fifty wallets; they are made once."""
        device, made = self.world.device(name), self.world.folder.parent / "fifty"
        if made.exists():
            shutil.copytree(made / "home", device.folder / "home")
            device.secret = (made / "password").read_text()
            device.own = ("--password-file", self.world.file(device.secret))
            device.note_secrets()
        else:
            device.new(*(f"wallet {number}" for number in range(MANY)))
            shutil.copytree(device.folder / "home", made / "home")
            (made / "password").write_text(device.secret)
        return device

    def restarted(self, check: Check) -> None:
        """the server is killed while fifty wallets are backed up, and starts again: nothing is lost"""
        device = self.many("interrupted")
        device.init("box", self.url, *self.key)
        records = self.records()
        process = device.start(*device.backup_words("box", *self.key))
        while process.poll() is None and self.records() < records + 5:
            time.sleep(0.001)
        self.server.stop(killed=True)
        check.true("the backup was over before the server was killed", process.poll() is None)
        self.server.start()
        rows, _ = device.finish(process, 0, 6)
        self.both_see(check, self.names + (device.here() if rows else []))
        check.true("all read back", all(row["verified"] for row in device.backup("box", *self.key)))
        self.both_see(check, self.names + device.here())
        device.proved(check, device.here(), *self.key)
        self.both_prove(check)

    def records(self) -> int:
        """How many sealed wallets lie on the server."""
        return sum(1 for _ in self.server.data.rglob("records/*.age"))

    def wrong_credentials(self, check: Check) -> None:
        """wrong credentials: exit 6, and no secret in the message"""
        wrong = self.world.file("wrong-9f2c-credentials")
        wrong.write_text(self.server.credentials().replace(self.server.password, "wrong-9f2c-credentials"))
        stranger = self.world.device("stranger")
        begin = ("cloud", "init", "box", self.url, "--credentials-file", wrong, *self.key)
        for words in (begin, ("restore", "cloud", self.url, "--dry-run", *begin[4:])):
            said = stranger.refused(6, *words)
            check.true(f"the message: {said}", "credentials" in said and "wrong-9f2c" not in said)
            check.true("the right one is in the message", self.server.password not in said)
        check.equal("clouds known", stranger.run("cloud", "list"), [])

    def missing_bucket(self, check: Check) -> None:
        """a missing bucket: exit 6, and it is named"""
        url = self.url.replace("://bucket/", "://missing/")
        said = self.laptop.refused(6, *self.laptop.init_words("missing", url, *self.key, code=self.world.path()))
        check.true(f"the message: {said}", "no such bucket" in said and "missing" in said)

    def stopped(self, check: Check) -> None:
        """the server stopped: exit 6, and nothing changes here"""
        before = self.laptop.phrases()
        self.server.stop()
        commands = [("cloud", "list", "box", *self.key), self.laptop.backup_words("box", *self.key)]
        commands.append(("verify", "--all", *self.laptop.own, *self.key))
        started = [self.laptop.start(*words) for words in commands[:1]]
        said = [self.laptop.refused(6, *words) for words in commands[1:2]]
        _, err = self.laptop.finish(started[0], 6)
        for text in (*said, err):
            check.true(f"the message: {text}", "nobody answers" in text)
        rows, _ = self.laptop.finish(self.laptop.start(*commands[2]), 6, 8)
        check.true("verified nevertheless", all(row["problem"] for row in rows))
        check.equal("wallets", self.laptop.phrases(), before)

    def hidden(self, check: Check) -> None:
        """nothing secret in what was printed, in the homes and on the server"""
        world = self.world
        world.search(check, "what keyark printed", b"\n".join(world.shown))
        for device in world.devices:
            files = [path for path in device.folder.rglob("*") if path.is_file()]
            check.true(f"{device.name}: no files", bool(files) or device.name == "stranger")
            for path in files:
                check.true(f"{path} can be read by others", path.stat().st_mode & 0o077 == 0)
            world.search(check, f"the home of {device.name}", b"\n".join(path.read_bytes() for path in files))
        content = self.content
        check.true(f"the server has {len(content)} bytes", len(content) > 10_000)
        world.search(check, "the server", content)
        # Nor what tells which wallets these are.
        for device in (self.laptop, self.phone):
            for row in device.run("list", *device.own):
                told = [row["id"], *(account["address"] for account in device.addresses(row["name"]))]
                told += [row["name"]] if " " in row["name"] or len(row["name"]) > 5 else []
                for text in told:
                    check.true(f"the server's files tell {text}", text.encode() not in content)


def typed(password: str) -> str:
    """As it is to be pasted where age asks: keyark seals under this form."""
    return unicodedata.normalize("NFKD", password)


def ordered(server: Server) -> list:
    """The flows for this server."""
    flows = [Flows.backups_at_once, Flows.begun_at_once, Flows.password_changed, Flows.rekeyed, Flows.forgotten]
    flows += [Flows.restored]
    flows += [Flows.stock_tools] if server.name in STOCK else []
    flows += [Flows.requests]
    flows += [Flows.restarted] if server.keeps else []
    flows += [Flows.wrong_credentials] if server.name in HAS_ACCOUNTS else []
    flows += [Flows.missing_bucket] if server.kind in ("s3", "obs") else []
    return flows


def run(runner: Runner, keyark: Keyark, server: Server) -> None:
    """Every flow on one server. Without a vault, the first one's failure says all."""
    flows = Flows(World(keyark, server))

    def one(flow) -> bool:
        failed = runner.failed
        with runner.check(f"{server.name}: {flow.__doc__}") as check:
            flow(flows, check)
        return runner.failed == failed

    if not one(Flows.two_devices):
        return
    for flow in ordered(server):
        one(flow)
    flows.content = server.content()
    one(Flows.stopped)
    one(Flows.hidden)
