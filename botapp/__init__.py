"""The shop inside Telegram."""
