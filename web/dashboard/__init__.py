"""The dashboard: pages for requesters, admins and workers over services that the chat and the API offer."""
