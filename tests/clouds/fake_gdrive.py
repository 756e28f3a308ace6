"""A FAKE of Google Drive v3, for OpenDAL's client: the requests that it makes, answered as Google's reference says. Never compared with Drive.

It keeps what makes Drive unlike a folder: files have ids, a folder holds any number of files of one name, what is deleted goes to the trash, a listing
comes in pages, the fields are those that were asked for, and a range of an empty file is an error. Its search knows `name =`, `mimeType =`,
`trashed =` and `in parents`. Not here: rates, shared drives, moving, copying, uploads in parts, and that real listings may lag behind.
"""

import datetime
import itertools
import json
import re

from fake import Handler, main

FOLDER = "application/vnd.google-apps.folder"
PAGE = 100  # the largest is 1000; small pages are what is to be tested
TERM = re.compile(r"'((?:[^'\\]|\\.)*)' in parents|(name|mimeType|trashed) = (?:'((?:[^'\\]|\\.)*)'|(true|false))")

files: dict[str, dict] = {"root-id": {"id": "root-id", "name": "My Drive", "mimeType": FOLDER, "parents": [], "trashed": False}}
ids = itertools.count(1)


def matches(query: str, file: dict) -> bool:
    """Whether a file fits a search: terms, or brackets with terms and `or` in them, and `and` between these."""
    holds, at = True, 0

    def term() -> bool:
        nonlocal at
        found = TERM.match(query, at)
        if not found:
            raise ValueError(query[at:])
        at = found.end()
        parent, field, text, flag = found.groups()
        if parent is not None:
            return ("root-id" if parent == "root" else parent) in file["parents"]
        return file[field] == (flag == "true" if flag else re.sub(r"\\(.)", r"\1", text))

    def skip(word: str) -> bool:
        nonlocal at
        follows = query.startswith(word, at)
        at += len(word) if follows else 0
        return follows

    while at < len(query):
        if skip("("):
            choices = [term()]
            while skip(" or "):
                choices.append(term())
            if not skip(")"):
                raise ValueError(query[at:])
            holds &= any(choices)
        else:
            holds &= term()
        if at < len(query) and not skip(" and "):
            raise ValueError(query[at:])
    return holds


def now() -> str:
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="microseconds").replace("+00:00", "Z")


class Drive(Handler):
    """www.googleapis.com and oauth2.googleapis.com."""

    def serve(self) -> None:
        if self.inside == "oauth2.googleapis.com" or self.url == "/token":
            return self.token()
        if self.headers.get("Authorization") != f"Bearer access-{self.secret}":
            return self.fail(401, "authError", "Invalid Credentials")
        parts = self.url.strip("/").split("/")
        upload = parts[:1] == ["upload"]
        match self.command, parts[1 if upload else 0 :]:
            case "GET", ["drive", "v3", "files"]:
                return self.search()
            case "POST", ["drive", "v3", "files"]:
                return self.upload() if upload else self.create(json.loads(self.body), None)
            case method, ["drive", "v3", "files", name]:
                file = files.get("root-id" if name == "root" else name)
                if file is None:
                    return self.fail(404, "notFound", f"File not found: {name}.")
                return self.one(method, file, upload)
        return self.fail(501, "notImplemented", "not in this fake")

    def token(self) -> None:
        """A new access token for the refresh token."""
        if self.query.get("grant_type") != "refresh_token" or self.query.get("refresh_token") != self.secret:
            return self.reply(400, {"error": "invalid_grant", "error_description": "Bad Request"})
        return self.reply(200, {"access_token": f"access-{self.secret}", "expires_in": 3599, "token_type": "Bearer"})

    def fail(self, status: int, reason: str, message: str) -> None:
        self.reply(status, {"error": {"code": status, "message": message, "errors": [{"reason": reason, "message": message}]}})

    def fields(self, file: dict, default: str) -> dict:
        """The fields that were asked for, those that Drive sends unasked otherwise."""
        wanted = self.query.get("fields") or default
        inner = re.search(r"files\(([^)]*)\)", wanted)
        names = (inner[1] if inner else wanted).split(",")
        return {name: file[name] for name in names if name in file and name != "content"}

    def search(self) -> None:
        try:
            found = [file for file in files.values() if matches(self.query.get("q", ""), file)]
        except ValueError as error:
            return self.fail(400, "invalid", f"Invalid Value: {error}")
        if "modifiedTime desc" in self.query.get("orderBy", ""):
            found.sort(key=lambda file: file.get("modifiedTime", ""), reverse=True)
        start = int(self.query.get("pageToken", "~0").removeprefix("~"))
        end = start + min(int(self.query.get("pageSize", PAGE)), PAGE)
        answer = {"files": [self.fields(file, "kind,id,name,mimeType") for file in found[start:end]]}
        if end < len(found):
            answer["nextPageToken"] = f"~{end}"
        return self.reply(200, answer)

    def upload(self) -> None:
        """A new file, its metadata and content in two parts of one body."""
        boundary = re.search(r'boundary="?([^";]+)', self.headers.get("Content-Type", ""))
        if self.query.get("uploadType") != "multipart" or not boundary:
            return self.fail(501, "notImplemented", "not in this fake")
        parts = [part.split(b"\r\n\r\n", 1)[1] for part in self.body.split(b"--" + boundary[1].encode()) if b"\r\n\r\n" in part]
        metadata, content = (part.removesuffix(b"\r\n") for part in parts)
        return self.create(json.loads(metadata), content)

    def create(self, metadata: dict, content: bytes | None) -> None:
        """Drive asks nobody whether there is a file of that name."""
        parents = ["root-id" if parent == "root" else parent for parent in metadata.get("parents", ["root"])]
        if any(parent not in files for parent in parents):
            return self.fail(404, "notFound", f"File not found: {parents}.")
        kind = metadata.get("mimeType", "application/octet-stream")
        file = {"kind": "drive#file", "id": f"id-{next(ids)}", "name": metadata["name"], "mimeType": kind, "parents": parents}
        file |= {"trashed": False, "modifiedTime": now()}
        if content is not None:
            file |= {"content": content, "size": str(len(content))}
        files[file["id"]] = file
        return self.reply(200, self.fields(file, "kind,id,name,mimeType"))

    def one(self, method: str, file: dict, upload: bool) -> None:
        """A request about one file."""
        if method == "GET" and self.query.get("alt") == "media":
            if "content" not in file:
                return self.fail(403, "fileNotDownloadable", "Only files with binary content can be downloaded.")
            return self.reply_part(file["content"])
        if method == "PATCH" and upload:
            file |= {"content": self.body, "size": str(len(self.body)), "modifiedTime": now()}
        elif method == "PATCH":
            changes = json.loads(self.body)
            if changes.keys() - {"trashed", "name"}:
                return self.fail(403, "fieldNotWritable", "The resource body includes fields which are not directly writable.")
            file |= changes
        elif method == "DELETE":
            del files[file["id"]]
            return self.reply(204)
        elif method != "GET":
            return self.fail(501, "notImplemented", "not in this fake")
        return self.reply(200, self.fields(file, "kind,id,name,mimeType"))


if __name__ == "__main__":
    main(Drive)
