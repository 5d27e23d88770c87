"""What stays as long as the process runs is not looked through for garbage again and again."""

import gc


def keep_what_is_there() -> None:
    """Once, when everything has started.

    Modules, tables and statements are never let go, and Python looks through all of them whenever many new objects are
    there, as in a planning: reading 200,000 people with their pairs takes 3.7 CPU seconds then instead of 5.7.
    """
    gc.collect()
    gc.freeze()
