"""A proxy in front of a server that counts the requests, and changes nothing in them: the Host header stays, so signatures hold.

Fakes write down their requests themselves.
"""

import contextlib
import http.client
import http.server
import threading
from collections import Counter

from servers import Server

HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "proxy-connection", "te", "trailer", "upgrade"}


class Counting(contextlib.AbstractContextManager):
    """Listens on `port`, a random one, and passes on to the server's."""

    def __init__(self, server: Server):
        counting, target = self, server.port
        self.written = server.folder / "requests" if server.fake else None
        self.requests: list[str] = []
        self.lock = threading.Lock()
        self.port: int | None = None
        if server.fake:
            self.written.write_text("")
            return

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1
            upstream = None

            def pass_on(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status, headers, content = self.ask(body)
                with counting.lock:
                    counting.requests.append(f"{self.command} {self.path} {status}")
                self.send_response_only(status)
                for name, value in headers:
                    if name.lower() not in HOP:
                        self.send_header(name, value)
                length = dict((name.lower(), value) for name, value in headers).get("content-length", str(len(content)))
                if status != 204:
                    self.send_header("Content-Length", length if self.command == "HEAD" else str(len(content)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(content)
                self.wfile.flush()

            def ask(self, body: bytes):
                """A connection per request: a server that hangs up on an idle one is no concern here."""
                upstream = http.client.HTTPConnection("127.0.0.1", target, timeout=30)
                try:
                    upstream.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
                    for name, value in self.headers.items():
                        if name.lower() not in HOP - {"content-length"}:
                            upstream.putheader(name, value)
                    upstream.putheader("Connection", "close")
                    upstream.endheaders(body or None)
                    answer = upstream.getresponse()
                    return answer.status, answer.getheaders(), answer.read()
                finally:
                    upstream.close()

            do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = do_OPTIONS = pass_on
            do_PROPFIND = do_MKCOL = do_MOVE = do_COPY = do_PROPPATCH = do_LOCK = do_UNLOCK = pass_on

            def log_message(self, *_: object) -> None:
                """Nothing goes to the terminal."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def lines(self) -> list[str]:
        """Method, path and status of each request since the last call, of this or of `taken`."""
        if self.written:
            lines = self.written.read_text().splitlines()
            self.written.write_text("")
            return lines
        with self.lock:
            lines, self.requests = self.requests, []
        return lines

    def taken(self) -> Counter[str]:
        """The requests by method since the last call."""
        return Counter(line.split()[0] for line in self.lines())

    def __exit__(self, *_: object) -> None:
        if not self.written:
            self.server.shutdown()
            self.server.server_close()
