"""Notifications of events."""

from domain.people.accounts import Scope
from extensions.mturk.services import notifications
from extensions.mturk.web.operation import Operation

NOTIFICATIONS = (
    Operation("UpdateNotificationSettings", Scope.DRAFT, notifications.update),
    Operation("SendTestEventNotification", Scope.DRAFT, notifications.test),
)
