"""What a person does with the `keyark` command and a cloud, on each server.

Each flow is a function of the runner, the command (with a home of its own) and a server that runs, and is listed in FLOWS. What a flow needs:

    server.url("some-folder")      the URL for `keyark cloud init`
    server.credentials_file        the credentials, mode 0600
    server.settings()              environment variables that lead to a fake; `run` sets them for the command
    server.stop(); server.data     the server killed; what lies in its folder
    keyark.run("cloud", …)         the lines of `--json`; keyark.one for one; `expect=` another exit code than 0
    with runner.check(name) as check: check.true(…); check.equal(…)
"""

from runner import Keyark, Runner
from servers import Server

# The commands `cloud`, `backup cloud`, `verify` and `restore cloud` come with their flows here.
FLOWS: list = []


def run(runner: Runner, keyark: Keyark, server: Server) -> None:
    """Every flow on one server."""
    keyark.environment |= server.settings()
    for flow in FLOWS:
        flow(runner, keyark, server)
