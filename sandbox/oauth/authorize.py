"""/oauth/v2/authorize: where an app sends a person who wants to install it."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from aiohttp import web

from sandbox.oauth import pages
from sandbox.page_requests import is_our_page
from sandbox.slack import Slack
from sandbox.workspace import User

LOOPBACK = {"127.0.0.1", "::1", "localhost"}
PASSED_ON = ("client_id", "scope", "user_scope", "redirect_uri", "state", "team")


class BadQuestionError(Exception):
    """The app asked wrongly; a sentence and some advice for whoever writes it."""

    def __init__(self, sentence: str, advice: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.advice = advice


@dataclass(frozen=True)
class Question:
    """What the app asks for, checked. `given_redirect` is None where the app left it to its settings."""

    scopes: tuple[str, ...]
    redirect_uri: str
    given_redirect: str | None
    state: str | None

    def answered(self, **answer: str) -> str:
        """The redirect URL with the answer, and the app's own state as it came."""
        parts = urlsplit(self.redirect_uri)
        query = [*parse_qsl(parts.query, keep_blank_values=True), *answer.items()]
        if self.state is not None:
            query.append(("state", self.state))
        return urlunsplit(parts._replace(query=urlencode(query)))


class Authorize:
    def __init__(self, slack: Slack) -> None:
        self._slack = slack

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/oauth/v2/authorize", self.ask), web.post("/oauth/v2/authorize", self.decide)]

    async def ask(self, request: web.Request) -> web.Response:
        try:
            question = read_question(self._slack, request.query)
        except BadQuestionError as error:
            return _refused(error)
        workspace = self._slack.workspace
        people = [one for one in workspace.users.values() if self._may_install(one)]
        text = pages.question(
            workspace.app.name,
            workspace.team.name,
            question.scopes,
            sorted(people, key=lambda one: not one.is_admin),
            {key: request.query[key] for key in PASSED_ON if key in request.query},
            question.redirect_uri,
        )
        return _page(text, goes_to=question.redirect_uri)

    async def decide(self, request: web.Request) -> web.Response:
        if not is_our_page(request):
            return web.Response(status=403, text="Only the workspace's own page may answer this.")
        form = {key: str(value) for key, value in (await request.post()).items()}
        try:
            question = read_question(self._slack, form)
            answer = self._answer(question, form)
        except BadQuestionError as error:
            return _refused(error)
        return web.Response(status=302, headers={"Location": answer})

    def _may_install(self, user: User) -> bool:
        return not (user.is_bot or user.deleted or self._slack.workspace.is_stranger(user))

    def _answer(self, question: Question, form: Mapping[str, str]) -> str:
        if form.get("decision") != "allow":
            return question.answered(error="access_denied")
        user = self._slack.workspace.users.get(form.get("user", ""))
        if user is None or not self._may_install(user):
            raise BadQuestionError(
                "Nobody by this id can install the app.", "Go back and choose a person of the workspace."
            )
        code = self._slack.installations.approve(user.id, question.scopes, question.given_redirect)
        return question.answered(code=code)


def read_question(slack: Slack, asked: Mapping[str, str]) -> Question:
    """What an app asks for in the query. Raises BadQuestionError where Slack would not even ask."""
    workspace, manifest = slack.workspace, slack.manifest
    if asked.get("client_id") != workspace.app.client_id:
        raise BadQuestionError(
            f"No app here has the client id {asked.get('client_id') or '(none)'}.",
            f"invalid_client_id: this workspace knows {workspace.app.name} as {workspace.app.client_id}.",
        )
    if asked.get("team") not in (None, "", workspace.team.id):
        raise BadQuestionError(
            f"This is not the workspace {asked['team']}.",
            f"invalid_team_for_non_distributed_app: {workspace.team.id}.",
        )
    if asked.get("user_scope"):
        raise BadQuestionError(
            "The local workspace gives bots tokens, not people.",
            f"Ask for no user_scope; {asked['user_scope']} was asked for.",
        )
    scopes = tuple(dict.fromkeys(one for one in asked.get("scope", "").replace(",", " ").split()))
    if not scopes:
        raise BadQuestionError(
            "The app asks for nothing.", "invalid_scope: name scopes in the parameter scope."
        )
    if unknown := [one for one in scopes if one not in manifest.scopes]:
        raise BadQuestionError(
            "The app asks for more than its manifest says.",
            f"invalid_scope: add {', '.join(unknown)} to oauth_config.scopes.bot, or ask for less.",
        )
    given = asked.get("redirect_uri") or None
    return Question(scopes, _redirect(manifest.redirect_urls, given), given, asked.get("state"))


def _redirect(configured: tuple[str, ...], given: str | None) -> str:
    if given is None:
        if not configured:
            raise BadQuestionError(
                "There is nowhere to go back to.",
                "bad_redirect_uri: send a redirect_uri, or name one in oauth_config.redirect_urls.",
            )
        return configured[0]
    if not _is_here(given) and not any(_lies_below(given, one) for one in configured):
        raise BadQuestionError(
            "The redirect URL is not one of the app's.",
            f"bad_redirect_uri: add {given} to oauth_config.redirect_urls.",
        )
    return given


def _is_here(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.hostname in LOOPBACK and parts.scheme in ("http", "https")


def _lies_below(given: str, configured: str) -> bool:
    """Slack takes a configured URL and whatever lies below it."""
    base = configured.rstrip("/")
    return given in (configured, base) or given.startswith((f"{base}/", f"{base}?"))


def _page(text: str, *, goes_to: str = "", status: int = 200) -> web.Response:
    target = urlsplit(goes_to)
    # A browser holds the form's redirect against form-action, too.
    forms = f"form-action 'self' {target.scheme}://{target.netloc}" if goes_to else "form-action 'none'"
    policy = f"default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; {forms}; frame-ancestors 'none'"
    headers = {"Content-Security-Policy": policy, "Cache-Control": "no-store"}
    return web.Response(text=text, content_type="text/html", status=status, headers=headers)


def _refused(error: BadQuestionError) -> web.Response:
    return _page(pages.refusal(error.sentence, error.advice), status=400)
