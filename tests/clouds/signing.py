"""AWS Signature Version 4 for one request, and plain HTTP requests: what the measurements send, independent of keyark's client."""

import datetime
import hashlib
import hmac
import http.client
import urllib.parse


def send(port: int, method: str, path: str, body: bytes = b"", headers: dict | None = None):
    """One request on loopback; its status, headers (names in lower case) and body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, path, body or None, {"Content-Length": str(len(body))} | (headers or {}))
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def signed(port: int, method: str, target: str, body: bytes, headers: dict, user: str, secret: str):
    """`send` with a signature for region us-east-1."""
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    path, _, query = target.partition("?")
    digest = hashlib.sha256(body).hexdigest()
    names = {"host": f"127.0.0.1:{port}", "x-amz-content-sha256": digest, "x-amz-date": now}
    names |= {name.lower(): value for name, value in headers.items()}
    names["content-type"] = "application/octet-stream"
    listed = ";".join(sorted(names))
    pairs = sorted(urllib.parse.parse_qsl(query, keep_blank_values=True))
    encoded = "&".join(f"{urllib.parse.quote(name, '')}={urllib.parse.quote(value, '')}" for name, value in pairs)
    lines = "".join(f"{name}:{names[name]}\n" for name in sorted(names))
    request = "\n".join((method, path, encoded, lines, listed, digest))
    scope = f"{now[:8]}/us-east-1/s3/aws4_request"
    text = "\n".join(("AWS4-HMAC-SHA256", now, scope, hashlib.sha256(request.encode()).hexdigest()))
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    names["authorization"] = f"AWS4-HMAC-SHA256 Credential={user}/{scope}, SignedHeaders={listed}, Signature={signature}"
    return send(port, method, f"{path}?{encoded}" if encoded else path, body, names)
