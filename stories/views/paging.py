"""Paginate lists up to a last page: the database reads and drops all rows before a later one."""

from typing import Any, cast

from django.core.paginator import EmptyPage, Page, PageNotAnInteger, Paginator
from django.http import Http404, HttpRequest
from django.utils.functional import cached_property

MAX_PAGES = 100


class NumberedPage(Page[Any]):
    """A page with the numbers for its navigation; the paginator's ellipsis stands for a gap."""

    numbers: list[int | str]


class ShallowPaginator(Paginator):  # type: ignore[type-arg]  # takes no brackets at run time
    """Offer the first MAX_PAGES pages of a list; readers reach later rows by filters and the archive.

    `total` is the number of rows, if it is known already.
    """

    def __init__(self, rows: Any, per_page: int, *, total: int | None = None) -> None:
        super().__init__(rows, per_page)
        self.known_total = total

    @cached_property
    def total(self) -> int:
        """The number of rows of the whole list."""
        return super().count if self.known_total is None else self.known_total

    @cached_property
    def count(self) -> int:
        """The number of rows on the pages that are offered."""
        return min(self.total, MAX_PAGES * self.per_page)

    @property
    def is_cut(self) -> bool:
        """Whether there are rows beyond the last page."""
        return self.total > self.count


def page_of(request: HttpRequest, rows: Any, per_page: int = 20, total: int | None = None) -> NumberedPage:
    """Return the page that `?page=` asks for. Raises Http404 when there is no such page."""
    paginator = ShallowPaginator(rows, per_page, total=total)
    number = request.GET.get("page", "1")
    if not (number.isascii() and number.isdigit() and len(number) <= 4):
        raise Http404("No such page")
    try:
        page = cast(NumberedPage, paginator.page(int(number)))
    except (PageNotAnInteger, EmptyPage) as error:
        raise Http404("No such page") from error
    page.numbers = list(paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1))
    return page
