"""Notifications of events."""

from domain.people.accounts import Scope
from services.mturk import notifications
from web.mturk.operation import Operation

NOTIFICATIONS = (
    Operation("UpdateNotificationSettings", Scope.DRAFT, notifications.update),
    Operation("SendTestEventNotification", Scope.DRAFT, notifications.test),
)
