"""The shape of a job file: one pydantic model a block. Every scalar arrives as text; unknown keys are errors everywhere."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from inventory.jobs.values import DAY, WEEKDAYS, TimeOfDay, parse_length, parse_time
from inventory.model import KINDS, MODALITIES, STATUSES
from inventory.report.sheets import SHEETS


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _as_flag(value: Any) -> Any:
    # Only these two: YAML's other words for it (yes, on) surprise, and pydantic would take `1`, too.
    if value not in ("true", "false", True, False):
        raise ValueError("neither true nor false")
    return value in ("true", True)


def _as_days(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    seconds = parse_length(value if not value.strip().isdigit() else f"{value}d")
    if seconds % DAY:
        raise ValueError(f"{value!r} is no whole number of days; write 30 or 30d")
    return seconds // DAY


def _as_day(value: Any) -> Any:
    return dt.date.fromisoformat(value) if isinstance(value, str) else value


def _as_time(value: Any) -> Any:
    return parse_time(value) if isinstance(value, str) else value


Text = Annotated[str, Field(min_length=1, max_length=2000)]
Texts = Annotated[list[Text], BeforeValidator(_as_list), Field(min_length=1)]
Flag = Annotated[bool, BeforeValidator(_as_flag)]
Days = Annotated[int, BeforeValidator(_as_days), Field(ge=0, le=36525)]
Day = Annotated[dt.date, BeforeValidator(_as_day)]
Number = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=60)]
OUTPUTS = ("workbook", "csv", "parquet", "geojson")


class Block(BaseModel):
    """A block of a job file; takes no key that it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Period(Block):
    """Facts about these days; `last` counts back from the day of the run that is shown."""

    since: Day | None = None
    until: Day | None = None
    last: Days | None = None

    @model_validator(mode="after")
    def _check(self) -> Period:
        if self.last is not None and (self.since or self.until):
            raise ValueError("last stands beside since or until; write one of them")
        if self.since and self.until and self.until < self.since:
            raise ValueError("until lies before since")
        return self


class Filters(Block):
    """Which facts are reported; within a list any may hold, of the lists all must."""

    actor: Texts | None = None
    category: Texts | None = None
    kind: Annotated[list[Literal[KINDS]], BeforeValidator(_as_list)] | None = None  # type: ignore[valid-type]
    place: Texts | None = None
    country: Annotated[list[Annotated[str, Field(pattern=r"^[A-Z]{3}$")]], BeforeValidator(_as_list)] | None = None
    status: Annotated[list[Literal[STATUSES]], BeforeValidator(_as_list)] | None = None  # type: ignore[valid-type]
    modality: Annotated[list[Literal[MODALITIES]], BeforeValidator(_as_list)] | None = None  # type: ignore[valid-type]
    period: Period | None = None
    confidence: Share | None = None


class Holdings(Block):
    """As of which day holdings are reckoned, and how old a report of stock may be."""

    as_of: Literal["latest", "run"] | Day = "latest"
    window: Days | Literal["none"] = 90


class Changes(Block):
    """What the sheet Changes compares with: the state before the last change, or that of so long ago."""

    since: Literal["previous"] | Days = "previous"


class Reviews(Block):
    """What happens when reviewers disagree, whether rejected facts are shown (struck through), and for how many days after a fact was new
    or changed it waits on the sheet Review for somebody to settle it."""

    conflict: Literal["hold", "lead", "latest"] = "hold"
    lead: Text | None = None
    rejected: Literal["hidden", "shown"] = "hidden"
    waiting: Days = 14

    @model_validator(mode="after")
    def _check(self) -> Reviews:
        if (self.conflict == "lead") != (self.lead is not None):
            raise ValueError("conflict: lead and lead: NAME belong together; write both or neither")
        return self


class Limits(Block):
    """Bounds of a number; a broken minimum fails the run, a broken maximum is a warning."""

    min: Number | None = None
    max: Number | None = None


class Freshness(Block):
    """How many days a publisher may have been silent."""

    max: Days


class Expectations(Block):
    """What a run must find."""

    documents: Limits = Limits()
    facts: Limits = Limits()
    failed: Limits = Limits()
    withdrawn: Limits = Limits()
    freshness: dict[Text, Freshness] = {}


class Retention(Block):
    """How many reports are kept, and for how many days texts that no document has any more; `none` keeps no texts, only hashes."""

    reports: Annotated[int, Field(ge=1)] | None = None
    text: Days | Literal["none"] | None = None


class Mail(Block):
    """A mail with the workbook. The password stands in an environment variable, never in the file."""

    to: Texts
    sender: Text
    server: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]+(:\d{1,5})?$")]
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: Text | None = None
    password_variable: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")] | None = None
    attach: Flag = True


class Webhook(Block):
    """A POST of what run.json says."""

    url: Annotated[str, Field(pattern=r"^https?://[^\s@]+$")]


class Delivery(Block):
    """Who is told; only when the report changed, unless `when: always`."""

    when: Literal["changed", "always"] = "changed"
    mail: Mail | None = None
    webhook: Webhook | None = None


class Schedule(Block):
    """When `inventory schedule` has the job run; by the clock of the machine (Airflow: UTC)."""

    at: Annotated[TimeOfDay, BeforeValidator(_as_time)] = TimeOfDay(5, 0)
    days: Annotated[list[Literal[WEEKDAYS]], BeforeValidator(_as_list)] | None = None  # type: ignore[valid-type]
    memory: Annotated[str, Field(pattern=r"^[1-9]\d*[MG]$")] = "2G"


class JobFile(Block):
    """A job file."""

    job: Name | None = None
    sources: Texts
    published: Day | None = None
    network: Flag = False
    private_addresses: Flag = False
    rules: Text | None = None
    store: Text | None = None
    imports: Text | None = None
    output: Text = "out"
    grades: Text | None = None
    filters: Filters = Filters()
    holdings: Holdings = Holdings()
    changes: Changes = Changes()
    reviews: Reviews = Reviews()
    sheets: Annotated[list[Literal[SHEETS]], BeforeValidator(_as_list), Field(min_length=1)] | None = None  # type: ignore[valid-type]
    columns: Literal["full", "analyst"] = "full"
    outputs: Annotated[list[Literal[OUTPUTS]], BeforeValidator(_as_list), Field(min_length=1)] = ["workbook"]  # type: ignore[valid-type]
    expectations: Expectations = Expectations()
    retention: Retention = Retention()
    deliver: Delivery = Delivery()
    schedule: Schedule = Schedule()
