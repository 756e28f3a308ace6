"""What the fakes of cloud services share: a proxy that answers for the service's own host name, over TLS with a certificate of one run.

keyark's client is told nothing but a proxy and a certificate authority; it calls the same hosts as it does in earnest.
"""

import http.server
import json
import ssl
import sys
import threading
import urllib.parse
from pathlib import Path

LARGEST_BODY = 64 << 20


class Handler(http.server.BaseHTTPRequestHandler):
    """One connection. Subclasses have `serve`, which answers a request."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet
    context: ssl.SSLContext
    secret: str
    log: Path
    lock = threading.RLock()
    inside = ""  # the host that the tunnel leads to

    def do_CONNECT(self) -> None:
        """Starts TLS and stays on the line as that host."""
        self.inside = self.path.rsplit(":", 1)[0]
        self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        self.wfile.flush()
        try:
            self.connection = self.request = self.context.wrap_socket(self.connection, server_side=True)
        except (OSError, ssl.SSLError):
            self.close_connection = True
            return
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb")
        self.close_connection = False

    def answer(self) -> None:
        """Reads a whole request, notes it and answers it."""
        url = urllib.parse.urlsplit(self.path)
        self.url = urllib.parse.unquote(url.path)
        self.query = dict(urllib.parse.parse_qsl(url.query, keep_blank_values=True))
        self.body = self.read_body()
        with self.lock:
            with self.log.with_name("bodies").open("ab") as bodies:
                bodies.write(b"" if self.url == "/token" else self.body + b"\n")
            self.serve()
            with self.log.open("a") as log:
                log.write(f"{self.command} {self.url} {self.status}\n")
        self.wfile.flush()

    do_GET = do_HEAD = do_PUT = do_POST = do_PATCH = do_DELETE = answer

    def serve(self) -> None:
        """Answers the request; one at a time over all connections."""
        raise NotImplementedError

    def read_body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            parts = []
            while size := int(self.rfile.readline().split(b";")[0], 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)
        return self.rfile.read(min(int(self.headers.get("Content-Length") or 0), LARGEST_BODY))

    def reply(self, status: int, body: object = b"", kind: str = "application/octet-stream", **headers: str) -> None:
        """Sends an answer; what is neither bytes nor text goes as JSON."""
        if isinstance(body, str):
            body = body.encode()
        elif not isinstance(body, bytes):
            body, kind = json.dumps(body).encode(), "application/json; charset=UTF-8"
        self.status = status
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if status != 204:
            self.send_header("Content-Length", headers.pop("length", str(len(body))))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD" and status != 204:
            self.wfile.write(body)

    def reply_part(self, content: bytes, **headers: str) -> None:
        """The content, or the part that `Range` asks for; 416 where there is none."""
        wanted = self.headers.get("Range", "").removeprefix("bytes=")
        if not wanted:
            return self.reply(200, content, **headers)
        first, _, last = wanted.partition("-")
        start = int(first) if first else max(len(content) - int(last), 0)
        end = min(int(last), len(content) - 1) if first and last else len(content) - 1
        if start > end:
            return self.reply(416, b"", Content_Range=f"bytes */{len(content)}")
        headers["Content_Range"] = f"bytes {start}-{end}/{len(content)}"
        return self.reply(206, content[start : end + 1], **headers)

    def log_message(self, *_: object) -> None:
        """Nothing goes to the terminal."""


def main(handler: type[Handler]) -> None:
    """`fake_….py PORT FOLDER SECRET`, as servers.py starts it."""
    port, folder, handler.secret = int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    handler.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    handler.context.load_cert_chain(folder / "host.pem", folder / "host.key")
    handler.log = folder / "requests"
    handler.log.touch()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    server.serve_forever()
