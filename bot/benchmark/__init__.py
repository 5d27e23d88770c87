"""What `flipside bench` measures: acknowledgements, the matching, the outbox and the calendar; and the peers."""
