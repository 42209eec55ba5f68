"""The table of Bot API methods → the functions that implement them."""

from collections.abc import Awaitable, Callable
from typing import Any

from simulator.api import chats, editing, profile, receiving, sending
from simulator.api.call import MethodCall

METHODS: dict[str, Callable[[MethodCall], Any | Awaitable[Any]]] = {
    "getMe": profile.get_me,
    "logOut": profile.accept,
    "close": profile.accept,
    "setMyName": profile.set_my_name,
    "getMyName": profile.get_my_name,
    "setMyDescription": profile.set_my_description,
    "getMyDescription": profile.get_my_description,
    "setMyShortDescription": profile.set_my_short_description,
    "getMyShortDescription": profile.get_my_short_description,
    "getUpdates": receiving.get_updates,
    "setWebhook": receiving.set_webhook,
    "deleteWebhook": receiving.delete_webhook,
    "getWebhookInfo": receiving.get_webhook_info,
    "sendMessage": sending.send_message,
    "sendLocation": sending.send_location,
    "sendChatAction": sending.send_chat_action,
    "forwardMessage": sending.forward_message,
    "copyMessage": sending.copy_message,
    "sendPhoto": sending.send_file,
    "sendDocument": sending.send_file,
    "sendVoice": sending.send_file,
    "sendAudio": sending.send_file,
    "sendVideo": sending.send_file,
    "sendMediaGroup": sending.send_media_group,
    "getFile": sending.get_file,
    "editMessageText": editing.edit_message_text,
    "editMessageCaption": editing.edit_message_caption,
    "editMessageReplyMarkup": editing.edit_message_reply_markup,
    "editMessageMedia": editing.edit_message_media,
    "deleteMessage": editing.delete_message,
    "deleteMessages": editing.delete_messages,
    "answerCallbackQuery": chats.answer_callback_query,
    "setMessageReaction": chats.set_message_reaction,
    "setMyCommands": profile.set_my_commands,
    "getMyCommands": profile.get_my_commands,
    "deleteMyCommands": profile.delete_my_commands,
    "setChatMenuButton": profile.set_chat_menu_button,
    "getChatMenuButton": profile.get_chat_menu_button,
    "getChat": chats.get_chat,
    "getChatMember": chats.get_chat_member,
    "pinChatMessage": chats.pin_chat_message,
    "unpinChatMessage": chats.unpin_chat_message,
    "unpinAllChatMessages": chats.unpin_all_chat_messages,
    "createForumTopic": sending.create_forum_topic,
}
