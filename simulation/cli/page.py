"""The page from the terminal: start it, say where it is, open a browser."""

from __future__ import annotations

from gutexo.cli.terminal import show
from gutexo.errors import GutexoError


def show_page(port: int, browser: bool) -> None:
    """Serve the page until interrupted.

    Args:
        port: Port on the loopback address, 0 for a free one.
        browser: Whether a browser is opened.

    Raises:
        GutexoError: What the page needs is not installed, or the port is taken.
    """
    try:
        from gutexo.page.server import serve
    except ImportError as error:
        raise GutexoError(f"the page needs {error.name}: pip install 'gutexo[page]'") from None

    def ready(address: str) -> None:
        show(f"{address}  (for this machine only; Ctrl+C ends it)")
        if browser:
            import webbrowser

            webbrowser.open(address)

    serve(port, ready)
