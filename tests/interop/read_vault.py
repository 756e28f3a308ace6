#!/usr/bin/env python3
"""Reads a keyark vault (docs/format.md) without keyark: `read_vault.py FOLDER <password.txt`, with pyrage 1.4.0.

Prints the wallets with their secrets as JSON lines. What is wrong is said on stderr, and the exit code is 1 then.
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
FAULTS = (OSError, ValueError, LookupError, TypeError, pyrage.DecryptError, pyrage.IdentityError)


def read(path: Path, limit: int) -> bytes:
    """A file of at most `limit` bytes."""
    if path.stat().st_size > limit:
        raise ValueError(f"more than {limit} bytes")
    return path.read_bytes()


def parse(text: bytes, form: str) -> dict:
    """A JSON object of version 1 of a format."""
    if (value := json.loads(text))["format"] != form or value["version"] != 1:
        raise ValueError(f"not a {form} of version 1")
    return value


def open_identity(path: Path, password: str) -> pyrage.x25519.Identity:
    """The identity; an error for another password."""
    sealed = read(path, 1 << 16)
    if int(sealed.split(b"\n")[1].split(b" ")[3]) > 20:  # "-> scrypt SALT WORK"
        raise ValueError("asks for too much work")
    text = pyrage.passphrase.decrypt(sealed, unicodedata.normalize("NFKD", password)).decode()
    return pyrage.x25519.Identity.from_str(text.rstrip())


def open_manifest(path: Path, identity: pyrage.x25519.Identity, epoch: int, generation: int) -> list[dict]:
    """The wallets that a manifest lists, if its HMAC is right."""
    mac, _, body = pyrage.decrypt(read(path, 1 << 26), [identity]).partition(b"\n")
    key = hmac.digest(str(identity).encode(), b"keyark manifest v1", "sha256")
    if not hmac.compare_digest(mac, hmac.digest(key, body, "sha256").hex().encode()):
        raise ValueError("not written by someone with the password")
    manifest = parse(body, "keyark-manifest")
    if (manifest["epoch"], manifest["generation"]) != (epoch, generation):
        raise ValueError("another manifest under a wrong name")
    if len(manifest["records"]) > 100_000 or not all(FILE.fullmatch(one["file"]) for one in manifest["records"]):
        raise ValueError("a list out of bounds")
    return manifest["records"]


def open_record(path: Path, identity: pyrage.x25519.Identity, entry: dict) -> dict:
    """The record that an entry of the manifest lists."""
    sealed = read(path, 1 << 24)
    if hashlib.sha256(sealed).hexdigest() != entry["sha256"]:
        raise ValueError("damaged or changed")
    record = parse(pyrage.decrypt(sealed, [identity]), "keyark-wallet")
    if (record["id"], record["revision"]) != (entry["id"], entry["revision"]):
        raise ValueError("another wallet than the manifest says")
    return record


def attempt(function, path: Path, *arguments):
    """What the function makes of a file; None, with a line on stderr, of a bad one."""
    try:
        return function(path, *arguments)
    except FAULTS as error:
        print(f"{path}: {error!r}", file=sys.stderr)


def main(folder: Path, password: str) -> int:
    """Prints what the password opens, the newest epoch first; the exit code."""
    header = parse(read(folder / "keyark-vault.json", 1 << 20), "keyark-vault")
    for number in sorted((epoch["epoch"] for epoch in header["epochs"]), reverse=True):
        epoch = folder / "epochs" / str(number)
        both = (epoch / "identity.password.age", epoch / "identity.password.copy.age")
        identity = attempt(open_identity, both[0], password) or attempt(open_identity, both[1], password)
        if not identity:
            continue  # sealed under another password
        names = [re.fullmatch(r"manifest-([1-9]\d*)\.age", path.name) for path in epoch.iterdir()]
        generations = sorted((int(name[1]) for name in names if name), reverse=True)
        for older, generation in enumerate(generations):
            entries = attempt(open_manifest, epoch / f"manifest-{generation}.age", identity, number, generation)
            if entries is not None:
                files = ((epoch / "records" / f"{entry['file']}.age", entry) for entry in entries)
                records = [attempt(open_record, file, identity, entry) for file, entry in files]
                print("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records if record), end="")
                return int(older > 0 or None in records)
    return 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.stdin.buffer.read().decode().removesuffix("\n")))
