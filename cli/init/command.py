"""Asks for what is not set yet, tries all of it, imports the company, and says what is missing."""

import json
import os
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import typer

from cli.common import bring_up_to_date, errors, refusals, who
from cli.init import questions
from cli.init.company_checks import check_company
from cli.init.findings import Finding, missing, print_findings
from cli.init.oauth_checks import check_oauth, install_again, installed_token
from cli.init.settings_file import read_settings_file, write_settings_file
from cli.init.slack_checks import (
    COPY_AGAIN,
    check_app_token,
    check_bot_token,
    check_channels,
    check_people,
    client,
)
from cli.manifest import described
from domain.encryption import new_key
from domain.imports.service import import_folder
from domain.overview import overview
from domain.services import Services, make_services
from domain.settings import Settings
from domain.settings_slack import DEFAULT_HTTP_PORT, Transport

NOT_GIVEN = "SLACK_BOT_TOKEN is not set: `pacesetter init` asks for it."
NEW_APP = "https://api.slack.com/apps?new_app=1&manifest_json="
KEPT = (*(question.name for question in questions.ALL), "PACESETTER_ENCRYPTION_KEY", "PACESETTER_HTTP_PORT")
"""Also where the environment has them now: whoever starts the bot later has the file alone."""


def init(
    settings_file: Annotated[
        Path, typer.Option("--settings", metavar="FILE", help="Where the settings are, and are kept.")
    ] = Path("pacesetter.env"),
    transport: Annotated[
        Transport | None, typer.Option(help="How Slack reaches the bot; asked for where not given.")
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--import", metavar="DIR", help="The company's folder, to be imported.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Ask nothing, only check what is set.")] = False,
) -> None:
    """Set up Pacesetter for a real workspace; again at any time, to see what is missing."""
    with refusals():
        kept = read_settings_file(settings_file)
        known = kept | {name: value for name, value in os.environ.items() if value}
        if not check:
            answers = _ask(known, transport)
            write_settings_file(settings_file, kept | answers)
            known |= answers
        services = make_services(Settings.from_environment(known))
        try:
            bring_up_to_date(services.database)
            if folder is not None:
                _import(services, folder)
            complete = print_findings(_findings(services))
        finally:
            services.database.close()
    if not complete:
        errors.print("Something is missing: see above. `pacesetter init --check` looks again.")
        raise typer.Exit(1)
    errors.print(
        f"Ready. Load the settings (set -a; . {_from_here(settings_file)}; set +a) and start what the "
        "Procfile names: python -m worker.scheduler, python -m worker, python -m bot.",
        markup=False,
    )


def _from_here(file: Path) -> str:
    """As a shell takes it: some look along the PATH for a name without a slash, and nowhere else."""
    return shlex.quote(str(file) if "/" in str(file) else f"./{file}")


def _ask(known: dict[str, str], transport: Transport | None) -> dict[str, str]:
    """What the bot is to run with, by name of the setting: answered, given, or set already."""
    if transport is None:
        questions.ask(questions.TRANSPORT, known)
    else:
        known["PACESETTER_TRANSPORT"] = transport
    by_http = known["PACESETTER_TRANSPORT"] == Transport.HTTP
    by_oauth = "SLACK_CLIENT_ID" in known or "SLACK_CLIENT_SECRET" in known
    if by_http or by_oauth:
        questions.ask(questions.ADDRESS, known)
    if by_oauth:
        _ask_for_oauth(known)
    else:
        if "SLACK_BOT_TOKEN" not in known:
            _tell_how_to_make_the_app(known)
        questions.ask(questions.BOT_TOKEN, known)
    questions.ask(questions.SECRET if by_http else questions.APP_TOKEN, known)
    questions.ask(questions.DATABASE, known)
    return {name: known[name] for name in KEPT if known.get(name)}


def _ask_for_oauth(known: dict[str, str]) -> None:
    """The app comes with its installation: no token is asked for, and a key for the one to come is made."""
    errors.print("A client id or secret is set: the app is installed by OAuth, and has no SLACK_BOT_TOKEN.")
    for question in (questions.CLIENT_ID, questions.CLIENT_SECRET, questions.TEAM):
        questions.ask(question, known)
    if not known.get("PACESETTER_ENCRYPTION_KEY"):
        known["PACESETTER_ENCRYPTION_KEY"] = new_key()
        errors.print("PACESETTER_ENCRYPTION_KEY was made: without it the stored token is of no use.")
    if known["PACESETTER_TRANSPORT"] == Transport.SOCKET:
        known.setdefault("PACESETTER_HTTP_PORT", str(DEFAULT_HTTP_PORT))  # for the pages that install it


def _tell_how_to_make_the_app(known: dict[str, str]) -> None:
    settings = Settings.from_environment(known)
    manifest = json.dumps(
        described(settings, settings.transport, settings.http.public_url), separators=(",", ":")
    )
    errors.print(
        "Make the app in your workspace by this link, install it there, then copy what is asked for:"
    )
    errors.print(NEW_APP + quote(manifest, safe=""), markup=False)


def _import(services: Services, folder: Path) -> None:
    with services.database.writing() as session:
        result = import_folder(session, services.clock, folder, who())
    for warning in result.warnings:
        errors.print(warning, style="yellow", markup=False)


def _findings(services: Services) -> Iterator[Finding]:
    settings = services.settings
    with services.database.reading() as session:
        company = overview(session, services.clock)
    if company is None:
        yield missing("No company is there yet: `pacesetter init --import DIR` loads its folder.")
    else:
        yield from check_company(company)
    if settings.oauth is not None:
        yield from check_oauth(services, settings.oauth)
        found = installed_token(services, settings.oauth)
        names = "the token of the installation", install_again(services)
    else:
        found = settings.slack_bot_token or missing(NOT_GIVEN)
        names = "SLACK_BOT_TOKEN", COPY_AGAIN
    if isinstance(found, Finding):
        yield found
        return
    bot = client(found, settings.slack_api_url)
    token = check_bot_token(bot, *names)
    yield token
    if settings.transport is Transport.SOCKET and settings.slack_app_token is not None:
        yield check_app_token(client(settings.slack_app_token, settings.slack_api_url))
    elif settings.slack_signing_secret is None:
        yield missing("Neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set: `pacesetter init` asks.")
    if company is not None and token.is_good:
        yield from check_channels(bot, company)
        yield check_people(bot, company)
