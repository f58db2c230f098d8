"""The keyboard of a page, as a person without a mouse uses it; each stroke is counted."""

from __future__ import annotations

from playwright.async_api import Locator, Page

NO_MOUSE = "for (const kind of ['pointerdown', 'touchstart']) addEventListener(kind, () => heardMouse(kind), true)"
"""For every page: tells what a keyboard never does. (What a key presses is a click, but nothing points.)"""


class Keyboard:
    """Of one page. ``strokes``: each letter, and each key besides, that was struck so far."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.strokes = 0
        self._pointed: list[str] = []

    async def watch(self) -> None:
        """From the next page on, whatever points is noted."""
        await self.page.expose_function("heardMouse", lambda kind: self._pointed.append(kind))
        await self.page.add_init_script(NO_MOUSE)

    @property
    def alone(self) -> bool:
        """Whether nothing but the keyboard was used."""
        return not self._pointed

    async def type(self, text: str) -> None:
        """Into whatever has the keyboard."""
        self.strokes += len(text)
        await self.page.keyboard.type(text)

    async def press(self, *keys: str) -> None:
        """One after the other."""
        for key in keys:
            self.strokes += 1
            await self.page.keyboard.press(key)

    async def go_to(self, target: Locator, by: str = "Tab", most: int = 30) -> None:
        """Presses ``by`` until the target has the keyboard.

        Raises AssertionError: it has not after so many strokes; a clerk would have given up.
        """
        passed = []
        for _ in range(most):
            if await target.evaluate("node => node === document.activeElement"):
                return
            await self.press(by)
            passed.append(await self.page.evaluate(_WHERE))
        raise AssertionError(f"{by} does not come to {target} in {most} strokes, but to {passed}")


_WHERE = "(({id, className, tagName}) => id || `${tagName}.${className}`)(document.activeElement)"
