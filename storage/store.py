"""One unit of work: a store for each subject over one session. Whoever opened the session commits."""

from functools import cached_property

from sqlalchemy import literal, select
from sqlalchemy.orm import Session, SessionTransaction

from storage.accounts import Accounts
from storage.asked_pairs import AskedPairs
from storage.audit import Audit
from storage.check_ins import CheckIns
from storage.consultations import Consultations
from storage.coordinators import Coordinators
from storage.drafts import Drafts
from storage.enrollments import Enrollments
from storage.erasure import Erasure
from storage.export import Export
from storage.figures import Watch
from storage.file_links import FileLinks
from storage.forbidden_pairs import ForbiddenPairs
from storage.frozen_pairs import FrozenPairs
from storage.goals import Goals
from storage.help_requests import HelpRequests
from storage.inbox import Inbox
from storage.installation import Installation
from storage.invitations import Invitations
from storage.leases import Leases
from storage.leaving import Leaving
from storage.nudges import Nudges
from storage.open_places import OpenPlaces
from storage.outbox import Outbox
from storage.paired import Paired
from storage.pairs import Pairs
from storage.people import People
from storage.programs import Programs
from storage.proposals import Proposals
from storage.pulses import Pulses
from storage.quiet_pairs import QuietPairs
from storage.rematches import Rematches
from storage.reports import Reports
from storage.retention import Retention
from storage.roster_reads import RosterReads
from storage.sending import Sending
from storage.sessions import Sessions
from storage.skills import Skills
from storage.told import Told
from storage.topics import Topics


class Store:
    """Everything a step may remember or look up."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def answers(self) -> bool:
        """The database is there."""
        return self._session.scalar(select(literal(True))) or False

    def savepoint(self) -> SessionTransaction:
        """`with store.savepoint():` what fails inside is undone alone."""
        return self._session.begin_nested()

    def flush(self) -> None:
        """Gives new rows their ids."""
        self._session.flush()

    @cached_property
    def people(self) -> People:
        return People(self._session)

    @cached_property
    def coordinators(self) -> Coordinators:
        return Coordinators(self._session)

    @cached_property
    def accounts(self) -> Accounts:
        return Accounts(self._session)

    @cached_property
    def programs(self) -> Programs:
        return Programs(self._session)

    @cached_property
    def enrollments(self) -> Enrollments:
        return Enrollments(self._session)

    @cached_property
    def proposals(self) -> Proposals:
        return Proposals(self._session)

    @cached_property
    def forbidden_pairs(self) -> ForbiddenPairs:
        return ForbiddenPairs(self._session)

    @cached_property
    def pairs(self) -> Pairs:
        return Pairs(self._session)

    @cached_property
    def paired(self) -> Paired:
        return Paired(self._session)

    @cached_property
    def frozen_pairs(self) -> FrozenPairs:
        return FrozenPairs(self._session)

    @cached_property
    def open_places(self) -> OpenPlaces:
        return OpenPlaces(self._session)

    @cached_property
    def asked_pairs(self) -> AskedPairs:
        return AskedPairs(self._session)

    @cached_property
    def rematches(self) -> Rematches:
        return Rematches(self._session)

    @cached_property
    def erasure(self) -> Erasure:
        return Erasure(self._session)

    @cached_property
    def export(self) -> Export:
        return Export(self._session)

    @cached_property
    def invitations(self) -> Invitations:
        return Invitations(self._session)

    @cached_property
    def leaving(self) -> Leaving:
        return Leaving(self._session)

    @cached_property
    def sessions(self) -> Sessions:
        return Sessions(self._session)

    @cached_property
    def told(self) -> Told:
        return Told(self._session)

    @cached_property
    def goals(self) -> Goals:
        return Goals(self._session)

    @cached_property
    def quiet_pairs(self) -> QuietPairs:
        return QuietPairs(self._session)

    @cached_property
    def check_ins(self) -> CheckIns:
        return CheckIns(self._session)

    @cached_property
    def pulses(self) -> Pulses:
        return Pulses(self._session)

    @cached_property
    def skills(self) -> Skills:
        return Skills(self._session)

    @cached_property
    def topics(self) -> Topics:
        return Topics(self._session)

    @cached_property
    def help_requests(self) -> HelpRequests:
        return HelpRequests(self._session)

    @cached_property
    def drafts(self) -> Drafts:
        return Drafts(self._session)

    @cached_property
    def nudges(self) -> Nudges:
        return Nudges(self._session)

    @cached_property
    def outbox(self) -> Outbox:
        return Outbox(self._session)

    @cached_property
    def sending(self) -> Sending:
        return Sending(self._session)

    @cached_property
    def inbox(self) -> Inbox:
        return Inbox(self._session)

    @cached_property
    def leases(self) -> Leases:
        return Leases(self._session)

    @cached_property
    def installation(self) -> Installation:
        return Installation(self._session)

    @cached_property
    def watch(self) -> Watch:
        return Watch(self._session)

    @cached_property
    def file_links(self) -> FileLinks:
        return FileLinks(self._session)

    @cached_property
    def consultations(self) -> Consultations:
        return Consultations(self._session)

    @cached_property
    def reports(self) -> Reports:
        return Reports(self._session)

    @cached_property
    def retention(self) -> Retention:
        return Retention(self._session)

    @cached_property
    def roster_reads(self) -> RosterReads:
        return RosterReads(self._session)

    @cached_property
    def audit(self) -> Audit:
        return Audit(self._session)
