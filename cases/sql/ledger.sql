-- The ledger of corrections, and the list of what is gone, are public too: they are read off published versions, steps of
-- what was public, and tombstones.
create function ledger_changed() returns trigger language plpgsql as $$
begin
    perform note_public_change();
    return null;
end $$;
create trigger version after insert on cases_publishedversion for each row execute function ledger_changed();
create trigger version after insert on cases_transition for each row when (new.source in ('published', 'withdrawn'))
    execute function ledger_changed();
-- Whoever deletes may be about to lock more rows: noted when the transaction ends.
create constraint trigger version after insert or update or delete on cases_tombstone deferrable initially deferred
    for each row execute function ledger_changed();
