"""The rules of the shop, a file per subject, used alike by bot, web, API and workers."""
