"""What Flipside remembers: tables, and one store a subject. The only SQL is here."""
