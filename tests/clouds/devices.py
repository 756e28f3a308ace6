"""Devices: keyark with a home of its own on each, and the secrets that nothing shown or left behind may hold."""

import base64
import json
import re
import secrets
import subprocess
from pathlib import Path

import stock
from runner import Check, Keyark, Refused
from servers import Server

# Cheap to compute; the ledger says of it that it is weak.
CHEAP = ("--work-factor", 4)


class World:
    """What the devices of one server's flows share."""

    def __init__(self, keyark: Keyark, server: Server):
        self.command, self.folder, self.server = keyark.command, keyark.folder, server
        self.devices: list[Device] = []
        self.shown: list[bytes] = []  # every output
        self.secrets: set[str] = {server.password}
        self.phrases: set[str] = set()
        pair = f"{server.user}:{server.password}"
        self.secrets |= {base64.b64encode(pair.encode()).decode(), server.password.encode().hex()}
        (self.folder / "secrets").mkdir()

    def device(self, name: str) -> "Device":
        """A new computer."""
        device = Device(self, name)
        self.devices.append(device)
        return device

    def password(self) -> str:
        """A new one."""
        return f"{secrets.token_hex(5)} Brücke {secrets.token_hex(5)}"

    def file(self, text: str, mode: int = 0o600) -> Path:
        """A file with a secret, away from the homes."""
        self.secrets.add(text)
        path = self.path()
        path.touch(mode)
        path.write_text(text + "\n")
        return path

    def path(self) -> Path:
        """A path in the folder of secrets that no file has yet."""
        return self.folder / "secrets" / secrets.token_hex(8)

    def code(self, path: Path) -> Path:
        """A file with a recovery code that keyark has written."""
        self.secrets.add(path.read_text().split()[-1])
        return path

    def search(self, check: Check, what: str, content: bytes) -> None:
        """That no secret is in it: none as it is, nor three words of a phrase in a row, whatever stands between them."""
        found = {secret for secret in self.secrets if secret.encode() in content}
        for code in (secret for secret in self.secrets if secret.startswith("KEYARK-RECOVERY-")):
            found |= {group for group in re.findall("[0-9A-Z]{5}-[0-9A-Z]{5}", code) if group.encode() in content}
        if b"AGE-SECRET-KEY-1" in content:
            found.add("AGE-SECRET-KEY-1")
        tokens = re.findall(rb"[a-z]{3,8}", content.lower())
        runs = set(zip(tokens, tokens[1:], tokens[2:]))
        for phrase in self.phrases:
            words = phrase.encode().split()
            found |= {b" ".join(run).decode() for run in zip(words, words[1:], words[2:]) if run in runs}
        check.true(f"{what} holds {sorted(found)}", not found)


class Device(Keyark):
    """A computer: its own home, its own vault password, what it knows of clouds."""

    def __init__(self, world: World, name: str):
        super().__init__(world.command, world.folder / name)
        self.world, self.name, self.secret = world, name, world.password()
        self.environment |= world.server.settings()
        self.own = ("--password-file", world.file(self.secret))

    def start(self, *arguments: object) -> subprocess.Popen:
        """The command, running."""
        words = [str(self.command), *map(str, arguments), "--json"]
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen(words, env=self.environment, **pipes)

    def finish(self, process: subprocess.Popen, *expect: int) -> tuple[list[dict], str]:
        """Its lines and what it says besides, once it has ended with one of these codes."""
        try:
            out, err = process.communicate(timeout=120)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
        self.world.shown += [out, err]
        if process.returncode not in (expect or (0,)):
            words = process.args[1:-1]
            raise Refused([self.name, *words[:4]], process.returncode, err.decode(errors="replace")[-1500:])
        return [json.loads(line) for line in out.decode().splitlines()], err.decode()

    def run(self, *arguments: object, expect: int = 0) -> list[dict]:
        return self.finish(self.start(*arguments), expect)[0]

    def refused(self, code: int, *arguments: object) -> str:
        """The message and the remedy of an error."""
        _, err = self.finish(self.start(*arguments), code)
        error = json.loads(err.splitlines()[-1])["error"]
        return f"{error['message']}\n{error['remedy']}"

    def new(self, *names: str) -> None:
        """New wallets."""
        for name in names:
            cheap = () if (self.folder / "home").exists() else CHEAP
            self.run("new", name, *self.own, *cheap)
        self.note_secrets()

    def note_secrets(self) -> None:
        """Its wallets' words and entropy, read by others, are looked for at the end."""
        for record in stock.read(self.folder / "home", self.secret):
            self.world.phrases.add(record["secret"]["words"])
            self.world.secrets.add(record["secret"]["entropy"])

    def phrases(self) -> dict[str, str]:
        """The words of the wallets in its own vault, read by others."""
        return stock.secrets(stock.read(self.folder / "home", self.secret))

    def init(self, name: str, url: str, *key: object, code: Path | None = None) -> dict:
        """`cloud init`, with the server's credentials."""
        return self.one(*self.init_words(name, url, *key, code=code))

    def init_words(self, name: str, url: str, *key: object, code: Path | None = None) -> list[object]:
        words = ["cloud", "init", name, url, "--credentials-file", self.world.server.credentials_file, *key]
        return [*words, "--recovery-code-out", code, *CHEAP] if code else words

    def backup(self, cloud: str, *key: object) -> list[dict]:
        """`backup cloud --all`."""
        return self.run(*self.backup_words(cloud, *key))

    def backup_words(self, cloud: str, *key: object) -> list[object]:
        return ["backup", "cloud", "--all", "--to", cloud, *self.own, *key]

    def there(self, cloud: str, *key: object) -> list[str]:
        """The names of the wallets in a cloud."""
        return sorted(row["name"] for row in self.run("cloud", "list", cloud, *key) if row["type"] == "wallet")

    def here(self) -> list[str]:
        """The names of its own wallets."""
        return sorted(row["name"] for row in self.run("list", *self.own))

    def addresses(self, wallet: str) -> list[dict]:
        return self.run("show", wallet, *self.own)

    def proved(self, check: Check, names: list[str], *key: object) -> None:
        """`verify --all`: these wallets, each without a problem, and dated."""
        rows = self.run("verify", "--all", *self.own, *key)
        check.equal(f"{self.name}: proved", sorted(row["name"] for row in rows), sorted(names))
        for row in rows:
            fine = not row["problem"] and row["verified"] and row["addresses"] > 0
            check.true(f"{self.name}: verify says {row}", bool(fine))

    def stale(self) -> set[str]:
        """Why backups are stale, over all wallets; `unbacked` for a wallet without one."""
        rows = self.run("list", *self.own)
        reasons = {reason for row in rows for backup in row["backups"] for reason in backup.get("stale_reasons") or ()}
        return reasons | {"unbacked" for row in rows if not row["backed_up"]}
