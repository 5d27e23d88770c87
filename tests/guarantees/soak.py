"""`python -m tests.guarantees.soak [--quick] [--only D6 O4]`: the long run.

Every process that a check starts imports this module again, so it imports nothing unless it is what was started.
"""

if __name__ == "__main__":
    import sys

    from rich.console import Console

    from tests.guarantees.soak_run import main

    sys.exit(main(sys.argv[1:], Console()))
