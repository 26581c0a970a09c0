"""Lengths of time: `5 hari`, `lima hari lebih`, `seminggu`, `30 jam`, `tanggal 2 … tanggal 9`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

from bahasa.folding import Folded, fold
from bahasa.numbers import NUMBER_WORD, parse_decimal, words_to_number

MINUTE, HOUR, DAY = 60.0, 3_600.0, 86_400.0
_UNIT = {
    "detik": 1.0, "menit": MINUTE, "mnt": MINUTE, "mnit": MINUTE, "minute": MINUTE,
    "minutes": MINUTE, "jam": HOUR, "jm": HOUR, "hour": HOUR, "hours": HOUR, "hari": DAY,
    "hr": DAY, "hri": DAY, "harian": DAY, "day": DAY, "days": DAY, "malam": DAY, "malem": DAY,
    "minggu": 7 * DAY, "mgg": 7 * DAY, "mggu": 7 * DAY, "pekan": 7 * DAY, "week": 7 * DAY,
    "weeks": 7 * DAY, "mingguan": 7 * DAY, "bulan": 30 * DAY, "bln": 30 * DAY, "bulanan": 30 * DAY,
    "month": 30 * DAY, "months": 30 * DAY, "tahun": 365 * DAY, "thn": 365 * DAY, "th": 365 * DAY,
    "jaman": HOUR, "menitan": MINUTE,
}  # fmt: skip
_ONE = {
    "sedetik": 1.0, "semenit": MINUTE, "semenitan": MINUTE, "sejam": HOUR, "sejaman": HOUR,
    "setengah jam": 30 * MINUTE, "stgh jam": 30 * MINUTE, "setengah hari": DAY / 2,
    "seperempat jam": 15 * MINUTE, "sehari": DAY, "seharian": DAY, "sehari semalam": DAY,
    "seminggu": 7 * DAY, "semingguan": 7 * DAY, "sepekan": 7 * DAY, "sebulan": 30 * DAY,
    "sebulanan": 30 * DAY, "setahun": 365 * DAY,
}  # fmt: skip
# Only a floor for how long something has lasted; never exact, so never "over" its own length.
_VAGUE = {
    "kemarin lusa": 2 * DAY, "kemaren lusa": 2 * DAY, "kmrn lusa": 2 * DAY, "kemarin": DAY,
    "kemaren": DAY, "kmrn": DAY, "kmren": DAY, "kmarin": DAY, "semalam": 8 * HOUR,
    "semalem": 8 * HOUR, "tadi malam": 8 * HOUR, "tadi malem": 8 * HOUR, "td malem": 8 * HOUR,
    "td malam": 8 * HOUR, "tadi pagi": 3 * HOUR, "td pagi": 3 * HOUR, "dari pagi": 3 * HOUR,
    "sejak pagi": 3 * HOUR, "tadi siang": 2 * HOUR, "td siang": 2 * HOUR, "tadi subuh": 5 * HOUR,
    "minggu lalu": 7 * DAY, "minggu kemarin": 7 * DAY, "minggu kmrn": 7 * DAY, "pekan lalu": 7 * DAY,
    "bulan lalu": 30 * DAY, "bulan kemarin": 30 * DAY, "tahun lalu": 365 * DAY,
    "last week": 7 * DAY, "yesterday": DAY,
}  # fmt: skip


def _any(words: dict[str, float]) -> str:
    return "(?:" + "|".join(map(re.escape, sorted(words, key=len, reverse=True))) + ")"


_UNITS = _any(_UNIT)
_DURATION = re.compile(
    rf"""(?<![\w.,/])(?:
      (?P<days24>\d{{1,3}})\s?x\s?24(?:\s?jam)?
    | (?P<unit_ke>hari|minggu|bulan)\s(?:yang\s|yg\s)?ke(?:-|\s)?
        (?P<ordinal>\d{{1,3}}|{NUMBER_WORD}(?:\s{NUMBER_WORD}){{0,2}})
    | (?P<digits>\d{{1,5}}(?:[.,]\d{{1,2}})?)(?:\s?-\s?\d{{1,3}})?\s?-?
        (?P<unit>{_UNITS})(?:\s(?P<half>setengah)(?!\w))?(?:-?an)?
    | (?P<words>{NUMBER_WORD}(?:\s{NUMBER_WORD}){{0,3}})\s(?P<wunit>{_UNITS})(?:\s(?P<whalf>setengah)(?!\w))?
    | (?P<one>{_any(_ONE)})(?:\s(?P<onehalf>setengah)(?!\w))?
    | (?P<vague>{_any(_VAGUE)})
    )(?!\w)""",
    re.VERBOSE,
)
_AFTER_MORE = re.compile(
    r"[ ,]{0,2}(?:an )?(?:lebih|lbh|lebihan|\+|keatas|ke atas)(?!\w| (?:cepat|awal|baik))"
)
_BEFORE_MORE = re.compile(
    r"(?:lebih(?: dari(?:pada)?)?|lbh(?: dr| dari)?|>|lewat|melewati|melebihi|di ?atas|more than"
    r"|over)\s{0,2}$"
)
_BEFORE_LESS = re.compile(
    r"(?:hampir|hmpir|nyaris|belum (?:sampai|ada|genap|lewat)|blm (?:sampe|ada|genap|nyampe|lewat)"
    r"|belum|blm|kurang dari|krg dari|<|di ?bawah)\s{0,2}$"
)
_DATE = re.compile(
    r"(?<!\w)(?:tanggal|tgl|tggl)\.?\s?(\d{1,2})(?![\d/:-])(?:\s(jan|feb|mar|apr|mei|jun|jul|agu|ags"
    r"|sep|okt|nov|des))?"
)
_CLOCK = re.compile(
    r"(?<!\w)(?:jam|pukul|pkl|jm)\s?(\d{1,2})(?:[.:](\d{2}))?(?!\d)(?!\s?(?:jam|menit|hari))"
)
_NOW = re.compile(
    r"(?:sekarang|skrg|skrang|skg|hari ini|kini|saat ini|sampai|sampe|s/d|hingga|jadi)"
)
_MONTHS = ("jan", "feb", "mar", "apr", "mei", "jun", "jul", "agu", "sep", "okt", "nov", "des")
_WEEKDAY = re.compile(r"(?<!\w)(senin|selasa|rabu|kamis|jumat|jum'at|sabtu|ahad)(?!\w)")
_WEEKDAYS = ("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "ahad")
_MOST_DATES = 12


@dataclass(frozen=True, slots=True)
class Duration:
    """`seconds` long; `more_than`/`less_than` as the text says; `vague` for "kemarin" and such."""

    seconds: float
    start: int
    end: int
    text: str
    unit: float
    more_than: bool = False
    less_than: bool = False
    vague: bool = False

    @property
    def days(self) -> float:
        return self.seconds / DAY

    def exceeds(self, threshold: float) -> bool:
        """Strictly longer than `threshold` seconds: "5 hari" is not over 5 days, "5 hari lebih" is."""
        if self.more_than:
            return self.seconds >= threshold
        if self.less_than:
            return self.seconds - min(self.unit, DAY) > threshold
        return self.seconds > threshold


def find_durations(text: str | Folded) -> list[Duration]:
    """Every length of time in the text, in order of place, with offsets into the text as written."""
    folded = fold(text) if isinstance(text, str) else text
    found = [*_spoken(folded), *_between_dates(folded), *_between_clocks(folded)]
    found += _between_weekdays(folded)
    return sorted(found, key=lambda duration: duration.start)


def _spoken(folded: Folded) -> Iterator[Duration]:
    for match in _DURATION.finditer(folded.text):
        seconds, unit = _length(match)
        if not seconds:
            continue
        start, end = match.span()
        before = folded.text[max(0, start - 16) : start]
        after = _AFTER_MORE.match(folded.text, end, min(len(folded.text), end + 16))
        less = bool(_BEFORE_LESS.search(before))
        more = not less and bool(after or _BEFORE_MORE.search(before))
        first, last = folded.span(start, after.end() if after and more else end)
        quoted = folded.original[first:last]
        yield Duration(seconds, first, last, quoted, unit, more, less, bool(match["vague"]))


def _length(match: re.Match[str]) -> tuple[float, float]:
    if match["days24"]:
        return int(match["days24"]) * DAY, DAY
    if match["ordinal"]:
        number = _number(match["ordinal"])
        return number * _UNIT[match["unit_ke"]], _UNIT[match["unit_ke"]]
    if match["digits"]:
        unit = _UNIT[match["unit"]]
        number = parse_decimal(match["digits"]) or 0.0
        return (number + (0.5 if match["half"] else 0)) * unit, unit
    if match["words"]:
        unit = _UNIT[match["wunit"]]
        return (_number(match["words"]) + (0.5 if match["whalf"] else 0)) * unit, unit
    if match["one"]:
        unit = _ONE[match["one"]]
        return unit * (1.5 if match["onehalf"] else 1), unit
    return _VAGUE[match["vague"]], _VAGUE[match["vague"]]


def _number(written: str) -> float:
    return float(written) if written.isdigit() else words_to_number(written.split()) or 0.0


def _between_dates(folded: Folded) -> Iterator[Duration]:
    """From the first date named to the last: "tanggal 2 … tanggal 9" is seven days."""
    dates = list(islice(_DATE.finditer(folded.text), _MOST_DATES))
    if len(dates) < 2:
        return
    first, last = dates[0], dates[-1]
    days = int(last[1]) - int(first[1])
    if first[2] and last[2]:
        days += 30 * ((_month(last[2]) - _month(first[2])) % 12)
    elif days < 0:
        days += 30
    if 0 < days < 366:
        start, end = folded.span(first.start(), last.end())
        yield Duration(days * DAY, start, end, folded.original[start:end], DAY)


def _month(name: str) -> int:
    return _MONTHS.index("agu" if name == "ags" else name)


def _between_clocks(folded: Folded) -> Iterator[Duration]:
    """ "dari jam 1 siang, sekarang jam 4" is three hours; needs a word for now before the last."""
    clocks = list(islice(_CLOCK.finditer(folded.text), _MOST_DATES))
    for earlier, later in pairwise(clocks):
        between = folded.text[max(earlier.end(), later.start() - 24) : later.start()]
        if not _NOW.search(between):
            continue
        minutes = 60 * (int(later[1]) - int(earlier[1]))
        minutes += int(later[2] or 0) - int(earlier[2] or 0)
        start, end = folded.span(earlier.start(), later.end())
        yield Duration((minutes % 720) * MINUTE, start, end, folded.original[start:end], MINUTE)


def _between_weekdays(folded: Folded) -> Iterator[Duration]:
    """ "dari senin sampai sabtu ini" is five days; needs a word for now between the two."""
    days = list(islice(_WEEKDAY.finditer(folded.text), _MOST_DATES))
    for earlier, later in pairwise(days):
        if later.start() - earlier.end() > 60:
            continue
        if not _NOW.search(folded.text, earlier.end(), later.start()):
            continue
        names = [match[1].replace("'", "") for match in (earlier, later)]
        length = (_WEEKDAYS.index(names[1]) - _WEEKDAYS.index(names[0])) % 7 or 7
        start, end = folded.span(earlier.start(), later.end())
        yield Duration(length * DAY, start, end, folded.original[start:end], DAY)
