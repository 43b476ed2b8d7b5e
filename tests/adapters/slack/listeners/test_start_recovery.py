"""The ways in: the command, the shortcut on a message, a pasted link; and the command's other words."""

from math import inf

import pytest

from bot.storage import tables as t
from tests.adapters.slack.harness import FIRST_FACT, SlackHarness, SlackUser, field_of, labels, slack_harness, words_of
from tests.peers.slack.faults import AmendedAnswer
from tests.peers.slack.team import Json, Team

WITH_LOBBY = Team(channels=("acct-acme", "acct-borg", "lobby"))


async def bound(at: SlackHarness) -> list[tuple[str, str]]:
    """Channel and thread of each recovery."""
    return [(row["conversation"], row["thread"]) for row in await at.rows(t.recovery)]


def line(reply: Json) -> str:
    """What the command's answer says, without the link below."""
    return words_of(reply["blocks"][0])


# --- the command


async def test_in_an_unknown_channel_the_command_asks_for_the_account(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    assert not (await dana.type("")).text
    reply = await dana.submit(dana.opened(), {"Which client?": "Acme"})
    assert "Your guide for Acme is open" in words_of(reply.json["view"])
    assert "app_redirect" in words_of(reply.json["view"])
    await dana.guide("1 of 8", "Acme")


async def test_a_name_of_blanks_is_refused_at_its_field(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    await dana.type("")
    reply = await dana.submit(dana.opened(), {"Which client?": "  "})
    assert reply.json == {"response_action": "errors", "errors": {"account~0": "Please fill this in."}}


async def test_where_the_account_is_known_the_command_starts_at_once(on_slack: SlackHarness) -> None:
    dana, omar = on_slack.user("dana"), on_slack.user("omar")
    await dana.begin("Acme")
    assert "Your guide for Acme is open" in words_of((await omar.type("")).json)
    await omar.guide("1 of 8", "Acme")


async def test_who_leads_a_recovery_here_is_told_so(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    await dana.begin("Acme")
    assert "You already lead a recovery with Acme here." in words_of((await dana.type("")).json)


# --- the shortcut


async def test_the_shortcut_binds_to_the_message(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    message = await dana.begin_in_thread()
    assert await bound(on_slack) == [(message["channel"], message["ts"])]


async def test_the_shortcut_on_a_reply_binds_to_its_thread(on_slack: SlackHarness) -> None:
    dana, workspace = on_slack.user("dana"), on_slack.slack.workspace
    root = await workspace.say("omar", "acct-acme", "How is Acme?")
    reply = await workspace.say("kim", "acct-acme", "Nobody called us back", root["ts"])
    await dana.submit(await dana.point(reply), {"Which client?": "Acme"})
    await dana.guide("1 of 8")
    assert await bound(on_slack) == [(root["channel"], root["ts"])]


async def test_the_message_becomes_the_first_fact(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    message = await on_slack.slack.workspace.say("kim", "acct-acme", "Nobody called &lt;us&gt; &amp; it was late")
    await dana.submit(await dana.point(message), {"Which client?": "Acme"})
    await dana.guide("1 of 8")
    assert [row["text"] for row in await on_slack.rows(t.entry)] == ["Nobody called <us> & it was late"]


async def test_a_long_message_becomes_several_facts_and_loses_nothing(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    words = " ".join(f"point-{number:03}" for number in range(500))
    assert len(words) > 4900
    message = await on_slack.slack.workspace.say("kim", "acct-acme", words)
    await dana.submit(await dana.point(message), {"Which client?": "Acme"})
    await dana.guide("1 of 8")
    facts = [row["text"] for row in sorted(await on_slack.rows(t.entry), key=lambda row: int(row["id"][1:]))]
    assert len(facts) > 1
    assert " ".join(facts).split() == words.split()


async def test_a_fact_that_was_emptied_is_not_noted(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    message = await on_slack.slack.workspace.say("kim", "acct-acme", "Nobody called")
    form = await dana.point(message)
    await dana.submit(form, {"Which client?": "Acme", field_of(form, FIRST_FACT): ""})
    await dana.guide("1 of 8")
    assert await on_slack.rows(t.entry) == []


async def test_ones_own_message_is_no_clients_word(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    own = await on_slack.slack.workspace.say("dana", "acct-acme", "Acme are furious")
    assert "first fact" not in words_of(await dana.point(own))


async def test_the_shortcut_knows_the_account_of_a_known_thread(on_slack: SlackHarness) -> None:
    dana, omar = on_slack.user("dana"), on_slack.user("omar")
    message = await dana.begin_in_thread("Acme")
    modal = await omar.point(message)
    await omar.submit(modal, {})
    await omar.guide("1 of 8", "Acme")


# --- a pasted link


async def test_a_pasted_link_starts_a_recovery_in_that_thread(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    message = await on_slack.slack.workspace.say("kim", "acct-borg", "Hello?")
    await dana.type(f"Borg {dana.link(message)}", "acct-acme")
    await dana.guide("1 of 8", "Borg")
    assert await bound(on_slack) == [(message["channel"], message["ts"])]


async def test_a_link_to_a_reply_means_its_thread(on_slack: SlackHarness) -> None:
    dana, workspace = on_slack.user("dana"), on_slack.slack.workspace
    root = await workspace.say("kim", "acct-acme", "Hello?")
    reply = await workspace.say("kim", "acct-acme", "Anybody?", root["ts"])
    await dana.type(f"Acme {dana.link(reply, thread_ts=root['ts'], cid=root['channel'])}")
    await dana.guide("1 of 8", "Acme")
    assert await bound(on_slack) == [(root["channel"], root["ts"])]


async def test_a_pasted_link_binds_a_running_recovery_anew(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    await dana.begin("Acme", "acct-acme")
    message = await on_slack.slack.workspace.say("kim", "acct-borg", "Hello?")
    reply = await dana.type(dana.link(message), "acct-acme")
    assert line(reply.json) == "This recovery is now linked to that thread. Summaries will be posted there."
    assert await bound(on_slack) == [(message["channel"], message["ts"])]


async def test_of_several_recoveries_a_link_needs_the_clients_name(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    await dana.begin("Acme", "acct-acme")
    await dana.begin("Borg", "acct-borg")
    message = await on_slack.slack.workspace.say("kim", "acct-borg", "Hello?")
    assert "Type the client's name before the link." in line((await dana.type(dana.link(message))).json)
    assert (
        line((await dana.type(f"Borg {dana.link(message)}")).json)
        == "This recovery is now linked to that thread. Summaries will be posted there."
    )


async def refused(at: SlackHarness, dana: SlackUser, message: Json) -> str:
    posted_message = line((await dana.type(f"Acme {dana.link(message)}")).json)
    assert await at.rows(t.recovery) == []
    return posted_message


async def test_a_link_to_a_private_channel_without_the_app_is_refused(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    secret = await on_slack.slack.workspace.say("admin", "leads", "Between us")
    assert "The app or you cannot read" in await refused(on_slack, dana, secret)


async def test_a_link_to_a_private_channel_without_the_person_is_refused_alike(on_slack: SlackHarness) -> None:
    dana, workspace = on_slack.user("dana"), on_slack.slack.workspace
    await workspace.invite("leads", workspace.team.bot_user)

    def without_dana(answer: Json) -> None:
        answer["members"] = [member for member in answer["members"] if member != dana.id]

    on_slack.shim.fail("conversations.members", AmendedAnswer(without_dana), inf)
    secret = await workspace.say("admin", "leads", "Between us")
    assert "The app or you cannot read" in await refused(on_slack, dana, secret)


async def test_a_link_to_a_private_channel_with_both_starts_a_recovery(on_slack: SlackHarness) -> None:
    dana, workspace = on_slack.user("dana"), on_slack.slack.workspace
    await workspace.invite("leads", workspace.team.bot_user)
    secret = await workspace.say("admin", "leads", "Between us")
    await dana.type(f"Acme {dana.link(secret)}")
    await dana.guide("1 of 8", "Acme")


async def test_a_link_to_a_channel_without_the_app_asks_for_an_invitation(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    async with slack_harness(f"sqlite:///{tmp_path_factory.mktemp('lobby')}/room.db", WITH_LOBBY) as at:
        message = await at.slack.workspace.say("kim", "lobby", "Hello?")
        assert "The app is not in the channel that this link leads to. Invite it there" in await refused(
            at, at.user("dana"), message
        )


async def test_a_link_to_a_direct_chat_is_refused_for_no_team_reads_there(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    guide = await dana.begin("Borg", "acct-borg")
    before = await bound(on_slack)
    reply = await dana.type(f"Borg {dana.link(guide)}")
    assert "The app or you cannot read" in line(reply.json)
    assert await bound(on_slack) == before


async def test_who_is_mentioned_in_the_first_fact_is_named(on_slack: SlackHarness) -> None:
    dana, omar = on_slack.user("dana"), on_slack.user("omar")
    await omar.type("status")
    message = await on_slack.slack.workspace.say("kim", "acct-acme", f"<@{omar.id}> promised Friday")
    assert "omar promised Friday" in str(await dana.point(message))


async def test_a_link_to_an_archived_channel_is_refused(on_slack: SlackHarness) -> None:
    dana, workspace = on_slack.user("dana"), on_slack.slack.workspace
    message = await workspace.say("kim", "acct-borg", "Hello?")
    await workspace.archive("acct-borg")
    assert "The channel that this link leads to is archived." in await refused(on_slack, dana, message)


# --- in a chat with the app, or with somebody else, no account team reads


async def test_in_a_direct_chat_the_accounts_own_thread_is_used(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    message = await dana.begin_in_thread("Acme")
    await dana.type("stop", await dana.workspace.direct("dana"))
    await dana.begin("Acme", await dana.workspace.direct("dana"))
    assert await bound(on_slack) == [(message["channel"], message["ts"])] * 2


async def test_whoever_never_led_a_recovery_there_is_not_let_into_that_thread(on_slack: SlackHarness) -> None:
    dana, omar = on_slack.user("dana"), on_slack.user("omar")
    message = await dana.begin_in_thread("Acme")
    await omar.begin("Acme", await omar.workspace.direct("omar"))
    assert sorted(await bound(on_slack)) == [("", ""), (message["channel"], message["ts"])]


async def test_without_any_thread_the_summary_stays_and_the_responder_is_told_what_to_do(
    on_slack: SlackHarness,
) -> None:
    dana = on_slack.user("dana")
    await dana.begin("Acme", await dana.workspace.direct("dana"))
    await dana.tap("I am ready", "1 of 8")
    await dana.guide("2 of 8")
    await dana.type("stop")
    await dana.tap("Post internal version", "Check the summary. Then post it.")
    (notice,) = await dana.nudges()
    assert (
        "There is no thread to post to. Type /trust-recover with a link to a message in it, then post again." in notice
    )
    await dana.guide("Check the summary. Then post it.")
    assert await bound(on_slack) == [("", "")]


async def test_a_recovery_without_a_thread_is_bound_by_a_link_and_posted(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    await dana.begin("Acme", await dana.workspace.direct("dana"))
    message = await on_slack.slack.workspace.say("omar", "acct-acme", "Acme called twice")
    await dana.type(dana.link(message), await dana.workspace.direct("dana"))
    await dana.tap("I am ready", "1 of 8")
    await dana.guide("2 of 8")
    await dana.type("stop")
    await dana.tap("Post internal version", "Acme (internal)")
    assert len(await dana.thread("acct-acme", message["ts"])) == 1


# --- the other words


async def test_status_says_where_the_recovery_is(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    await dana.begin()
    await dana.tap("I am ready", "1 of 8")
    await dana.guide("2 of 8")
    assert "Ask, then listen. Write their words, not yours." in words_of((await dana.type("status")).json)


async def test_summary_shows_it_on_the_card(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    await dana.begin()
    assert line((await dana.type("summary")).json) == "The summary is in your guide."
    await dana.guide("Summary", "Acme")


async def test_handover_with_a_name_gives_the_recovery_away(on_slack: SlackHarness) -> None:
    dana, omar = on_slack.user("dana"), on_slack.user("omar")
    await dana.begin()
    await dana.type(f"handover <@{omar.id}|omar>")
    assert "I am ready" in labels(await omar.guide("1 of 8"))


async def test_quiet_and_hours_are_taken(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    await dana.begin()
    await dana.type("quiet")
    assert await dana.lines() == ["Quiet is on: no reminders in this recovery."]
    assert "Reminders may come: Mon–Fri 09:00–17:00" in line((await dana.type("hours 9-17 mon-fri")).json)
    (row,) = await on_slack.rows(t.person)
    assert row["working_hours"] == [[0, 1, 2, 3, 4], 540, 1020]


async def test_stop_ends_the_recovery_and_posts_nothing(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    await dana.begin()
    await dana.tap("I am ready", "1 of 8")
    await dana.guide("2 of 8")
    assert "nothing is posted until you post it" in line((await dana.type("stop")).json)
    await dana.guide("Check the summary. Then post it.")
    assert len(await on_slack.slack.workspace.history("acct-acme")) == 0


async def test_a_word_without_a_recovery_says_how_to_start_one(on_slack: SlackHarness) -> None:
    reply = await on_slack.user("dana").type("status")
    assert line(reply.json) == "You lead no recovery here. To start one, type /trust-recover and the client's name."


async def test_help_lists_the_words(on_slack: SlackHarness) -> None:
    reply = await on_slack.user("dana").type("help")
    assert "handover @name: hand the recovery over to a colleague" in line(reply.json)


async def test_a_mistyped_word_is_guessed_and_starts_nothing(on_slack: SlackHarness) -> None:
    reply = await on_slack.user("dana").type("sumary")
    assert "Did you mean “summary”?" in line(reply.json)
    assert await on_slack.rows(t.recovery) == []
