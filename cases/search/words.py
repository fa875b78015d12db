"""The search for words as SQL: a query as it was read, against the words that a search row is found by."""

from typing import Any

from django.contrib.postgres.search import SearchQueryField, SearchVectorField
from django.db.models import F, FloatField, Func, Lookup, Q, Value
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from cases import fulltext
from cases.fulltext import Term, TextQuery
from cases.models.search_row import title_words

# What a hit weighs, from the least: in texts, in summaries and places, in names of campaigns, in titles.
WEIGHTS = "{0.1, 0.2, 0.6, 1.0}"


@SearchVectorField.register_lookup
class Matches(Lookup):
    """`doc__matches`: the row holds what a tsquery asks for."""

    lookup_name = "matches"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        left, left_parameters = self.process_lhs(compiler, connection)
        right, right_parameters = self.process_rhs(compiler, connection)
        return f"{left} @@ {right}", [*left_parameters, *right_parameters]


def tsquery(query: TextQuery) -> RawSQL:
    """Return the query as PostgreSQL takes it: any group, in it every term, of a term any alternative."""
    parameters: list[str] = []

    def term_sql(term: Term) -> str:
        alternatives = ["search_phrase(%s)"] * len(term.alternatives)
        parameters.extend(term.alternatives)
        for slug in term.campaigns:
            alternatives.append("%s::tsquery")
            parameters.append(f"'campaign/{slug}'")
        sql = f"({' || '.join(alternatives)})"
        return f"!!{sql}" if term.negated else sql

    groups = [f"({' && '.join(term_sql(term) for term in group)})" for group in query.groups]
    sql = f"({' || '.join(groups)})" if groups else "''::tsquery"
    return RawSQL(sql, parameters, output_field=SearchQueryField())  # noqa: S611  (only parameters are the reader's)


def in_title(query: TextQuery) -> Q:
    """Return the condition that a row's title alone answers a query."""
    return Q(Matches(title_words(), tsquery(query)))


def rank(query: TextQuery) -> Func:
    """Return how well a row answers a query. What its title answers is before what needs the names of its campaigns,
    that before what needs all its words: ts_rank alone puts a text that repeats the words before a title.
    """
    return Func(
        F("doc"), tsquery(query), Value(WEIGHTS),
        template="(select 4 * (ts_filter(doc, '{a}') @@ query)::int + 2 * (ts_filter(doc, '{a,b}') @@ query)::int "
        "+ ts_rank(weights::real[], doc, query) from (values (%(expressions)s)) as words (doc, query, weights))",
        output_field=FloatField(),
    )  # fmt: skip


def repairs(query: TextQuery) -> list[str]:
    """Return, in words, what had to be mended in a query."""
    said = {
        fulltext.QUOTES: _("A quotation mark was left open; it was closed at the end."),
        fulltext.SIGNS: _("Parentheses, * and | have no meaning here and were left out."),
        fulltext.OPERATORS: _("OR, NOT or a sign stood alone, with nothing to join, and was left out."),
        fulltext.LENGTH: _("Only the first %(n)d words were searched for.") % {"n": fulltext.MAX_TERMS},
    }
    return [said[repair] for repair in query.repairs]
