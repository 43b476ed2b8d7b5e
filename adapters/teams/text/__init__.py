"""What people wrote in Teams, as plain text: mentions, line ends, HTML, and the words of other kinds of messages."""
