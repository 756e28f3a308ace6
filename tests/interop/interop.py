"""Other implementations against the `keyark` command. Started by `run`, which installs them."""

import os
import random
import sys
import tempfile
from pathlib import Path

import addresses
import electrum
import keystores
import phrases
import vault
from peers import Node
from runner import Keyark, Runner

GROUPS = {"phrases": phrases, "addresses": addresses, "keystores": keystores, "electrum": electrum, "vault": vault}


def main() -> int:
    """Runs the groups named on the command line, all of them without a name; the exit code says whether all passed."""
    names = sys.argv[1:] or list(GROUPS)
    unknown = [name for name in names if name not in GROUPS]
    if unknown:
        print(f"interop: no group {unknown[0]!r}; there are {', '.join(GROUPS)}", file=sys.stderr)
        return 2
    root = Path(__file__).resolve().parents[2]
    command = Path(os.environ.get("KEYARK") or root / "target/release/keyark")
    if not os.access(command, os.X_OK):
        print(f"interop: no command at {command}", file=sys.stderr)
        print("build it (cargo build --release -p keyark-cli) or name it in KEYARK", file=sys.stderr)
        return 2
    seed = os.environ.get("INTEROP_SEED") or str(random.SystemRandom().randrange(10**9))
    print(f"random choices: INTEROP_SEED={seed}")
    with tempfile.TemporaryDirectory(prefix="keyark-interop-") as folder, Node() as node:
        runner = Runner()
        for name in names:
            keyark = Keyark(command.resolve(), Path(folder) / name)
            GROUPS[name].run(runner, keyark, node, random.Random(f"{seed}/{name}"))
    left_out = f", {runner.left_out} left out" if runner.left_out else ""
    print(f"{runner.passed} passed, {runner.failed} failed{left_out}")
    return 0 if runner.passed and not runner.failed else 1


if __name__ == "__main__":
    sys.exit(main())
