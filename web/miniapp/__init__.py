"""The Mini App: pages under /app/ that Telegram opens beside the chat, for answers that a chat can't take."""
