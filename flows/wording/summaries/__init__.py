"""The two summaries: made from the record, edited by the responder, and compared with what was posted."""
