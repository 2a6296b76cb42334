"""Pictures in Slack: uploaded once, unshared, then shown by messages that name the file."""

import time

import sqlalchemy as sa
from slack_sdk import WebClient

from bot.delivery.drawing import Picture
from bot.delivery.slack_errors import OutcomeUnknown, slack_errors
from domain.clock import Clock
from domain.database import Database
from domain.outbox import Upload

READY_WITHIN_S = 15.0
LOOK_EVERY_S = 0.25


class NotReady(OutcomeUnknown):
    """Slack still works on the file."""


class Uploads:
    def __init__(self, client: WebClient, database: Database, clock: Clock) -> None:
        self._client = client
        self._database = database
        self._clock = clock

    def ensure(self, picture: Picture) -> Upload:
        """The picture's file, uploaded now if it is not there yet. Raises SlackProblem."""
        with self._database.reading() as session:
            known = session.get(Upload, picture.digest)
        return known or self._upload(picture)

    def forget(self, digest: str) -> None:
        """Somebody deleted the file in Slack: upload it again next time."""
        with self._database.writing() as session:
            session.execute(sa.delete(Upload).where(Upload.digest == digest))

    def _upload(self, picture: Picture) -> Upload:
        image = picture.render()
        with slack_errors():
            done = self._client.files_upload_v2(
                filename=f"{picture.digest[:12]}.png",
                content=image.png,
                title=image.title,
                alt_txt=image.alt_text[:1000],
            )
            file_id: str = done["files"][0]["id"]
        self._wait_until_ready(file_id)
        upload = Upload(digest=picture.digest, file_id=file_id, alt_text=image.alt_text, at=self._clock.now())
        with self._database.writing() as session:
            return session.merge(upload)  # another worker may have drawn it at the same time

    def _wait_until_ready(self, file_id: str) -> None:
        """A message that shows a file Slack has not finished with is refused."""
        deadline = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < deadline:
            with slack_errors():
                if self._client.files_info(file=file_id)["file"].get("mimetype"):
                    return
            time.sleep(LOOK_EVERY_S)
        raise NotReady("the uploaded chart is not ready yet")
