"""The outbox in SQL: its queues, its messages, and what became of them."""
