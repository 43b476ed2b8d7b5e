"""Whatever is edited, posted, kept, moved and dropped: a thread is told only what a posted text told it."""

import re

from flows.state import codec
from flows.state.summaries import SummaryVersion
from tests.bot.service.random_publishing import SECRET, Post, RandomRecovery

RECOVERIES = 1000
LINE = re.compile(r"(?:Done|Hecho): (.+?)\.?", re.DOTALL)


class WatchedRecovery(RandomRecovery):
    """A recovery in which everything that the thread's readers are told is compared with what was posted there."""

    def on_post(self, post: Post) -> None:
        if post.version is None:
            self._check_line(post)
            return
        assert post.text == self.shown_text == self.recovery.posted_summaries[-1].text, "posted is what was in view"
        assert not (post.is_internal and post.can_external_users_read)
        assert self._newest_text(post.version) != post.text, "no text is posted twice"
        if post.version is SummaryVersion.CLIENT:
            assert SECRET.casefold() not in post.text.casefold()

    def _check_line(self, line: Post) -> None:
        """The words of the line stand in the newest text that its readers can read in this place."""
        match = LINE.fullmatch(line.text)
        assert match
        assert not (line.is_internal and line.can_external_users_read)
        version = SummaryVersion.INTERNAL if line.is_internal else SummaryVersion.CLIENT
        text = self._newest_text(version)
        assert text is not None, "a line comes after a summary"
        assert re.search(rf"(?<!\w){re.escape(_fold(match[1]))}(?!\w)", _fold(text)), (line.text, text)

    def _newest_text(self, version: SummaryVersion) -> str | None:
        """The newest text of this version that was delivered since the thread was bound."""
        texts = [one.text for one in self.posts[self.first_post_here :] if one.version is version and one.is_delivered]
        return texts[-1] if texts else None


def _fold(text: str) -> str:
    return " ".join(text.split()).casefold()


def test_a_thousand_recoveries_tell_readers_only_what_was_posted() -> None:
    posts: list[Post] = []
    for seed in range(RECOVERIES):
        recovery = WatchedRecovery(seed)
        try:
            recovery.play()
        except AssertionError as error:
            error.add_note(f"recovery {seed}, after {recovery.events[-3:]}")
            raise
        assert codec.load_recovery(codec.dump_recovery(recovery.recovery)) == recovery.recovery
        posts += recovery.posts
    lines = [post for post in posts if post.version is None]
    assert sum(line.can_external_users_read for line in lines) > RECOVERIES / 10, "chance tries what is watched"
    assert sum(line.is_internal for line in lines) > RECOVERIES / 10
