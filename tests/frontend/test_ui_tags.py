"""The interface's tags: what a page may rely on. Only strings are compared, no database is read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from helpdesk.common import durations
from helpdesk.common.templatetags import ui

NOW = datetime(2026, 11, 18, 6, 12, tzinfo=UTC)  # 13.12 WIB, a Wednesday


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(), "0 s"),
        (timedelta(seconds=41), "41 s"),
        (timedelta(minutes=4, seconds=5), "4 m 05 s"),
        (timedelta(minutes=5, seconds=59), "5 m"),
        (timedelta(hours=2, minutes=38), "2 h 38 m"),
        (timedelta(hours=1, minutes=2, seconds=59), "1 h 02 m"),
        (timedelta(hours=2), "2 h"),
        (timedelta(days=1, hours=6, minutes=59), "1 day 6 h"),
        (timedelta(days=3), "3 days"),
        (timedelta(minutes=-3), "0 s"),
        (9480, "2 h 38 m"),
    ],
)
def test_a_duration_has_two_units_at_most(span, text):
    with translation.override("en"):
        assert durations.duration(span) == text


def test_what_is_left_and_what_is_late_read_differently(render):
    assert render("{{ due|remaining }}", due=NOW + timedelta(minutes=50)) == "50 m left"
    assert render("{{ due|remaining }}", due=NOW - timedelta(minutes=14)) == "late by 14 m"


def test_times_are_shown_in_wib_with_the_exact_instant_in_the_title(render):
    shown = render("{{ moment|wib }}", moment=NOW)
    assert 'datetime="2026-11-18T06:12:00+00:00"' in shown
    assert 'title="Wednesday, 18 November 2026 13:12:00 WIB"' in shown
    assert ">18 Nov 2026 13:12 WIB<" in shown


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (NOW, "13:12"),
        (NOW - timedelta(hours=14), "17 Nov 23:12"),
        (NOW - timedelta(days=365), "18 Nov 2025 13:12"),
    ],
)
def test_a_short_time_drops_what_is_clear_today(render, moment, text):
    assert f">{text}<" in render('{{ moment|wib:"short" }}', moment=moment)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (2_300_000, "Rp\u00a02.300.000"),
        (0, "Rp\u00a00"),
        (-5_000_001, "-Rp\u00a05.000.001"),
        (None, ""),
    ],
)
def test_rupiah_use_points_and_do_not_break(render, amount, text):
    assert render("{{ amount|idr }}", amount=amount) == text


@pytest.mark.parametrize(
    ("size", "text"),
    [(12, "12\u00a0B"), (412_345, "412\u00a0kB"), (1_400_000, "1.4\u00a0MB"), (None, "")],
)
def test_file_sizes_are_decimal(render, size, text):
    assert render("{{ size|filesize }}", size=size) == text


@pytest.mark.parametrize("code", ["URGENT", "HIGH", "MEDIUM", "LOW"])
def test_a_priority_is_shape_and_word(render, code):
    shown = render("{% prio code %}", code=code)
    assert f"#p-{code.lower()}" in shown
    assert f"</svg>{code}</span>" in shown


@pytest.mark.parametrize(
    "code", ["received", "classified", "handled", "escalated", "monitored", "closed"]
)
def test_every_state_has_a_word_and_a_shape(render, code):
    shown = render("{% state code %}", code=code)
    assert f"state-{code}" in shown
    assert code.title() in shown


def test_a_regular_customer_wears_no_badge_and_others_do(render):
    assert render("{% tier 'regular' %}") == ""
    assert "Platinum" in render("{% tier 'PLATINUM' %}")


def test_names_become_initials_and_are_escaped(render):
    assert ">DP<" in render("{% avatar 'Dimas Budi Pratama' 'me' %}")
    assert "&lt;b&gt;" in render("{% avatar name %}", name="<b>x")
    assert "av-none" in render("{% avatar None %}")


TIMER = "{% timer due start 'first_response' state ended=ended %}"


@pytest.fixture
def timer(render):
    """A first-response timer of two hours, `used_minutes` of which have passed."""

    def shown(used_minutes: int, state: str = "running", ended: datetime | None = None) -> str:
        start = NOW - timedelta(minutes=used_minutes)
        due = start + timedelta(minutes=120)
        return render(TIMER, due=due, start=start, state=state, ended=ended)

    return shown


@pytest.mark.parametrize(
    ("used", "css", "icon", "text"),
    [
        (38, 'class="timer"', "#clock", "1 h 22 m left"),
        (60, "is-50", "#t50", "1 h left"),
        (96, "is-80", "#t80", "24 m left"),
        (134, "is-late", "#late", "late by 14 m"),
    ],
)
def test_a_running_timer_changes_its_shape_with_its_time(timer, used, css, icon, text):
    shown = timer(used)
    assert css in shown
    assert icon in shown
    assert f">{text}</b>" in shown
    assert f'aria-label="First response: {text}"' in shown
    assert "data-due=" in shown


def test_a_met_timer_says_how_long_it_took_and_stops(timer):
    shown = timer(100, state="met", ended=NOW - timedelta(minutes=88))
    assert "is-met" in shown
    assert "12 m of 2 h" in shown
    assert 'value="10"' in shown
    assert "data-due" not in shown


def test_a_paused_timer_stands_still(timer):
    shown = timer(60, state="paused")
    assert "is-paused" in shown
    assert "data-due" not in shown


def test_an_unknown_code_is_shown_not_raised(render):
    assert "odd" in render("{% state 'odd' %}")
    assert "odd" in render("{% timer None None 'odd' %}")


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (38 / 56, "67,9"),
        (26 / 30, "86,7"),
        (2 / 7, "28,6"),
        (0.9999, "99,9"),
        (0.0001, "0,1"),
        (1.0, "100,0"),
        (0.0, "0,0"),
    ],
)
def test_a_share_is_rounded_and_never_calls_less_than_all_everything(share: float, shown: str):
    with translation.override("id"):
        assert ui.percent(share) == f"{shown}\u00a0%"
