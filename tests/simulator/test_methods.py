"""Calls are checked against the Bot API and refused in Telegram's words."""

import json

import aiohttp
import pytest

from simulator.api import METHODS
from simulator.schema import SCALARS, schema


def test_every_method_of_the_table_is_in_the_schema_and_the_reverse():
    assert set(METHODS) == set(schema()["methods"])


def test_every_declared_type_can_be_checked():
    groups = [
        *schema()["methods"].values(),
        *(each["fields"] for each in schema()["types"].values() if "fields" in each),
    ]
    declared = {
        kind.replace("Array of ", "") for fields in groups for field in fields.values() for kind in field["types"]
    }
    assert declared <= SCALARS.keys() | schema()["types"].keys()


@pytest.mark.parametrize("markup", [{"remove_keyboard": True}, {"force_reply": True, "selective": True}])
async def test_reply_keyboards_are_taken_away(call, alice, markup):
    await call.result("sendMessage", chat_id=alice.id, text="a", reply_markup=markup)
    assert (await alice.wait_for("a"))["reply_markup"] == markup


async def test_wrong_token_is_unauthorized(telegram, call):
    telegram.token = "1000001:another"
    assert await call("getMe") == {"ok": False, "error_code": 401, "description": "Unauthorized"}


async def test_unknown_method_is_not_found(call):
    assert await call.refusal("sendMassage") == "Not Found: method not found"


async def test_method_of_telegram_that_is_not_carried_says_so(call):
    assert (await call("sendPoll"))["error_code"] == 501


async def test_method_names_mind_no_case(call):
    assert (await call.result("GETME"))["is_bot"] is True


async def test_get_me_by_get(telegram):
    url = f"{telegram.url}/bot{telegram.token}/getMe"
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        assert (await response.json())["result"]["username"] == "pouce_bot"


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"text": "a"}, "Bad Request: chat_id is empty"),
        ({"chat_id": 5, "text": "a"}, "Bad Request: chat not found"),
        ({"chat_id": "five", "text": "a"}, "Bad Request: chat not found"),
        ({"chat_id": 1001}, "Bad Request: message text is empty"),
        ({"chat_id": 1001, "text": "<b> </b>", "parse_mode": "HTML"}, "Bad Request: message text is empty"),
        ({"chat_id": 1001, "text": "a" * 4097}, "Bad Request: message is too long"),
        ({"chat_id": 1001, "text": "a", "colour": "red"}, 'Bad Request: unknown parameter "colour"'),
        ({"chat_id": 1001, "text": "a", "parse_mode": "BBCode"}, "Bad Request: unsupported parse_mode"),
        ({"chat_id": 1001, "text": "a", "reply_markup": "x"}, "Bad Request: object expected as reply markup"),
        ({"chat_id": 1001, "text": ["a"]}, 'Bad Request: parameter "text": must be of type String'),
        (
            {"chat_id": 1001, "text": "a", "protect_content": "perhaps"},
            'Bad Request: parameter "protect_content": must be of type Boolean',
        ),
        (
            {"chat_id": 1001, "text": "a", "reply_parameters": {"message_id": 99}},
            "Bad Request: message to be replied not found",
        ),
    ],
)
async def test_bad_parameters_are_refused_in_telegrams_words(call, alice, params, words):
    assert await call.refusal("sendMessage", **params) == words


async def test_a_mistyped_field_deep_in_a_keyboard_is_named(call, alice):
    markup = {"inline_keyboard": [[{"text": "Yes", "callback_dota": "y"}]]}
    words = await call.refusal("sendMessage", chat_id=alice.id, text="a", reply_markup=markup)
    assert 'unknown field "callback_dota" in InlineKeyboardButton' in words


async def test_long_text_of_4096_utf16_units_passes(call, alice):
    sent = await call.result("sendMessage", chat_id=alice.id, text="😀" * 2048)
    assert len(sent["text"]) == 2048
    assert await call.refusal("sendMessage", chat_id=alice.id, text="😀" * 2049) == "Bad Request: message is too long"


async def test_urlencoded_forms_carry_objects_as_json(telegram, alice):
    form = {"chat_id": str(alice.id), "text": "a", "reply_markup": json.dumps(keyboard("y"))}
    url = f"{telegram.url}/bot{telegram.token}/sendMessage"
    async with aiohttp.ClientSession() as session, session.post(url, data=form) as response:
        assert (await response.json())["result"]["reply_markup"] == keyboard("y")


def keyboard(data: str, **button: object) -> dict[str, object]:
    return {"inline_keyboard": [[{"text": "Yes", "callback_data": data, **button}]]}


@pytest.mark.parametrize("data", ["é" * 33, "a" * 65, ""])
async def test_callback_data_is_1_to_64_bytes(call, alice, data):
    sent = {"chat_id": alice.id, "text": "a", "reply_markup": keyboard(data)}
    assert await call.refusal("sendMessage", **sent) == "Bad Request: BUTTON_DATA_INVALID"


async def test_callback_data_of_64_bytes_and_a_style_pass(call, alice):
    markup = keyboard("é" * 32, style="success")
    assert (await call.result("sendMessage", chat_id=alice.id, text="a", reply_markup=markup))["reply_markup"] == markup


@pytest.mark.parametrize(
    ("button", "words"),
    [
        ({"text": "a"}, "Text buttons are unallowed in the inline keyboard"),
        ({"text": "a", "callback_data": "x", "style": "pink"}, "invalid button style"),
        ({"text": "a", "callback_data": "x", "url": "https://example.org"}, "exactly one action"),
        ({"text": "a", "url": "ftp://example.org"}, "Wrong HTTP URL"),
        ({"text": "a", "web_app": {"url": "http://example.org"}}, "Only HTTPS links are allowed"),
        ({"text": "a", "copy_text": {"text": ""}}, "BUTTON_COPY_TEXT_INVALID"),
    ],
)
async def test_impossible_buttons_are_refused(call, alice, button, words):
    markup = {"inline_keyboard": [[button]]}
    assert words in await call.refusal("sendMessage", chat_id=alice.id, text="a", reply_markup=markup)


async def test_url_and_copy_buttons_pass(call, alice):
    row = [{"text": "Site", "url": "https://example.org/x"}, {"text": "Copy", "copy_text": {"text": "FR76"}}]
    markup = {"inline_keyboard": [row]}
    assert (await call.result("sendMessage", chat_id=alice.id, text="a", reply_markup=markup))["reply_markup"] == markup


async def test_who_cannot_be_written_to(telegram, call, alice):
    silent = await telegram.phone("Silent")
    words = await call.refusal("sendMessage", chat_id=silent.id, text="a")
    assert words == "Forbidden: bot can't initiate conversation with a user"
    await alice.block()
    words = await call.refusal("sendMessage", chat_id=alice.id, text="a")
    assert words == "Forbidden: bot was blocked by the user"
    await alice.unblock()
    await telegram.switchboard.post(f"/sim/people/{alice.id}/leave", {})
    assert await call.refusal("sendMessage", chat_id=alice.id, text="a") == "Forbidden: user is deactivated"


async def test_chat_by_username(call, alice):
    assert (await call.result("getChat", chat_id="@alice"))["id"] == alice.id


async def test_copy_and_forward(telegram, call, alice):
    bruno = await telegram.phone("Bruno")
    await bruno.say("hello")
    source = {"from_chat_id": bruno.id, "message_id": bruno.messages[-1]["message_id"]}
    forwarded = await call.result("forwardMessage", chat_id=alice.id, **source)
    assert forwarded["forward_origin"]["sender_user"]["first_name"] == "Bruno"
    copied = await call.result("copyMessage", chat_id=alice.id, **source)
    shown = await alice.wait_for(lambda message: message["message_id"] == copied["message_id"])
    assert shown["text"] == "hello"
    assert "forward_origin" not in shown
    assert "message to copy not found" in await call.refusal(
        "copyMessage", chat_id=alice.id, from_chat_id=bruno.id, message_id=999
    )


async def test_pins_show_in_the_chat(call, alice):
    sent = await call.result("sendMessage", chat_id=alice.id, text="keep this")
    await call.result("pinChatMessage", chat_id=alice.id, message_id=sent["message_id"])
    assert (await call.result("getChat", chat_id=alice.id))["pinned_message"]["text"] == "keep this"
    await call.result("unpinChatMessage", chat_id=alice.id)
    assert "pinned_message" not in await call.result("getChat", chat_id=alice.id)


async def test_texts_of_the_bot_by_language(call):
    await call.result("setMyDescription", description="Work")
    await call.result("setMyDescription", description="Travail", language_code="fr")
    assert (await call.result("getMyDescription", language_code="fr"))["description"] == "Travail"
    assert (await call.result("getMyDescription", language_code="de"))["description"] == "Work"
