"""Files on their way in and at rest: an upload URL, the bytes, then the finished file."""

import mimetypes
import secrets
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.errors import SlackError

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
IMAGE_TYPES = {"image/png", "image/jpeg", "image/gif"}


@dataclass
class File:
    """One file. It is `ready` for an image block a moment after the upload is completed, as on Slack."""

    id: str
    name: str
    length: int
    user: str
    created: int
    alt_txt: str = ""
    title: str = ""
    content: bytes | None = None
    ready_at: float | None = None
    shared_in: list[str] = field(default_factory=list)

    @property
    def mimetype(self) -> str:
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"

    @property
    def extension(self) -> str:
        return self.name.rsplit(".", 1)[-1].lower() if "." in self.name else "binary"

    def size_in_pixels(self) -> tuple[int, int] | None:
        """Width and height of a PNG, from its header."""
        if self.content is None or not self.content.startswith(PNG_SIGNATURE) or len(self.content) < 24:
            return None
        width, height = struct.unpack(">II", self.content[16:24])
        return width, height


class Files:
    def __init__(
        self, team_id: str, clock: Callable[[], float], base_url: Callable[[], str], processing_seconds: float
    ) -> None:
        self._team_id = team_id
        self._clock = clock
        self._base_url = base_url
        self._processing_seconds = processing_seconds
        self._files: dict[str, File] = {}
        self._uploads: dict[str, str] = {}

    def reserve(self, *, name: str, length: int, alt_txt: str, user: str) -> tuple[File, str]:
        """A file to come, and the ticket that its upload URL ends with."""
        file_id = f"F0{secrets.token_hex(5).upper()}"
        file = File(file_id, name, length, user, int(self._clock()), alt_txt)
        ticket = secrets.token_urlsafe(24)
        self._files[file_id] = file
        self._uploads[ticket] = file_id
        return file, ticket

    def receive(self, ticket: str, content: bytes) -> File:
        """Take the bytes sent to an upload URL. Raises ValueError if they are not what was announced."""
        if ticket not in self._uploads:
            raise ValueError("This upload URL is not known or was used.")
        file = self._files[self._uploads[ticket]]
        if len(content) != file.length:
            raise ValueError(f"Announced {file.length} bytes, received {len(content)}.")
        del self._uploads[ticket]
        file.content = content
        return file

    def complete(self, file_id: str, title: str) -> File:
        file = self._files.get(file_id)
        if file is None or file.content is None:
            raise SlackError("file_not_found")
        file.title = title or file.name
        if file.ready_at is None:
            file.ready_at = self._clock() + self._processing_seconds
        return file

    def find(self, file_id: str) -> File:
        """A completed file."""
        file = self._files.get(file_id)
        if file is None or file.ready_at is None:
            raise SlackError("file_not_found")
        return file

    def delete(self, file: File) -> None:
        del self._files[file.id]

    def is_ready(self, file: File) -> bool:
        return file.ready_at is not None and self._clock() >= file.ready_at

    def showable(self, slack_file: dict[str, Any]) -> bool:
        """Whether an image block may show this `slack_file` ({"id"} or {"url"}) now."""
        file = self.resolve(slack_file)
        return file is not None and self.is_ready(file) and file.mimetype in IMAGE_TYPES

    def resolve(self, slack_file: dict[str, Any]) -> File | None:
        """The file that an image block's `slack_file` names."""
        if "id" in slack_file:
            return self._files.get(slack_file["id"])
        wanted = slack_file.get("url")
        for file in self._files.values():
            if wanted in (self.url_private(file), self.permalink(file)):
                return file
        return None

    def url_private(self, file: File) -> str:
        return f"{self._base_url()}/files-pri/{file.id}/{file.name}"

    def permalink(self, file: File) -> str:
        return f"{self._base_url()}/files-permalink/{file.id}/{file.name}"

    def to_slack(self, file: File) -> dict[str, Any]:
        """The file object of the Web API; before it is ready, Slack does not tell its type."""
        ready = self.is_ready(file)
        shown: dict[str, Any] = {
            "id": file.id,
            "created": file.created,
            "timestamp": file.created,
            "name": file.name,
            "title": file.title,
            "mimetype": file.mimetype if ready else "",
            "filetype": file.extension if ready else "",
            "pretty_type": file.extension.upper() if ready else "",
            "user": file.user,
            "user_team": self._team_id,
            "editable": False,
            "size": file.length,
            "mode": "hosted",
            "is_external": False,
            "external_type": "",
            "is_public": False,
            "public_url_shared": False,
            "display_as_bot": False,
            "username": "",
            "url_private": self.url_private(file),
            "url_private_download": self.url_private(file),
            "permalink": self.permalink(file),
            "channels": [one for one in file.shared_in if one.startswith("C")],
            "groups": [],
            "ims": [one for one in file.shared_in if one.startswith("D")],
            "has_rich_preview": False,
            "file_access": "visible",
            "alt_txt": file.alt_txt,
        }
        size = file.size_in_pixels()
        if ready and size:
            shown["original_w"], shown["original_h"] = size
        return shown
