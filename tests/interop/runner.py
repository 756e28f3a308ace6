"""What every group of checks uses: the `keyark` command, and the counting of checks."""

import contextlib
import json
import os
import subprocess
import time
import traceback
from pathlib import Path


class Mismatch(Exception):
    """keyark and another implementation differ; the text says in what and for which input."""


class Refused(Exception):
    """keyark ended with an error."""

    def __init__(self, arguments: list[str], code: int, stderr: str):
        super().__init__(f"keyark {' '.join(arguments)}: exit {code}: {stderr.strip()}")
        self.code = code


class Check:
    """One line of the result. Every difference is collected, so that one run shows them all."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.compared = 0

    def equal(self, what: str, ours: object, theirs: object) -> None:
        """Counts one comparison of keyark's value with the other implementation's."""
        self.compared += 1
        if ours != theirs:
            self.problems.append(f"{what}: keyark {ours!r}, the other {theirs!r}")

    def true(self, what: str, holds: bool) -> None:
        """Counts one fact that must hold."""
        self.compared += 1
        if not holds:
            self.problems.append(what)


class Runner:
    """Prints a line per check and counts them."""

    SHOWN = 6

    def __init__(self) -> None:
        self.passed = 0
        self.failed = 0
        self.left_out = 0

    def leave_out(self, what: str) -> None:
        """Says that checks are not made here, and why; the last line counts them."""
        self.left_out += 1
        print(f"LEFT OUT {what}", flush=True)

    @contextlib.contextmanager
    def check(self, name: str):
        """A check with a name. An exception in it fails this check only; so does a check that compared nothing."""
        check = Check()
        start = time.monotonic()
        try:
            yield check
        except (Refused, Mismatch) as error:
            check.problems.append(str(error))
        except Exception:
            check.problems.append(traceback.format_exc(limit=-3).strip())
        if not check.compared and not check.problems:
            check.problems.append("nothing was compared")
        took = time.monotonic() - start
        if check.problems:
            self.failed += 1
            print(f"FAIL {name}", flush=True)
            for problem in check.problems[: self.SHOWN]:
                print("     " + problem.replace("\n", "\n     "), flush=True)
            if len(check.problems) > self.SHOWN:
                print(f"     and {len(check.problems) - self.SHOWN} more", flush=True)
        else:
            self.passed += 1
            print(f"ok   {name} ({check.compared} compared, {took:.1f} s)", flush=True)


class Keyark:
    """The command, with a home and a folder for files of its own."""

    def __init__(self, command: Path, folder: Path):
        folder.mkdir(parents=True)
        self.command = command
        self.folder = folder
        self.files = 0
        self.environment = {
            "PATH": os.environ.get("PATH", ""),
            "HOME": str(folder),
            "KEYARK_HOME": str(folder / "home"),
            "LANG": "C.UTF-8",
        }

    def path(self, name: str) -> Path:
        """A path that no file has yet."""
        self.files += 1
        return self.folder / f"{self.files}-{name}"

    def file(self, name: str, text: str) -> Path:
        """A new file with the text and the one trailing newline that keyark removes."""
        path = self.path(name)
        path.write_bytes((text + "\n").encode())
        return path

    def run(self, *arguments: object, expect: int = 0) -> list[dict]:
        """Runs the command with `--json`; its lines. Another exit code than `expect` is `Refused`."""
        words = [str(word) for word in arguments]
        done = subprocess.run(
            [str(self.command), *words, "--json"],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=120,
        )
        if done.returncode != expect:
            raise Refused(words, done.returncode, done.stderr.decode(errors="replace"))
        return [json.loads(line) for line in done.stdout.decode().splitlines()]

    def one(self, *arguments: object, expect: int = 0) -> dict:
        """Runs a command that answers with one object."""
        lines = self.run(*arguments, expect=expect)
        if len(lines) != 1:
            raise Mismatch(f"keyark {' '.join(map(str, arguments))}: {len(lines)} lines instead of one")
        return lines[0]

    def derive(self, phrase: str, passphrase: str, chain: str, kinds: list[str], *options: object) -> list[dict]:
        """The rows of `derive` for a phrase."""
        words = ["derive", "--phrase-file", self.file("phrase", phrase), "--chain", chain]
        if passphrase:
            words += ["--passphrase-file", self.file("passphrase", passphrase)]
        for kind in kinds:
            words += ["--kind", kind]
        return self.run(*words, *options)
