"""Work for requesters' programs: tables page by page, calls of webhooks."""
