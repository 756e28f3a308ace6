"""How each server behaves where servers differ. Measured with requests of our own, so that DESIGN.md's table can be made again at any time."""

import contextlib
import re
import threading

from servers import S3, Server, WebDav
from signing import send

# What DESIGN.md relies on; a newer server that differs is noticed. Races are shown, not expected: how one ends is chance.
EXPECTED = {
    "s3s-fs": {
        "wrong secret key": "403 SignatureDoesNotMatch",
        "body other than the signed one": "403",
        "PUT If-None-Match on an old object": "412 PreconditionFailed",
        "24 entries in pages of 5": "24 in 5 pages",
    },
    "moto": {
        "wrong secret key": "200",
        "PUT If-None-Match on an old object": "412 PreconditionFailed",
        "24 entries in pages of 5": "24 in 5 pages",
    },
    "dufs": {
        "PUT If-None-Match on an old file": "201",
        "PUT without parent": "201",
        "MOVE Overwrite: F new, over": "204, 204",
    },
    "nginx": {
        "PUT If-None-Match on an old file": "204",
        "PUT without parent": "500",
        "MOVE Overwrite: F new, over": "204, 412",
    },
    "rclone": {
        "PUT If-None-Match on an old file": "201",
        "PUT without parent": "404",
        "MOVE Overwrite: F new, over": "201, 412",
    },
    "wsgidav": {
        "PUT If-None-Match on an old file": "412",
        "PUT without parent": "409",
        "MOVE Overwrite: F new, over": "201, 412",
    },
}


def measure(server: Server) -> dict[str, str]:
    """What was found, by question."""
    if isinstance(server, S3):
        return s3(server)
    if isinstance(server, WebDav):
        return webdav(server)
    return {}


def race(put, winners: set[int]) -> str:
    """Sixteen writers of one new object, each with If-None-Match; how many are told that they wrote it."""
    results: list[int] = []
    start = threading.Barrier(16)

    def one() -> None:
        start.wait()
        with contextlib.suppress(OSError):  # a server that hangs up when too many come at once
            results.append(put())

    threads = [threading.Thread(target=one) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return f"{sum(status in winners for status in results)} of 16"


def s3(server: S3) -> dict[str, str]:
    found: dict[str, str] = {}
    root = f"/{server.bucket}"
    only_new = {"If-None-Match": "*"}

    def status(method: str, path: str, body: bytes = b"", headers: dict | None = None, secret: str | None = None) -> str:
        code, _, text = server.send(method, root + path, body, headers, secret)
        error = re.search(rb"<Code>(\w+)</Code>", text)
        return f"{code} {error[1].decode()}" if error else str(code)

    found["right signature"] = status("PUT", "/m/a", b"one")
    found["wrong secret key"] = status("PUT", "/m/wrong", b"x", secret="not the key")
    code, _, _ = send(server.port, "PUT", f"{root}/m/none", b"x")
    found["no signature"] = str(code)
    code, _, _ = server.send("PUT", f"{root}/m/changed", b"x", {"x-amz-content-sha256": "0" * 64})
    found["body other than the signed one"] = str(code)
    found["PUT If-None-Match on an old object"] = status("PUT", "/m/a", b"two", only_new)
    found["the old object afterwards"] = repr(server.send("GET", f"{root}/m/a")[2].decode(errors="replace"))
    found["winners of a race with If-None-Match"] = race(
        lambda: server.send("PUT", f"{root}/m/race", b"r" * 1000, only_new)[0], {200}
    )
    found["PUT If-Match of another ETag"] = status("PUT", "/m/a", b"three", {"If-Match": '"0"'})
    found["GET missing"] = status("GET", "/m/missing")
    found["HEAD missing"] = status("HEAD", "/m/missing")
    found["DELETE missing"] = status("DELETE", "/m/missing")
    found["Range past the end"] = status("GET", "/m/a", headers={"Range": "bytes=100-"})
    status("PUT", "/m/empty", b"")
    found["Range of an empty object"] = status("GET", "/m/empty", headers={"Range": "bytes=0-9"})
    for index in range(12):
        status("PUT", f"/l/{index:02}/x", b"x")
        status("PUT", f"/l/{index:02}-file", b"x")
    pages, token, names = 0, "", 0
    while pages < 20:
        _, _, text = server.send("GET", f"{root}?list-type=2&prefix=l/&delimiter=/&max-keys=5{token}")
        pages += 1
        names += text.count(b"<Key>") + text.count(b"<CommonPrefixes>")
        following = re.search(rb"<NextContinuationToken>([^<]*)<", text)
        if not following:
            break
        token = f"&continuation-token={following[1].decode().replace('=', '%3D').replace('+', '%2B')}"
    found["24 entries in pages of 5"] = f"{names} in {pages} pages"
    code, _, text = server.send("GET", "/missing-bucket?list-type=2")
    error = re.search(rb"<Code>(\w+)</Code>", text)
    found["missing bucket"] = f"{code} {error[1].decode() if error else ''}"
    return found


def webdav(server: WebDav) -> dict[str, str]:
    found: dict[str, str] = {}
    root = server.prefix
    only_new = {"If-None-Match": "*"}

    def status(method: str, path: str, body: bytes = b"", headers: dict | None = None) -> str:
        return str(send(server.port, method, root + path, body, server.authorization() | (headers or {}))[0])

    def depth(value: str) -> dict[str, str]:
        return {"Depth": value}

    found["no credentials"] = str(send(server.port, "PUT", f"{root}m", b"x")[0])
    found["MKCOL new, again, without parent"] = ", ".join(status("MKCOL", path) for path in ("m/", "m/", "n/o/"))
    found["PUT new, over"] = ", ".join(status("PUT", "m/a", body) for body in (b"one", b"two"))
    found["PUT without parent"] = status("PUT", "p/q/a", b"x")
    found["PUT If-None-Match on an old file"] = status("PUT", "m/a", b"three", only_new)
    found["the old file afterwards"] = repr(send(server.port, "GET", f"{root}m/a", b"", server.authorization())[2].decode())
    found["winners of a race with If-None-Match"] = race(
        lambda: send(server.port, "PUT", f"{root}m/race", b"r" * 1000, server.authorization() | only_new)[0], {200, 201, 204}
    )
    destination = {"Destination": f"http://127.0.0.1:{server.port}{root}m/moved", "Overwrite": "F"}
    status("PUT", "m/from", b"x")
    found["MOVE Overwrite: F new, over"] = ", ".join(
        (status("MOVE", "m/from", b"", destination), status("PUT", "m/from", b"y") and status("MOVE", "m/from", b"", destination))
    )

    def move() -> int:
        name = f"m/mine-{threading.get_ident()}"
        status("PUT", name, b"x")
        to = {"Destination": f"http://127.0.0.1:{server.port}{root}m/raced", "Overwrite": "F"}
        return int(status("MOVE", name, b"", to))

    found["winners of a race with MOVE Overwrite: F"] = race(move, {201, 204})
    found["GET, DELETE missing"] = f"{status('GET', 'm/missing')}, {status('DELETE', 'm/missing')}"
    found["PROPFIND missing, 0 and 1"] = ", ".join(status("PROPFIND", "m/missing", b"", depth(value)) for value in "01")
    found["PROPFIND folder without and with /"] = ", ".join(status("PROPFIND", path, b"", depth("1")) for path in ("m", "m/"))
    found["PROPFIND Depth: infinity"] = status("PROPFIND", "m/", b"", depth("infinity"))
    _, _, text = send(server.port, "PROPFIND", f"{root}m/", b"", server.authorization() | depth("1"))
    hrefs = re.findall(rb"<(?:\w+:)?href>([^<]*)<", text)
    found["PROPFIND hrefs"] = f"{len(hrefs)}, first {hrefs[0].decode().replace(str(server.port), 'PORT') if hrefs else '-'}"
    properties = sorted(set(re.findall(rb"<(?:\w+:)?(getetag|getlastmodified|getcontentlength|resourcetype)\b", text)))
    found["PROPFIND properties"] = " ".join(name.decode() for name in properties)
    found["Range past the end"] = status("GET", "m/a", b"", {"Range": "bytes=100-"})
    status("PUT", "m/empty", b"")
    found["GET empty, with Range"] = f"{status('GET', 'm/empty')}, {status('GET', 'm/empty', b'', {'Range': 'bytes=0-9'})}"
    found["DELETE folder that is not empty"] = status("DELETE", "m/")
    return found

