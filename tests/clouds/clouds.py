"""keyark against cloud servers on loopback. Started by `run`, which installs them.

Each server's checks run in a process of their own, several at a time; what it prints comes when it is done.
"""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE.parent / "interop"))

import flows
import measure
from counting import Counting
from runner import Check, Keyark, Runner
from servers import HAS_ACCOUNTS, SERVERS, Server, Unavailable, die_with_parent, environment

# So many servers' checks run at once: they wait for most of the time.
AT_ONCE = 3
# The operations that are counted, each made ten times on files of their own, and the most requests that one may cost. On S3 and OBS a new name is
# asked for first; on WebDAV a file is brought beside its place and renamed; Drive looks for each part of a path by name.
TIMES = 10
MOST = {
    "s3": {"write_new": 2, "replace": 1, "read": 1, "list": 1, "delete": 1},
    "webdav": {"write_new": 3, "replace": 2, "read": 1, "list": 1, "delete": 1},
    "gdrive": {"write_new": 13, "replace": 3, "read": 3, "list": 2, "delete": 4},
    "obs": {"write_new": 2, "replace": 1, "read": 1, "list": 1, "delete": 1},
}


class Tests:
    """The tests of crates/keyark-cloud/tests/servers.rs, built once and run per server."""

    def __init__(self, built: str = "") -> None:
        self.command = built or self.build()
        listed = subprocess.run([self.command, "--list", "--ignored"], capture_output=True, text=True, check=True).stdout
        self.names = re.findall(r"^(\S+): test$", listed, re.M)

    @staticmethod
    def build() -> str:
        words = ["cargo", "test", "-p", "keyark-cloud", "--features", "all-services", "--test", "servers", "--no-run"]
        built = subprocess.run([*words, "--message-format=json"], cwd=ROOT, stdout=subprocess.PIPE, check=True)
        lines = (json.loads(line) for line in built.stdout.splitlines() if line.startswith(b"{"))
        return next(line["executable"] for line in lines if line.get("executable"))

    def run(self, check: Check, name: str, server: Server, url: str, **settings: str) -> None:
        """One test on a server."""
        credentials = settings.pop("credentials", str(server.credentials_file))
        home = {"HOME": str(server.folder), "KEYARK_TEST_URL": url, "KEYARK_TEST_CREDENTIALS": credentials}
        done = subprocess.run(
            [self.command, "--exact", name, "--ignored", "--nocapture"],
            env=environment(RUST_BACKTRACE="0", **home, **server.settings(), **settings),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
        )
        passed = done.returncode == 0 and "1 passed" in done.stdout
        check.true(f"{name} on {server.name}: {done.stdout.strip()[-1500:]}", passed)


def promises(runner: Runner, tests: Tests, server: Server) -> None:
    """The storage's promises, each on a folder of its own."""
    for name in tests.names:
        if name not in ("operation", "wrong_credentials_are_refused"):
            with runner.check(f"{server.name}: {name.replace('_', ' ')}") as check:
                tests.run(check, name, server, server.url(f"{name.replace(chr(95), chr(45))}/vault"))


def refusals(runner: Runner, tests: Tests, server: Server) -> None:
    """Another password is refused, and no error shows the right one or the wrong one."""
    if server.name not in HAS_ACCOUNTS:
        return
    with runner.check(f"{server.name}: wrong credentials are refused") as check:
        wrong = server.folder / "wrong"
        wrong.touch(0o600)
        wrong.write_text(server.credentials().replace(server.password, "wrong-password-9f2c"))
        tests.run(check, "wrong_credentials_are_refused", server, server.url("refused"), credentials=str(wrong))


def counts(runner: Runner, tests: Tests, server: Server) -> None:
    """How many requests an operation costs."""
    with runner.check(f"{server.name}: requests per operation") as check, Counting(server) as counting:
        url = server.url("counts", counting.port)
        shown = []
        for operation, most in MOST[server.kind].items():
            tests.run(check, "operation", server, url, KEYARK_TEST_OPERATION=operation, KEYARK_TEST_TIMES=str(TIMES))
            counted = counting.taken()
            # The first operation of a process also looks for the folders above, and makes them.
            check.true(f"{operation}, {TIMES} times: {dict(counted)}", TIMES <= counted.total() <= most * TIMES + 12)
            shown.append(f"{operation} {counted.total() / TIMES:g}")
        print(f"     {server.name}, requests per operation: {', '.join(shown)}")


def facts(runner: Runner, server: Server, show: bool) -> None:
    """What DESIGN.md says of this server."""
    expected = measure.EXPECTED.get(server.name)
    if not expected:
        return
    with runner.check(f"{server.name}: behaves as described") as check:
        found = measure.measure(server)
        for question, answer in expected.items():
            check.true(f"{question}: {found.get(question)!r} and not {answer!r}", found.get(question) == answer)
        if show:
            print("".join(f"     {question}: {answer}\n" for question, answer in found.items()), end="")


def one_server(name: str, tests: Tests, command: Path, show: bool) -> int:
    """All checks on one server."""
    runner = Runner()
    # What is in a `with` is stopped also when this is.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="keyark-clouds-") as folder:
        try:
            with SERVERS[name](Path(folder) / name) as server:
                facts(runner, server, show)
                promises(runner, tests, server)
                refusals(runner, tests, server)
                counts(runner, tests, server)
                if os.access(command, os.X_OK):
                    flows.run(runner, Keyark(command.resolve(), Path(folder) / f"{name}-keyark"), server)
        except Unavailable as missing:
            runner.leave_out(f"{name}: {missing}")
    print(f"{runner.passed} {runner.failed} {runner.left_out}")
    return 0


def main() -> int:
    """Runs the servers named on the command line, all without a name; the exit code says whether all passed."""
    words = sys.argv[1:]
    show = "--measure" in words
    names = [word for word in words if word != "--measure"] or list(SERVERS)
    unknown = [name for name in names if name not in SERVERS]
    if unknown:
        print(f"clouds: no server {unknown[0]!r}; there are {', '.join(SERVERS)}", file=sys.stderr)
        return 2
    command = Path(os.environ.get("KEYARK") or ROOT / "target/release/keyark")
    tests = Tests()
    passed = failed = left_out = 0

    def start(name: str) -> subprocess.CompletedProcess:
        words = [sys.executable, __file__, "--one", name, tests.command, str(command), *(["--measure"] if show else [])]
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        return subprocess.run(words, **pipes, text=True, preexec_fn=lambda: die_with_parent(signal.SIGTERM))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for name, done in zip(names, pool.map(start, names)):
            *lines, last = done.stdout.splitlines() or [""]
            counted = re.fullmatch(r"(\d+) (\d+) (\d+)", last)
            if not counted:
                lines.append(f"FAIL {name}: the checks ended with exit code {done.returncode}: {last}")
            print("\n".join(lines), flush=True)
            one = [int(number) for number in counted.groups()] if counted else [0, 1, 0]
            passed, failed, left_out = (sum(pair) for pair in zip((passed, failed, left_out), one))
    if not os.access(command, os.X_OK):
        print(f"LEFT OUT the flows of the command: there is none at {command}")
        left_out += 1
    print(f"{passed} passed, {failed} failed{f', {left_out} left out' if left_out else ''}")
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        sys.exit(one_server(sys.argv[2], Tests(sys.argv[3]), Path(sys.argv[4]), "--measure" in sys.argv))
    sys.exit(main())
