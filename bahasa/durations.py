"""Lengths of time: `5 hari`, `lima hari lebih`, `seminggu`, `30 jam`, `tanggal 2 … tanggal 9`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

from bahasa.day_parts import since_yesterday
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
    "jaman": HOUR, "menitan": MINUTE, "dino": DAY, "dinten": DAY, "poe": DAY,
}  # fmt: skip
_ONE = {
    "sedetik": 1.0, "semenit": MINUTE, "semenitan": MINUTE, "sejam": HOUR, "sejaman": HOUR,
    "setengah jam": 30 * MINUTE, "stgh jam": 30 * MINUTE, "setengah jem": 30 * MINUTE,
    "half an hour": 30 * MINUTE, "an hour": HOUR, "a day": DAY, "a week": 7 * DAY, "a month": 30 * DAY,
    "a fortnight": 14 * DAY, "setengah hari": DAY / 2,
    "seperempat jam": 15 * MINUTE, "sehari": DAY, "seharian": DAY, "sehari semalam": DAY,
    "seminggu": 7 * DAY, "saminggu": 7 * DAY, "semingguan": 7 * DAY, "sepekan": 7 * DAY, "sebulan": 30 * DAY,
    "sebulanan": 30 * DAY, "setahun": 365 * DAY,
}  # fmt: skip
# English and regional languages; Indonesian ones are in `bahasa.numbers`.
_SPOKEN: dict[str, float] = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "twenty": 20, "thirty": 30, "forty": 40, "limo": 5, "enem": 6, "anam": 6, "genep": 6, "pitu": 7,
    "tujuah": 7, "dalapan": 8, "lapan": 8, "wolu": 8, "sambilan": 9, "salapan": 9, "sanga": 9,
    "songo": 9, "sapuluah": 10, "sewelas": 11, "rolas": 12,
}  # fmt: skip
# Only a floor for how long something has lasted; never exact, so never "over" its own length.
_VAGUE = {
    "kemarin lusa": 2 * DAY, "kemaren lusa": 2 * DAY, "kmrn lusa": 2 * DAY, "kemarin": DAY,
    "kemaren": DAY, "kmrn": DAY, "kmren": DAY, "kmarin": DAY, "semalam": 8 * HOUR,
    "semalem": 8 * HOUR, "tadi malam": 8 * HOUR, "tadi malem": 8 * HOUR, "td malem": 8 * HOUR,
    "td malam": 8 * HOUR, "tadi pagi": 3 * HOUR, "td pagi": 3 * HOUR, "dari pagi": 3 * HOUR,
    "sejak pagi": 3 * HOUR, "tadi siang": 2 * HOUR, "td siang": 2 * HOUR, "tadi subuh": 5 * HOUR,
    "td subuh": 5 * HOUR, "sejak subuh": 3 * HOUR, "dari subuh": 3 * HOUR, "sejak siang": 2 * HOUR,
    "dari siang": 2 * HOUR, "sejak sore": HOUR, "dari sore": HOUR, "tadi sore": HOUR,
    "td sore": HOUR, "sejak dini hari": 3 * HOUR, "dari dini hari": 3 * HOUR,
    "berjam-jam": 2 * HOUR, "berjam2": 2 * HOUR, "berhari-hari": 2 * DAY, "berhari2": 2 * DAY,
    "berminggu-minggu": 14 * DAY, "berminggu2": 14 * DAY, "berbulan-bulan": 60 * DAY,
    "berbulan2": 60 * DAY,
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
    | (?P<spoken>{_any(_SPOKEN)})[\s-](?P<spoken_unit>{_UNITS})
    | (?P<one>{_any(_ONE)})(?:\s(?P<onehalf>setengah)(?!\w))?
    | (?P<vague>{_any(_VAGUE)})
    )(?!\w)""",
    re.VERBOSE,
)
_AFTER_MORE = re.compile(
    r"[ ,]{0,2}(?:an )?(?:lebih|lbh|lebihan|\+|keatas|ke atas)(?!\w| (?:cepat|awal|baik))"
)
_BEFORE_MORE = re.compile(
    r"(?:lebih(?: dari(?:pada)?)?|lbh(?: dr| dari)?|>|lewat(?: dari)?|melewati|melebihi|di ?atas|more than"
    r"|over)\s{0,2}$"
)
_BEFORE_LESS = re.compile(
    r"(?:hampir|hmpir|nyaris|belum (?:sampai|ada|genap|lewat)|blm (?:sampe|ada|genap|nyampe|lewat)"
    r"|belum|blm|kurang dari|krg dari|<|di ?bawah)\s{0,2}$"
)
_MONTH = (
    r"(jan|feb|mar|apr|mei|may|jun|jul|agu|ags|aug|sep|okt|oct|nov|des|dec)"
    r"(?:uari|uary|ruari|ruary|et|ch|il|i|y|e|ustus|ust|t|tember|ober|ember)?(?!\w)"
)
# "tanggal 2", "tgl 2 Juni", "2 Juni"; a bare 2 is no date.
_DATE = re.compile(
    rf"(?<![\w.,])(?:(?:tanggal|tgl|tggl)\.?\s?(\d{{1,2}})(?![\d/:-])(?:\s{_MONTH})?|(\d{{1,2}})\s{_MONTH})"
)
_CLOCK = re.compile(
    r"(?<![\w.,:])(?:(?:jam|pukul|pkl|jm)\s?(\d{1,2})(?:[.:](\d{2}))?(?!\d)(?!\s?(?:jam|menit|hari))"
    r"|([01]\d|2[0-3])[.:]([0-5]\d)(?![\d.,:]\d|\s?(?:juta|jt|ribu|rb|k\b)))"
)
_NOW = re.compile(
    r"(?:sekarang|skrg|skrang|skg|hari ini|kini|saat ini|sampai|sampe|s/d|hingga|jadi|\bini\s?$)"
)
_MONTHS = ("jan", "feb", "mar", "apr", "mei", "jun", "jul", "agu", "sep", "okt", "nov", "des")
_OTHER_NAMES = {"ags": "agu", "aug": "agu", "may": "mei", "oct": "okt", "dec": "des"}
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
    yesterday = list(_since_yesterday(folded))
    found = [*_spoken(folded), *_between_dates(folded), *_between_clocks(folded)]
    found += _between_weekdays(folded)
    # "kemarin jam 9 … sekarang jam 11" is neither two hours nor a vague day.
    found = [each for each in found if not any(_inside(each, whole) for whole in yesterday)]
    found += yesterday
    return sorted(found, key=lambda duration: duration.start)


def _since_yesterday(folded: Folded) -> Iterator[Duration]:
    for hours, first, last, exact in since_yesterday(folded.text):
        start, end = folded.span(first, last)
        quoted = folded.original[start:end]
        yield Duration(hours * HOUR, start, end, quoted, HOUR, vague=not exact)


def _inside(duration: Duration, whole: Duration) -> bool:
    return whole.start <= duration.start and duration.end <= whole.end


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
    if match["spoken"]:
        return _SPOKEN[match["spoken"]] * _UNIT[match["spoken_unit"]], _UNIT[match["spoken_unit"]]
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
    days = int(last[1] or last[3]) - int(first[1] or first[3])
    months = [match[2] or match[4] for match in (first, last)]
    if months[0] and months[1]:
        days += 30 * ((_month(months[1]) - _month(months[0])) % 12)
    elif days < 0:
        days += 30
    if 0 < days < 366:
        start, end = folded.span(first.start(), last.end())
        yield Duration(days * DAY, start, end, folded.original[start:end], DAY)


def _month(name: str) -> int:
    return _MONTHS.index(_OTHER_NAMES.get(name, name))


def _between_clocks(folded: Folded) -> Iterator[Duration]:
    """ "dari jam 1 siang, sekarang jam 4" is three hours; needs a word for now before the last."""
    clocks = list(islice(_CLOCK.finditer(folded.text), _MOST_DATES))
    for earlier, later in pairwise(clocks):
        between = folded.text[max(earlier.end(), later.start() - 24) : later.start()]
        if not _NOW.search(between):
            continue
        minutes = 60 * (int(later[1] or later[3]) - int(earlier[1] or earlier[3]))
        minutes += int(later[2] or later[4] or 0) - int(earlier[2] or earlier[4] or 0)
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
