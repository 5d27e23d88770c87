"""What Flipside decides and says: the vocabulary, the flows, matching and the calendar. No vendor SDK, no I/O."""
