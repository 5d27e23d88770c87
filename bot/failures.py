"""What the machine refuses, in an operator's words. Anything else is a mistake of ours and keeps its traceback."""

import errno

from bot.backup import BackupFault
from bot.copying import NoDatabase
from storage.backup import InUse, UnsoundFile
from storage.copying import CopyFault
from storage.migrate import DatabaseUnreachable, NewerSchema


def in_one_line(error: Exception) -> str | None:
    """What to tell; None when it is nothing that an operator can mend."""
    match error:
        case DatabaseUnreachable():
            return f"the database does not let us in ({error}). Check FLIPSIDE_DATABASE_URL."
        case NewerSchema() | UnsoundFile() | NoDatabase():
            return str(error)
        case BackupFault():
            return f"no backup was made: {error}."
        case CopyFault():
            return f"nothing was copied: {error}."
        case InUse():
            return f"another process works on {error}. Stop every Flipside (and other program) that has it open first."
        case OSError(errno=errno.EADDRINUSE):
            return (
                f"{error.strerror}. Stop whatever listens there, or take another port: "
                "flipside demo --port 9000; for flipside run FLIPSIDE_PORT, or FLIPSIDE_METRICS for its figures."
            )
        case OSError():
            where = f" ({error.filename})" if error.filename else ""
            is_full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
            advice = ". Make room there, or take a place on another disk." if is_full else ""
            return f"{error.strerror or error}{where}{advice}"
        case _:
            return None
