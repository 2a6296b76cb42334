"""A person installs the app by OAuth, for tests and scripts: through the app's pages and the workspace's."""

import html
import re
from urllib.parse import parse_qsl, urljoin, urlsplit

import requests

AUTHORIZE = "/oauth/v2/authorize"
TIMEOUT = 30


class InstallError(Exception):
    """A page that did not lead on; the text says which, and what it showed."""


def answer(session: requests.Session, question: str, user: str, *, allow: bool) -> str:
    """Press Allow or Cancel at an authorize URL; gives the URL that the answer leads to."""
    shown = session.get(question, timeout=TIMEOUT)
    if shown.status_code != 200:
        raise InstallError(f"The workspace refuses {question}: {_text_of(shown.text)}")
    form = dict(parse_qsl(urlsplit(question).query)) | {
        "user": user,
        "decision": "allow" if allow else "cancel",
    }
    answered = session.post(urljoin(question, AUTHORIZE), data=form, allow_redirects=False, timeout=TIMEOUT)
    if answered.status_code != 302:
        raise InstallError(f"The workspace refuses the answer: {_text_of(answered.text)}")
    return answered.headers["Location"]


def install(url: str, user: str, *, allow: bool) -> str:
    """Go from the app's install page to its last one, in one browser; gives the text of the last."""
    with requests.Session() as session:
        session.trust_env = False  # no proxy stands between processes on one machine
        first = session.get(url, allow_redirects=False, timeout=TIMEOUT)
        for cookie in session.cookies:
            cookie.secure = False  # as browsers do on one's own machine, where there is no https
        last = session.get(answer(session, _question_in(first), user, allow=allow), timeout=TIMEOUT)
        return _text_of(last.text)


def _question_in(page: requests.Response) -> str:
    """The authorize URL: where the app redirects to, or a link on its page."""
    links = [page.headers.get("Location", ""), *re.findall(r'href="([^"]+)"', page.text)]
    for link in links:
        if urlsplit(link).path.endswith(AUTHORIZE):
            return html.unescape(link)
    raise InstallError(f"{page.url} leads to no {AUTHORIZE}: {page.status_code} {_text_of(page.text)}")


def _text_of(page: str) -> str:
    without_code = re.sub(r"<(style|script|title)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", without_code).split()))
