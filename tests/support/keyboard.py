"""A person who has a keyboard and nothing else."""

from __future__ import annotations

from playwright.sync_api import Page

# Counted over all pages of the tab: what a mouse, a finger or a pen would leave behind.
_WATCH = """
for (const kind of ["pointerdown", "mousedown", "touchstart"]) {
  addEventListener(kind, () => {
    sessionStorage.pointers = Number(sessionStorage.pointers ?? 0) + 1;
  }, true);
}
addEventListener("click", (event) => {
  if (event.isTrusted && event.detail > 0) {
    sessionStorage.pointers = Number(sessionStorage.pointers ?? 0) + 1;
  }
}, true);
"""


class Keyboard:
    """Presses keys on a page; `pointers` says how often anything else was used."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.add_init_script(_WATCH)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        # As a paste would: what is typed letter by letter is tested elsewhere.
        self.page.keyboard.insert_text(text)

    def see(self, selector: str, text: str = "") -> None:
        """Wait until it is visible, with these words; asks again sooner than `expect` does."""
        self.page.locator(selector, has_text=text or None).first.wait_for()

    def tab_to(self, selector: str, *, most: int = 60) -> None:
        """Tab onward until what has the focus fits; fails where Tab does not lead there."""
        for _step in range(most):
            if self.has_focus(selector):
                return
            self.press("Tab")
        raise AssertionError(f"Tab does not lead to {selector}")

    def has_focus(self, selector: str) -> bool:
        return bool(self.page.evaluate("css => document.activeElement?.matches(css)", selector))

    def sign_in(self, name: str) -> None:
        self.page.goto("/masuk/")
        self.tab_to("#id_email")
        self.type(f"{name}@demo.tuntas.id")
        self.press("Tab")
        self.type("tuntas-demo")
        self.press("Enter")
        self.page.wait_for_url(lambda url: "/masuk/" not in url)

    def go_to_row(self) -> str:
        """The next ticket of the list, opened; answers its number."""
        before = self.page.evaluate("document.querySelector('.conv[data-number]')?.dataset.number")
        self.press("j")
        number = str(self.page.evaluate("document.activeElement.dataset.number"))
        assert number != before, "the list has no further ticket"
        self.press("Enter")
        self.see(f'.conv[data-number="{number}"]')
        return number

    @property
    def pointers(self) -> int:
        return int(self.page.evaluate("Number(sessionStorage.pointers ?? 0)"))
