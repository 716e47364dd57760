"""Templates to pages: one self-contained HTML file that works without a network."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined

from linker.report import figures


def render(template: str, **values: object) -> str:
    """Return a template filled with values, whatever is text in them escaped.

    Args:
        template: The file's name in ``linker/report/templates``.
        values: What the template names; naming anything else is an error.
    """
    environment = Environment(
        loader=PackageLoader("linker.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        {
            "count": "{:,}".format,
            "counted": figures.counted,
            "percent": figures.percent,
            "bits": figures.bits,
            "edge": figures.edge,
            "seconds": figures.seconds,
            "probability": figures.probability,
            "one_in": figures.one_in,
            "moment": figures.moment,
            "day": figures.day,
            "spaced": figures.spaced,
            "capitalised": figures.capitalised,
            "width": figures.width,
            "log_width": figures.log_width,
        }
    )
    return environment.get_template(template).render(**values)
