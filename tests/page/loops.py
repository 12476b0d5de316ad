"""A loop of its own for what a test awaits: that of a browser may be running in this thread."""

import asyncio
from concurrent.futures import ThreadPoolExecutor


def awaited(coroutine):
    """What a coroutine gives."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()
