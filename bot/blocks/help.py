"""What a command can do, with examples."""

from bot.blocks.primitives import Message, Mrkdwn, Writer, bold, message, section
from domain.errors import N_
from domain.settings import CommandNames


def commands(writer: Writer, names: CommandNames) -> list[Mrkdwn]:
    """One line a command."""
    return [
        _my_score(writer, names),
        writer.text(
            "`{command}` who leads in your unit; `{command} East last month`",
            command=names.ranking,
        ),
        writer.text(
            "`{command}` for those who lead a unit: the team at a glance; `{command} East last month`",
            command=names.team,
        ),
        writer.text("`{command}` your targets: to confirm, or to appeal", command=names.targets),
    ]


def hr_command(writer: Writer, names: CommandNames) -> Mrkdwn:
    return writer.text("`{command}` for HR: what is to be closed, looked at and answered", command=names.hr)


def operators_commands(writer: Writer, names: CommandNames, *, has_card: bool) -> list[Mrkdwn]:
    """Administrators see no rankings and no teams; what they run the system with is typed elsewhere."""
    return [
        *([_my_score(writer, names)] if has_card else []),
        writer.text(
            "`pacesetter sources` in a terminal: how each source is; `pacesetter sources run` reads them now"
        ),
        writer.text(
            "`pacesetter pause` in a terminal: no message leaves until `pacesetter resume`; "
            "`pacesetter --help` lists the rest"
        ),
    ]


def _my_score(writer: Writer, names: CommandNames) -> Mrkdwn:
    return writer.text(
        "`{command}` your score, line by line; `{command} last month`, `{command} 2026-03`",
        command=names.my_score,
    )


def not_scored(writer: Writer, names: CommandNames, *, sees_rankings: bool) -> Message:
    """For those who have never had a card: managers, HR, administrators."""
    sentence = writer.text("You have no card of your own: no scoring plan is for your job.")
    if not sees_rankings:
        return message(writer, sentence, [section(sentence)])
    instead = writer.text("What you can do instead:")
    return message(
        writer,
        sentence,
        [
            section(sentence),
            section(
                bold(instead),
                *examples(writer, names, names.team),
                *examples(writer, names, names.ranking),
            ),
        ],
    )


def no_team(writer: Writer, names: CommandNames) -> Message:
    """For those who lead nobody and look after nobody."""
    sentence = writer.text(
        "`{team}` shows those who lead a unit how their people stand. You lead none. Your own numbers: "
        "`{my_score}`; your place: `{ranking}`.",
        team=names.team,
        my_score=names.my_score,
        ranking=names.ranking,
    )
    return message(writer, sentence, [section(sentence)])


def help_message(writer: Writer, names: CommandNames, command: str) -> Message:
    heading = writer.text("How to use {command}", command=command)
    return message(writer, heading, [section(bold(heading), *examples(writer, names, command))])


def examples(writer: Writer, names: CommandNames, command: str) -> list[Mrkdwn]:
    by_command = {
        names.ranking: _OF_RANKING,
        names.team: _OF_TEAM,
        names.targets: _OF_TARGETS,
        names.hr: _OF_HR,
    }
    return [writer.text(sentence, command=command) for sentence in by_command.get(command, _OF_MY_SCORE)]


_OF_MY_SCORE = (
    N_("`{command}` this month so far, and the last closed month"),
    N_("`{command} last month`, `{command} 2026-03`, `{command} nov 2025`: a month"),
    N_("`{command} q3`, `{command} last week`: a quarter or a week"),
    N_("`{command} what if` what the next tier would take; `{command} if sales +20000`: a try"),
)
_OF_RANKING = (
    N_("`{command}` your own unit, this month, or the last one before there are places"),
    N_("`{command} last month` your own unit, another period"),
    N_("`{command} East` another unit, by its name or its path: `{command} Acme/East`"),
    N_("`{command} East q3` both"),
)
_OF_TEAM = (
    N_("`{command}` the unit you lead: the month that runs, and the last closed one"),
    N_("`{command} last month`, `{command} 2026-03`: another period"),
    N_("`{command} East` a unit you lead or look after, or one below it: `{command} Acme/East/Team 1`"),
    N_("`{command} East q3` both"),
)
_OF_TARGETS = (
    N_("`{command}` what you are asked to reach, and the appeals that wait for your answer"),
    N_("`{command} august`, `{command} last quarter`, `{command} 2026`: your targets of that time"),
    N_(
        "A month or a quarter without a year is this year's, or that of the year before or after where it is "
        "at most three months away: in November, `january` is the next one."
    ),
    N_("`{command} East q3` the targets of a unit you lead or look after, and of those right below it"),
)
_OF_HR = (
    N_("`{command}` for HR: what is to be closed, looked at and answered"),
    N_("`{command} last month`, `{command} 2026-03`: how far the closing of a period has come"),
)
