"""What people choose for themselves, and when that lets messages through."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from domain.clock import FixedClock
from domain.database import Database
from domain.outbox import NewPost, Post, add_post, add_posts
from domain.people.identity import note_time_zone
from domain.people.preferences import NotAChoice, Preferences, choose, preferences_of, preferences_of_all
from domain.people.service import person_by_employee_id
from domain.quiet_hours import Hours, QuietHours
from tests.builders import CompanyFolder
from tests.domain.conftest import Load, Look

LATE_RISER = Preferences(QuietHours(time(22), time(11), days_off=False), weekly_card=False, language="zh-CN")


@pytest.fixture
def acme(load: Load) -> None:
    folder = CompanyFolder().company('calendar = "cn"\ntime_zone = "Asia/Shanghai"\n').plan().person("ADA")
    load(folder.person("BEN", time_zone="America/New_York").person("CY", time_zone=""))


def chosen(database: Database, clock: FixedClock, viewer: Look, who: str, wanted: Preferences) -> Preferences:
    with database.writing() as session:
        choose(session, clock, viewer(who), wanted)
    with database.reading() as session:
        return preferences_of(session, viewer(who).person_id)


def queued(database: Database, clock: FixedClock, who: str, hours: Hours = Hours.AWAKE) -> str:
    """When a post to the person that is written now goes out, in Shanghai."""
    with database.writing() as session:
        person_id = person_by_employee_id(session, who).id
        key = f"{who}:{hours}:{clock.at}"
        post = add_post(session, clock, key=key, kind="note", facts={}, person_id=person_id, hours=hours)
        return in_shanghai(post.not_before)


def in_shanghai(moment: datetime) -> str:
    return moment.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%m-%d %H:%M")


@pytest.mark.usefixtures("acme")
def test_who_has_chosen_nothing_has_the_usual(database: Database, viewer: Look) -> None:
    with database.reading() as session:
        usual = preferences_of(session, viewer("ADA").person_id)

    assert usual == Preferences()
    assert (usual.quiet.begin, usual.quiet.end, usual.quiet.days_off) == (time(20), time(8), True)
    assert (usual.weekly_card, usual.weekly_chart, usual.digest, usual.language) == (True, False, True, None)


@pytest.mark.usefixtures("acme")
def test_a_choice_is_kept_and_can_be_changed(database: Database, clock: FixedClock, viewer: Look) -> None:
    assert chosen(database, clock, viewer, "ADA", LATE_RISER) == LATE_RISER
    never_quiet = replace(LATE_RISER, quiet=QuietHours(None, None, days_off=True), weekly_chart=True)

    assert chosen(database, clock, viewer, "ADA", never_quiet) == never_quiet
    with database.reading() as session:
        ids = [viewer("ADA").person_id, viewer("BEN").person_id]
        assert list(preferences_of_all(session, ids).values()) == [never_quiet, Preferences()]


@pytest.mark.parametrize(
    ("wanted", "field", "sentence"),
    [
        (Preferences(QuietHours(time(20), None)), "end", "need a beginning and an end"),
        (Preferences(QuietHours(None, time(8))), "begin", "need a beginning and an end"),
        (Preferences(QuietHours(time(8), time(8))), "end", "cannot end when they begin"),
        (Preferences(QuietHours(time(8), time(7, 30))), "end", "leave less than an hour"),
        (Preferences(QuietHours(time(0, 20), time(23, 59))), "end", "leave less than an hour"),
        (Preferences(language="tlh"), "language", "I do not speak tlh"),
    ],
)
@pytest.mark.usefixtures("acme")
def test_nonsense_is_refused_at_its_field(
    database: Database, clock: FixedClock, viewer: Look, wanted: Preferences, field: str, sentence: str
) -> None:
    with pytest.raises(NotAChoice, match=sentence) as refused:
        chosen(database, clock, viewer, "ADA", wanted)

    assert refused.value.field == field


@pytest.mark.parametrize(
    ("language", "in_slack", "reads"),
    [
        (None, "zh-CN", "zh-CN"),
        ("en", "en-GB", "en-GB"),
        ("en", "zh-CN", "en"),
        ("zh-CN", "zh-TW", "zh-TW"),
        ("zh-CN", "de-DE", "zh-CN"),
    ],
)
def test_a_chosen_language_keeps_the_country_that_slack_knows(
    language: str | None, in_slack: str, reads: str
) -> None:
    assert Preferences(language=language).locale(in_slack) == reads


@pytest.mark.usefixtures("acme")
def test_a_message_waits_for_the_readers_own_morning(
    database: Database, clock: FixedClock, viewer: Look
) -> None:
    chosen(database, clock, viewer, "ADA", LATE_RISER)

    assert queued(database, clock, "ADA") == "07-07 11:00"  # it is 10:00
    assert queued(database, clock, "BEN") == "07-07 20:00"  # 8:00 in New York
    assert queued(database, clock, "CY") == "07-07 10:00"
    assert queued(database, clock, "BEN", Hours.WORKING) == "07-07 21:00"
    assert queued(database, clock, "ADA", Hours.ANY) == "07-07 10:00"


@pytest.mark.usefixtures("acme")
def test_slack_knows_better_than_a_file_where_somebody_is(
    database: Database, clock: FixedClock, viewer: Look
) -> None:
    with database.writing() as session:
        note_time_zone(session, viewer("BEN").person_id, "Asia/Tokyo")
        note_time_zone(session, viewer("ADA").person_id, "Atlantis/Capital")

    assert queued(database, clock, "BEN") == "07-07 10:00"
    assert queued(database, clock, "ADA") == "07-07 10:00"


@pytest.mark.usefixtures("acme")
def test_a_channel_reads_in_the_companys_working_hours(database: Database, clock: FixedClock) -> None:
    clock.at = datetime(2026, 7, 10, 11, tzinfo=UTC)  # Friday 19:00

    with database.writing() as session:
        post = add_post(
            session, clock, key="k", kind="note", facts={}, channel="managers", hours=Hours.WORKING
        )

    assert in_shanghai(post.not_before) == "07-13 09:00"


@pytest.mark.usefixtures("acme")
def test_many_posts_are_added_at_once_and_each_key_once(
    database: Database, clock: FixedClock, viewer: Look
) -> None:
    ids = [viewer(who).person_id for who in ("ADA", "BEN", "CY")]
    later = clock.now() + timedelta(hours=1)
    posts = [NewPost(f"p:{one}", "note", {"n": one}, person_id=one, not_before=later) for one in ids]

    with database.writing() as session:
        assert add_posts(session, clock, posts[:2]) == 2
    with database.writing() as session:
        assert add_posts(session, clock, posts) == 1
        assert add_posts(session, clock, posts) == 0

    with database.reading() as session:
        written = session.scalars(sa.select(Post).order_by(Post.id)).all()
    assert [post.facts["n"] for post in written] == ids
    assert [in_shanghai(post.not_before) for post in written] == ["07-07 11:00", "07-07 20:00", "07-07 11:00"]
