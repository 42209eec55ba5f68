"""A local Telegram, independent of any bot: Bot API server, clickable page, scripted crowd."""

from simulator.client import Phone, Switchboard
from simulator.limits import Limits
from simulator.running import Telegram, serve

__all__ = ["Limits", "Phone", "Switchboard", "Telegram", "serve"]
