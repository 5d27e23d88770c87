"""Every table. Times are UTC; a `Moment` column takes and gives aware datetimes."""

from datetime import UTC, date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, DateTime, ForeignKey, Index, MetaData, String, Text, UniqueConstraint
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """An aware datetime, kept as UTC without an offset: the same text order and comparison on both databases."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None else None


class Table(DeclarativeBase):
    """Base of all tables; constraint names are fixed, so that migrations can name them on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Moment,
        dict[str, Any]: JSON,
        list[str]: JSON,
        list[Any]: JSON,
    }


# Who -------------------------------------------------------------------------------------------------------------


class Person(Table):
    """An employee. `source`: roster, self (declared at sign-up) or platform (seen in a chat only)."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(320), unique=True)
    source: Mapped[str] = mapped_column(String(10), default="platform")
    department: Mapped[str] = mapped_column(String(200), default="")
    team: Mapped[str] = mapped_column(String(200), default="")
    manager_email: Mapped[str] = mapped_column(String(320), default="")
    level: Mapped[int | None]
    location: Mapped[str] = mapped_column(String(200), default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    timezone: Mapped[str] = mapped_column(String(64), default="")
    languages: Mapped[list[str]] = mapped_column(default=list)
    work_start: Mapped[str] = mapped_column(String(5), default="09:00")
    work_end: Mapped[str] = mapped_column(String(5), default="17:00")
    # ISO weekdays: 1 is Monday.
    workdays: Mapped[str] = mapped_column(String(7), default="12345")
    unreachable_since: Mapped[datetime | None]
    unreachable_reason: Mapped[str] = mapped_column(String(80), default="")
    # Welcomed once: installing the bot again, or on a second platform, says nothing more.
    greeted_at: Mapped[datetime | None]
    # BCP 47, as the platform says it: "de-DE". Texts fall back to English.
    locale: Mapped[str] = mapped_column(String(20), default="")
    # Back on this day; until then nothing comes unasked.
    paused_until: Mapped[date | None]
    # [["2026-12-21", "2027-01-03"], ...], first and last day: quiet dates of the programs that they are in.
    quiet_dates: Mapped[list[Any]] = mapped_column(default=list)
    # Asked nothing more after two ignored rounds and one question, until they write.
    silent_since: Mapped[datetime | None]
    # When they last broke such a silence: rounds that were ignored before do not count any more.
    back_since: Mapped[datetime | None]
    # Disabled on the platform, or no more in the roster: nothing is sent to them from that moment on.
    gone_since: Mapped[datetime | None]
    # E-mails of those who review this person's work: never their mentees.
    reviewers: Mapped[list[str]] = mapped_column(default=list)
    # On leave up to the day before this one, says the roster: not matched until then.
    away_until: Mapped[date | None]
    # A guest of the workspace or tenant, or an external of the roster.
    guest: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class Account(Table):
    """One login of a person on one platform. `route` is the adapter's; guests and strangers are not `member`s."""

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("platform", "tenant", "user"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    platform: Mapped[str] = mapped_column(String(20))
    tenant: Mapped[str] = mapped_column(String(80))
    user: Mapped[str] = mapped_column(String(200))
    route: Mapped[str] = mapped_column(Text, default="")
    login: Mapped[str] = mapped_column(String(320), default="")
    member: Mapped[bool] = mapped_column(default=False)
    # False until the platform has told us who this is: asked again at the next turn.
    known: Mapped[bool] = mapped_column(default=False)
    last_used_at: Mapped[datetime]
    # No card can reach this account (removed the bot, account closed) until they write again.
    closed_at: Mapped[datetime | None]
    closed_reason: Mapped[str] = mapped_column(String(80), default="")


class Coordinator(Table):
    """Who may run programs, by work e-mail, since they may not have written yet."""

    __tablename__ = "coordinators"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(320), unique=True)


class Draft(Table):
    """The first screens of a long form while the bot waits for the rest."""

    __tablename__ = "drafts"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    flow: Mapped[str] = mapped_column(String(40), primary_key=True)
    subject: Mapped[str] = mapped_column(String(40), primary_key=True)
    values: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime]


# Programs --------------------------------------------------------------------------------------------------------


class Program(Table):
    """One run. `status`: draft, open (people sign up), running (pairs meet), closed."""

    __tablename__ = "programs"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    template: Mapped[str] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(10), default="draft", index=True)
    objective: Mapped[str] = mapped_column(Text)
    themes: Mapped[list[str]]
    questions: Mapped[list[str]]
    success: Mapped[str] = mapped_column(Text)
    cadence_days: Mapped[int] = mapped_column(default=14)
    months: Mapped[int] = mapped_column(default=6)
    session_minutes: Mapped[int] = mapped_column(default=45)
    # How many pairs at most; None: as many as sign up.
    most_pairs: Mapped[int | None]
    # Only these departments may join (empty: everybody); a pilot is the same with one or two of them.
    departments: Mapped[list[str]] = mapped_column(default=list)
    min_level_gap: Mapped[int] = mapped_column(default=1)
    matching_on: Mapped[date]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    place: Mapped[str] = mapped_column(Text, default="")
    # Keys of its announcements: they are changed when sign-up ends.
    announcements: Mapped[list[str]] = mapped_column(default=list)
    # Work e-mail of the executive who backs it; empty: nobody yet.
    sponsor_email: Mapped[str] = mapped_column(String(320), default="")
    # Somebody outside every reporting line whom people can turn to: a name, and how to reach them.
    contact_name: Mapped[str] = mapped_column(String(200), default="")
    contact_reach: Mapped[str] = mapped_column(String(320), default="")
    # A page of the company about the program, so that an invitation does not look like phishing.
    page_url: Mapped[str] = mapped_column(String(500), default="")
    # [["2026-12-21", "2027-01-03"], ...], first and last day: nothing is sent unasked.
    quiet_dates: Mapped[list[Any]] = mapped_column(default=list)
    # While it is on hold, nothing is sent unasked; rounds up to the day it goes on are not made up for.
    held_since: Mapped[datetime | None]
    resumed_on: Mapped[date | None]
    # What the coordinator changed of the matching's rules and weights; empty: the defaults.
    matching: Mapped[dict[str, Any]] = mapped_column(default=dict)
    # Both are asked before a pair is made.
    asks_first: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class Enrollment(Table):
    """A person in a program. `status`: invited, nominated (asked by a colleague's word), joined (signed; waits for
    matching), matched, declined (said no to an invitation), left.

    `confirmed` is False while a self-declared manager or level waits for a coordinator.
    """

    __tablename__ = "enrollments"
    __table_args__ = (UniqueConstraint("program_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    role: Mapped[str] = mapped_column(String(6))
    status: Mapped[str] = mapped_column(String(10), default="invited")
    capacity: Mapped[int] = mapped_column(default=1)
    hours_a_month: Mapped[int | None]
    offers: Mapped[list[str]] = mapped_column(default=list)
    wants: Mapped[list[str]] = mapped_column(default=list)
    own_words: Mapped[str] = mapped_column(Text, default="")
    interests: Mapped[list[str]] = mapped_column(default=list)
    goals: Mapped[str] = mapped_column(Text, default="")
    want_back: Mapped[str] = mapped_column(Text, default="")
    # Work e-mails of people this person asked not to be paired with. Secret from everybody.
    avoid: Mapped[list[str]] = mapped_column(default=list)
    agreement_version: Mapped[str] = mapped_column(String(20), default="")
    agreed_at: Mapped[datetime | None]
    confirmed: Mapped[bool] = mapped_column(default=True)
    # How often a matching left this person without a partner: they come first next time.
    unmatched_rounds: Mapped[int] = mapped_column(default=0)
    # The optional self-description of how they like to work: five answers from 1 to 5, or none.
    working_style: Mapped[list[Any]] = mapped_column(default=list)
    # Who invited or nominated them; None: they came by themselves.
    invited_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    reply_by: Mapped[date | None]
    created_at: Mapped[datetime]
    joined_at: Mapped[datetime | None]
    # When they left or declined.
    left_at: Mapped[datetime | None]
    # When the program closed they said that they would take part again: they come first next time.
    again_at: Mapped[datetime | None]


class Proposal(Table):
    """A draft matching. `status`: draft, asking, approved, discarded. `unmatched`: [{"person": id, "reason": text}].

    `figures`: what the run says of itself (proved, seconds, a mark of its pairs, and the like).
    """

    __tablename__ = "proposals"

    id: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"), index=True)
    status: Mapped[str] = mapped_column(String(10), default="draft")
    total: Mapped[int]
    unmatched: Mapped[list[Any]] = mapped_column(default=list)
    made_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime]
    approved_at: Mapped[datetime | None]
    # Approved pairs are made at this moment; until then the coordinator can stop it.
    publish_at: Mapped[datetime | None]
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)
    # Until when both sides of each pair are asked; None: nobody is.
    ask_until: Mapped[datetime | None]


class ProposedPair(Table):
    """A pair of a proposal. `kept` is False when the coordinator took it out.

    `locked`: stays in the next proposal too. `by_hand`: the coordinator made it, for the reason in `note`.
    `parts`: [[name, points]] of the score. `mentor_says`, `mentee_says`: "", accepted or declined.
    """

    __tablename__ = "proposed_pairs"
    __table_args__ = (UniqueConstraint("proposal_id", "mentor_id", "mentee_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"), index=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    mentee_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    score: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    kept: Mapped[bool] = mapped_column(default=True)
    locked: Mapped[bool] = mapped_column(default=False)
    by_hand: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(Text, default="")
    parts: Mapped[list[Any]] = mapped_column(default=list)
    mentor_says: Mapped[str] = mapped_column(String(10), default="")
    mentee_says: Mapped[str] = mapped_column(String(10), default="")
    # Until when the two may answer; None: they were not asked.
    ask_until: Mapped[datetime | None]


class ForbiddenPair(Table):
    """Two people whom a coordinator does not want to be paired in a program, or who declined each other."""

    __tablename__ = "forbidden_pairs"
    __table_args__ = (UniqueConstraint("program_id", "mentor_id", "mentee_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"), index=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    mentee_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    made_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime]


class Pair(Table):
    """One mentor and one mentee in a program. Kept after its end: nobody is paired twice.

    `status`: active, ending (over, but one side hears of it only on `tell_on`, a fixed weekday), ended.
    """

    __tablename__ = "pairs"
    __table_args__ = (UniqueConstraint("program_id", "mentor_id", "mentee_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"), index=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    mentee_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    status: Mapped[str] = mapped_column(String(10), default="active", index=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    topic: Mapped[str] = mapped_column(Text, default="")
    # None: the program's.
    cadence_days: Mapped[int | None]
    # Day 0: the day of the introduction.
    started_on: Mapped[date]
    # Nobody is asked about it up to this day: one of the two is away, or the program was on hold.
    rests_until: Mapped[date | None]
    # Somebody pressed "We're in touch" after the introduction.
    in_touch_at: Mapped[datetime | None]
    # The day on which the other side hears that the pair is over, or that it rests; it stays where the program closed
    # before they did.
    tell_on: Mapped[date | None]
    # Who caused that, and hears nothing of it; None: both hear of it.
    known_to: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    # Since when a hard rule forbids the pair, and which: nothing is asked about it until a coordinator decided.
    frozen_at: Mapped[datetime | None]
    frozen_by_rule: Mapped[str] = mapped_column(String(40), default="")
    # [[rule, note], ...]: a coordinator kept the pair all the same, so it is not frozen for these again.
    kept_despite: Mapped[list[Any]] = mapped_column(default=list)
    # After its end nobody looks for new partners at once: both wait for the next matching.
    no_search: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class PairGoal(Table):
    """What one side wants from a pair, in their own words; the partner sees it, nobody else."""

    __tablename__ = "pair_goals"
    __table_args__ = (UniqueConstraint("pair_id", "person_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pair_id: Mapped[int] = mapped_column(ForeignKey("pairs.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    # 1 to 3.
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    set_at: Mapped[datetime]


class PairTopic(Table):
    """A discussion topic that a pair was given, so that it does not come again soon."""

    __tablename__ = "pair_topics"
    __table_args__ = (UniqueConstraint("pair_id", "title"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pair_id: Mapped[int] = mapped_column(ForeignKey("pairs.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    given_at: Mapped[datetime]


class Session(Table):
    """A meeting of a pair: planned (`planned_on`), held (`held_on`) or both. One row for each day held.

    `exact` is False when only the fortnight is known, from a check-in: `held_on` is then its last day.
    """

    __tablename__ = "sessions"
    __table_args__ = (UniqueConstraint("pair_id", "held_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pair_id: Mapped[int] = mapped_column(ForeignKey("pairs.id"), index=True)
    planned_on: Mapped[date | None]
    # The moment it begins, and who booked it; a booked session that is moved or called off changes here.
    planned_at: Mapped[datetime | None]
    booked_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    # When it was booked or last changed, how often it was changed (SEQUENCE in calendars), and when the other side
    # said that it works for them.
    booked_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=0)
    confirmed_at: Mapped[datetime | None]
    held_on: Mapped[date | None]
    exact: Mapped[bool] = mapped_column(default=True)
    recorded_at: Mapped[datetime]


# Check-ins -------------------------------------------------------------------------------------------------------


class CheckIn(Table):
    """One check-in of one person, for all their pairs. `period` is the nominal day, before closed days moved it."""

    __tablename__ = "check_ins"
    __table_args__ = (UniqueConstraint("person_id", "period"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    period: Mapped[date]
    asked_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    # Too few working days left in its period, or nobody to ask about any more.
    skipped_at: Mapped[datetime | None]
    # What was asked: check_in, half_time (it takes the place of one) or rhythm (after two ignored rounds).
    kind: Mapped[str] = mapped_column(String(10), default="check_in")
    # Ids of the pairs whose half-time it is, and of those that carry on as they are.
    half_times: Mapped[list[Any]] = mapped_column(default=list)
    carries_on: Mapped[list[Any]] = mapped_column(default=list)


class CheckInAnswer(Table):
    """One side's answer about one pair. Nobody but its author ever reads it; `shared_at` releases `learned` alone."""

    __tablename__ = "check_in_answers"
    __table_args__ = (UniqueConstraint("check_in_id", "pair_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    check_in_id: Mapped[int] = mapped_column(ForeignKey("check_ins.id"))
    pair_id: Mapped[int] = mapped_column(ForeignKey("pairs.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    # met, date_set, not_yet or skip
    state: Mapped[str] = mapped_column(String(14))
    learned: Mapped[str] = mapped_column(Text, default="")
    change: Mapped[str] = mapped_column(Text, default="")
    closer: Mapped[int | None]
    shared_at: Mapped[datetime | None]
    # After "not yet": the day on which its author wants to be asked about a date again.
    remind_on: Mapped[date | None]
    answered_at: Mapped[datetime]


# Pulses ----------------------------------------------------------------------------------------------------------


class PulseRound(Table):
    """One sending of the pulse in a program. `number`: 1, 2, 3. `name`: early, late or closing.

    `status`: planned, open, closed. Results exist from `closed` on, and only what `disclosure` lets through.
    """

    __tablename__ = "pulse_rounds"
    __table_args__ = (UniqueConstraint("program_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"), index=True)
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(10))
    status: Mapped[str] = mapped_column(String(10), default="planned")
    opens_on: Mapped[date]
    closes_on: Mapped[date]


class PulseParticipation(Table):
    """That somebody was asked in a round and whether they answered, never what or when: no time, no sequence."""

    __tablename__ = "pulse_participations"
    __table_args__ = ({"sqlite_with_rowid": False},)

    round_id: Mapped[int] = mapped_column(ForeignKey("pulse_rounds.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    answered: Mapped[bool] = mapped_column(default=False)


class PulseAnswer(Table):
    """One answer to one question of a round, of nobody: the key is random, and the rows of one person share nothing.

    They are dropped when the round closes and its results are written.
    """

    __tablename__ = "pulse_answers"
    __table_args__ = ({"sqlite_with_rowid": False},)

    # 128 random bits, in hex.
    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("pulse_rounds.id"))
    question: Mapped[str] = mapped_column(String(40))
    value: Mapped[int]


class PulseResult(Table):
    """What a closed round may show of one question: a rounded mean of the whole program. `mean` is None below 5."""

    __tablename__ = "pulse_results"

    round_id: Mapped[int] = mapped_column(ForeignKey("pulse_rounds.id"), primary_key=True)
    # A question of the pulse; with the closing round also `start/<theme>` and `end/<theme>` of the self-ratings.
    question: Mapped[str] = mapped_column(String(100), primary_key=True)
    # In tenths: 42 is 4.2.
    mean: Mapped[int | None]
    # How many answered; 0 stands for fewer than 5.
    answers: Mapped[int] = mapped_column(default=0)


class SkillRating(Table):
    """How somebody rates themselves on a theme, 1 to 5, at the start and at the end. Only they ever see it."""

    __tablename__ = "skill_ratings"
    __table_args__ = (UniqueConstraint("program_id", "person_id", "theme", "moment"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    theme: Mapped[str] = mapped_column(String(80))
    # start or end
    moment: Mapped[str] = mapped_column(String(5))
    value: Mapped[int]


# Help ------------------------------------------------------------------------------------------------------------


class HelpRequest(Table):
    """Somebody asked the coordinators for help. `kind`: scheduling, topics or pairing; serious matters leave no row."""

    __tablename__ = "help_requests"

    id: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    pair_id: Mapped[int | None] = mapped_column(ForeignKey("pairs.id"))
    kind: Mapped[str] = mapped_column(String(12))
    words: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    taken_at: Mapped[datetime | None]
    # When it rang again because nobody had taken it.
    rang_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]


# The clock and the post ------------------------------------------------------------------------------------------


class Nudge(Table):
    """A step that the clock will run. `state`: waiting, done, cancelled, failed.

    `planned`: a flow's plan keeps it true.
    """

    __tablename__ = "nudges"
    __table_args__ = (Index("ix_nudges_due", "state", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    flow: Mapped[str] = mapped_column(String(40), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    due_at: Mapped[datetime]
    action: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    planned: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int] = mapped_column(default=0)


class OutboxMessage(Table):
    """A message that must reach somebody: a person, a group of people, or a place.

    `state`: waiting, sending, sent, dropped (expired, cancelled or not applicable), failed (terminal).
    `changes_key`: this row edits the message that was sent under that key.
    """

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_due", "state", "not_before"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    delivery_id: Mapped[str] = mapped_column(String(36), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    # must_arrive or nudge: what to do when it is uncertain whether it arrived.
    delivery: Mapped[str] = mapped_column(String(12))
    prompted: Mapped[bool] = mapped_column(default=False)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    group_ids: Mapped[list[Any] | None]
    place: Mapped[str | None] = mapped_column(Text)
    changes_key: Mapped[str | None] = mapped_column(String(200))
    pair_id: Mapped[int | None]
    # Whose hold and quiet dates count; None: no program's.
    program_id: Mapped[int | None]
    card: Mapped[str | None] = mapped_column(Text)
    # {"flow": ..., "name": ..., "about": {ids}}: a file that goes with the card; it is made when it is sent.
    file: Mapped[dict[str, Any] | None]
    # Whom to ask, and the step, when it can never arrive.
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    failed_action: Mapped[str | None] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    # Never null: a message that may go at once has the moment it was written.
    not_before: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    # Written or ready long after its day, because the bot was off: somebody gets one such message at most.
    late: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int] = mapped_column(default=0)
    sending_since: Mapped[datetime | None]
    owner: Mapped[str] = mapped_column(String(40), default="")
    # Where it went, so that it can be edited: packed address or place, and the platform's reference.
    sent_to: Mapped[str | None] = mapped_column(Text)
    ref: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class InboxEntry(Table):
    """That something came in, never what. The same delivery again finds its row and has no effect."""

    __tablename__ = "inbox"

    platform: Mapped[str] = mapped_column(String(20), primary_key=True)
    delivery_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    day: Mapped[date] = mapped_column(index=True)


class Consultation(Table):
    """A slow question under way. `state`: waiting, done, failed. It holds ids, no data, so a restart can ask again."""

    __tablename__ = "consultations"

    id: Mapped[int] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(String(40))
    about: Mapped[dict[str, Any]]
    then: Mapped[str] = mapped_column(String(200))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    state: Mapped[str] = mapped_column(String(10), default="waiting", index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]


class FileLink(Table):
    """A one-time link to a file, for platforms that take no uploads. Only the token's hash is kept."""

    __tablename__ = "file_links"

    # SHA-256 of the token, in hex.
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    file: Mapped[dict[str, Any]]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SenderLease(Table):
    """Who sends to one workspace or tenant. `fence` grows with each new holder: a late one cannot settle anything."""

    __tablename__ = "sender_leases"

    # platform/tenant
    workspace: Mapped[str] = mapped_column(String(120), primary_key=True)
    owner: Mapped[str] = mapped_column(String(40))
    fence: Mapped[int] = mapped_column(default=1)
    until: Mapped[datetime]


class InstallationState(Table):
    """Single facts about the installation by name, such as that the outbox is held after a restore."""

    __tablename__ = "installation_state"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(Text, default="")


class RosterRead(Table):
    """One reading of the roster file: what was new, changed and gone, by counts; names stay in `people`.

    `status`: done, waiting (too many gone: a coordinator has to say yes), refused.
    """

    __tablename__ = "roster_reads"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(10))
    # SHA-256 of the file, in hex: the same file again is read once.
    digest: Mapped[str] = mapped_column(String(64), default="")
    added: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    gone: Mapped[int] = mapped_column(default=0)


class AuditEntry(Table):
    """Who did what to a program, without content."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    program_id: Mapped[int | None] = mapped_column(ForeignKey("programs.id"))
    what: Mapped[str] = mapped_column(String(60))
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
