"""A local Telegram, independent of any bot: Bot API server, clickable page, scripted crowd."""

from simulator.crowd.client import ControlRefusal, Phone, Switchboard
from simulator.limits import Limits
from simulator.running import Telegram, fresh_token, serve

__all__ = ["ControlRefusal", "Limits", "Phone", "Switchboard", "Telegram", "fresh_token", "serve"]
