"""The servers: each is started on a random loopback port over a folder of its own, and is gone at the end of its `with`."""

import base64
import contextlib
import ctypes
import html
import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
from pathlib import Path

from signing import signed

HERE = Path(__file__).resolve().parent
# Proxies and other clouds' settings of this computer do not reach the servers, nor keyark.
NOT_INHERITED = ("AWS_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_", "GOOGLE_", "RCLONE_", "MOTO_")


class Unavailable(Exception):
    """The server is not installed here; the text says what is missing."""


def environment(**more: str) -> dict[str, str]:
    """This program's environment without what would lead to other clouds."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(NOT_INHERITED)}
    return kept | more


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def die_with_parent(by: int = signal.SIGKILL) -> None:
    """In the child: it gets this signal when this program ends, however that comes (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, int(by))


def command(name: str) -> str:
    """The path of a command, also of those that `run` installs."""
    built = sorted(HERE.glob(f".servers/{name}-*/bin/{name}"))
    scripts = Path(sys.executable).parent / name
    found = str(built[-1]) if built else str(scripts) if scripts.exists() else shutil.which(name)
    found = found or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    if not found:
        raise Unavailable(f"no command {name}")
    return found


class Server(contextlib.AbstractContextManager):
    """A server over `folder`. Subclasses say how it is started and how keyark reaches it."""

    name = ""
    kind = ""  # s3, webdav, gdrive, obs
    fake = False  # written for these tests, no product that others use
    keeps = True  # what is written there outlives it

    def __init__(self, folder: Path):
        self.folder = folder
        self.data = folder / "data"
        self.data.mkdir(parents=True)
        # Read by nginx, whose workers may run as another user.
        self.user, self.password = "tester", secrets.token_hex(8)
        self.process: subprocess.Popen | None = None
        self.port = 0

    def words(self) -> list[str]:
        """The command line, for the port and folder of this moment."""
        raise NotImplementedError

    def prepare(self) -> None:
        """Writes the configuration for the port of this moment."""

    def ready(self) -> None:
        """What has to be done once it listens."""

    def url(self, path: str, port: int | None = None) -> str:
        """keyark's URL of a folder on it; through another port, where something listens in between."""
        raise NotImplementedError

    def credentials(self) -> str:
        """The content of the credentials file."""
        raise NotImplementedError

    def settings(self) -> dict[str, str]:
        """Environment variables that keyark needs to find it."""
        return {}

    def content(self) -> bytes:
        """All that lies on it and whoever runs it can read: paths, what is in the files, its log."""
        files = [path for path in self.data.rglob("*") if path.is_file()]
        paths = "\n".join(path.relative_to(self.data).as_posix() for path in files).encode()
        return b"\n".join([paths, (self.folder / "log").read_bytes(), *(path.read_bytes() for path in files)])

    def __enter__(self):
        self.start()
        path = self.folder / "credentials"
        path.touch(0o600)
        path.write_text(self.credentials())
        self.credentials_file = path
        return self

    def start(self) -> None:
        """On a port of chance at first, later on the same."""
        again = self.port
        for attempt in range(5):
            self.port = again or free_port()
            self.prepare()
            log = (self.folder / "log").open("ab")
            self.process = subprocess.Popen(
                self.words(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env=environment(HOME=str(self.folder)),
                start_new_session=True,
                preexec_fn=die_with_parent,
            )
            if self.listens():
                break
            self.stop()
        else:
            raise RuntimeError(f"{self.name} does not start: {(self.folder / 'log').read_text(errors='replace')[-2000:]}")
        try:
            self.ready()
        except BaseException:
            self.stop()
            raise

    def listens(self) -> bool:
        """Waits until it answers; whether it does."""
        end = time.monotonic() + 30
        while time.monotonic() < end and self.process.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return True
            time.sleep(0.05)
        return False

    def stop(self, killed: bool = False) -> None:
        """Ends it and what it started; `killed`: as a power cut would."""
        process, self.process = self.process, None
        if process is None:
            return
        for end in (signal.SIGKILL,) if killed else (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, end)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(5)
                return

    def __exit__(self, *_) -> None:
        self.stop()


class S3(Server):
    """Path-style S3 with one bucket."""

    kind = "s3"
    bucket = "bucket"

    def url(self, path: str, port: int | None = None) -> str:
        return f"s3://{self.bucket}/{path}?endpoint=http://127.0.0.1:{port or self.port}&region=us-east-1"

    def credentials(self) -> str:
        return f"[default]\naws_access_key_id = {self.user}\naws_secret_access_key = {self.password}\n"

    def send(self, method: str, path: str, body: bytes = b"", headers: dict | None = None, secret: str | None = None):
        """One signed request; its status, headers and body."""
        return signed(self.port, method, path, body, headers or {}, self.user, secret or self.password)

    def objects(self, prefix: str) -> dict[str, bytes]:
        """All under the prefix."""
        found, after = {}, ""
        while True:
            query = urllib.parse.urlencode({"list-type": "2", "prefix": prefix, "start-after": after})
            status, _, page = self.send("GET", f"/{self.bucket}?{query}")
            keys = [html.unescape(key) for key in re.findall("<Key>([^<]*)</Key>", page.decode())]
            if status != 200 or not keys:
                return found
            after = keys[-1]
            found |= {key: self.send("GET", f"/{self.bucket}/{key}")[2] for key in keys}


class S3sFs(S3):
    name = "s3s-fs"

    def prepare(self) -> None:
        (self.data / self.bucket).mkdir(exist_ok=True)

    def words(self) -> list[str]:
        keys = ["--access-key", self.user, "--secret-key", self.password]
        return [command("s3s-fs"), "--host", "127.0.0.1", "--port", str(self.port), *keys, str(self.data)]


class Moto(S3):
    name = "moto"
    keeps = False

    def words(self) -> list[str]:
        return [command("moto_server"), "-H", "127.0.0.1", "-p", str(self.port)]

    def ready(self) -> None:
        status, _, body = self.send("PUT", f"/{self.bucket}")
        if status != 200:
            raise RuntimeError(f"moto makes no bucket: {status} {body[:300]!r}")

    def content(self) -> bytes:
        log, objects = (self.folder / "log").read_bytes(), self.objects("")
        return b"\n".join([log, *(name.encode() + b"\n" + content for name, content in objects.items())])


class WebDav(Server):
    """A WebDAV server whose root is `prefix`."""

    kind = "webdav"
    prefix = "/"

    def url(self, path: str, port: int | None = None) -> str:
        return f"webdav+http://127.0.0.1:{port or self.port}{self.prefix}{path}"

    def credentials(self) -> str:
        return json.dumps({"username": self.user, "password": self.password})

    def authorization(self) -> dict[str, str]:
        pair = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        return {"Authorization": f"Basic {pair}"}


class Dufs(WebDav):
    name = "dufs"

    def words(self) -> list[str]:
        auth = f"{self.user}:{self.password}@/:rw"
        return [command("dufs"), "--bind", "127.0.0.1", "--port", str(self.port), "-A", "--auth", auth, str(self.data)]


class Nginx(WebDav):
    name = "nginx"
    prefix = "/dav/"
    module = Path("/usr/lib/nginx/modules/ngx_http_dav_ext_module.so")

    def prepare(self) -> None:
        if not self.module.exists():
            raise Unavailable("no dav-ext module of nginx")
        (self.data / "dav").mkdir(exist_ok=True)
        (self.folder / "users").write_text(f"{self.user}:{{PLAIN}}{self.password}\n")
        temporary = "".join(
            f"  {kind}_temp_path {self.folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        # As the manual shows it; the parents of a new file are made by the client.
        (self.folder / "conf").write_text(
            f"""{"user root;" if os.geteuid() == 0 else ""}
load_module {self.module};
worker_processes 2;
daemon off;
pid {self.folder}/pid;
error_log {self.folder}/errors;
events {{}}
http {{
  access_log off;
{temporary}  client_max_body_size 64m;
  server {{
    listen 127.0.0.1:{self.port};
    root {self.data};
    location /dav/ {{
      auth_basic tests;
      auth_basic_user_file {self.folder}/users;
      dav_methods PUT DELETE MKCOL COPY MOVE;
      dav_ext_methods PROPFIND OPTIONS;
    }}
  }}
}}
"""
        )

    def words(self) -> list[str]:
        return [command("nginx"), "-e", str(self.folder / "errors"), "-c", str(self.folder / "conf")]


class Rclone(WebDav):
    name = "rclone"

    def words(self) -> list[str]:
        auth = ["--user", self.user, "--pass", self.password, "--config", str(self.folder / "rclone.conf")]
        return [command("rclone"), "serve", "webdav", str(self.data), "--addr", f"127.0.0.1:{self.port}", *auth]


class WsgiDav(WebDav):
    name = "wsgidav"

    def prepare(self) -> None:
        settings = {
            "host": "127.0.0.1",
            "port": self.port,
            "provider_mapping": {"/": str(self.data)},
            "simple_dc": {"user_mapping": {"*": {self.user: {"password": self.password}}}},
            # Basic and Digest are both on, as they are by default.
            "verbose": 1,
        }
        (self.folder / "wsgidav.json").write_text(json.dumps(settings))

    def words(self) -> list[str]:
        return [command("wsgidav"), "--config", str(self.folder / "wsgidav.json")]


class Fake(Server):
    """A fake of ours behind TLS: keyark calls the real host's name, through a proxy that ends at the fake."""

    fake = True
    keeps = False
    script = ""
    host = ""

    def prepare(self) -> None:
        """A certificate authority for one run, and the host's certificate."""
        openssl = command("openssl")
        folder, days = self.folder, ["-days", "2"]

        def make(*words: str) -> None:
            subprocess.run([openssl, *words], cwd=folder, check=True, capture_output=True)

        if (folder / "host.pem").exists():
            return
        elliptic = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc"]
        make("req", "-x509", *elliptic, "-keyout", "ca.key", "-out", "ca.pem", *days, "-subj", "/CN=keyark tests")
        make("req", *elliptic, "-keyout", "host.key", "-out", "host.csr", "-subj", "/CN=keyark tests host")
        names = ",".join(f"DNS:{name}" for name in self.host.split())
        (folder / "names").write_text(f"subjectAltName={names}\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n")
        signer = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "names"]
        make("x509", "-req", "-in", "host.csr", *signer, "-out", "host.pem", *days)

    def words(self) -> list[str]:
        return [sys.executable, str(HERE / self.script), str(self.port), str(self.folder), self.password]

    def content(self) -> bytes:
        return b"\n".join((self.folder / name).read_bytes() for name in ("log", "requests", "bodies"))

    def settings(self) -> dict[str, str]:
        return {"HTTPS_PROXY": f"http://127.0.0.1:{self.port}", "SSL_CERT_FILE": str(self.folder / "ca.pem")}


class Gdrive(Fake):
    name, kind, script = "gdrive", "gdrive", "fake_gdrive.py"
    host = "www.googleapis.com oauth2.googleapis.com"

    def url(self, path: str, port: int | None = None) -> str:
        return f"gdrive://{path}"

    def credentials(self) -> str:
        client = {"client_id": "tests", "client_secret": "tests", "refresh_token": self.password}
        return json.dumps({"type": "authorized_user"} | client)


class Obs(Fake):
    name, kind, script = "obs", "obs", "fake_obs.py"
    host = "bucket.obs.cn-north-4.myhuaweicloud.com missing.obs.cn-north-4.myhuaweicloud.com"

    def url(self, path: str, port: int | None = None) -> str:
        return f"obs://bucket/{path}?endpoint=https://obs.cn-north-4.myhuaweicloud.com"

    def credentials(self) -> str:
        return f"[default]\naws_access_key_id = {self.user}\naws_secret_access_key = {self.password}\n"


SERVERS = {server.name: server for server in (S3sFs, Moto, Dufs, Nginx, Rclone, WsgiDav, Gdrive, Obs)}
# Those that refuse another password.
HAS_ACCOUNTS = SERVERS.keys() - {"moto", "obs"}
