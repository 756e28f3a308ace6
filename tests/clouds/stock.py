"""Stock tools on what keyark wrote: rclone (plain requests, on S3) fetches a folder and puts files back, age opens and seals, read_vault.py reads."""

import json
import os
import pty
import re
import select
import subprocess
import sys
import time
from pathlib import Path

from runner import Mismatch
from servers import HERE, Server, command, environment

READER = HERE.parent / "interop/read_vault.py"


def read(folder: Path, key: str) -> list[dict]:
    """The records that read_vault.py finds with the password or the recovery code."""
    done = subprocess.run([sys.executable, READER, folder], input=key.encode(), capture_output=True, timeout=60)
    if done.returncode:
        raise Mismatch(f"read_vault.py: exit {done.returncode}: {done.stderr.decode()[-1000:]}")
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def secrets(records: list[dict]) -> dict[str, str]:
    """The words by the wallets' names."""
    return {record["name"]: record["secret"]["words"] for record in records}


def fetch(server: Server, path: str, to: Path) -> None:
    """Brings a folder of the server here: with rclone from WebDAV, with plain signed requests from S3."""
    if server.kind == "webdav":
        return rclone(server, "copy", f"cloud:{path}", to)
    for name, content in server.objects(f"{path}/").items():
        file = to / name.removeprefix(f"{path}/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def put(server: Server, file: Path, path: str) -> None:
    """Puts a file in the place of one there."""
    if server.kind == "webdav":
        return rclone(server, "copyto", file, f"cloud:{path}")
    status, _, body = server.send("PUT", f"/{server.bucket}/{path}", file.read_bytes())
    if status != 200:
        raise Mismatch(f"PUT: {status} {body[:300]!r}")


def rclone(server: Server, *words: object) -> None:
    """rclone as a client of the server, which it knows as `cloud:`."""
    program = command("rclone")
    hidden = subprocess.run([program, "obscure", "-"], input=server.password, capture_output=True, text=True, check=True)
    remote = {"TYPE": "webdav", "URL": f"http://127.0.0.1:{server.port}{server.prefix}", "VENDOR": "other"}
    remote |= {"USER": server.user, "PASS": hidden.stdout.strip()}
    settings = {f"RCLONE_CONFIG_CLOUD_{name}": value for name, value in remote.items()}
    done = subprocess.run(
        [program, *map(str, words), "--config", str(server.folder / "none.conf"), "--retries", "1"],
        env=environment(**settings), capture_output=True, text=True, timeout=30,
    )  # fmt: skip
    if done.returncode:
        raise Mismatch(f"rclone {words[0]}: exit {done.returncode}: {done.stderr[-1000:]}")


def age(*words: object, types: str = "") -> None:
    """Stock age on a terminal, on which the text is typed whenever it asks."""
    program = command("age")
    process, terminal = pty.fork()
    if not process:
        os.execv(program, [program, *map(str, words)])
    shown, end = b"", time.monotonic() + 60
    try:
        while select.select([terminal], [], [], max(0, end - time.monotonic()))[0]:
            try:
                shown += os.read(terminal, 1024)
            except OSError:  # Linux's end of a terminal
                break
            if re.search(rb"passphrase[^:]*: $", shown):
                os.write(terminal, types.encode() + b"\n")
                shown += b"\n"
        else:
            os.kill(process, 9)
    finally:
        os.close(terminal)
        code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    if code:
        raise Mismatch(f"age: exit {code}: {shown.decode(errors='replace').strip()}")
