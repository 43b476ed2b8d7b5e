"""The app's home tab: what somebody has to do with."""

from bot.storage import tables as t
from tests.adapters.slack.harness import SlackHarness, SlackUser, beside, words_of
from tests.peers.slack import events
from tests.peers.slack.team import Json

NEXT_CENTURY = 4_099_000_000
DAY = 86_400


async def promise(dana: SlackUser, what: str, when: int, button: str = "Add…") -> None:
    await dana.fill(button, {"Who": "Ana", "Does what": what, "By when: from a calendar": when}, "8 of 8")
    await dana.guide("8 of 8", what)


async def at_the_promises(dana: SlackUser) -> Json:
    message = await dana.begin_in_thread()
    await dana.more("8 Handle the problem", "1 of 8")
    await dana.guide("8 of 8")
    return message


async def test_it_shows_the_recoveries_that_one_leads(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    await dana.begin("Acme", "acct-acme")
    await dana.begin("Borg", "acct-borg")
    await dana.tap("I am ready", "1 of 8", "Borg")
    await dana.guide("2 of 8", "Borg")
    content = words_of(await dana.home())
    assert "Borg: 2 of 8 · Get the facts" in content
    assert "Acme: 1 of 8 · Be prepared" in content


async def test_it_shows_the_recoveries_that_one_watches(on_slack: SlackHarness) -> None:
    dana, omar = on_slack.user("dana"), on_slack.user("omar")
    await dana.begin()
    await dana.fill("Too close to this", {"Who?": "omar"}, "1 of 8")
    await omar.guide("1 of 8")
    assert "Acme: 1 of 8 · Be prepared, led by omar" in words_of(await dana.home())


async def test_promises_stand_by_due_date(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    await at_the_promises(dana)
    await promise(dana, "the later one", NEXT_CENTURY + DAY)
    await promise(dana, "the sooner one", NEXT_CENTURY, "Another…")
    content = words_of(await dana.home())
    assert content.index("the sooner one (Acme, open)") < content.index("the later one (Acme, open)")


async def test_nobody_elses_recovery_is_there(on_slack: SlackHarness) -> None:
    await on_slack.user("dana").begin()
    content = words_of(await on_slack.user("omar").home())
    assert "Acme" not in content
    assert "You have no open recovery." in content


async def test_a_recovery_begins_from_home(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    await dana.submit(await dana.press(await dana.home(), "Start a recovery"), {"Which client?": "Acme"})
    await dana.guide("1 of 8", "Acme")


async def test_more_opens_from_home(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    await dana.begin()
    home = await dana.home()
    more = await dana.press(home, "More")
    assert words_of(more["title"]) == "More · Acme"


async def test_the_settings_change_the_language_of_home_and_of_the_next_recovery(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    form = await dana.press(await dana.home(), "Change")
    reply = await dana.submit(form, {"Language of the guide": "Español", "When reminders may come": "8-16 mon-thu"})
    assert reply.json == {"response_action": "clear"}
    assert "lun–jue 08:00–16:00" in words_of(await dana.at_home("Idioma de la guía: español."))
    await dana.type("Acme")
    await dana.guide("1 de 8", "Respira")
    (row,) = await on_slack.rows(t.person)
    assert (row["language"], row["working_hours"]) == ("es", [[0, 1, 2, 3], 480, 960])


async def test_hours_that_cannot_be_are_refused_at_their_field(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    form = await dana.press(await dana.home(), "Change")
    reply = await dana.submit(form, {"When reminders may come": "9-25"})
    assert reply.json["errors"] == {"hours~0": "Write working hours like this: 9-17 mon-fri. Or write: always."}


async def test_a_promise_is_marked_kept_and_leaves_home(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    await at_the_promises(dana)
    await promise(dana, "a new export", NEXT_CENTURY)
    home = await dana.home()
    after = await dana.press(home, beside(home, "a new export"))
    assert after["type"] == "home"
    assert "a new export" not in words_of(after)
    assert [row["state"] for row in await on_slack.rows(t.entry)] == ["kept"]


async def test_the_thread_is_told_of_a_kept_promise_that_was_posted_there(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    message = await at_the_promises(dana)
    await promise(dana, "a new export", NEXT_CENTURY)
    await dana.type("stop")
    await dana.tap("Post internal version", "Acme (internal)")
    await dana.thread("acct-acme", message["ts"])
    home = await dana.home("a new export")
    await dana.press(home, beside(home, "a new export"))
    _, notice = await dana.thread("acct-acme", message["ts"], 2)
    assert notice == "Done: a new export"


async def test_the_thread_hears_nothing_of_a_promise_that_was_not_posted(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    message = await at_the_promises(dana)
    await promise(dana, "a new export", NEXT_CENTURY)
    home = await dana.home()
    await dana.press(home, beside(home, "a new export"))
    await dana.tap("Agreed", "8 of 8")
    await dana.guide("Wrap-up")
    assert len(await on_slack.slack.workspace.replies("acct-acme", message["ts"])) == 1


async def test_the_messages_tab_is_no_home(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    opening = events.home_opened(dana.id, await dana.workspace.direct("dana"), tab="messages")
    await dana.sender.event(opening)
    await dana.begin()
    assert on_slack.shim.of("views.publish") == []
