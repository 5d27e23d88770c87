"""A company to talk in, on a fresh SQLite file."""

import pytest

from storage.database import Database
from tests.support.chat import Chat


@pytest.fixture
def chat(sqlite_database: Database) -> Chat:
    return Chat(sqlite_database)
