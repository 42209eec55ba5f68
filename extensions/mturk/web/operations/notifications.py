"""Notifications of events."""

from domain.people.accounts import Scope
from extensions.mturk.services import notifications
from extensions.mturk.web.operation import Operation

NOTIFICATIONS = (
    Operation("UpdateNotificationSettings", Scope.DRAFT, notifications.update_settings),
    Operation("SendTestEventNotification", Scope.DRAFT, notifications.send_test_event),
)
