"""Pictures in Slack: uploaded once, unshared, then shown by messages that name the file."""

from datetime import timedelta

import sqlalchemy as sa
from slack_sdk import WebClient

from bot.delivery.drawing import Picture
from bot.delivery.pace import Pace
from bot.delivery.slack_errors import SlackProblem, slack_errors
from domain.outbox import Upload
from domain.services import Services

MADE_READY_WITHIN = timedelta(minutes=1)


class NotReady(SlackProblem):
    """Somebody else uploads the picture, or Slack still works on it; nothing was posted."""


class Uploads:
    def __init__(self, client: WebClient, services: Services, pace: Pace) -> None:
        self._client = client
        self._database = services.database
        self._clock = services.clock
        self._pace = pace

    def ensure(self, picture: Picture) -> Upload:
        """The picture's file, uploaded now if it is not there yet. Raises SlackProblem."""
        upload = self._known(picture) or self._upload_alone(picture)
        if self._clock.now() - upload.at < MADE_READY_WITHIN:
            self._require_ready(upload)
        return upload

    def _known(self, picture: Picture) -> Upload | None:
        with self._database.reading() as session:
            return session.get(Upload, picture.digest)

    def _upload_alone(self, picture: Picture) -> Upload:
        with self._pace.uploading(picture.digest) as mine:
            if not mine:
                raise NotReady("another worker uploads the chart")
            return self._known(picture) or self._upload(picture)

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
        upload = Upload(digest=picture.digest, file_id=file_id, alt_text=image.alt_text, at=self._clock.now())
        with self._database.writing() as session:
            return session.merge(upload)

    def _require_ready(self, upload: Upload) -> None:
        """A message that shows a file Slack has not finished with is refused."""
        with slack_errors():
            file = self._client.files_info(file=upload.file_id)["file"]
        if not file.get("mimetype"):
            raise NotReady("the uploaded chart is not ready yet")
