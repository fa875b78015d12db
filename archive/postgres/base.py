"""PostgreSQL as Django knows it, but that a transaction which changed public claims ends with their verdicts settled.

So no writer has to remember it, and verdicts are public together with what they are of.
"""

from typing import Any

from django.db.backends.postgresql import base
from django.db.utils import DEFAULT_DB_ALIAS
from django.utils.module_loading import import_string


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection."""

    snapshot_of: Any = None  # the version of the data that the present transaction reads, if it only reads
    _kept = False  # whether the table of what is unsettled is known to be there

    def connect(self) -> None:
        """Connect; it may be to another database than before."""
        self._kept = False
        self.snapshot_of = None
        super().connect()

    def commit(self) -> None:
        """Settle what this transaction has left to be settled, and commit."""
        writes = self.alias == DEFAULT_DB_ALIAS and self.connection is not None and self.snapshot_of is None
        try:
            if writes and self._is_unsettled():
                import_string("cases.verdicts.settle")()  # there are models only once the applications are loaded
        except BaseException:
            self.rollback()
            raise
        super().commit()

    def check_constraints(self, table_names: Any = None) -> None:
        """Do now what is done at the end of the transaction: that includes settling."""
        if self._is_unsettled():
            import_string("cases.verdicts.settle")()
        super().check_constraints(table_names)

    def _is_unsettled(self) -> bool:
        """Say whether this transaction has changed public claims. Asked beside Django, who watches what pages ask."""
        if self.connection.info.transaction_status != self.Database.pq.TransactionStatus.INTRANS:
            return False
        if not self._kept:
            found = self.connection.execute("select to_regclass('cases_unsettled') is not null").fetchone()
            self._kept = bool(found and found[0])
        query = "select exists (select from cases_unsettled where xact = pg_current_xact_id_if_assigned())"
        found = self._kept and self.connection.execute(query).fetchone()
        return bool(found and found[0])
