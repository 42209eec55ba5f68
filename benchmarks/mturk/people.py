"""A worker in Chromium who does what pages of public programs ask."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Error, Page, Route, async_playwright, expect

from simulator.phones import init_data, launch_address
from simulator.running import TOKEN
from simulator.values import PhoneOwner as Sender
from tests import browser as chromium
from tests.extensions.mturk.web.test_pages import Here
from tests.extensions.mturk.web.turk import present
from tests.extensions.mturk.web.workers import take
from tests.house import FIRST_WORKER


@dataclass
class Lab:
    """Where hosts lead: the house, servers on this machine, files by the end of an address, and nowhere."""

    house: str
    servers: dict[str, str]
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    unreached: list[str] = field(default_factory=list)

    async def answer(self, route: Route, here: Here) -> None:
        url = route.request.url
        parts = urlsplit(url)
        if url.startswith(self.house):
            await route.fulfill(response=await route.fetch(url=here.here(url)))
        elif parts.netloc in self.servers:
            to = url.replace(f"{parts.scheme}://{parts.netloc}", self.servers[parts.netloc], 1)
            await route.fulfill(response=await route.fetch(url=to))
        elif (end := next((end for end in self.files if parts.path.endswith(end)), None)) is not None:
            kind, body = self.files[end]
            await route.fulfill(content_type=kind, body=body, headers={"Access-Control-Allow-Origin": "*"})
        else:
            self.unreached.append(f"{route.request.method} {parts.scheme}://{parts.netloc}{parts.path}")
            await route.abort()


class Person:
    def __init__(self, here: Here, lab: Lab) -> None:
        self.here, self.lab = here, lab

    async def __aenter__(self) -> "Person":
        self._playwright = await async_playwright().start()
        path = chromium.find()
        assert path is not None, chromium.MISSING
        arguments = [*chromium.arguments(), "--autoplay-policy=no-user-gesture-required"]
        self._browser = await self._playwright.chromium.launch(executable_path=path, args=arguments)
        self.context = await self._browser.new_context(viewport={"width": 1200, "height": 900})
        await self.context.route(re.compile("^https?:"), lambda route: self.lab.answer(route, self.here))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.context.unroute_all(behavior="ignoreErrors")
        await self._browser.close()
        await self._playwright.stop()

    async def take(self) -> None:
        """The next HIT."""
        await self.here.database.transact(lambda unit: take(unit, unit.people.get(self.here.worker)), present())

    async def open(self) -> Page:
        """The Mini App of the task in hand."""
        signed = init_data(TOKEN, Sender(FIRST_WORKER + 1, "Ann"), "q", present() // 1000)
        page = await self.context.new_page()
        await page.goto(launch_address(f"{self.lab.house}/app/task/{await self.here.in_hand()}", signed, {}))
        return page

    async def rate_clips(self) -> str:
        """Rate the clips of the toolkit's page; return which of its sections it asked."""
        page = await self.open()
        page.on("dialog", lambda dialog: dialog.accept())
        frame = await (await page.wait_for_selector(".theirs iframe")).content_frame()
        assert frame is not None
        await frame.wait_for_function(
            "document.readyState === 'complete' && window.jQuery && jQuery('.baudio button').length"
        )
        done: dict[str, Any] = await frame.evaluate(RATE)
        assert done["left"] == [], done
        await frame.click("#submitButton")
        await expect(page.locator(".ended.done")).to_contain_text("Received", timeout=15_000)
        return f"its page asks {', '.join([*done['asked'], 'ratings'])}, and is answered ({done['browser']})"

    async def take_part_in_experiment(self) -> list[str]:
        page = await self.open()
        frame = page.frame_locator(".theirs iframe")
        async with self.context.expect_page() as window:
            await frame.get_by_role("button", name="Begin Experiment").click()
        experiment = await window.value
        pressed = await go_through(experiment)
        await frame.get_by_role("button", name="Complete HIT").click()
        await expect(page.locator(".ended.done")).to_contain_text("Received", timeout=15_000)
        return [f"in its window: {', '.join(pressed)}", f"its last form went to {self.lab.unreached[-1]}"]


# Listens to each clip that is shown until its end, then answers as somebody who passes: what is asked of them stands in
# the page's own settings.
RATE = """async () => {
  const shown = (section) => section && section.style.display !== "none";
  const asked = ["qualification", "setup", "training"].filter((id) => shown(document.getElementById(id)));
  for (const clip of document.querySelectorAll(".baudio")) {
    if (!shown(clip.closest("section"))) continue;
    const audio = clip.querySelector("audio");
    const ended = new Promise((done) => audio.addEventListener("ended", done, { once: true }));
    if (audio.readyState < 3) await new Promise((done) => audio.addEventListener("canplay", done, { once: true }));
    clip.querySelector("button").click();
    await ended;
  }
  const choose = (name, value) => document.querySelector(`[name="${name}"][value="${value}"]`)?.click();
  const write = (name, value) => {
    const field = document.querySelector(`[name="${name}"]`);
    field.value = value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };
  if (asked.includes("qualification")) {
    const { qualification } = config;
    for (const at of [1, 2, 3, 4, 5]) {
      write(`num${at}`, atob(qualification[`num${at}`]));
      choose(`comb_bw${at}`, bw_v2_test_data[`comb_bw${at}`]);
    }
    const about = { "1_gender": "F", "4_ld": "in-ear", "7_working_area": "N", "8_hearing": "normal" };
    for (const [name, value] of Object.entries(about)) choose(name, value);
    for (const name of ["5_last_subjective", "6_audio_test"]) {
      write(name, document.querySelector(`[name="${name}"]`).options[1].value);
    }
    write("2_birth_year", "1990");
    write("3_mother_tongue", "English");
  }
  if (asked.includes("setup")) {
    write("Math", "7");
    for (const at of [1, 2, 3, 4]) choose(`cmp${at}`, "b");
  }
  const known = { [config.knownQuestionUrl]: config.knownQuestionAns, [config.goldClipURL]: config.goldClipAns };
  for (const clip of document.querySelectorAll("[id^=q][data-src]")) {
    choose(clip.id, Math.round(known[clip.dataset.src] ?? 4));
  }
  const training = { [config.knownQuestionInTrainingUrl]: config.knownQuestionInTrainingAns };
  if (asked.includes("training")) {
    const clips = document.querySelectorAll("[id^=t][data-src]");
    for (const clip of clips) choose(clip.id, Math.round(training[clip.dataset.src] ?? 3));
  }
  const left = [...document.forms.mturk_form.elements].filter((field) => !field.validity.valid);
  const browser = document.getElementById("browser_info").value.slice(-60);
  return { asked, browser, left: left.map((field) => field.name) };
}"""


async def go_through(experiment: Page) -> list[str]:
    """Press what continues until the window closes; answer each word of the test by its key."""
    pressed: dict[str, int] = {}
    for _ in range(200):
        if experiment.is_closed():
            return [f"{what} × {times}" if times > 1 else what for what, times in pressed.items()]
        try:
            what = await _go_on(experiment)
        except Error:
            continue
        if what:
            pressed[what] = pressed.get(what, 0) + 1
        else:
            await _pause(experiment)
    raise AssertionError(f"the experiment has no end: {pressed}")


async def _go_on(experiment: Page) -> str:
    if await experiment.locator("#word").count():
        await experiment.keyboard.press("r")
        return "R"
    for button in await experiment.locator("button.continue, button.btn-primary:not(.previous)").all():
        if await button.is_visible():
            name = " ".join((await button.inner_text()).split())
            await button.click(timeout=3_000)
            return name
    return ""


async def _pause(experiment: Page) -> None:
    try:
        await experiment.wait_for_timeout(200)
    except Error:  # it has closed
        return


def say_what_came(said: str, sign: str) -> str:
    return next((line.strip() for line in said.splitlines() if sign in line), said.strip()[-200:])
