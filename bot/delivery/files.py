"""Files for one person, in their direct messages: sent once, as far as Slack can tell."""

from dataclasses import dataclass

from slack_sdk import WebClient

from bot.delivery.address_book import AddressBook
from bot.delivery.addressing import address_of_person
from bot.delivery.paging import pages
from bot.delivery.slack_errors import slack_errors
from domain.services import Services


@dataclass(frozen=True)
class FileToSend:
    """`name` is unlike any other file's: it is found again by it."""

    name: str
    title: str
    content: bytes


class Files:
    def __init__(self, client: WebClient, services: Services, book: AddressBook) -> None:
        self._client = client
        self._database = services.database
        self._book = book

    def send(self, person_id: int, file: FileToSend, *, may_be_there: bool) -> None:
        """`may_be_there`: somebody has tried before, and the reply was lost. Raises SlackProblem."""
        with self._database.reading() as session:
            address = address_of_person(session, person_id)
        channel = self._book.find(address).channel
        if may_be_there and self._is_there(channel, file.name):
            return
        with slack_errors():
            self._client.files_upload_v2(
                channel=channel, filename=file.name, title=file.title, content=file.content
            )

    def _is_there(self, channel: str, name: str) -> bool:
        return any(
            sent.get("name") == name
            for page in pages(self._client, "conversations.history", channel=channel)
            for message in page["messages"]
            for sent in message.get("files", ())
        )
