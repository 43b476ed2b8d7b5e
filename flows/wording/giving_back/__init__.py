"""What a client said, as the responder can say it back: turned around where that is safe, else quoted."""
