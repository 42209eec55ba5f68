"""A local Telegram, independent of any bot: Bot API server, clickable page, scripted crowd."""

from simulator.client import Phone
from simulator.limits import Limits
from simulator.running import Telegram, serve
from simulator.switchboard import Refusal, Switchboard

__all__ = ["Limits", "Phone", "Refusal", "Switchboard", "Telegram", "serve"]
