#!/usr/bin/env python3
"""Reads a keyark vault (docs/format.md) without keyark: `read_vault.py FOLDER <password.txt`, with pyrage 1.4.0.

In place of the password, the recovery code or a device's AGE-SECRET-KEY-1… may stand there. Prints the wallets with
their secrets as JSON lines. What is wrong is said on stderr, and the exit code is 1 then.
"""

import hashlib
import hmac
import json
import re
import sys
import unicodedata
from pathlib import Path

import pyrage

FILE = re.compile("[0-9a-f]{32}")
NAME = re.compile("([1-9][0-9]{0,14})(?:-([0-9a-f]{16}))?")
FAULTS = (OSError, ValueError, LookupError, TypeError, pyrage.DecryptError, pyrage.IdentityError)


def read(path: Path, limit: int) -> bytes:
    """A file of at most `limit` bytes."""
    if path.stat().st_size > limit:
        raise ValueError(f"more than {limit} bytes")
    return path.read_bytes()


def parse(text: bytes, form: str) -> dict:
    """A JSON object of version 1 of a format; one of a later version ends the program."""
    if (value := json.loads(text))["format"] != form or value["version"] < 1:
        raise ValueError(f"not a {form}")
    if value["version"] > 1:
        sys.exit(f"{form} version {value['version']} is newer than this program")
    return value


def open_identity(path: Path, key: str) -> pyrage.x25519.Identity:
    """The identity, by password, recovery code or the key of a device; an error for another one."""
    sealed = read(path, 1 << 16)
    if key.startswith("AGE-SECRET-KEY-1"):
        text = pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(key)])
    elif int(sealed.split(b"\n")[1].split(b" ")[3]) > 20:  # "-> scrypt SALT WORK"
        raise ValueError("asks for too much work")
    else:
        text = pyrage.passphrase.decrypt(sealed, unicodedata.normalize("NFKD", key))
    return pyrage.x25519.Identity.from_str(text.decode().rstrip())


def parse_name(text: str) -> tuple[int, str]:
    """The name of a manifest as what it is sorted by: `7-0123456789abcdef`, or `7`."""
    if not (match := NAME.fullmatch(text)) or int(match[1]) > 1 << 48:
        raise ValueError("not the name of a manifest")
    return int(match[1]), match[2] or ""


def open_manifest(path: Path, identity: pyrage.x25519.Identity, epoch: int, name: tuple[int, str]) -> dict:
    """A manifest whose HMAC and name are right: with `heads`, `past`, and records and removed wallets by their ids."""
    mac, _, body = pyrage.decrypt(read(path, 1 << 27), [identity]).partition(b"\n")
    key = hmac.digest(str(identity).encode(), b"keyark manifest v1", "sha256")
    if not hmac.compare_digest(mac, hmac.digest(key, body, "sha256").hex().encode()):
        raise ValueError("not written by someone with the password")
    state = parse(body, "keyark-manifest")
    own_name = parse_name(state.get("name") or str(state["generation"]))
    if state["epoch"] != epoch or state["generation"] != name[0] or own_name != name:
        raise ValueError("another manifest under a wrong name")
    records = state.get("records") or []
    if len(records) > 100_000 or not all(FILE.fullmatch(one["file"]) for one in records):
        raise ValueError("a list out of bounds")
    past = {parse_name(one) for one in (state.get("follows") or "").split()}
    removed = {one["id"]: one["revision"] for one in state.get("removed") or []}
    return state | {"heads": [name], "past": past, "records": {one["id"]: one for one in records}, "removed": removed}


def includes(state: dict, name: tuple[int, str]) -> bool:
    """Whether the state follows the manifest of this name, or was read from it."""
    return name in state["heads"] or name in state["past"] or (not name[1] and name[0] < state["generation"])


def join(state: dict, other: dict) -> dict:
    """What two manifests say together that were written at the same time; `state` has the higher name."""
    if state["vault"] != other["vault"]:
        raise ValueError("of another vault")
    other_is_later = (other["written"], other["heads"]) > (state["written"], state["heads"])
    removed = dict(state["removed"])
    for wallet, revision in other["removed"].items():
        removed[wallet] = max(revision, removed.get(wallet, 0))
    records = {wallet: one for wallet, one in state["records"].items() if one["revision"] > removed.get(wallet, 0)}
    named = []
    for wallet, one in other["records"].items():
        known = records.get(wallet)
        if one["revision"] <= removed.get(wallet, 0):
            continue
        if not known or (one["revision"], other_is_later) > (known["revision"], False):
            records[wallet] = one
            if not known or known["name"].lower() != one["name"].lower():
                named.append(wallet)
    for wallet in named:
        taken = [one["name"] for known, one in records.items() if known != wallet]
        records[wallet] = records[wallet] | {"name": free_name(records[wallet]["name"], taken)}
    written, generation = (max(state[field], other[field]) for field in ("written", "generation"))
    lineage = {"heads": state["heads"] + other["heads"], "past": state["past"] | other["past"]}
    return state | {"written": written, "generation": generation, "records": records, "removed": removed} | lineage


def free_name(name: str, taken: list[str]) -> str:
    """The name, with a number after it where another wallet has it."""
    numbered = [name, *(f"{name[:90].rstrip()} ({number})" for number in range(2, len(taken) + 3))]
    same = {one.lower() for one in taken}
    return next(one for one in numbered if one.lower() not in same)


def open_record(path: Path, identity: pyrage.x25519.Identity, entry: dict) -> dict:
    """The record that an entry of the manifest lists, under the name that it has there."""
    sealed = read(path, 1 << 24)
    if hashlib.sha256(sealed).hexdigest() != entry["sha256"]:
        raise ValueError("damaged or changed")
    record = parse(pyrage.decrypt(sealed, [identity]), "keyark-wallet")
    if (record["id"], record["revision"]) != (entry["id"], entry["revision"]):
        raise ValueError("another wallet than the manifest says")
    return record | {"name": entry["name"]}


def attempt(function, path: Path, *arguments):
    """What the function makes of a file; None, with a line on stderr, of a bad one."""
    try:
        return function(path, *arguments)
    except FAULTS as error:
        print(f"{path}: {error!r}", file=sys.stderr)


def read_header(path: Path) -> set[int]:
    """The epochs that do not count any more."""
    return {one["epoch"] for one in parse(read(path, 1 << 20), "keyark-vault").get("dropped") or []}


def main(folder: Path, key: str) -> int:
    """Prints what the key opens, the newest epoch first; the exit code."""
    dropped = attempt(read_header, folder / "keyark-vault.json")
    numbers = {int(path.name) for path in (folder / "epochs").iterdir() if re.fullmatch("[1-9][0-9]{0,6}", path.name)}
    for number in sorted(numbers - (dropped or set()), reverse=True):
        epoch, bad, state = folder / "epochs" / str(number), dropped is None, None
        files = {path.name.removeprefix("manifest-")[:-4] for path in epoch.glob("manifest-*.age")}
        names = sorted((parse_name(name) for name in files if NAME.fullmatch(name)), reverse=True)
        slots = {"KEYA": ["recovery"], "AGE-": ["device-*"]}.get(key[:4], ["password", "password.copy"])
        paths = (path for slot in slots for path in sorted(epoch.glob(f"identity.{slot}.age"))) if names else ()
        if not (identity := next(filter(None, (attempt(open_identity, path, key) for path in paths)), None)):
            continue  # sealed under another password
        for name in names:
            if state and (includes(state, name) or name[0] + 32 <= state["generation"]):
                continue
            path = epoch / f"manifest-{'-'.join(filter(None, (str(name[0]), name[1])))}.age"
            found = attempt(open_manifest, path, identity, number, name)
            state, bad = join(state, found) if state and found else state or found, bad or not found
        entries = state["records"].values() if state else ()
        files = ((epoch / "records" / f"{entry['file']}.age", entry) for entry in entries)
        records = [attempt(open_record, file, identity, entry) for file, entry in files]
        print("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records if record), end="")
        return int(bad or not state or None in records)
    return 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.stdin.buffer.read().decode().removesuffix("\n")))
