"""Pages of programs that a task's button opens, by touch, on a small phone."""

import asyncio
import json
from base64 import b64encode
from typing import Any

import boto3
import pytest

from tests.stories.town import Town, ask
from tests.stories.work.touch import THINGS, Touch, opens_page, page_of, street

pytestmark = pytest.mark.asyncio(loop_scope="session")  # one browser serves all

SCHEMA = "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2011-11-11/HTMLQuestion.xsd"
CROWD = """<script src="https://assets.crowd.aws/crowd-html-elements.js"></script>
<crowd-form><crowd-classifier name="tone" categories="['Angry', 'Calm']" header="What is the tone?">
<classification-target>The hinge broke.</classification-target></crowd-classifier>
<crowd-checkbox name="about" value="shop">The shop</crowd-checkbox>
<crowd-input name="part" label="Which part?" required></crowd-input><crowd-input name="more"></crowd-input></crowd-form>
<script>document.querySelector("crowd-form").onsubmit = () => localStorage.setItem("seen", "yes")</script>"""


def created(keys: dict[str, str], page: str) -> Any:
    """A program, and the HIT that it made."""
    client = boto3.client(
        "mturk",
        region_name="us-east-1",
        endpoint_url=keys["AWS_ENDPOINT_URL_MTURK"],
        aws_access_key_id=keys["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=keys["AWS_SECRET_ACCESS_KEY"],
    )
    content = f"<HTMLContent><![CDATA[{page}]]></HTMLContent><FrameHeight>0</FrameHeight>"
    about = {"Title": "The tone", "Description": "Read it.", "Reward": "0.50", "AssignmentDurationInSeconds": 600}
    question = f'<HTMLQuestion xmlns="{SCHEMA}">{content}</HTMLQuestion>'
    return client, client.create_hit(**about, LifetimeInSeconds=3600, Question=question)["HIT"]["HITId"]


async def test_a_programs_page_of_crowd_elements_is_filled_in_and_read_as_it_was_at_amazon(
    town: Town, touch: Touch
) -> None:
    rosa, ann = await town.requester(), await town.worker("Ann")
    told = await ask(rosa, "/apikey spend 10", "POUCE_API_KEY=")
    keys = dict(line.split("=", 1) for line in told.splitlines() if "=" in line)
    client, hit = await asyncio.to_thread(created, keys, CROWD)
    await ann.say("/work")
    await ann.wait_for(opens_page)
    page = (await page_of(touch, town, ann)).frame_locator("iframe")
    await page.get_by_role("button", name="Submit").tap()  # the page says what is missing
    await page.locator("crowd-classifier.crowd-missing").wait_for()
    await page.locator(".crowd-choice", has_text="Angry").tap()
    await page.locator("crowd-checkbox").tap()
    await page.get_by_label("Which part?").fill("the hinge & a screw")
    await page.get_by_role("button", name="Submit").tap()
    await touch.page.locator(".mini-app").wait_for(state="detached")
    found = await asyncio.to_thread(lambda: client.list_assignments_for_hit(HITId=hit)["Assignments"])
    said = found[0]["Answer"].split("<FreeText>")[1].split("</FreeText>")[0].replace("&amp;", "&")
    assert json.loads(said) == [{"tone": {"label": "Angry"}, "about": {"shop": True}, "part": "the hinge & a screw"}]


CORNERS = [{"x": 64, "y": 240}, {"x": 256, "y": 240}, {"x": 64, "y": 360}]


def drawing(picture: str) -> str:
    given, people = (
        json.dumps([{"label": "car", "vertices": CORNERS}]),
        '[{"label": "person", "shortDisplayName": "p"}]',
    )
    return f"""<script src="https://assets.crowd.aws/crowd-html-elements.js"></script><crowd-form>
<crowd-bounding-box name="boxes" src="{picture}" labels="['car', 'bicycle']" header="Box them"></crowd-bounding-box>
<crowd-keypoint name="points" src="{picture}" labels='["wheel"]'></crowd-keypoint>
<crowd-polygon name="outlines" src="{picture}" labels='["car"]' initial-value='{given}'></crowd-polygon>
<crowd-entity-annotation name="people" text="🙂 Ada met Bo." labels='{people}'></crowd-entity-annotation>
</crowd-form>"""


async def test_a_programs_page_is_drawn_on_and_read_in_sagemakers_shape(town: Town, touch: Touch) -> None:
    rosa, ann = await town.requester(), await town.worker("Ann")
    told = await ask(rosa, "/apikey spend 10", "POUCE_API_KEY=")
    keys = dict(line.split("=", 1) for line in told.splitlines() if "=" in line)
    picture = f"data:image/png;base64,{b64encode(street()).decode()}"
    client, hit = await asyncio.to_thread(created, keys, drawing(picture))
    await ann.say("/work")
    await ann.wait_for(opens_page)
    page = (await page_of(touch, town, ann)).frame_locator("iframe")
    await page.locator(".crowd-draw[data-ready]").nth(3).wait_for()
    await page.locator("crowd-bounding-box .label", has_text="bicycle").tap()
    stage = page.locator("crowd-bounding-box .picture img")
    await stage.scroll_into_view_if_needed()
    place, (x, y, width, height) = await stage.bounding_box(), THINGS["bicycle"]
    assert place is not None
    left, top = place["x"] + x * place["width"], place["y"] + y * place["height"]
    await touch.drag((left, top), (left + width * place["width"], top + height * place["height"]))
    await page.locator("crowd-keypoint .picture").tap()  # its middle
    await page.locator("crowd-entity-annotation .words span", has_text="Ada").tap()
    await page.get_by_role("button", name="Submit").tap()
    await touch.page.locator(".mini-app").wait_for(state="detached")
    found = await asyncio.to_thread(lambda: client.list_assignments_for_hit(HITId=hit)["Assignments"])
    (said,) = json.loads(found[0]["Answer"].split("<FreeText>")[1].split("</FreeText>")[0])
    size = {"height": 480, "width": 640}
    (box,) = said["boxes"]["boundingBoxes"]
    assert said["boxes"]["inputImageProperties"] == size
    assert box.pop("label") == "bicycle"
    assert box == pytest.approx({"left": 384, "top": 96, "width": 128, "height": 192}, abs=6)
    (point,) = said["points"]["keypoints"]
    assert (point["label"], point["x"], point["y"]) == ("wheel", pytest.approx(320, abs=6), pytest.approx(240, abs=6))
    assert said["outlines"] == {"inputImageProperties": size, "polygons": [{"label": "car", "vertices": CORNERS}]}
    assert said["people"] == {"entities": [{"endOffset": 6, "label": "person", "startOffset": 3}]}


BROKEN = """<script src="https://assets.crowd.aws/crowd-html-elements.js"></script><crowd-form>
<crowd-keypoint name="points" src="data:image/png;base64,AAAA"></crowd-keypoint>
</crowd-form>"""


async def test_a_picture_that_cannot_be_shown_says_what_to_do(town: Town, touch: Touch) -> None:
    """Its page was blank, and Submit did nothing. It names no labels either."""
    rosa, ann = await town.requester(), await town.worker("Ann")
    told = await ask(rosa, "/apikey spend 10", "POUCE_API_KEY=")
    keys = dict(line.split("=", 1) for line in told.splitlines() if "=" in line)
    await asyncio.to_thread(created, keys, BROKEN)
    await ann.say("/work")
    await ann.wait_for(opens_page)
    page = (await page_of(touch, town, ann)).frame_locator("iframe")
    await page.get_by_text("The picture cannot be shown. Close this page and skip the task in the chat.").wait_for()
