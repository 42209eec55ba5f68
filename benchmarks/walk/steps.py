"""One random step of one person. It is told in one line, so that the last ones can be read after a failure."""

from collections.abc import Awaitable, Callable

from benchmarks.walk import projects, words
from benchmarks.walk.cast import ADMIN, REQUESTER, WORKER, Walker
from benchmarks.walk.choosing import Choosing, answers, presses
from domain.handing_in import Wants
from domain.moments import DAY, HOUR, MINUTE, SECOND
from domain.work.assignments import next_wanted_input
from storage.unit import UnitOfWork

Step = Callable[[Choosing, Walker], Awaitable[str]]
THINGS = {Wants.PHOTO: 0, Wants.VOICE: 4, Wants.LOCATION: 6}
LONG = ((5 * MINUTE, 5), (HOUR, 6), (5 * HOUR, 5), (DAY, 6), (4 * DAY, 8), (15 * DAY, 5))


async def step(by: Choosing) -> str:
    walker = by.dice.choices(by.walkers, [by.weight(each) for each in by.walkers])[0]
    names = list(MENU)
    name = by.dice.choices(names, [MENU[each][0] for each in names])[0]
    if by.bot.world.people[walker.id].blocked and by.dice.random() < 0.3:
        name = "comes or goes"
    told = await MENU[name][1](by, walker)
    return f"{walker.role[:3]} {walker.id} {name}: {told}"


async def _press(by: Choosing, walker: Walker) -> str:
    found = by.button(walker)
    if found is None:
        return await _type_command(by, walker)
    message, button = found
    times = 2 if by.dice.random() < 0.06 else 1
    for _ in range(times):
        await by.sending.press(walker, message, button["callback_data"])
    return f"{message} «{button['text']}» {button['callback_data']}{' twice' if times > 1 else ''}"


async def _press_old(by: Choosing, walker: Walker) -> str:
    """A button that was there once."""
    if not walker.shown:
        return await _press(by, walker)
    message, data = by.dice.choice(walker.shown)
    await by.sending.press(walker, message, data)
    return f"{message} {data}"


async def _press_forged(by: Choosing, walker: Walker) -> str:
    """Somebody else's button, or another number in it."""
    other = by.dice.choice(by.walkers)
    if not other.shown:
        return await _press(by, walker)
    message, data = by.dice.choice(other.shown)
    if by.dice.random() < 0.5:
        code, *values = data.split(":")
        data = ":".join([code, *(str(by.dice.choice((0, 1, 2, 7, 2**63 - 1, -1, value))) for value in values)])[:64]
    await by.sending.press(walker, message, data)
    return data


async def _type_command(by: Choosing, walker: Walker) -> str:
    return await by.sending.say(walker, by.command(walker))


async def _type_fitting(by: Choosing, walker: Walker) -> str:
    """What the open question waits for."""
    journey = await by.bot.ask(lambda unit: _journey(unit, walker.id))
    if not journey:
        return await _press(by, walker)
    return f"{journey}: {await by.sending.say(walker, words.fitting(by.dice, walker, journey))}"


def _journey(unit: UnitOfWork, telegram_id: int) -> str:
    person = unit.people.find_by_telegram_id(telegram_id)
    draft = unit.drafts.find(person.id) if person else None
    return draft.journey if draft else ""


async def _answer(by: Choosing, walker: Walker) -> str:
    """What the task in hand asks for; without one, another task."""
    wants = await by.bot.ask(lambda unit: _wanted(unit, walker.id))
    if wants is None:
        return await by.sending.say(walker, "/work")
    if wants in THINGS:
        return await by.sending.thing(walker, THINGS[wants])
    if wants is Wants.TEXT:
        said = by.dice.choice((words.sentence(by.dice), str(by.dice.randint(1, 9))))
        return await by.sending.say(walker, said)
    found = [each for each in by.chat(walker)[-8:] if answers(each)]
    if not found:
        return await _press(by, walker)
    button = by.dice.choice(answers(found[-1]))
    await by.sending.press(walker, found[-1].id, button["callback_data"])
    return f"{found[-1].id} «{button['text']}» {button['callback_data']}"


def _wanted(unit: UnitOfWork, telegram_id: int) -> Wants | None:
    person = unit.people.find_by_telegram_id(telegram_id)
    task = unit.assignments.active_for(person.id) if person else None
    if task is None:
        return None
    return next_wanted_input(unit.projects.get(task.project), unit.tasks.get(task.task), task.draft)


async def _type_text(by: Choosing, walker: Walker) -> str:
    return await by.sending.say(walker, words.text(by.dice, walker))


async def _type_code(by: Choosing, walker: Walker) -> str:
    if not by.codes:
        return await _type_text(by, walker)
    code = by.dice.choice(by.codes[-60:])
    is_command = "_" in code or " " in code
    return await by.sending.say(walker, f"/{code}" if is_command else f"/start {code}")


async def _reply(by: Choosing, walker: Walker) -> str:
    shown = by.chat(walker)
    if not shown:
        return await _type_text(by, walker)
    message = by.dice.choice(shown[-20:])
    return f"to {message.id}: {await by.sending.say(walker, words.sentence(by.dice), message.id)}"


async def _send_thing(by: Choosing, walker: Walker) -> str:
    return await by.sending.thing(walker)


async def _send_file(by: Choosing, walker: Walker) -> str:
    return await by.sending.file(walker, by.number(walker), by.codes)


async def _ask(by: Choosing, walker: Walker) -> str:
    """What a requester does all day: a project, its launch, and what one does with it."""
    drafts = by.known.drafts.get(walker.id, [])
    chance = by.dice.random()
    if chance < 0.35 and drafts:
        return await by.sending.say(walker, f"/launch {by.dice.choice(drafts[-3:])}")
    if chance < 0.6:
        return await by.sending.document(walker, *projects.project(by.dice))
    act = by.dice.choice(
        ("pilot", "review", "review", "review", "project", "raise", "gold", "quality", "clone", "invite")
    )
    act = by.dice.choice((act, act, act, "hold", "hold", "results", "submissions", "preview", "stop", "projects"))
    return await by.sending.say(walker, f"/{act} {by.number(walker)}")


async def _run(by: Choosing, walker: Walker) -> str:
    """What an admin does all day."""
    asker = by.dice.choice([each for each in by.walkers if each.role == REQUESTER]).id
    waiting = [
        (each.id, key) for each in by.chat(walker)[-40:] for key in presses(each) if key["callback_data"][:3] == "ly:"
    ]
    if waiting and by.dice.random() < 0.4:
        message, key = waiting[-1]
        await by.sending.press(walker, message, key["callback_data"])
        return f"{message} «{key['text']}»"
    said = (
        f"/deposit {asker} {words.amount(by.dice)} {words.word(by.dice)}",
        f"/role {asker} requester on",
        f"/withhold {by.person()} {by.dice.randint(0, 30)} zor",
        *("/payouts", "/payouts", "/audit", "/admin", "/verify"),
    )
    return await by.sending.say(walker, by.dice.choice(said))


async def _duty(by: Choosing, walker: Walker) -> str:
    if walker.role == REQUESTER:
        return await _ask(by, walker)
    if walker.role == ADMIN:
        return await _run(by, walker)
    if by.dice.random() < 0.85:
        return await _answer(by, walker)
    said = (
        ("/tasks", "/payout all", "/appeal", "/board", "/balance")
        if walker.role == WORKER
        else ("/start", "/newproject")
    )
    return await by.sending.say(walker, by.dice.choice(said))


async def _edit(by: Choosing, walker: Walker) -> str:
    return await by.sending.edit(walker)


async def _presence(by: Choosing, walker: Walker) -> str:
    return await by.sending.presence(walker)


async def _odd_update(by: Choosing, walker: Walker) -> str:
    return await by.sending.odd(walker)


async def _clock(by: Choosing, walker: Walker) -> str:
    longest, parts = by.dice.choice(LONG)
    passed = by.dice.randint(SECOND, longest)
    await by.bot.pass_time(passed, parts)
    return f"{passed / HOUR:.2f} h later"


MENU: dict[str, tuple[float, Step]] = {
    "presses": (36, _press),
    "presses an old button": (5, _press_old),
    "presses a forged button": (2, _press_forged),
    "commands": (9, _type_command),
    "does their duty": (26, _duty),
    "answers": (10, _type_fitting),
    "types": (2, _type_text),
    "types a code": (2.5, _type_code),
    "replies": (2, _reply),
    "sends": (2, _send_thing),
    "sends a file": (1, _send_file),
    "edits": (0.7, _edit),
    "comes or goes": (0.4, _presence),
    "is odd": (0.5, _odd_update),
    "waits": (1.1, _clock),
}
