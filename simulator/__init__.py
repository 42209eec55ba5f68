"""A local Telegram, independent of any bot: Bot API server, clickable page, scripted crowd."""

from simulator.crowd.client import Phone, Refusal, Switchboard
from simulator.limits import Limits
from simulator.running import Telegram, fresh_token, serve

__all__ = ["Limits", "Phone", "Refusal", "Switchboard", "Telegram", "fresh_token", "serve"]
