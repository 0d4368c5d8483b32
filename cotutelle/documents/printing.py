"""Values as each language prints them, and fragments with their values filled in, as HTML."""

import html
from collections.abc import Mapping
from fractions import Fraction

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal
from markdown_it import MarkdownIt
from markupsafe import Markup

from cotutelle.documents.wording import VARIABLE
from cotutelle.documents.words import fact_name, word, words
from cotutelle.domain.convention.values import (
    Amount,
    Blank,
    Country,
    Day,
    LanguageName,
    Listing,
    Localised,
    Months,
    MonthYear,
    Number,
    Plain,
    Value,
    Word,
)
from cotutelle.domain.language import best

_MARKDOWN = MarkdownIt("zero", {"html": False}).enable(["emphasis", "escape"])
_MONTHS = {
    "fr": ("mois", "mois"),
    "en": ("month", "months"),
    "nl": ("maand", "maanden"),
    "de": ("Monat", "Monate"),
    "es": ("mes", "meses"),
    "it": ("mese", "mesi"),
    "pt": ("mês", "meses"),
}
_WHOLE_AMOUNT = {"en": "¤#,##0", "nl": "¤\u00a0#,##0", "pt": "¤\u00a0#,##0"}
"""Where the sign of the currency comes first; elsewhere it comes last."""


def printed(value: Value, language: str) -> str:
    """A value as plain text in a language."""
    match value:
        case Plain(text):
            return text
        case Localised(texts):
            return best(texts, language)
        case Word(key):
            return word(language, key)
        case Day(day):
            written = str(
                format_date(day, "d MMMM y" if language == "en" else "long", locale=_locale(language))
            )
            return f"1er{written[1:]}" if language == "fr" and day.day == 1 else written
        case MonthYear(day):
            return str(format_skeleton("yMMMM", day, locale=_locale(language)))
        case Number(number):
            return format_decimal(number, locale=_locale(language)).replace("\u202f", "\u00a0")
        case Months(length):
            return _months(length, language)
        case Amount(amount, currency):
            whole = amount == amount.to_integral_value()
            form = _WHOLE_AMOUNT.get(language, "#,##0\u00a0¤") if whole else None
            shown = format_currency(amount, currency, form, _locale(language), currency_digits=not whole)
            return str(shown).replace("\u202f", "\u00a0")
        case Country(code):
            return str(_locale(language).territories.get(code, code))
        case LanguageName(tag):
            locale = _locale(language)
            found = locale.languages.get(tag.replace("-", "_"), locale.languages.get(tag.split("-")[0], tag))
            return str(found)
        case Listing(items, True):
            between = "\u00a0; " if language == "fr" else "; "
            return between.join(printed(item, language) for item in items)
        case Listing(items):
            return str(format_list([printed(item, language) for item in items], locale=_locale(language)))
        case Blank(fact, _giver, _party):
            return f"[{words(language)['frame']['to_give']}{fact_name(language, fact)}]"


def _months(length: Fraction, language: str) -> str:
    number = format_decimal(float(length), "#,##0.#", locale=_locale(language)).replace("\u202f", "\u00a0")
    one, several = _MONTHS.get(language, _MONTHS["en"])
    return f"{number}\u00a0{one if number == '1' else several}"


def _locale(language: str) -> Locale:
    return Locale.parse(language, sep="-")


def marked(fragment: str) -> str:
    """A fragment with its italics and bold as HTML; everything else in it is text."""
    return str(_MARKDOWN.renderInline(fragment))


def filled(fragment: str, values: Mapping[str, Value], language: str) -> Markup:
    """A fragment as HTML: Markdown drawn first, values put in as text, missing ones as visible blanks."""
    drawn = marked(fragment)
    parts, end = [], 0
    for match in VARIABLE.finditer(drawn):
        parts += [drawn[end : match.start()], _value(values[match[1]], language)]
        end = match.end()
    return Markup("".join([*parts, drawn[end:]]))  # noqa: S704  # Markdown without HTML, values escaped below


def _value(value: Value, language: str) -> str:
    if isinstance(value, Blank):
        return f'<b class="blank">{html.escape(printed(value, language))}</b>'
    if isinstance(value, Listing) and any(isinstance(item, Blank) for item in value.items):
        return format_list([_value(item, language) for item in value.items], locale=_locale(language))
    return html.escape(printed(value, language))
