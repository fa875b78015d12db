-- Brings the rows of an announcement up to date with their views. Only what differs is written: a save that changes one
-- figure rewrites one row with its entries in the indexes, and leaves the others where they are.
create or replace function refresh_rows(which bigint) returns void language plpgsql as $$
declare
    kind text;
    columns text;
    fresh text;
begin
    foreach kind in array array['announcement', 'case', 'figure'] loop
        execute format('delete from cases_%1$srow where announcement_id = $1
                        and id not in (select id from %1$s_facts where announcement_id = $1)', kind) using which;
        select string_agg(quote_ident(attname), ', '), string_agg('excluded.' || quote_ident(attname), ', ')
        into columns, fresh
        from pg_attribute where attrelid = format('cases_%srow', kind)::regclass and attnum > 0 and not attisdropped;
        -- What has come over from another announcement may still have its row there: it becomes this one's.
        execute format('insert into cases_%1$srow as kept (%2$s)
                        select %2$s from cases_%1$srow_source where announcement_id = $1
                        on conflict (id) do update set (%2$s) = row(%3$s) where kept is distinct from excluded',
                       kind, columns, fresh) using which;
    end loop;
end $$;

-- Refreshes an announcement if anything has changed since it was last done: at once for who asks, else at the end.
create or replace function refresh_if_stale(which bigint) returns void language plpgsql as $$
begin
    -- One transaction at a time: totals and sets are everybody's, and taken in another order two would wait for each
    -- other.
    perform pg_advisory_xact_lock(hashtext('cases_stale'));
    delete from cases_stale where announcement_id = which;
    if found then
        perform refresh_rows(which);
    end if;
end $$;

create or replace function refresh_stale() returns trigger language plpgsql as $$
begin
    perform refresh_if_stale(new.announcement_id);
    return null;
end $$;
