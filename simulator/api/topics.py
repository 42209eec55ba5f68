"""Topics of forum groups, and what the bot may do in a group."""

from simulator.api.call import Call
from simulator.errors import bad_request
from simulator.values import Chat, Json, Topic

LONGEST = 128
COLOUR = 7322096


def place(call: Call, chat: Chat) -> Json:
    """Where a message of the bot's goes; 400 where it may not write, or there is no such topic."""
    if chat.kind == "private":
        return {}
    if not chat.standing.may_write:
        raise bad_request("not enough rights to send text messages to the chat")
    thread = call.get("message_thread_id")
    if thread is None:
        return {}
    topic = chat.topics.get(thread)
    if topic is None:
        raise bad_request("message thread not found")
    if topic.closed and not chat.standing.may_manage_topics:
        raise bad_request("TOPIC_CLOSED")
    return {"message_thread_id": thread, "is_topic_message": True}


def create_forum_topic(call: Call) -> Json:
    """The Bot API's ForumTopic. A message announces it, whose id is the topic's."""
    chat = call.reach()
    if not chat.forum:
        raise bad_request("the chat is not a forum")
    if not chat.standing.may_manage_topics:
        raise bad_request("not enough rights to create a topic")
    name, colour = call.params["name"].strip(), call.get("icon_color", COLOUR)
    if not 1 <= len(name) <= LONGEST:
        raise bad_request("TOPIC_TITLE_EMPTY" if not name else "topic name is too long")
    created = {"name": name, "icon_color": colour}
    shown = call.world.post(chat, {"forum_topic_created": created, "is_topic_message": True}, call.world.bot.user())
    shown.body["message_thread_id"] = shown.id
    chat.topics[shown.id] = Topic(name)
    return {"message_thread_id": shown.id, **created}
