"""The outside world on a laptop: Telegram, carriers and payment providers over real HTTP."""
