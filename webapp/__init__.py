"""The shop in a browser: operators' pages, webhooks and health."""
