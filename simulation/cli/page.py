"""Command that starts the page, prints its address and opens a browser."""

from __future__ import annotations

from gutexo.cli.terminal import show
from gutexo.errors import GutexoError


def show_page(port: int, browser: bool) -> None:
    """Serve the page until interrupted.

    Args:
        port: Port on the loopback address; 0 for any free port.
        browser: Whether a browser is opened.

    Raises:
        GutexoError: A package that the page needs is not installed, or the port is in use.
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
