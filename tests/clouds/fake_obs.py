"""A FAKE of Huawei OBS, for OpenDAL's client: whole objects of one bucket and their listing by marker, as Huawei's reference says.

Never compared with OBS. That a request is signed is checked, the signature is not. OBS ignores If-None-Match on PUT, and so does this.
"""

import hashlib
from xml.sax.saxutils import escape

from fake import Handler, main

PAGE = 100  # the largest is 1000; small pages are what is to be tested
MODIFIED = "Mon, 01 Jan 2024 00:00:00 GMT"

objects: dict[str, bytes] = {}


class Bucket(Handler):
    """bucket.obs.….myhuaweicloud.com"""

    def serve(self) -> None:
        if not self.headers.get("Authorization", "").startswith("OBS "):
            return self.fail(403, "AccessDenied")
        if not self.inside.startswith("bucket."):
            return self.fail(404, "NoSuchBucket")
        key = self.url.removeprefix("/")
        match self.command:
            case "GET" if not key:
                return self.list()
            case "GET" | "HEAD" if key not in objects:
                return self.fail(404, "NoSuchKey")
            case "GET":
                return self.reply_part(objects[key], ETag=self.etag(key), Last_Modified=MODIFIED)
            case "HEAD":
                return self.reply(200, length=str(len(objects[key])), ETag=self.etag(key), Last_Modified=MODIFIED)
            case "PUT":
                objects[key] = self.body
                return self.reply(200, ETag=self.etag(key))
            case "DELETE":
                objects.pop(key, None)
                return self.reply(204)
        return self.fail(501, "NotImplemented")

    def etag(self, key: str) -> str:
        return f'"{hashlib.md5(objects[key]).hexdigest()}"'

    def fail(self, status: int, code: str) -> None:
        self.reply(status, f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>{code}</Message></Error>", "application/xml")

    def list(self) -> None:
        """A page: keys and common prefixes in order, after the marker."""
        prefix, delimiter, marker = (self.query.get(name, "") for name in ("prefix", "delimiter", "marker"))
        most = min(int(self.query.get("max-keys", PAGE)), PAGE)
        entries: dict[str, bool] = {}  # whether it is a prefix
        for key in sorted(objects):
            if key.startswith(prefix):
                end = key.find(delimiter, len(prefix)) if delimiter else -1
                entries[key if end < 0 else key[: end + len(delimiter)]] = end >= 0
        left = [entry for entry in entries if entry > marker]
        page = left[:most]
        shown = "".join(
            f"<CommonPrefixes><Prefix>{escape(entry)}</Prefix></CommonPrefixes>"
            if entries[entry]
            else f"<Contents><Key>{escape(entry)}</Key><LastModified>2024-01-01T00:00:00.000Z</LastModified>"
            f"<ETag>{self.etag(entry)}</ETag><Size>{len(objects[entry])}</Size></Contents>"
            for entry in page
        )
        more = len(left) > most
        following = f"<NextMarker>{escape(page[-1])}</NextMarker>" if more else ""
        self.reply(
            200,
            "<?xml version='1.0' encoding='UTF-8'?><ListBucketResult xmlns='http://obs.myhwclouds.com/doc/2015-06-30/'>"
            f"<Name>bucket</Name><Prefix>{escape(prefix)}</Prefix><Marker>{escape(marker)}</Marker>{following}"
            f"<MaxKeys>{most}</MaxKeys><IsTruncated>{str(more).lower()}</IsTruncated>{shown}</ListBucketResult>",
            "application/xml",
        )


if __name__ == "__main__":
    main(Bucket)
